"""Every decision replays: the facts as they were known then, by the pages that held then, lead to the same row."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from anju.duties.editions import Counties
from anju.duties.evaluate import evaluate
from anju.duties.models import CountyValue, Duty, GuidelineVersion
from anju.duties.replay import replay
from anju.duties.versions import policy_of
from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.policy.load import read
from anju.policy.model import Policy
from anju.register.actions import end_person, move_relation, place_person, record_facts, record_wish
from anju.register.guideline import guideline
from anju.register.models import Household, Person
from tests.duties.test_evaluate import closed, owed
from tests.register.cast import KAIZHOU, ORIGIN, YUNYANG, clerk

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def other_pages(old: str, new: str) -> Policy:
    """The guideline with a change on its page of pensions."""
    texts = {page.file: page.source for page in guideline().pages}
    assert old in texts["1.5-pension.md"]
    texts["1.5-pension.md"] = texts["1.5-pension.md"].replace(old, new)
    return read(texts, guideline().name)


def everything_ever_owed() -> list[Duty]:
    """Open and closed duties of everybody."""
    with everything():
        return list(Duty.objects.unscoped())


def test_every_decision_replays(village: Officer, pensions: Officer, person: Person, family: Household) -> None:
    subject = str(person.pk)
    record_wish(by=village, person=subject, kind="pension", choice="move", on=TODAY, how="当面")
    record_facts(by=village, kind="household", subject=str(family.pk), facts={"relocatee_kind": "registered_poor"})
    record_facts(by=pensions, kind="person", subject=subject, facts={"premium_paid": None})
    record_facts(
        by=pensions, kind="person", subject=subject, facts={"premium_paid": False, "pension_status": "drawing"}
    )
    record_facts(by=pensions, kind="person", subject=subject, facts={"pension_status": "contributing"})
    move_relation(by=pensions, person=subject, kind="pension", holder=YUNYANG, since=TODAY - timedelta(days=1))
    town = clerk("town", "500235104000", "township", "civil_affairs")
    place_person(by=town, person=subject, origin=ORIGIN, destination="500235104205", because="填错了")
    end_person(by=town, person=subject, on=TODAY, because="death")
    duties = everything_ever_owed()
    assert {"ask_pension_wish", "transfer_pension", "pay_premium", "fill_in"} <= {duty.kind for duty in duties}
    assert [duty.kind for duty in duties if not replay(duty).same] == []


def test_a_replayed_decision_says_why_and_with_which_facts(village: Officer, person: Person) -> None:
    duty = owed(str(person.pk))["ask_pension_wish"]
    record_wish(by=village, person=str(person.pk), kind="pension", choice="keep", on=TODAY, how="当面")
    answer = replay(duty).answer
    assert answer is not None
    assert (answer.row, answer.label, answer.reason) == (duty.row, "自愿选择", "只能本人选")
    assert "pension_wish" in answer.verdict.used


def test_it_would_be_seen_if_it_did_not(person: Person) -> None:
    duty = owed(str(person.pk))["ask_pension_wish"]
    duty.row -= 1
    assert not replay(duty).same


def test_pages_that_no_longer_ask_supersede(village: Officer, person: Person) -> None:
    subject = str(person.pk)
    new = other_pages("未表态 | 自愿选择 | 征询养老意愿", "未表态 | 自愿选择 | ")
    evaluate("person", [subject], TODAY, new)
    assert ("ask_pension_wish", "superseded") in closed(subject)
    assert owed(subject)["pay_premium"].version_id == guideline().version, "it stays under the pages that opened it"
    assert policy_of(new.version).version == new.version
    assert all(replay(duty).same for duty in everything_ever_owed())


def test_under_new_pages_too_what_is_done_is_done(village: Officer, pensions: Officer, person: Person) -> None:
    subject = str(person.pk)
    new = other_pages("未表态 | 自愿选择 | 征询养老意愿", "未表态 | 自愿选择 | ")
    with everything():
        Person.objects.unscoped().filter(pk=person.pk).update(facts={**person.facts, "premium_paid": True})
    evaluate("person", [subject], TODAY, new)
    assert {("ask_pension_wish", "superseded"), ("pay_premium", "done")} <= set(closed(subject))


def test_a_version_keeps_its_pages(person: Person) -> None:
    stored = GuidelineVersion.objects.get(pk=guideline().version)
    assert stored.first_used_on == TODAY
    assert read(stored.pages, "chongqing").version == stored.version
    with pytest.raises(IntegrityError), transaction.atomic():
        GuidelineVersion.objects.filter(pk=stored.pk).update(pages={})


def test_a_county_replays_with_the_figures_that_it_had(person: Person) -> None:
    then = timezone.now()
    CountyValue.objects.create(
        county=YUNYANG, parameter="走访间隔", value=15, since=date(2026, 1, 1), basis="云阳县通知"
    )
    known = Counties.of(guideline(), TODAY)
    assert set(known.own) == {"500235"}
    assert not Counties.of(guideline(), TODAY, then).own, "recorded later"
    assert not Counties.of(guideline(), date(2025, 12, 31)).own
    assert known.judge("500235") is not known.judge("500154")
    assert known.judge("500154") is known.judge(KAIZHOU[:6]) is Counties.of(guideline(), TODAY, then).judge("500235")


def test_an_end_that_was_set_later_did_not_hold_before(person: Person) -> None:
    row = CountyValue.objects.create(
        county=YUNYANG, parameter="走访间隔", value=15, since=date(2026, 1, 1), basis="通知"
    )
    between = timezone.now()
    row.until, row.ended_at = TODAY, timezone.now()
    row.save()
    assert not Counties.of(guideline(), TODAY).own
    assert Counties.of(guideline(), TODAY, between).own
    assert not Counties.of(guideline(), TODAY, between - timedelta(days=1)).own
