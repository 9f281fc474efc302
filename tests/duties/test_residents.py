"""What a site owes follows how many people live there, in the deed that lets them come or go: 799 or 800 (2.2, second sentence)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from anju.duties import evaluate
from anju.duties.models import Duty
from anju.exchange.actions import decide
from anju.exchange.models import Batch, StagedRow
from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.register.actions import (
    change_person,
    create_household,
    create_person,
    create_site,
    end_person,
    join_household,
    leave_household,
    place_household,
    record_wish,
    restore_person,
)
from anju.register.models import Household, Membership, Person, Site
from tests.exchange.cast import clerk as importer
from tests.exchange.cast import done, handed_in, merged, undo, workbook
from tests.race import race
from tests.register.cast import DESTINATION, ORIGIN, clerk, number
from tests.register.joining import agreed, asked

TODAY = timezone.localdate()
LONG_AGO, YESTERDAY = TODAY - timedelta(days=90), TODAY - timedelta(days=1)
PLACES: Mapping[str, Any] = {"origin": ORIGIN, "destination": DESTINATION}
BIG = "5000000000000800"


class Living:
    """A site where so many people live without a service station, in one household; who registers, and who keeps the hukou."""

    def __init__(self, people: int) -> None:
        self.village, self.police = clerk("village"), clerk("police", line="public_security")
        self.site = create_site(
            by=self.village, name="安居新村", region=DESTINATION, facts={"has_service_station": False}
        )
        self.home = create_household(by=self.village, household_code=BIG, site=self.site, **PLACES)
        with everything():
            some = Person.objects.bulk_create(
                Person(name=f"某{n:04d}", pinyin=f"mou {n:04d}", **PLACES) for n in range(people)
            )
            Membership.objects.bulk_create(Membership(person=one, household=self.home, since=LONG_AGO) for one in some)
        self.person = str(some[0].pk)
        evaluate.evaluate("site", [str(self.site.pk)], TODAY)

    def owes(self, site: Site | None = None) -> bool:
        """Whether a service station is owed."""
        with everything():
            duties = Duty.objects.unscoped().owed().filter(subject_id=str((site or self.site).pk))
            return duties.filter(kind="open_service_station").exists()

    def register(self, name: str = "张青山", home: Household | None = None) -> Person:
        """Somebody is registered, in the household of the site unless another one is given."""
        return create_person(by=self.village, name=name, household=home or self.home, relation="家人", **PLACES)

    def elsewhere(self) -> Household:
        """A household of one, at no site."""
        home = create_household(by=self.village, household_code="5000000000000002", **PLACES)
        self.register("李青山", home)
        return home

    def join(self) -> None:
        """Somebody who was in no household comes into that of the site."""
        alone = create_person(by=self.village, name="张青山", **PLACES)
        join_household(by=self.village, person=str(alone.pk), household=str(self.home.pk), relation="家人", since=TODAY)

    def leave(self) -> None:
        """One leaves the household."""
        leave_household(by=self.village, person=self.person, until=YESTERDAY, because="分户")

    def die(self) -> None:
        """One dies."""
        end_person(by=self.police, person=self.person, on=YESTERDAY, because="death")

    def turn_out_alive(self) -> None:
        """One who was registered as dead is not."""
        self.die()
        assert not self.owes()
        restore_person(by=self.police, person=self.person, because="登记错了")

    def move_in(self) -> None:
        """A household of one comes to the site."""
        place_household(
            by=self.village, household=str(self.elsewhere().pk), site=str(self.site.pk), because="更正", **PLACES
        )

    def move_out(self) -> None:
        """The household goes to another site, which owes the station now."""
        other = create_site(by=self.village, name="别处新村", region=DESTINATION, facts={"has_service_station": False})
        assert not self.owes(other)
        place_household(by=self.village, household=str(self.home.pk), site=str(other.pk), because="更正", **PLACES)
        assert self.owes(other)

    def become_one(self) -> None:
        """Two who were registered turn out to be one."""
        one, other = Person.objects.unscoped().filter(memberships__household=self.home).order_by("pk")[:2]
        agreed(clerk("second"), asked(self.village, other, one))


DEEDS: dict[str, tuple[int, Callable[[Living], object], bool]] = {
    "登记到七百九十九": (798, Living.register, False),
    "登记到八百": (799, Living.register, True),
    "入户到七百九十九": (798, Living.join, False),
    "入户到八百": (799, Living.join, True),
    "离户到八百": (801, Living.leave, True),
    "离户到七百九十九": (800, Living.leave, False),
    "死亡到八百": (801, Living.die, True),
    "死亡到七百九十九": (800, Living.die, False),
    "恢复到八百": (800, Living.turn_out_alive, True),
    "一户迁来到七百九十九": (798, Living.move_in, False),
    "一户迁来到八百": (799, Living.move_in, True),
    "全户迁到别的点": (800, Living.move_out, False),
    "并档到八百": (801, Living.become_one, True),
    "并档到七百九十九": (800, Living.become_one, False),
}


@pytest.mark.parametrize(("people", "deed", "owes"), DEEDS.values(), ids=DEEDS)
def test_the_station_is_owed_as_soon_as_enough_live_there(
    db: None, people: int, deed: Callable[[Living], object], owes: bool
) -> None:
    living = Living(people)
    assert living.owes() == (people >= 800)
    deed(living)
    assert living.owes() == owes


def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[str]]:
    """The sites of each evaluation of sites from now on."""
    found: list[Sequence[str]] = []
    known = evaluate.evaluate

    def noting(kind: str, who: Any, *more: Any) -> object:
        if kind == "site":
            found.append(who)
        return known(kind, who, *more)

    monkeypatch.setattr(evaluate, "evaluate", noting)
    return found


OTHER: dict[str, Callable[[Living], object]] = {
    "改姓名": lambda living: change_person(by=living.village, person=living.person, changes={"name": "张青山"}),
    "表意愿": lambda living: record_wish(
        by=living.village, person=living.person, kind="hukou", choice="willing", on=TODAY, how="当面"
    ),
    "登记到不在点上的户": lambda living: living.elsewhere(),
    "户更正迁出地": lambda living: place_household(
        by=living.village, household=str(living.home.pk), origin=ORIGIN[:9] + "000", destination=DESTINATION,
        site=str(living.site.pk), because="更正",
    ),
}  # fmt: skip


@pytest.mark.parametrize("deed", OTHER.values(), ids=OTHER)
def test_a_site_is_not_looked_at_for_what_it_does_not_rest_on(
    db: None, monkeypatch: pytest.MonkeyPatch, deed: Callable[[Living], object]
) -> None:
    living = Living(3)
    found = looked_at(monkeypatch)
    deed(living)
    assert found == []


def listed(order: int, home: str = BIG, **more: Any) -> dict[str, Any]:
    """A row of a list of people."""
    where = {"迁出地代码": ORIGIN, "迁入地代码": DESTINATION}
    return {"姓名": "钟大山", "证件号码": number(order), "户编号": home, "与户主关系": "家人", **where, **more}


def brought_in(path: Path, by: Officer, rows: Sequence[dict[str, Any]]) -> Batch:
    """A list is handed in, where rows differ it is decided for the file, accepted by another officer, and merged."""
    batch = handed_in(by, workbook(path / f"{len(list(path.iterdir()))}.xlsx", rows))
    with everything():
        open_rows = StagedRow.objects.unscoped().filter(batch=batch).exclude(conflict="")
        numbers = list(open_rows.values_list("number", flat=True))
    if numbers:
        decide(by=by, batch=batch.pk, numbers=numbers, decision="file")
    return merged(batch, importer(f"accepts{batch.pk.hex[-8:]}"))


@pytest.mark.parametrize(("people", "rows", "owes"), [(797, 2, False), (798, 2, True)], ids=["到七百九十九", "到八百"])
def test_a_batch_lets_its_sites_follow_once_and_so_does_its_undoing(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, people: int, rows: int, owes: bool
) -> None:
    living, by = Living(people), importer("hands")
    found = looked_at(monkeypatch)
    batch = brought_in(tmp_path, by, [listed(order) for order in range(1, rows + 1)])
    assert found == [[str(living.site.pk)]]
    assert living.owes() == owes
    undo(by=by, batch=batch.pk, because="交错了")
    done(batch)
    assert found == [[str(living.site.pk)]] * 2
    assert not living.owes()


def test_who_goes_to_another_household_changes_both_sites(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    living, by = Living(798), importer("hands")
    other = create_site(by=living.village, name="别处新村", region=DESTINATION)
    create_household(by=living.village, household_code="5000000000000003", site=other, **PLACES)
    brought_in(tmp_path, by, [listed(1), listed(2)])
    with everything():
        Membership.objects.unscoped().filter(household=living.home).update(since=LONG_AGO)
    assert living.owes()
    found = looked_at(monkeypatch)
    batch = brought_in(tmp_path, by, [listed(1, "5000000000000003")])
    assert found == [sorted([str(living.site.pk), str(other.pk)])]
    assert not living.owes()
    undo(by=by, batch=batch.pk, because="交错了")
    done(batch)
    assert living.owes()


def test_a_batch_that_lets_nobody_move_looks_at_no_site(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = importer("hands")
    Living(3)
    brought_in(tmp_path, by, [listed(1)])
    found = looked_at(monkeypatch)
    brought_in(tmp_path, by, [listed(1, 联系电话="13800000001", 与户主关系="之子")])
    assert found == []


def test_two_who_come_at_once_are_seen_together(own_database: str) -> None:
    living = Living(798)
    found = race(2, lambda order: living.register(f"张青{order}"))
    assert found.won == 2
    assert living.owes()
