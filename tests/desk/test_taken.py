"""Whether an ID number or a 户编号 is taken has to be said to whoever gives it to somebody; to learn it is to look at a file."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from pytest_django import Settings

from anju.journal.models import Entry
from anju.register.actions import create_person
from anju.register.models import Household, Person
from tests.desk.cast import Family, browser
from tests.register.cast import KAIZHOU, clerk, household, number

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

pytestmark = pytest.mark.django_db
Ask = Callable[[int], "Response"]


class Elsewhere:
    """An office of a third county with a household and a person of its own, and the ways in which it may give what is taken."""

    def __init__(self) -> None:
        who = clerk("kaizhou", KAIZHOU, "county", "civil_affairs")
        self.officer, self.browser = who, browser(who)
        self.home = household(who, "5000000000000009", KAIZHOU, KAIZHOU)
        self.person = create_person(by=who, name="何开州", number=number(9), origin=KAIZHOU, destination=KAIZHOU)
        self.ways: dict[str, Ask] = {"登记一个人": self.register, "更正": self.correct, "登记一户": self.found}

    def register(self, order: int) -> Response:
        """A new person with the ID number of that order; none for 0."""
        given = {"name": "某某", "number": number(order) if order else "", "origin": KAIZHOU, "destination": KAIZHOU}
        return self.browser.post("/people/new/", given)

    def correct(self, order: int) -> Response:
        """Another person of the office gets that number."""
        other = Person.objects.unscoped().filter(name="何小州").first() or create_person(
            by=self.officer, name="何小州", origin=KAIZHOU, destination=KAIZHOU
        )
        given = {"name": "何小州", "number": number(order) if order else "", "because": "看错了"}
        return self.browser.post(f"/people/{other.pk}/change/", given)

    def found(self, order: int) -> Response:
        """A new household with a 户编号 that ends so."""
        given = {
            "code": f"500000000000000{order}",
            "origin": KAIZHOU,
            "destination": KAIZHOU,
            "site": "",
            "address": "",
        }
        return self.browser.post("/households/new/", given)


@pytest.fixture
def there(us: Family) -> Elsewhere:
    return Elsewhere()


def told(answer: Response) -> list[str]:
    """What the form says is wrong."""
    assert answer.status_code == 422
    return re.findall(r'role="alert"[^>]*>([^<]+)<', answer.content.decode())


def met() -> list[tuple[str, str, str]]:
    """Whom officers have learned of: kind, which one, and whether they were told."""
    return list(
        Entry.objects.filter(action="register.meet").order_by("id").values_list("object_kind", "object_id", "result")
    )


WAYS = ["登记一个人", "更正", "登记一户"]


@pytest.mark.parametrize("way", WAYS)
def test_what_is_taken_is_said_alike_of_all_and_stands_in_the_journal(way: str, us: Family, there: Elsewhere) -> None:
    ask = there.ways[way]
    foreign, own = told(ask(1)), told(ask(9))
    assert foreign == own
    assert len(own) == 1
    assert "找不到的" in own[0]
    assert "已经记入日志" in own[0]
    ours, theirs = (us.home, there.home) if way == "登记一户" else (us.person, there.person)
    kind = "household" if way == "登记一户" else "person"
    assert met() == [(kind, str(ours.pk), "done"), (kind, str(theirs.pk), "done")]
    assert Entry.objects.filter(action="register.meet", officer=str(there.officer.pk)).count() == 2


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("left", [1, 0], ids=["还差一份", "到数"])
def test_learning_counts_as_looking(way: str, left: int, us: Family, there: Elsewhere, settings: Settings) -> None:
    ask = there.ways[way]
    told(ask(1))
    seen = Entry.objects.filter(action__in=["register.look", "register.meet"]).values("object_id").distinct()
    settings.ANJU_MOST_FILES_AN_HOUR = seen.count() + left
    before = Person.objects.unscoped().count(), Household.objects.unscoped().count()
    taken = told(ask(9))
    if left:
        assert "找不到的" in taken[0]
        assert [result for *_, result in met()] == ["done", "done"]
        return
    free = told(ask(7))
    assert taken == free, "of what is beyond the hour nothing is learned"
    assert "一小时里最多打开" in taken[0]
    assert (Person.objects.unscoped().count(), Household.objects.unscoped().count()) == before
    assert [one[1:] for one in met()[1:]] == [("", "refused")] * 2


def test_the_same_one_counts_once_and_without_a_number_nothing_does(
    us: Family, there: Elsewhere, settings: Settings
) -> None:
    settings.ANJU_MOST_FILES_AN_HOUR = 2
    for _ in range(3):
        assert "找不到的" in told(there.register(1))[0]
    assert "找不到的" in told(there.register(2))[0]
    assert "一小时里最多打开 2 份档案" in told(there.register(3))[0]
    assert there.register(0).status_code == 302
    assert there.browser.get(f"/people/{there.person.pk}/").status_code == 429


def test_a_free_number_leaves_no_such_line(there: Elsewhere) -> None:
    for way, ask in there.ways.items():
        assert ask(6 if way == "更正" else 7).status_code == 302
    assert met() == []


def test_a_wrong_number_is_told_as_before(there: Elsewhere) -> None:
    given = {"name": "某某", "number": "500999198005060010", "origin": KAIZHOU, "destination": KAIZHOU}
    assert "证件号码不对" in told(there.browser.post("/people/new/", given))[0]
    assert met() == []
