"""After everything has been asked and pressed, no ID number, telephone or address lies open anywhere: database, logs, session, media."""

from __future__ import annotations

import logging

import pytest
from django.db import connections
from django.test import Client

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
    Client(raise_request_exception=False).get(f"/people/{own.person.pk}/?on=nonsense")
    connections.close_all()
    stored = everything_stored()
    assert [word for word in own.sealed if word.encode() in stored] == []
    assert [word for word in own.sealed if word in caplog.text] == []
