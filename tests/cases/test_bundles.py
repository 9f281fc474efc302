"""More cases than are done while somebody waits: chosen by a filter, done portion by portion, each told of; sent twice, done once."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from anju.cases import bundles
from anju.cases.actions import open_case, take_step
from anju.cases.models import Bundle, Case, Entry, Portion, Sort
from anju.cases.turns import place_at
from anju.duties.models import GuidelineVersion
from anju.government.models import Officer, PostHolding
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.journal.models import Entry as Noted
from anju.register.actions.by_case import put_facts
from anju.register.facts import today
from anju.register.models import Household, Person
from tests.cases.cast import Offices, step_on
from tests.cases.fitting import fit
from tests.cases.many import copies, now, worked
from tests.cases.test_pages import PAPER, PENSION, opened, sent
from tests.desk.cast import browser, stranger
from tests.race import race
from tests.register.cast import ORIGIN, clerk, household, zhang

STEP_ONE = {"procedure": PENSION, "step": "1"}
MANY = 130


@pytest.fixture
def case(village: Officer, person: Person, offices: Offices) -> Case:
    """张青山's pension transfer, which waits for him."""
    return opened(village, person)


def rows_of(page: str) -> str:
    found = re.search(r'name="rows" value="([^"]+)"', page)
    assert found
    return found[1]


@pytest.mark.django_db
def test_all_of_a_filter_are_done_portion_by_portion(case: Case, village: Officer) -> None:
    cases = [case, *copies(case, village, MANY)]
    inside = browser(village)
    listed = inside.get("/cases/", STEP_ONE).content.decode()
    assert f"筛出来的 {len(cases)} 件全部一起办" in listed
    page = inside.post("/cases/bulk/", {**STEP_ONE, "all": "1"}).content.decode()
    assert f"这 {len(cases)} 件填同样的内容" in page
    assert "一（五）养老保险关系转接" in page, "the page names its clause"
    assert 'name="chosen"' not in page
    take_step(by=village, case=cases[7].pk, seen=1, action="提交", fields={PAPER[2:]: True})  # somebody is faster
    form = {**sent(case, "提交", **{PAPER: "on"}), "rows": rows_of(page), "step": "1"}
    began = [inside.post("/cases/bulk/", form) for _ in range(2)]
    assert [answer.status_code for answer in began] == [302, 302]
    assert began[0]["Location"] == began[1]["Location"], "sent twice it is one"
    bundle = Bundle.objects.get()
    assert "排队" in inside.get(began[0]["Location"]).content.decode()
    assert [one.entries for one in now(cases).values()].count(1) == len(cases) - 1, "nothing is done yet"
    assert "HX-Refresh" not in inside.get(f"{began[0]['Location']}progress/").headers
    assert Portion.objects.filter(bundle=bundle).count() == 2
    worked(bundle)
    assert {(one.step, one.entries) for one in now(cases).values()} == {(2, 2)}
    page = inside.get(began[0]["Location"]).content.decode()
    assert f"办好了 {MANY} 件" in page
    assert "没有办成 1 件" in page
    assert "这一件刚刚有人办过" in page
    assert inside.get(f"{began[0]['Location']}progress/").headers["HX-Refresh"] == "true"
    assert Noted.objects.filter(action="cases.move").count() == len(cases)
    with everything():
        assert not any("张0" in text for text in _stored()), "names lie nowhere in the open"


def _stored() -> list[str]:
    told = [*Bundle.objects.values_list("told", flat=True), *Portion.objects.values_list("rows", "results")]
    return [str(one) for one in told]


@pytest.mark.django_db
def test_ticks_of_more_than_a_page_are_done_too(case: Case, village: Officer) -> None:
    cases = [case, *copies(case, village, MANY)]
    form = {**sent(case, "提交", **{PAPER: "on"}), "chosen": [f"{one.pk}.1" for one in cases], "step": "1"}
    assert browser(village).post("/cases/bulk/", form).status_code == 302
    worked(Bundle.objects.get())
    assert {one.step for one in now(cases).values()} == {2}


@pytest.mark.django_db
def test_what_the_first_hundred_do_not_show_is_still_each_one_s_own(
    village: Officer, home: Household, offices: Offices
) -> None:
    """A hundred are on 低保 and the form says so; the last are on 特困, and of one nobody knows: nobody writes the others' word down for
    them.
    """
    by = offices.at("civil_affairs", "township", place_at(ORIGIN, "township"))
    procedure = "transfer_assistance_by_letter"
    one = zhang(village, home, name="低保", order=5, relation="子女")
    fit(str(one.pk), procedure)
    case = step_on(
        open_case(by=by, procedure=procedure, subject=str(one.pk), applied_on=today(), how="本人到场"), offices, "提交"
    )
    cases = [case, *copies(case, by, 104)]
    for other in cases[1:]:
        fit(other.subject_id, procedure)
    with everything():
        for other in cases:
            put_facts(kind="person", subject=other.subject_id, facts={"assistance_applied": True})
        for other in cases[-2:]:
            put_facts(kind="person", subject=other.subject_id, facts={"assistance_kind": "tekun"})
        put_facts(kind="person", subject=cases[-3].subject_id, facts={"assistance_kind": None})
    inside = browser(by)
    page = inside.post("/cases/bulk/", {"procedure": procedure, "step": "2", "all": "1"}).content.decode()
    field = re.search(r'name="f-救助种类" value="([^"]+)"', page)
    assert field
    assert field[1] == "低保"
    filled = {"f-救助种类": "低保", "f-户籍迁入日期": "2026-03-01", "f-现发放标准": "635"}
    form = {**sent(case, "报送名单", **filled), "rows": rows_of(page), "step": "2"}
    assert inside.post("/cases/bulk/", form).status_code == 302
    why = {row["case"]: outcome.why for row, outcome in bundles.outcomes(worked(Bundle.objects.get()))}
    assert [one for one in why if why[one]] == [str(cases[-3].pk)]
    assert "还没有填：救助种类" in why[str(cases[-3].pk)]
    cases.pop(-3)
    with everything():
        told = [
            json.loads(Entry.objects.unscoped().filter(case=other).latest("seq").told.reveal())["fields"]["救助种类"]
            for other in cases
        ]
    assert (told.count("低保"), told[-2:]) == (102, ["特困", "特困"])


SOME: dict[str, tuple[int, int]] = {
    "第一页": (0, 3),
    "跨两批": (2, 5),
    "最后不满一页": (5, 4),
    "后面没有了": (9, 3),
}


@pytest.mark.django_db
@pytest.mark.parametrize("refused", [True, False], ids=["没有办成", "办好"])
@pytest.mark.parametrize(("first", "most"), SOME.values(), ids=SOME)
def test_some_of_the_rows_are_those_of_all(refused: bool, first: int, most: int, village: Officer) -> None:
    whys = ["", "旧", "旧", "", "", "旧", "", "", "", "旧", "旧", "旧", "旧", ""]
    bundle = Bundle(officer=village, key=uuid4(), sort=Sort.STEPPED, total=len(whys))
    bundle.told = "{}"
    bundle.save(force_insert=True)
    for number, at in enumerate(range(0, len(whys), 5)):
        part = whys[at : at + 5]
        portion = Portion(
            bundle=bundle, number=number, size=len(part), refused=sum(map(bool, part)), done_at=timezone.now()
        )
        portion.rows = json.dumps([{"case": str(at + n)} for n in range(len(part))])
        portion.results = json.dumps([{"why": why, "case": ""} for why in part])
        portion.save(force_insert=True)
    every = [(n, row, told) for n, (row, told) in enumerate(bundles.outcomes(bundle), 1) if bool(told.why) == refused]
    assert bundles.some(bundle, refused=refused, first=first, most=most) == every[first : first + most]


@pytest.mark.django_db
def test_those_of_another_version_of_the_pages_come_after(case: Case, village: Officer) -> None:
    older = GuidelineVersion.objects.create(version="older", first_used_on=today(), pages=case.version.pages)
    now_ones, then = [case, *copies(case, village, 3)], copies(case, village, 2, older.pk)
    inside = browser(village)
    page = inside.post("/cases/bulk/", {**STEP_ONE, "all": "1"}).content.decode()
    assert "另有 2 件是按别的版本的指导意见立的" in page
    assert set(re.findall(r'name="chosen" value="([^.]+)\.1"', page)) == {str(one.pk) for one in now_ones}
    form = {**sent(case, "提交", **{PAPER: "on"}), "chosen": [f"{one.pk}.1" for one in now_ones], "step": "1"}
    assert "办好了 4 件" in inside.post("/cases/bulk/", form).content.decode()
    page = inside.post("/cases/bulk/", {**STEP_ONE, "all": "1"}).content.decode()
    assert all(f"{one.pk}.1" in page for one in then)


@pytest.mark.django_db
def test_nobody_else_sees_it_and_what_is_left_is_gone_on_with(case: Case, village: Officer) -> None:
    cases = [case, *copies(case, village, MANY)]
    bundle = begun(village, cases)
    address = f"/cases/together/{bundle.pk}/"
    for other in (stranger(), browser(clerk("beside"))):
        assert other.get(address).status_code == 404
        assert other.post(address).status_code == 404
        assert other.get(f"{address}progress/").status_code == 404
    inside = browser(village)
    assert "正在办" in inside.post(address).content.decode(), "nobody has to be asked again while it waits"
    Bundle.objects.update(job=None)  # as if its work had been given up
    assert "接着办" in inside.get(address).content.decode()
    assert inside.post(address).status_code == 302
    assert bundles.stand(worked(bundle)).over
    assert "已经办完了" in inside.post(address).content.decode()
    with everything():
        PostHolding.objects.filter(officer=village).update(until=today())
    assert inside.get(address).status_code == 404, "without a post nothing is seen"


def begun(by: Officer, cases: list[Case]) -> Bundle:
    told: dict[str, Any] = {
        "action": "提交",
        "fields": {PAPER[2:]: True},
        "common": {},
        "apart": [],
        "version": cases[0].version_id,
        "step": 1,
        "reason": "",
        "basis": "",
        "absent": False,
        "on": today().isoformat(),
    }
    rows = [{"case": str(one.pk), "seen": 1} for one in cases]
    return bundles.begin(by=by, key=uuid4(), sort=Sort.STEPPED, rows=rows, told=told, procedure=PENSION, step=1)


@pytest.mark.django_db
def test_a_killed_worker_does_nothing_twice(case: Case, village: Officer, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was killed after the first portion was taken and before this was written down."""
    cases = [case, *copies(case, village, MANY)]
    bundle = begun(village, cases)
    with monkeypatch.context() as killed:
        killed.setattr("anju.cases.bundles.asdict", lambda _one: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            bundles.work_off(bundle)
    assert bundles.stand(bundle).done == 0
    bundles.work_off(bundle)
    stand = bundles.stand(bundle)
    assert (stand.done, stand.refused, stand.over) == (len(cases), 0, True)
    assert {one.entries for one in now(cases).values()} == {2}
    with pytest.raises(IntegrityError), transaction.atomic():
        Portion.objects.filter(bundle=bundle).update(refused=1)


@pytest.mark.django_db
def test_too_many_and_none_are_refused_in_a_sentence(case: Case, village: Officer) -> None:
    for rows in ([], [{"case": str(case.pk), "seen": 1}] * (bundles.most_rows + 1)):
        with pytest.raises(Refused, match="一次最多一起办 5,000 件"):
            bundles.begin(by=village, key=uuid4(), sort=Sort.STEPPED, rows=rows, told={})
    assert not Bundle.objects.exists()


def test_eight_workers_on_one_bundle_do_each_case_once(own_database: str) -> None:
    village = clerk("village")
    person = zhang(village, household(village))
    fit(str(person.pk), PENSION)
    Offices().open_all()
    case = opened(village, person)
    cases = [case, *copies(case, village, MANY)]
    bundle = begun(village, cases)

    def run(_number: int) -> int:
        bundles.work_off(Bundle.objects.get(pk=bundle.pk))
        return 1

    found = race(8, run)
    assert not found.raised
    stand = bundles.stand(bundle)
    assert (stand.done, stand.refused) == (len(cases), 0)
    assert {(one.step, one.entries) for one in now(cases).values()} == {(2, 2)}
