"""After everything has been asked and pressed, no ID number, telephone or address lies open anywhere: database, logs, session, media."""

from __future__ import annotations

import io
import logging
from typing import Any

import pytest
from django.db import connections

from anju.desk.pages import person
from anju.journal.plain_numbers import WithoutNumbers
from tests.access.asking import case_addresses, content
from tests.access.posting import posted
from tests.access.world import DESTINATION, ORIGIN, ROLES, account, family, villages
from tests.government.pages.officer import signed_in
from tests.sealing.test_fields import everything_stored


def test_nothing_sealed_lies_open_after_everything_was_done(
    own_database: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    villages()
    own = family("麃", 1, ORIGIN, DESTINATION)
    browser = signed_in(account(ROLES["迁入村村居"]))
    last = ("withdraw", "end/", "places/", "household/")  # what would take the person away comes last
    addresses = sorted(case_addresses(), key=lambda address: any(word in address.route for word in last))
    shown = []
    for address in addresses:
        there = address.of(own)
        shown += [content(browser.get(there)), content(browser.post(there, posted(address, own)))]
    number = next(word for word in own.sealed if len(word) == 18)
    assert any(number in said for said in shown), "asked for in full, it is shown"
    connections.close_all()
    stored = everything_stored()
    assert [word for word in own.sealed if word.encode() in stored] == []
    assert [word for word in own.sealed if word in caplog.text] == []


@pytest.mark.django_db
@pytest.mark.parametrize("quoted", [False, True], ids=["只是出错", "出错的话里带着号码"])
def test_a_page_that_fails_with_a_number_in_hand_says_it_nowhere(
    monkeypatch: pytest.MonkeyPatch, *, quoted: bool
) -> None:
    villages()
    own = family("麃", 1, ORIGIN, DESTINATION)
    browser = signed_in(account(ROLES["迁入村村居"]))
    browser.raise_request_exception = False
    in_hand = []

    def fail(*_: Any, revealed: dict[str, str]) -> None:
        in_hand.append(revealed["text"])
        raise RuntimeError(f"no way to show {revealed['text'] if quoted else 'it'}")

    monkeypatch.setattr(person, "shown", fail)
    (console,) = [one for one in logging.getLogger("django").handlers if isinstance(one.formatter, WithoutNumbers)]
    log = io.StringIO()
    monkeypatch.setattr(console, "stream", log)
    answer = browser.post(f"/people/{own.person.pk}/reveal/number/", {"purpose": "核对"})
    number = next(word for word in own.sealed if len(word) == 18)
    assert (answer.status_code, in_hand) == (500, [number])
    assert "RuntimeError: no way to show" in log.getvalue(), "the log was written to"
    assert number not in log.getvalue()
    assert number not in content(answer)
