"""What follows by itself (domain 1.9): a moved hukou opens the transfer of assistance, a confirmed membership that of the party."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.db.utils import DatabaseError

from anju.cases.actions import terminate
from anju.cases.models import Case, Consequence
from anju.cases.queries.consequences import causes, consequences
from anju.duties.models import Duty
from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.register.actions import record_facts
from anju.register.facts import today
from tests.cases.cast import waiting
from tests.cases.moving import FENGLAI, Story
from tests.cases.test_moving import HUKOU, MEETING, MEMBERSHIP, REGISTER
from tests.desk.cast import browser
from tests.government.cast import hold, officer
from tests.government.cast import post as post_of
from tests.government.pages.officer import Browser
from tests.register.cast import ELSEWHERE

pytestmark = pytest.mark.django_db
BY_HUKOU = f"因户口已迁（户口迁移，{today()}）"
BY_MEMBERSHIP = f"因集体成员身份已确认（集体成员身份确认，{today()}）"


@pytest.fixture
def story() -> Story:
    """张青山, a party member who lives at the destination already; his hukou and his membership are still to move."""
    story = Story()
    story.settle()
    facts: dict[str, Any] = {"offered_by_own_collective": True, "same_terms": True, "other_priority_claimants": False}
    village = story.offices.at("committee", "village", FENGLAI)
    land = story.offices.at("agriculture", "village", FENGLAI)
    party = story.offices.at("organisation", "township", "500235125000")
    by: dict[Officer, dict[str, Any]] = {
        village: {},
        land: facts,
        party: {"residence_detached": True, "hukou_detached": False, "membership_detached": False},
    }
    for who, told in by.items():
        if told:
            record_facts(by=who, kind="person", subject=str(story.person.pk), facts=told)
    return story


def move_hukou(story: Story) -> Case:
    story.open("move_hukou", "public_security", "township", 60)
    story.walk("move_hukou", HUKOU, 58, {"落户选择": "village_group", "户籍脱钩": True})
    return story.case("move_hukou")


def confirm_membership(story: Story) -> Case:
    story.open("confirm_membership", "collective", "village", 54)
    story.walk("confirm_membership", MEMBERSHIP, 50)
    story.walk("confirm_membership", MEETING[:-1], 42)
    story.walk("confirm_membership", MEETING[-1:], 30)
    story.walk("confirm_membership", REGISTER, 29)
    return story.case("confirm_membership")


def followed(case: Case) -> list[str]:
    """The kinds of duties that followed from a case."""
    with everything():
        found = Consequence.objects.unscoped().filter(case=case).order_by("duty__kind")
        return list(found.values_list("duty__kind", flat=True))


def page(who: Browser, key: UUID | str, kind: str = "cases") -> str:
    return who.get(f"/{kind}/{key}/").content.decode()


def section(text: str) -> str:
    """What the page of a case says of what followed."""
    return text.split('id="following"')[1].split("</section>", maxsplit=1)[0] if 'id="following"' in text else ""


def test_a_moved_hukou_lets_assistance_follow(story: Story) -> None:
    with everything():
        before = set(Duty.objects.unscoped().values_list("pk", flat=True))
    case = move_hukou(story)
    assert "transfer_assistance_by_letter" in followed(case)
    with everything():
        kept = set(Consequence.objects.unscoped().values_list("duty_id", flat=True))
    assert not kept & before, "what was owed before did not follow from it"
    civil = browser(story.offices.at("civil_affairs", "county", "500154000000"))
    assert BY_HUKOU in page(civil, story.person.pk, "people")
    assert f'href="/cases/{case.pk}/"' in page(civil, story.person.pk, "people")
    assert BY_HUKOU in civil.get("/desk/").content.decode()
    told = section(page(civil, case.pk))
    assert "函告办理救助迁移" in told
    assert "因户口已迁" in told
    assert "张青山" in told


def test_the_third_detachment_lets_the_party_follow_for_those_who_may_know(story: Story) -> None:
    move_hukou(story)
    case = confirm_membership(story)
    assert {"tell_land_priority", "transfer_party_duty"} <= set(followed(case))
    party = browser(story.offices.at("organisation", "township", "500235125000"))
    land = browser(story.offices.at("collective", "village", FENGLAI))
    assert "党组织" in section(page(party, case.pk))
    assert "党组织" not in section(page(land, case.pk))
    assert "优先" in section(page(land, case.pk))
    assert BY_MEMBERSHIP in page(party, story.person.pk, "people")


def test_a_case_that_is_given_up_has_nothing_that_followed(story: Story) -> None:
    story.open("move_hukou", "public_security", "township", 60)
    story.walk("move_hukou", HUKOU[:2], 58, {"落户选择": "village_group", "户籍脱钩": True})
    case = story.case("move_hukou")
    turn = waiting(case)[0]
    terminate(by=story.offices.of(turn), case=case.pk, seen=case.entries, because="不办了")
    assert followed(case) == []
    civil = browser(story.offices.at("civil_affairs", "county", "500154000000"))
    assert section(page(civil, case.pk)) == ""


def test_what_followed_is_seen_where_both_are_seen(story: Story) -> None:
    case = move_hukou(story)
    stranger = officer("stranger")
    hold(stranger, post_of(ELSEWHERE, "county", "civil_affairs"))
    assert not Consequence.objects.visible_to(stranger, purpose="经办").exists()
    village = story.offices.at("committee", "village", FENGLAI)
    assert Consequence.objects.visible_to(village, purpose="经办").filter(case=case).exists()


def test_a_case_that_one_may_not_know_of_is_no_cause(story: Story) -> None:
    """The duty is seen, and not that it came of a case about party membership."""
    move_hukou(story)
    with everything():
        duty = Duty.objects.unscoped().get(kind="transfer_assistance_by_letter")
        told = Case.objects.unscoped().get(procedure="move_hukou")
        party = Case.objects.create(
            procedure="transfer_party", clause="1.2", version=told.version, subject_kind="person",
            subject_id=told.subject_id, origin=told.origin, destination=told.destination, state="done", step=0,
            applied_on=told.applied_on, closed_at=told.closed_at,
        )  # fmt: skip
        Consequence.objects.create(case=party, duty=duty)
    may, may_not = (story.offices.at(line, "county", "500154000000") for line in ("organisation", "civil_affairs"))
    assert Consequence.objects.visible_to(may, purpose="经办").filter(case=party).exists()
    assert {cause.case.pk for cause in causes(may_not, [duty.pk]).values()} == {told.pk}
    assert [one.duty.pk for one, _ in consequences(may, party)] == [duty.pk]
    assert consequences(may_not, party) == []


def test_what_followed_is_neither_rewritten_nor_taken_back(story: Story) -> None:
    case = move_hukou(story)
    with everything():
        one = Consequence.objects.unscoped().filter(case=case)
        other = Duty.objects.unscoped().exclude(pk__in=one.values("duty")).first()
        assert other is not None
        for change in (lambda: one.update(duty=other), one.delete):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


def test_a_case_under_way_has_nothing_that_followed(story: Story) -> None:
    story.open("move_hukou", "public_security", "township", 60)
    with everything():
        duty = Duty.objects.unscoped().earliest("pk")
        with pytest.raises(DatabaseError), transaction.atomic():
            Consequence.objects.unscoped().create(case=story.case("move_hukou"), duty=duty)
