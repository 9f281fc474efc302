"""我的工作台: my duties and nobody else's, with one next action each; duties on the subjects' own pages."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.utils import timezone

from anju.duties.models import Duty
from anju.government.models import Officer, PostHolding
from anju.government.second_wall import everything
from anju.policy.model import Fact
from anju.register.actions import record_wish
from anju.register.models import Membership, Person
from tests.government.cast import hold, post
from tests.government.pages.officer import Browser, signed_in
from tests.register.cast import DESTINATION, ELSEWHERE, ORIGIN, YUNYANG, clerk, household, zhang

DAY = date(2026, 1, 5)
pytestmark = pytest.mark.django_db


@pytest.fixture
def village() -> Officer:
    who = clerk("village")
    who.set_unusable_password()
    who.save(update_fields=["password"])
    return who


@pytest.fixture
def zhang_san(village: Officer) -> Person:
    asked: dict[str, Fact | None] = {
        "hukou_moved": False,
        "hukou_wish": "unstated",
        "lives_at_site": True,
        "address_assigned": True,
    }
    nothing_rural = dict.fromkeys(("rural_house", "lives_in_house", "homestead", "contracted_land"), False)
    return zhang(village, household(village), facts={**asked, **nothing_rural})


def page(browser: Browser, address: str = "/desk/") -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_duty_of_mine_is_there_with_its_next_action(village: Officer, zhang_san: Person) -> None:
    said = page(signed_in(village))
    assert "摸清户口意愿" in said
    assert f'href="/cases/new/survey_hukou_wish/{zhang_san.pk}/"' in said
    assert "一（一）户口迁移服务" in said


ASKED: dict[str, dict[str, Fact | None]] = {
    "pension": {
        "pension_status": "contributing",
        "age_at_hukou_move": 41,
        "pension_moved": False,
        "pension_wish": "unstated",
    },
    "medical": {"medical_status": "resident", "medical_moved": False, "medical_wish": "unstated"},
}


@pytest.mark.parametrize(("wish", "word"), [("pension", "征询养老意愿"), ("medical", "征询医保意愿")])
def test_a_duty_to_ask_for_a_wish_leads_to_where_it_is_written_down(village: Officer, wish: str, word: str) -> None:
    moved: dict[str, Fact | None] = {
        "relocatee_kind": "registered_poor",
        "hukou_moved": True,
        "hukou_moved_on": date(2021, 5, 1),
    }
    person = zhang(village, household(village), facts=moved | ASKED[wish])
    browser = signed_in(village)
    said = page(browser)
    assert word in said
    address = f"/people/{person.pk}/wishes/{wish}/"
    assert f'href="{address}"' in said
    choice = {"pension": "keep", "medical": "filing"}[wish]
    assert browser.post(address, {"choice": choice, "on": "2026-01-05", "how": "当面"}).status_code == 302
    assert word not in page(browser)


LED: dict[str, tuple[str, dict[str, Fact | None], str, dict[str, str], str]] = {
    "养老责任地": (
        "human_resources", {"pension_status": "contributing", "age_at_hukou_move": 60}, "1.5",
        {"pension_place_checked": "yes"}, "核实养老责任地",
    ),
    "党员谈话": (
        "committee", {"party_member": True, "party_life_missed_months": 6}, "1.2",
        {"party_talked_this_quarter": "yes"}, "找党员谈话",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("line", "facts", "clause", "entry", "word"), LED.values(), ids=LED)
def test_a_duty_leads_to_the_facts_that_end_it_and_ends(
    village: Officer, line: str, facts: dict[str, Fact | None], clause: str, entry: dict[str, str], word: str
) -> None:
    moved: dict[str, Fact | None] = {"relocatee_kind": "registered_poor", "hukou_moved": True}
    person = zhang(village, household(village), facts=moved | facts)
    region, level = (ORIGIN[:6] + "000000", "county") if line == "human_resources" else (ORIGIN, "village")
    by = village if line == "committee" else clerk("rs", region, level, line)
    by.set_unusable_password()
    by.save(update_fields=["password"])
    browser = signed_in(by)
    said = page(browser)
    address = f"/people/{person.pk}/facts/{clause}/"
    assert word in said
    assert f'href="{address}"' in said
    form = page(browser, address)
    assert all(f'name="{name}"' in form for name in entry)
    revision = re.search(r'name="revision" value="(\d+)"', form)
    assert revision
    given = {code: "yes" if fact is True else fact for code, fact in facts.items()}
    sent = {**given, **entry, "revision": revision[1], "because": "当面"}
    assert browser.post(address, sent).status_code == 302
    assert word not in page(browser)


def test_doing_it_takes_it_away(village: Officer, zhang_san: Person) -> None:
    browser = signed_in(village)
    answer = browser.post(
        f"/people/{zhang_san.pk}/wishes/hukou/", {"choice": "unwilling", "on": "2026-01-05", "how": "当面"}
    )
    assert answer.status_code == 302
    assert "摸清户口意愿" not in page(browser)
    closed = page(browser, f"/people/{zhang_san.pk}/")
    assert "摸清户口意愿" in closed
    assert "已办好" in closed


@pytest.mark.parametrize(
    ("region", "level", "line"),
    [
        (ELSEWHERE, "county", "civil_affairs"),
        (f"{DESTINATION[:9]}999", "village", "committee"),
        (YUNYANG, "county", "organisation"),
    ],
    ids=["外县", "邻村", "别的条线"],
)
def test_nobody_else_has_it(village: Officer, zhang_san: Person, region: str, level: str, line: str) -> None:
    other = clerk("other", region, level, line)
    other.set_unusable_password()
    other.save(update_fields=["password"])
    browser = signed_in(other)
    for whose in ("mine", "below"):
        said = page(browser, f"/desk/?whose={whose}")
        assert "摸清户口意愿" not in said
        assert zhang_san.name not in said


def test_the_line_above_sees_what_is_below(village: Officer, zhang_san: Person) -> None:
    record_wish(by=village, person=str(zhang_san.pk), kind="hukou", choice="willing", on=DAY, how="当面")
    with everything():
        assert Duty.objects.unscoped().filter(kind="move_hukou_duty", closed_on=None).exists()
    county = clerk("county", YUNYANG, "county", "public_security")
    county.set_unusable_password()
    county.save(update_fields=["password"])
    browser = signed_in(county)
    assert "办理户口迁移" in page(browser, "/desk/?whose=below")
    assert "办理户口迁移" not in page(browser)


@pytest.mark.parametrize(
    "query",
    ["state=overdue", "state=nonsense", "clause=9.9", "kind=x", "after=nonsense", "after=0.2026-01-01.x", "whose=x"],
)
def test_whatever_is_asked_is_answered(village: Officer, zhang_san: Person, query: str) -> None:
    page(signed_in(village), f"/desk/?{query}")


def test_filters_narrow_the_list(village: Officer, zhang_san: Person) -> None:
    browser = signed_in(village)
    assert "摸清户口意愿</b>" in page(browser, "/desk/?clause=1.1")
    assert "摸清户口意愿</b>" not in page(browser, "/desk/?clause=1.5")
    part = browser.get("/desk/", headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith("<section")


def test_what_was_opened_last_is_at_hand(village: Officer, zhang_san: Person) -> None:
    browser = signed_in(village)
    page(browser, f"/people/{zhang_san.pk}/")
    assert "最近打开" in page(browser)


def test_what_was_opened_last_is_gone_with_the_post(village: Officer, zhang_san: Person) -> None:
    """The next post is in another county: what was looked at from the old one has no name any more."""
    browser = signed_in(village)
    with everything():
        home = Membership.objects.unscoped().get(person=zhang_san).household
    for address in (f"/people/{zhang_san.pk}/", f"/households/{home.pk}/"):
        page(browser, address)
    assert all(name in page(browser).partition("最近打开")[2] for name in (zhang_san.name, home.code))
    PostHolding.objects.filter(officer=village).update(until=timezone.localdate())
    hold(village, post(ELSEWHERE, "county"), timezone.localdate())
    assert not any(name in page(browser) for name in (zhang_san.name, home.code))


def test_without_a_post_it_says_so() -> None:
    nobody = Officer.objects.create(account="nobody", name="李干部")
    nobody.set_unusable_password()
    nobody.save(update_fields=["password"])
    assert "现在没有岗位" in page(signed_in(nobody))


def test_a_household_shows_its_people_s_duties(village: Officer, zhang_san: Person) -> None:
    with everything():
        home = Membership.objects.unscoped().get(person=zhang_san).household_id
    assert "摸清户口意愿" in page(signed_in(village), f"/households/{home}/")
