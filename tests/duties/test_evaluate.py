"""What is owed follows the facts: opened and closed in the change's own transaction, and only the difference."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from anju.duties.evaluate import Changed, evaluate, look_again
from anju.duties.models import Duty
from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.register.actions import (
    create_household,
    create_person,
    end_person,
    join_household,
    leave_household,
    move_relation,
    place_person,
    record_facts,
    record_wish,
)
from anju.register.models import Household, Membership, Person, Relation
from tests.duties.conftest import FACTS
from tests.register.cast import DESTINATION, ELSEWHERE, KAIZHOU, ORIGIN, YUNYANG, clerk, number, zhang

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def owed(subject: str) -> dict[str, Duty]:
    """What a subject owes now, by kind."""
    with everything():
        return {duty.kind: duty for duty in Duty.objects.unscoped().owed().filter(subject_id=subject)}


def closed(subject: str) -> list[tuple[str, str]]:
    """What was closed, and why."""
    with everything():
        rows = Duty.objects.unscoped().exclude(closed_on=None).filter(subject_id=subject)
        return sorted(rows.values_list("kind", "closed_because"))


def test_a_new_person_owes_what_the_pages_say(person: Person, family: Household) -> None:
    duties = owed(str(person.pk))
    assert set(duties) == {"pay_premium", "ask_pension_wish"}
    premium = duties["pay_premium"]
    assert (premium.decision, premium.row, premium.clause, premium.strength) == ("premium_support", 6, "1.5", "must")
    assert (premium.opened_on, premium.counts_from) == (TODAY, TODAY)
    assert (premium.household, premium.origin, premium.destination) == (family.pk, ORIGIN, DESTINATION)
    assert premium.insured == ORIGIN, "the pension is still at the origin"


@pytest.mark.parametrize(("moved", "county"), [(True, YUNYANG), (False, KAIZHOU), (None, KAIZHOU)])
def test_who_is_not_insured_is_owed_the_premium_by_the_county_of_the_hukou(
    village: Officer, family: Household, moved: bool | None, county: str
) -> None:
    facts = {**FACTS, "pension_status": "uninsured", "pension_moved": None, "hukou_moved": moved}
    person = zhang(village, family, name="李二", order=3, relation="之子", facts=facts)
    assert owed(str(person.pk))["pay_premium"].insured == county


def test_what_was_paid_this_year_is_asked_for_anew_in_the_next(pensions: Officer, person: Person) -> None:
    subject = str(person.pk)
    record_facts(by=pensions, kind="person", subject=subject, facts={"premium_paid": True})
    assert "pay_premium" not in owed(subject)
    assert "premium_paid" not in owed(subject).get("fill_in", Duty()).terms
    evaluate("person", [subject], TODAY.replace(month=12, day=31))
    assert "premium_paid" not in owed(subject).get("fill_in", Duty()).terms
    evaluate("person", [subject], TODAY.replace(year=TODAY.year + 1, month=1, day=1))
    assert "premium_paid" in owed(subject)["fill_in"].terms


def test_who_moved_within_a_village_is_insured_in_its_county(village: Officer) -> None:
    home = create_household(by=village, household_code="7", origin=DESTINATION, destination=DESTINATION)
    person = create_person(
        by=village,
        name="李二",
        number=number(3),
        household=home,
        relation="户主",
        facts={**FACTS, "pension_moved": None},
    )
    with everything():
        steps = Relation.objects.unscoped().filter(person=person)
        assert list(steps.values_list("kind", "holder")) == [("pension", YUNYANG)]
    assert owed(str(person.pk))["pay_premium"].insured == YUNYANG


def test_a_wish_closes_the_question_and_opens_the_work(village: Officer, person: Person) -> None:
    subject = str(person.pk)
    assert "ask_pension_wish" in owed(subject)
    record_wish(by=village, person=subject, kind="pension", choice="move", on=TODAY, how="当面")
    assert "transfer_pension" in owed(subject)
    assert "ask_pension_wish" not in owed(subject)
    assert ("ask_pension_wish", "done") in closed(subject)


def test_what_was_done_is_no_longer_owed_and_its_insurer_follows(
    pensions: Officer, village: Officer, person: Person
) -> None:
    subject = str(person.pk)
    record_wish(by=village, person=subject, kind="pension", choice="move", on=TODAY, how="当面")
    opened = owed(subject)["pay_premium"]
    move_relation(by=pensions, person=subject, kind="pension", holder=YUNYANG, since=TODAY)
    assert "transfer_pension" not in owed(subject)
    assert ("transfer_pension", "done") in closed(subject)
    premium = owed(subject)["pay_premium"]
    assert (premium.pk, premium.insured) == (opened.pk, YUNYANG), "the same duty, at the new insurer"


def test_a_fact_withdrawn_takes_its_duties_along(village: Officer, pensions: Officer, person: Person) -> None:
    subject = str(person.pk)
    record_facts(by=pensions, kind="person", subject=subject, facts={"premium_paid": None})
    assert ("pay_premium", "gone") in closed(subject)
    assert "premium_paid" in owed(subject)["fill_in"].terms


def test_a_duty_that_stays_keeps_its_day(village: Officer, person: Person) -> None:
    subject = str(person.pk)
    before = owed(subject)
    later = TODAY + timedelta(days=40)
    assert not evaluate("person", [subject], TODAY)
    evaluate("person", [subject], later)
    after = owed(subject)
    assert after["ask_pension_wish"].pk == before["ask_pension_wish"].pk
    assert (after["ask_pension_wish"].opened_on, after["ask_pension_wish"].counts_from) == (TODAY, TODAY)


def test_the_day_that_a_deadline_counts_from_follows_the_fact(person: Person) -> None:
    subject = str(person.pk)
    helper = clerk("dibao", "500154101000", "township", "civil_affairs")
    record_facts(by=helper, kind="person", subject=subject, facts={"assistance_kind": "dibao"})
    move_relation(by=helper, person=subject, kind="assistance", holder=ORIGIN, since=TODAY, because="recorded")
    record_wish(by=helper, person=subject, kind="assistance", choice="yes", on=TODAY - timedelta(days=3), how="当面")
    duty = owed(subject)["transfer_assistance_by_letter"]
    assert (duty.counts_from, duty.opened_on) == (TODAY - timedelta(days=3), TODAY)
    record_wish(by=helper, person=subject, kind="assistance", choice="yes", on=TODAY - timedelta(days=1), how="当面")
    assert owed(subject)["transfer_assistance_by_letter"].counts_from == TODAY - timedelta(days=1)
    assert owed(subject)["transfer_assistance_by_letter"].pk == duty.pk


def test_duties_follow_the_places(person: Person) -> None:
    town = clerk("town", "500235104000", "township", "civil_affairs")
    place_person(by=town, person=str(person.pk), origin=ORIGIN, destination="500235104205", because="填错了")
    assert {duty.destination for duty in owed(str(person.pk)).values()} == {"500235104205"}


def test_death_ends_what_was_owed(village: Officer, person: Person, family: Household) -> None:
    subject = str(person.pk)
    kinds = set(owed(subject))
    assert kinds
    end_person(by=village, person=subject, on=TODAY, because="death")
    assert not owed(subject)
    assert {(kind, why) for kind, why in closed(subject) if kind in kinds} == {
        (kind, "subject_ended") for kind in kinds
    }
    assert not owed(str(family.pk))


def test_a_household_that_all_have_left_owes_nothing(village: Officer, family: Household) -> None:
    person = zhang(village, family, facts={"relocatee_kind": "registered_poor"})
    support = clerk("support", "500235104000", "township", "rural_revitalisation")
    record_facts(
        by=support,
        kind="household",
        subject=str(family.pk),
        facts={"relocatee_kind": "registered_poor", "paired_officers": 0},
    )
    assert "pair_officer" in owed(str(family.pk))
    with everything():
        Membership.objects.unscoped().filter(person=person).update(since=TODAY - timedelta(days=9))
    leave_household(by=village, person=str(person.pk), until=TODAY, because="分户")
    assert not owed(str(family.pk))
    assert ("pair_officer", "subject_ended") in closed(str(family.pk))
    join_household(by=village, person=str(person.pk), household=str(family.pk), relation="户主", since=TODAY)
    assert "pair_officer" in owed(str(family.pk)), "opened anew, as another duty"


def test_members_owe_by_the_facts_of_their_household(village: Officer, family: Household) -> None:
    facts = {k: v for k, v in FACTS.items() if k != "relocatee_kind"}
    person = zhang(village, family, facts={**facts, "hukou_moved": True})
    assert "pay_premium" not in owed(str(person.pk))
    record_facts(by=village, kind="household", subject=str(family.pk), facts={"relocatee_kind": "registered_poor"})
    assert "pay_premium" in owed(str(person.pk))


def test_an_officer_of_one_county_opens_duties_of_another(person: Person) -> None:
    duties = owed(str(person.pk))
    stranger, origin = clerk("stranger", ELSEWHERE, "county"), clerk("origin", KAIZHOU, "county", "human_resources")
    seen = {duty.kind for duty in Duty.objects.visible_to(origin, purpose="核对")}
    assert set(duties) - {kind for kind, duty in duties.items() if duty.clause in ("1.2", "1.6")} == seen
    assert not Duty.objects.visible_to(stranger, purpose="核对").exists()


def test_looking_again_changes_nothing(person: Person, family: Household) -> None:
    before = owed(str(person.pk))
    look_again("person", [str(person.pk)])
    look_again("household", [str(family.pk)])
    assert {k: d.pk for k, d in owed(str(person.pk)).items()} == {k: d.pk for k, d in before.items()}
    assert evaluate("person", [], TODAY) == Changed()
    assert not evaluate("person", [str(person.pk)], TODAY)
