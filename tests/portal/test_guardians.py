"""A guardian applies for a child of the household from the own page: for nobody else, and for nothing but what a guardian begins."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from anju.cases.actions import open_case, take_step
from anju.cases.fields import Value
from anju.cases.models import Case
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.residents import Guardian, Resident
from anju.government.second_wall import everything
from anju.journal.models import Entry as Logged
from anju.policy.model import Fact
from anju.register.actions import change_person
from anju.register.actions.by_case import put_facts
from anju.register.facts import today
from anju.register.models import Household, Person
from tests.cases.cast import Offices
from tests.cases.test_guardians import born, of_age
from tests.desk.cast import browser
from tests.portal.cast import as_resident, at_home
from tests.register.cast import DESTINATION, clerk, household, zhang

pytestmark = pytest.mark.django_db
PROCEDURE = "confirm_membership"
MEMBER: dict[str, Fact | None] = {
    "crosses_collective": True,
    "destination_collective": True,
    "membership_moved": False,
}
FORM = {"f-申请书原件": "on", "f-户口簿": "on", "f-监护关系": "父亲", "action": "监护人代未成年人提交"}


@pytest.fixture
def village() -> Officer:
    return clerk("village")


@pytest.fixture
def home(village: Officer) -> Household:
    return household(village)


@pytest.fixture
def father(village: Officer, home: Household) -> Person:
    return zhang(village, home)


@pytest.fixture
def child(village: Officer, home: Household, father: Person) -> Person:
    found = born(zhang(village, home, name="张小一", order=21, relation="子女"), of_age() + timedelta(1))
    with everything():
        put_facts(kind="person", subject=str(found.pk), facts=MEMBER)
    return found


def apply(child: Person) -> str:
    return f"/my/apply/{PROCEDURE}/?for={child.pk}"


def cases_of(person: Person) -> list[Case]:
    with everything():
        return list(Case.objects.unscoped().filter(subject_id=str(person.pk)).order_by("pk"))


def acts_for(child: Person, guardian: Person) -> Resident:
    return Resident(child.pk, "张**", DESTINATION, Guardian(guardian.pk, "张**", guardian.name))


def test_a_father_applies_for_his_child_from_his_own_page(father: Person, child: Person) -> None:
    inside = at_home(father)
    page = inside.get("/my/").content.decode()
    assert ("替孩子办的" in page, "张小一" in page, apply(child) in page) == (True, True, True)
    page = inside.get(apply(child)).content.decode()
    assert ("您是监护人，替他办" in page, "监护关系" in page) == (True, True)
    there = inside.post(apply(child), {"key": str(uuid4())}).headers["Location"]
    (case,) = cases_of(child)
    assert there == f"/my/cases/{case.pk}/?saved=applied"
    page = inside.get(there).content.decode()
    assert ('name="f-监护人"' in page, 'name="f-监护关系"' in page, "本人提交" in page) == (False, True, False)
    form = {**FORM, "seen": "1", "key": str(uuid4())}
    assert inside.post(f"/my/cases/{case.pk}/step/", form).headers["Location"] == f"/my/cases/{case.pk}/?saved=moved"
    case.refresh_from_db()
    assert case.step == 2
    assert "张小一" in inside.get("/my/").content.decode()
    officer = browser(Offices().at("collective", "village", DESTINATION))
    seen = officer.get(f"/cases/{case.pk}/").content.decode()
    assert ("监护人" in seen, father.name in seen, "父亲" in seen) == (True, True, True)
    told = Logged.objects.filter(object_kind="case", object_id=str(case.pk), action__startswith="cases.")
    assert {(one.officer, one.officer_name) for one in told} == {(str(father.pk), "张**")}
    assert inside.post(f"/my/cases/{case.pk}/withdraw/", {"seen": "2", "why": "不办了"}).status_code == 302
    case.refresh_from_db()
    assert case.state == "withdrawn"


def test_the_child_himself_is_told_who_applies(child: Person) -> None:
    inside = at_home(child)
    page = inside.get(f"/my/apply/{PROCEDURE}/").content.decode()
    assert ("由监护人申请" in page, "我要申请" in page) == (True, False)
    with pytest.raises(Refused, match="还没有成年，由监护人申请"):
        open_case(
            by=as_resident(child), procedure=PROCEDURE, subject=str(child.pk), applied_on=today(), how="本人网上办理"
        )
    born(child, of_age())
    assert "我要申请" in inside.get(f"/my/apply/{PROCEDURE}/").content.decode()


def test_on_the_birthday_nobody_acts_for_him_any_more(father: Person, child: Person) -> None:
    inside = at_home(father)
    inside.post(apply(child), {"key": str(uuid4())})
    (case,) = cases_of(child)
    assert inside.get(f"/my/cases/{case.pk}/").status_code == 200
    born(child, of_age())
    assert inside.get(apply(child)).status_code == 404
    assert inside.get(f"/my/cases/{case.pk}/").status_code == 404
    assert "张小一" not in inside.get("/my/").content.decode()
    own = at_home(child).get(f"/my/cases/{case.pk}/").content.decode()
    assert ("本人提交" in own, "监护人代未成年人提交" in own) == (True, False)


def test_for_nobody_but_a_child_of_the_household(village: Officer, father: Person, child: Person) -> None:
    other = born(zhang(village, household(village, "2"), name="李小二", order=31), of_age() + timedelta(1))
    grown = zhang(village, None, name="王外人", order=33)
    sister = born(zhang(village, None, name="张小三", order=22), of_age() + timedelta(9))
    inside = at_home(father)
    for person in (other, grown, sister):
        assert inside.get(apply(person)).status_code == 404
        assert inside.post(apply(person), {"key": str(uuid4())}).status_code == 404
        assert cases_of(person) == []
    assert at_home(grown).get(apply(child)).status_code == 404
    assert at_home(child).get(apply(child)).status_code == 200, "who asks for himself is himself"
    inside.post(apply(child), {"key": str(uuid4())})
    (case,) = cases_of(child)
    for stranger in (other, grown):
        assert at_home(stranger).get(f"/my/cases/{case.pk}/").status_code == 404
        assert at_home(stranger).post(f"/my/cases/{case.pk}/step/", FORM).status_code == 404


def test_for_nothing_but_what_a_guardian_begins(father: Person, child: Person) -> None:
    inside = at_home(father)
    for procedure in ("transfer_pension", "transfer_assistance_by_letter", "move_hukou"):
        address = f"/my/apply/{procedure}/?for={child.pk}"
        assert inside.get(address).status_code == 404, "why it may not be would tell what the child has"
        assert inside.post(address, {"key": str(uuid4())}).status_code == 404
    acts = acts_for(child, father)
    with pytest.raises(Refused, match="不能在这里替孩子申请"):
        open_case(by=acts, procedure="move_hukou", subject=str(child.pk), applied_on=today(), how="监护人网上办理")
    own = open_case(
        by=as_resident(child), procedure="move_hukou", subject=str(child.pk), applied_on=today(), how="本人网上办理"
    )
    assert inside.get(f"/my/cases/{own.pk}/").status_code == 404, "what a child does for himself is the child's"
    case = open_case(by=acts, procedure=PROCEDURE, subject=str(child.pk), applied_on=today(), how="监护人网上办理")
    papers: dict[str, Value] = {"申请书原件": True, "户口簿": True, "监护关系": "父亲"}
    with pytest.raises(Refused, match="监护人就是您本人（张青山）"):
        take_step(by=acts, case=case.pk, seen=1, action=FORM["action"], fields={**papers, "监护人": "别人"})
    with pytest.raises(Refused, match="不在网上办"):
        take_step(by=acts, case=case.pk, seen=1, action="本人提交", fields={**papers, "监护人": "张青山"})
    with pytest.raises(Refused, match="不在网上办"):
        take_step(
            by=as_resident(child), case=case.pk, seen=1, action=FORM["action"], fields={**papers, "监护人": "张青山"}
        )


@pytest.mark.parametrize("relation", ["", "其他"])
def test_who_only_lodges_there_acts_for_nobody(
    village: Officer, home: Household, father: Person, child: Person, relation: str
) -> None:
    lodger = at_home(zhang(village, home, name="王房客", order=41, relation=relation))
    at_home(father).post(apply(child), {"key": str(uuid4())})
    (case,) = cases_of(child)
    assert lodger.get(apply(child)).status_code == 404
    assert lodger.get(f"/my/cases/{case.pk}/").status_code == 404
    assert lodger.post(f"/my/cases/{case.pk}/withdraw/", {"how": "不要了"}).status_code == 404
    assert cases_of(child)[0].state == "running"


def test_once_a_guardian_is_named_the_case_is_that_ones(
    village: Officer, home: Household, father: Person, child: Person
) -> None:
    uncle = at_home(zhang(village, home, name="张叔叔", order=43, relation="兄弟姐妹"))
    acts = acts_for(child, father)
    case = open_case(by=acts, procedure=PROCEDURE, subject=str(child.pk), applied_on=today(), how="监护人网上办理")
    assert uncle.get(f"/my/cases/{case.pk}/").status_code == 200
    papers: dict[str, Value] = {"申请书原件": True, "户口簿": True, "监护关系": "父亲", "监护人": father.name}
    take_step(by=acts, case=case.pk, seen=1, action=FORM["action"], fields=papers)
    assert uncle.get(f"/my/cases/{case.pk}/").status_code == 404
    assert str(case.pk) not in uncle.get("/my/").content.decode()
    assert "cases" not in uncle.get(apply(child)).headers.get("Location", "")
    change_person(by=village, person=str(father.pk), changes={"name": "张青松"})
    assert at_home(father).get(f"/my/cases/{case.pk}/").status_code == 200


@pytest.mark.parametrize("relation", ["", "其他"])
def test_nobody_acts_for_a_child_that_only_lodges_there(
    village: Officer, home: Household, father: Person, relation: str
) -> None:
    found = born(zhang(village, home, name="王小客", order=23, relation=relation), of_age() + timedelta(1))
    inside = at_home(father)
    assert "王小客" not in inside.get("/my/").content.decode()
    assert inside.post(apply(found), {"key": str(uuid4())}).status_code == 404
    assert cases_of(found) == []
