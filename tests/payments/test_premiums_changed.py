"""A batch of premiums is looked at again when it is approved: figures, groups and the dead; nothing changes while that is done."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event

import pytest

from anju.duties.models import CountyValue
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.payments.actions import approve, draw_up, premiums, withdraw
from anju.payments.due import no_longer_due
from anju.payments.models import Batch
from anju.register.actions import end_person, record_facts
from anju.register.facts import today
from anju.register.models import Person
from tests.payments.test_premiums import D, contributor, listed, looked_at, paid, social
from tests.race import race
from tests.register.cast import KAIZHOU, YUNYANG, clerk


@pytest.fixture
def first(db: None) -> Officer:
    return social("first")


@pytest.fixture
def second(db: None) -> Officer:
    return social("second")


@pytest.fixture
def payer(village: Officer) -> Person:
    return looked_at(contributor(village))


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (200, "“低保”照标准 100.00 元、政府负担 100.00 元提的，现在是标准 200.00 元、政府负担 200.00 元。请撤回这一批"),
        (100, ""),
    ],
    ids=["标准更正了", "另登记了一样的"],
)
def test_a_figure_that_was_put_right_is_not_passed_over(
    first: Officer, second: Officer, payer: Person, value: int, sentence: str
) -> None:
    batch = draw_up(by=first, scheme="pension", county=YUNYANG)
    told = {"value": D(value), "since": today().replace(month=1, day=1), "basis": "云阳人社发〔2026〕9号"}
    CountyValue.objects.create(county=YUNYANG, parameter="代缴标准", **told)
    if not sentence:
        assert approve(by=second, batch=batch.pk).left_out == []
        return
    with pytest.raises(Refused, match=sentence):
        approve(by=second, batch=batch.pk)
    withdraw(by=second, batch=batch.pk)
    again = draw_up(by=first, scheme="pension", county=YUNYANG)
    approve(by=second, batch=again.pk)
    assert listed(again) == [("张青山", "低保", D("200.00"), D("0.00"))]


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("none", "张青山按“低保”提的，现在是“贫困人员”。请撤回这一批"),
        (None, "张青山按“低保”提的，现在不知道按哪一类"),
        ("dibao", ""),
    ],
    ids=["不再是低保", "低保撤了，不知道是什么", "没有变"],
)
def test_somebody_of_another_group_is_not_paid_as_of_the_old_one(
    first: Officer, second: Officer, payer: Person, village: Officer, kind: str | None, sentence: str
) -> None:
    since = today().replace(month=1, day=1)
    CountyValue.objects.create(county=YUNYANG, parameter="代缴比例贫困人员", value=D(50), since=since, basis="云阳人社")
    looked_at(contributor(village, order=3, code="3", name="李二"))
    batch = draw_up(by=first, scheme="pension", county=YUNYANG)
    civil = clerk("civil", YUNYANG, "county", "civil_affairs")
    record_facts(by=civil, kind="person", subject=str(payer.pk), facts={"assistance_kind": kind})
    if sentence:
        with pytest.raises(Refused, match=sentence):
            approve(by=second, batch=batch.pk)
        assert paid(payer) is False
    else:
        approve(by=second, batch=batch.pk)
        assert paid(payer) is True


def test_of_many_whose_group_changed_a_few_are_named(first: Officer, second: Officer, village: Officer) -> None:
    since = today().replace(month=1, day=1)
    CountyValue.objects.create(county=YUNYANG, parameter="代缴比例贫困人员", value=D(50), since=since, basis="云阳人社")
    people = [looked_at(contributor(village, order=n, code=str(n), name=f"李{n}")) for n in (11, 13, 15, 17)]
    batch = draw_up(by=first, scheme="pension", county=YUNYANG)
    civil = clerk("civil", YUNYANG, "county", "civil_affairs")
    for one in people:
        record_facts(by=civil, kind="person", subject=str(one.pk), facts={"assistance_kind": "none"})
    with pytest.raises(Refused, match="一共 4 人。请撤回") as refused:
        approve(by=second, batch=batch.pk)
    assert str(refused.value).count("现在是“贫困人员”") == 3


def test_whoever_dies_while_a_batch_is_approved_comes_after_it(
    own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    village, one, two = clerk("village"), social("one"), social("two")
    police = clerk("police", KAIZHOU, "county", "public_security")
    person = looked_at(contributor(village))
    batch = draw_up(by=one, scheme="pension", county=YUNYANG)
    looked, died, between = Event(), Event(), list[bool]()

    def slowly(of: Batch, people: Sequence[str]) -> set[str]:
        found = no_longer_due(of, people)
        looked.set()
        between.append(died.wait(2))
        return found

    monkeypatch.setattr(premiums, "no_longer_due", slowly)

    def run(number: int) -> bool:
        if number == 0:
            approve(by=two, batch=batch.pk)
            return True
        looked.wait(30)
        end_person(by=police, person=str(person.pk), on=today(), because="death")
        died.set()
        return True

    found = race(2, run)
    assert (found.won, between) == (2, [False])
