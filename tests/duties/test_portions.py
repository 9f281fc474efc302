"""So many subjects that they are evaluated in portions: each owes what it owes alone, whoever's ids lie between theirs."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.db import connection

from anju.duties import evaluate as evaluating
from anju.duties.evaluate import Known, evaluate
from anju.duties.subjects import Whom
from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.payments.models import Month, Payer
from anju.payments.months import month_of
from anju.policy.model import Policy
from anju.register.ahead import NoDatabase, ahead
from anju.register.asking import Span
from anju.register.models import Household, Person
from tests.duties.conftest import FACTS
from tests.duties.test_everyone import TODAY, forget, state
from tests.register.cast import DESTINATION, zhang

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(village: Officer, family: Household) -> list[str]:
    found = [
        zhang(village, family, name=f"张{n}", order=n, relation="子女", facts={**FACTS, "premium_paid": n % 3 == 0})
        for n in range(1, 7)
    ]
    return sorted(str(one.pk) for one in found)


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> list[Whom]:
    """How subjects are asked for, two at a time."""
    seen: list[Whom] = []

    class Watched(Known):
        def __init__(self, kind: str, who: Whom, on: date, policy: Policy) -> None:
            seen.append(who)
            super().__init__(kind, who, on, policy)

    monkeypatch.setattr(evaluating, "portion", 2)
    monkeypatch.setattr(evaluating, "Known", Watched)
    return seen


@pytest.fixture(params=[pytest.param(0, id="成批算"), pytest.param(60, id="逐个算")])
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Up to how many are answered one by one."""
    monkeypatch.setattr(evaluating, "few", request.param)


def _a_month(person: str) -> None:
    """One that somebody has to pay: of whoever has one more is asked."""
    same = {"person": Person.objects.unscoped().get(pk=person), "kind": "dibao", "payer": f"{DESTINATION[:9]}000"}
    Payer.objects.create(**same, since=month_of(TODAY), because="核定")
    Month.objects.create(**same, month=month_of(TODAY))


@pytest.mark.parametrize(
    ("whom", "spans"),
    [
        pytest.param(slice(None), [True, True, True], id="一个接一个"),
        pytest.param(slice(None, None, 2), [False, True], id="中间有别人"),
        pytest.param(slice(None, None, -1), [True, True, True], id="倒着给"),
    ],
)
@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("month", [None, 0, 4], ids=["都没有月份", "第一个有月份", "最后有一个有月份"])
def test_each_owes_what_it_owes_alone(
    people: list[str],
    parts: list[Whom],
    whom: slice,
    spans: Sequence[bool],
    month: int | None,
) -> None:
    if month is not None:
        with everything():
            _a_month(people[month])
    forget()
    for one in people[whom]:
        evaluate("person", [one], TODAY)
    alone = state()
    forget()
    parts.clear()
    evaluate("person", people[whom], TODAY)
    assert state() == alone
    assert [isinstance(part, Span) for part in parts] == spans
    assert not evaluate("person", people[whom], TODAY)


def test_what_is_made_beside_the_database_cannot_ask_it() -> None:
    def asking(_: Any) -> Any:
        with connection.cursor() as cursor:
            return cursor.execute("SELECT 1")

    with pytest.raises(NoDatabase):
        list(ahead(asking, [1]))
    with ThreadPoolExecutor(1) as beside:
        assert beside.submit(lambda: connection.connect.__name__).result() == "connect", "no other thread is refused"
