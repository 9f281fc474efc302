"""A premium of a year that is over, which another office has paid: the insurers' lists of that year, or an entry of it, say so; nobody can
record it any more, and nobody is paid twice."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from django.utils import timezone

from anju.duties.models import CountyValue
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.payments.actions import approve, draw_up
from anju.payments.due import counted, shares
from anju.payments.models import Insurance, ListRow, Scheme
from anju.policy.model import Fact
from anju.register.actions.facts import document_of, replace_document
from anju.register.models import Person
from tests.payments.cast import Clock
from tests.payments.test_premiums import D, social
from tests.payments.test_premiums_late import LAST, MONDAY, insured, named, over
from tests.register.cast import KAIZHOU, YUNYANG, clerk

Told = tuple[int, str, str, bool | None]
"""Month, county, insurance, and whether the aid arrived; None where the list does not say."""
LISTS: dict[str, tuple[Sequence[Told], bool]] = {
    "没有名单": ([], True),
    "十二月的名单说到账": ([(202612, YUNYANG, "pension", True)], False),
    "十二月的名单说没有到账": ([(202612, YUNYANG, "pension", False)], True),
    "十二月的名单没有说": ([(202612, YUNYANG, "pension", None)], True),
    "一月的名单说到账": ([(202601, YUNYANG, "pension", True)], False),
    "头一年十二月的名单": ([(202512, YUNYANG, "pension", True)], True),
    "新一年一月的名单": ([(202701, YUNYANG, "pension", True)], True),
    "先没有到账后到账": ([(202611, YUNYANG, "pension", False), (202612, YUNYANG, "pension", True)], False),
    "先到账后说没有": ([(202611, YUNYANG, "pension", True), (202612, YUNYANG, "pension", False)], True),
    "先到账后没有说": ([(202611, YUNYANG, "pension", True), (202612, YUNYANG, "pension", None)], False),
    "别的区县的名单": ([(202612, KAIZHOU, "pension", True)], False),
    "两个区县说得不一样": ([(202612, KAIZHOU, "pension", True), (202612, YUNYANG, "pension", False)], False),
    "医保的名单": ([(202612, YUNYANG, "medical", True)], True),
}
RECORDED: dict[str, tuple[Fact, str, bool]] = {
    "登记那一年缴了": (True, "2026", False),
    "登记那一年没有缴": (False, "2026", True),
    "登记新一年缴了": (True, "2027", True),
    "登记头一年缴了": (True, "2025", True),
}


@pytest.fixture
def first(db: None) -> Officer:
    return social("first")


@pytest.fixture
def second(db: None) -> Officer:
    return social("second")


def listed(person: Person, told: Sequence[Told]) -> None:
    """The insurers' lists name somebody."""
    with everything():
        for month, county, insurance, arrived in told:
            row = ListRow(insurance=insurance, county=county, month=month, person=person, recorded_at=timezone.now())
            facts = {} if arrived is None else {Insurance(insurance).aid: arrived}
            row.told = json.dumps({"facts": {Insurance(insurance).status: Insurance(insurance).active[0], **facts}})
            row.save(force_insert=True)


def stamped(person: Person, fact: str, value: Fact, year: str) -> None:
    """An entry about a year, as an import or the joining of two records brings it."""
    with everything():
        found = Person.objects.unscoped().get(pk=person.pk)
        replace_document(found, "person", {**document_of(found), fact: value, f"{fact}.@": year})


def drawn(by: Officer, *names: str, scheme: str = "pension") -> bool:
    """Whether these are drawn up for the year that is over; none where that is refused."""
    if names:
        return named(draw_up(by=by, scheme=scheme, county=YUNYANG, year=2026)) == [*names]
    with pytest.raises(Refused, match="现在没有应当代缴"):
        draw_up(by=by, scheme=scheme, county=YUNYANG, year=2026)
    return True


@pytest.mark.parametrize(("told", "due"), LISTS.values(), ids=LISTS)
def test_a_list_that_came_in_after_the_year_is_believed(
    at: Clock, village: Officer, first: Officer, told: Sequence[Told], due: bool
) -> None:
    at(LAST)
    person, other = insured(village, 1, "张青山"), insured(village, 3, "李二")
    at(MONDAY)
    over(person, other)
    listed(person, told)
    with everything():
        n = counted(Scheme.PENSION, YUNYANG, 2026, shares(Scheme.PENSION, YUNYANG, 2026)).of_group
    names = ["张青山", "李二"] if due else ["李二"]
    assert n == {"低保": len(names)}
    assert drawn(first, *names)


@pytest.mark.parametrize(("value", "year", "due"), RECORDED.values(), ids=RECORDED)
def test_an_entry_about_the_year_is_believed(
    at: Clock, village: Officer, first: Officer, value: Fact, year: str, due: bool
) -> None:
    at(LAST)
    person = insured(village, 1, "张青山")
    at(MONDAY)
    over(person)
    stamped(person, "premium_paid", value, year)
    assert drawn(first, *(["张青山"] if due else []))


def test_the_same_of_an_entry_that_lies_sealed(at: Clock, village: Officer) -> None:
    for name, value in (("居民医保个人缴费一档", 400), ("参保资助比例低保", 70)):
        told = {"value": D(value), "since": LAST.replace(month=1, day=1), "basis": "公布的标准"}
        CountyValue.objects.create(county=YUNYANG, parameter=name, **told)
    at(LAST)
    person, other = (insured(village, n, name, kind="medical") for n, name in ((1, "张青山"), (3, "李二")))
    at(MONDAY)
    over(person, other)
    stamped(person, "medical_aided", True, "2026")
    assert drawn(clerk("one", YUNYANG, "county", "medical_security"), "李二", scheme="medical")


def test_whose_list_came_in_after_the_batch_is_left_out_of_it(
    at: Clock, village: Officer, first: Officer, second: Officer
) -> None:
    at(LAST)
    person, other = insured(village, 1, "张青山"), insured(village, 3, "李二")
    batch = draw_up(by=first, scheme="pension", county=YUNYANG)
    at(MONDAY)
    over(person, other)
    listed(person, [(202612, YUNYANG, "pension", True)])
    assert approve(by=second, batch=batch.pk).left_out == [str(person.pk)]
    assert named(batch) == ["李二"]


def test_what_is_told_of_this_year_is_recorded_and_not_read_from_a_list(
    at: Clock, village: Officer, first: Officer
) -> None:
    at(LAST)
    listed(insured(village, 1, "张青山"), [(202612, YUNYANG, "pension", True)])
    assert named(draw_up(by=first, scheme="pension", county=YUNYANG)) == ["张青山"]
