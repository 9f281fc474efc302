"""The pages of cases: opened from a duty, taken step by step by three offices, refused with everything kept, done together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from uuid import uuid4

import pytest

from anju.cases.actions import open_case
from anju.cases.models import Case, State
from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.register.facts import today
from anju.register.models import Person
from tests.cases.cast import Offices
from tests.desk.cast import browser

pytestmark = pytest.mark.django_db
PENSION = "transfer_pension"
PAPER = "f-户口迁移证明或新户口簿"


@pytest.fixture
def case(village: Officer, person: Person, offices: Offices) -> Case:
    """张青山's pension transfer, which waits for him."""
    return opened(village, person)


def opened(by: Officer, person: Person) -> Case:
    return open_case(by=by, procedure=PENSION, subject=str(person.pk), applied_on=today(), how="本人到场")


def now(case: Case) -> Case:
    with everything():
        return Case.objects.unscoped().get(pk=case.pk)


def sent(case: Case, action: str, **fields: str) -> dict[str, str]:
    """What the form of a step sends."""
    return {
        "seen": str(now(case).entries), "key": str(uuid4()), "on": today().isoformat(), "action": action, **fields,
    }  # fmt: skip


def test_from_a_duty_to_the_end(village: Officer, person: Person, offices: Offices) -> None:
    at = {
        "village": browser(village),
        "township": browser(offices.at("human_resources", "township", "500235104000")),
        "county": browser(offices.at("human_resources", "county", "500235000000")),
        "origin": browser(offices.at("human_resources", "county", "500154000000")),
    }
    new = f"/cases/new/{PENSION}/{person.pk}/"
    page = at["village"].get(new).content.decode()
    assert "张青山" in page
    assert "养老保险转移" in page
    answer = at["village"].post(new, {"applied_on": today().isoformat(), "how": "本人到场", "key": str(uuid4())})
    assert answer.status_code == 302
    with everything():
        case = Case.objects.unscoped().get()
    assert at["village"].get(new).headers["Location"] == f"/cases/{case.pk}/"
    steps: tuple[tuple[str, str, Mapping[str, str]], ...] = (
        ("village", "提交", {PAPER: "on"}),
        ("township", "受理", {}),
        ("county", "发接收函", {}),
        ("origin", "审批并划转", {"f-个人账户储存额": "1234.5", "f-缴费年限": "7"}),
        ("county", "登记并告知本人", {"f-到账日": today().isoformat()}),
    )
    for whose, action, fields in steps:
        page = at[whose].get(f"/cases/{case.pk}/").content.decode()
        assert f'value="{action}"' in page
        answer = at[whose].post(f"/cases/{case.pk}/step/", sent(case, action, **fields))
        assert answer.status_code == 302, answer.content.decode()
    page = at["village"].get(f"/cases/{case.pk}/").content.decode()
    assert "1234.5" in page
    assert now(case).state == State.DONE
    assert "张青山" in at["county"].get("/cases/?list=all&state=done").content.decode()


def test_what_is_refused_comes_back_with_everything_that_was_filled_in(case: Case, village: Officer) -> None:
    inside = browser(village)
    answer = inside.post(f"/cases/{case.pk}/step/", sent(case, "提交"))
    assert answer.status_code == 422
    assert "还没有交验" in answer.content.decode()
    late = {**sent(case, "提交", **{PAPER: "on"}), "on": (today() + timedelta(1)).isoformat()}
    answer = inside.post(f"/cases/{case.pk}/step/", late)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "办理日不能晚于今天" in page
    assert re.search(r'name="f-户口迁移证明或新户口簿"[^>]*checked', page)
    assert late["key"] in page
    assert now(case).step == 1
