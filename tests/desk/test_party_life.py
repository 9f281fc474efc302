"""一方隶属、多方活动 on the desk: the section of a person's page, its forms, and who takes part at a place."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from anju.government.models import Officer, never
from anju.register.actions import begin_party_life, move_relation
from anju.register.models import PartyLife
from tests.desk.cast import Family, browser, line
from tests.government.cast import SINCE, hold, post
from tests.government.pages.officer import Browser
from tests.register.cast import DESTINATION, ELSEWHERE, KAIZHOU, ORIGIN, YUNYANG, clerk

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
THEN, LATER = TODAY - timedelta(days=200), TODAY - timedelta(days=100)
NEIGHBOUR = f"{DESTINATION[:9]}999"


@pytest.fixture
def organiser(us: Family) -> Officer:
    return line("organisation")


@pytest.fixture
def organisers(organiser: Officer) -> Browser:
    return browser(organiser)


def page(who: Browser, us: Family, more: str = "") -> str:
    return who.get(f"/people/{us.person.pk}/{more}").content.decode()


def section(text: str) -> str:
    return text.partition('<section id="party"')[2].partition("</section>")[0]


def test_it_is_said_and_ended_on_the_desk(us: Family, organisers: Browser) -> None:
    assert "没有另外参加组织生活的地方" in section(page(organisers, us))
    address = f"/people/{us.person.pk}/party-life/"
    given = {"to": DESTINATION, "place_name": "安居党支部", "since": THEN.isoformat(), "evidence": "渝组〔2026〕3 号"}
    answer = organisers.post(address, given)
    assert answer.headers["Location"] == f"/people/{us.person.pk}/?saved=party#party"
    shown = page(organisers, us)
    for word in ("安居党支部", "渝组〔2026〕3 号", "至今", "登记或结束"):
        assert word in section(shown)
    row = PartyLife.objects.unscoped().get()
    assert f'name="row" value="{row.pk}"' in organisers.get(address).content.decode()
    ended = organisers.post(f"{address}end/", {"row": row.pk, "on": LATER.isoformat(), "because": "外出务工"})
    assert ended.headers["Location"] == f"/people/{us.person.pk}/?saved=party_left#party"
    assert f"{LATER}" in section(page(organisers, us))
    assert "不再参加" in section(page(organisers, us))
    assert "至今" in section(page(organisers, us, f"?on={LATER - timedelta(days=1)}"))
    assert "没有另外参加" in section(page(organisers, us, f"?on={THEN - timedelta(days=1)}"))


REFUSED: dict[str, tuple[dict[str, str], str]] = {
    "隶属的地方": ({"to": ORIGIN}, "组织关系就在这个地方"),
    "别处没写是哪里": ({"to": "elsewhere"}, "请写明是哪里"),
    "别处太远": ({"to": "elsewhere", "elsewhere": ELSEWHERE}, "就近就便"),
    "明天": ({"since": (TODAY + timedelta(days=1)).isoformat()}, "日子不能晚于今天"),
    "没写日子": ({"since": ""}, "必填"),
}


@pytest.mark.parametrize(("given", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_stands_on_the_form(
    given: dict[str, str], sentence: str, us: Family, organisers: Browser
) -> None:
    whole = {"to": DESTINATION, "place_name": "安居党支部", "since": THEN.isoformat(), **given}
    answer = organisers.post(f"/people/{us.person.pk}/party-life/", whole)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "安居党支部" in answer.content.decode(), "what was typed is kept"
    assert not PartyLife.objects.unscoped().exists()


def test_the_row_of_somebody_else_is_not_ended(us: Family, organiser: Officer, organisers: Browser) -> None:
    row = begin_party_life(by=organiser, person=str(us.person.pk), place=DESTINATION, since=THEN)
    for wrong in (str(row.pk), "0", "x", ""):
        answer = organisers.post(
            f"/people/{us.spouse.pk}/party-life/end/", {"row": wrong, "on": LATER.isoformat(), "because": "外出"}
        )
        assert answer.status_code == 422
        assert "没有这一条" in answer.content.decode()
    assert PartyLife.objects.unscoped().get().until == never


SEEING: dict[str, tuple[tuple[str, str, str], bool, bool]] = {
    "迁入县组织": ((YUNYANG, "county", "organisation"), True, True),
    "迁出县组织": ((KAIZHOU, "county", "organisation"), True, True),
    "迁入村村居": ((DESTINATION, "village", "committee"), True, False),
    "迁入县民政": ((YUNYANG, "county", "civil_affairs"), False, False),
    "迁入县医保": ((YUNYANG, "county", "medical_security"), False, False),
}


@pytest.mark.parametrize(("place", "sees", "writes"), SEEING.values(), ids=SEEING)
def test_party_facts_are_for_their_lines(
    place: tuple[str, str, str], sees: bool, writes: bool, us: Family, organiser: Officer
) -> None:
    begin_party_life(by=organiser, person=str(us.person.pk), place=DESTINATION, since=THEN, place_name="安居党支部")
    who = browser(clerk("asked", *place))
    text = page(who, us)
    assert ("安居党支部" in text, "/party-life/" in text) == (sees, writes)
    assert who.get(f"/people/{us.person.pk}/party-life/").status_code == (200 if writes else 404)
    assert who.get("/people/party-life/").status_code == (200 if sees else 404)
    assert ("在这里参加组织生活的党员" in who.get("/people/").content.decode()) == sees


def test_who_takes_part_here(us: Family, organiser: Officer, organisers: Browser) -> None:
    begin_party_life(by=organiser, person=str(us.person.pk), place=DESTINATION, since=THEN, place_name="安居党支部")
    begin_party_life(by=organiser, person=str(us.person.pk), place=NEIGHBOUR, since=THEN, place_name="邻村党支部")
    here = organisers.get("/people/party-life/").content.decode()
    assert "安居党支部" in here
    assert "邻村党支部" in here
    narrowed = organisers.get(f"/people/party-life/?region={NEIGHBOUR}").content.decode()
    assert ("安居党支部" in narrowed, "邻村党支部" in narrowed) == (False, True)
    assert "<html" not in organisers.get("/people/party-life/", headers={"HX-Request": "true"}).content.decode()
    there = browser(clerk("there", KAIZHOU, "county", "organisation")).get("/people/party-life/").content.decode()
    assert "党支部</td>" not in there, (
        "whose member it is sees it on the person's page: it is not there that he takes part"
    )
    move_relation(by=organiser, person=str(us.person.pk), kind="party", holder=DESTINATION, since=LATER)
    assert "安居党支部" not in organisers.get("/people/party-life/").content.decode()


def test_the_line_of_another_post_shows_nothing(us: Family, organiser: Officer) -> None:
    begin_party_life(by=organiser, person=str(us.person.pk), place=DESTINATION, since=THEN, place_name="安居党支部")
    both = clerk("both", YUNYANG, "county", "civil_affairs")
    hold(both, post(ELSEWHERE, "county", "organisation"), SINCE)
    who = browser(both)
    assert "安居党支部" not in page(who, us)
    assert "安居党支部" not in who.get("/people/party-life/").content.decode()
