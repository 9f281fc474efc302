"""So many subjects that they are evaluated in portions: each owes what it owes alone, whoever's ids lie between theirs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from anju.duties import evaluate as evaluating
from anju.duties.evaluate import Known, evaluate
from anju.duties.subjects import Whom
from anju.government.models import Officer
from anju.policy.model import Policy
from anju.register.asking import Span
from anju.register.models import Household
from tests.duties.conftest import FACTS
from tests.duties.test_everyone import TODAY, forget, state
from tests.register.cast import zhang

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


@pytest.mark.parametrize(
    ("whom", "spans"),
    [
        pytest.param(slice(None), [True, True, True], id="一个接一个"),
        pytest.param(slice(None, None, 2), [False, True], id="中间有别人"),
        pytest.param(slice(None, None, -1), [True, True, True], id="倒着给"),
    ],
)
@pytest.mark.usefixtures("few")
def test_each_owes_what_it_owes_alone(
    people: list[str],
    parts: list[Whom],
    whom: slice,
    spans: Sequence[bool],
) -> None:
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
