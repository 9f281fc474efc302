"""The forms about one person: what is written, what is refused in a sentence with everything kept, and for whom a form is there."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from pytest_django import Settings

from anju.journal.models import Entry
from anju.register.actions import leave_household, move_relation, record_facts
from anju.register.facts import facts_of
from anju.register.models import Membership, Person, Relation, Wish
from tests.desk.cast import Family, browser, line
from tests.government.pages.officer import Browser
from tests.register.cast import DESTINATION, KAIZHOU, ORIGIN, clerk, household, number

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
TOMORROW = (TODAY + timedelta(days=1)).isoformat()


@pytest.fixture
def police(us: Family) -> Browser:
    return browser(line("public_security"))


def again(of: Family) -> Person:
    """The person as the database has it now."""
    return Person.objects.unscoped().get(pk=of.person.pk)


def sentences(answer: Response) -> list[str]:
    """What the form says is wrong."""
    assert answer.status_code == 422
    return re.findall(r'role="alert"[^>]*>([^<]+)<', answer.content.decode())


def field(answer: Response, name: str) -> str:
    """What stands in a field."""
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', answer.content.decode())
    assert tag
    value = re.search(r'value="([^"]*)"', tag[0])
    return value[1] if value else ""


def test_facts_are_recorded_and_only_what_changed(us: Family, village: Browser) -> None:
    address = f"/people/{us.person.pk}/facts/1.5/"
    form = village.get(address).content.decode()
    assert '<option value="contributing" selected>' in form
    assert "pension_moved" not in form, "it follows from the relation"
    given = {"pension_status": "drawing", "revision": str(us.person.revision), "because": "社保卡"}
    answer = village.post(address, given)
    assert answer.headers["Location"] == f"/people/{us.person.pk}/?saved=facts#clause-1-5"
    assert facts_of("person", str(us.person.pk), on=TODAY)["pension_status"] == "drawing"
    entry = Entry.objects.filter(action="register.record_facts").latest("id")
    assert '"pension_status"' in entry.detail
    assert "社保卡" in entry.detail
    assert "事实已经记下" in village.get(answer.headers["Location"]).content.decode()


FILES = {
    "事实": "/people/{person}/facts/1.5/",
    "关系": "/people/{person}/relations/pension/",
    "意愿": "/people/{person}/wishes/pension/",
    "更正": "/people/{person}/change/",
    "地点": "/people/{person}/places/",
    "注销": "/people/{person}/end/",
    "户的事实": "/households/{home}/facts/0/",
    "户的地点": "/households/{home}/places/",
    "进户": "/households/{home}/join/",
}


@pytest.mark.parametrize("address", FILES.values(), ids=FILES)
def test_a_form_that_shows_somebody_is_a_look(address: str, us: Family, village: Browser, settings: Settings) -> None:
    at = address.format(person=us.person.pk, home=us.home.pk)
    whose = str(us.home.pk if "households" in at else us.person.pk)
    for send in (village.get, village.post):
        before = Entry.objects.filter(action="register.look", object_id=whose, result="done").count()
        assert send(at).status_code in (200, 422)
        assert Entry.objects.filter(action="register.look", object_id=whose, result="done").count() == before + 1
    settings.ANJU_MOST_FILES_AN_HOUR = 0
    for send in (village.get, village.post):
        answer = send(at)
        assert answer.status_code == 429
        assert "一小时里最多打开 0 份档案" in answer.content.decode()


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(us: Family, village: Browser) -> None:
    address = f"/people/{us.person.pk}/facts/1.5/"
    seen = field(village.get(address), "revision")
    record_facts(by=us.officer, kind="person", subject=str(us.person.pk), facts={"pension_status": "drawing"})
    answer = village.post(address, {"pension_status": "uninsured", "revision": seen})
    assert sentences(answer) == ["别人刚刚改过，请打开最新的再改。"]
    assert '<option value="uninsured" selected>' in answer.content.decode()


@pytest.mark.parametrize(
    ("clause", "given"),
    [
        ("1.5", {"pension_status": "nonsense"}),
        ("1.3", {"votes_eligible": "-1"}),
        ("1.3", {"votes_eligible": "many"}),
        ("1.1", {"rural_house": "maybe"}),
    ],
    ids=["没有的取值", "负数", "不是数", "不是是否"],
)
def test_a_fact_that_cannot_be_is_said_at_its_field(
    us: Family, village: Browser, clause: str, given: dict[str, str]
) -> None:
    before = again(us)
    answer = village.post(f"/people/{us.person.pk}/facts/{clause}/", {**given, "revision": "1"})
    assert len(sentences(answer)) == 1
    assert f'id="id_{next(iter(given))}_error"' in answer.content.decode()
    assert again(us).revision == before.revision


def test_the_basics_have_a_form_too(us: Family, village: Browser) -> None:
    address = f"/people/{us.person.pk}/facts/0/"
    assert address in village.get(f"/people/{us.person.pk}/").content.decode()
    assert "基本情况" in village.get(address).content.decode()


@pytest.mark.parametrize("clause", ["9.9", "2.2", "x"])
def test_a_clause_without_facts_of_a_person_has_no_form(us: Family, village: Browser, clause: str) -> None:
    assert village.get(f"/people/{us.person.pk}/facts/{clause}/").status_code == 404


@pytest.mark.parametrize(
    ("who", "there", "missing"),
    [
        (
            "public_security",
            ["facts/1.1", "relations/hukou", "wishes/hukou"],
            ["facts/1.5", "relations/pension", "wishes/party"],
        ),
        (
            "human_resources",
            ["facts/1.5", "relations/pension", "wishes/pension"],
            ["facts/1.1", "relations/hukou", "wishes/hukou"],
        ),
        ("organisation", ["facts/1.2", "relations/party", "wishes/party"], ["facts/1.6", "relations/medical"]),
    ],
)
def test_a_form_is_there_for_the_lines_whose_work_it_is(
    us: Family, who: str, there: list[str], missing: list[str]
) -> None:
    officer = browser(line(who))
    page = officer.get(f"/people/{us.person.pk}/").content.decode()
    for address in there:
        assert officer.get(f"/people/{us.person.pk}/{address}/").status_code == 200
        assert f'/{address}/"' in page
    for address in missing:
        assert officer.get(f"/people/{us.person.pk}/{address}/").status_code == 404
        assert officer.post(f"/people/{us.person.pk}/{address}/", {}).status_code == 404
        assert f'/{address}/"' not in page


def test_a_relation_moves_on(us: Family, police: Browser) -> None:
    address = f"/people/{us.person.pk}/relations/hukou/"
    seen = field(police.get(address), "seen")
    given = {"to": ORIGIN, "since": "2026-03-01", "because": "moved", "evidence": "云公户〔2026〕7号", "seen": seen}
    assert police.post(address, given).headers["Location"].endswith("?saved=relation#relations")
    last = Relation.objects.unscoped().filter(person=us.person, kind="hukou").latest("since")
    assert (last.holder, last.since, last.evidence) == (ORIGIN, date(2026, 3, 1), "云公户〔2026〕7号")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"to": "elsewhere"}, "请写明是哪里。"),
        ({"to": "elsewhere", "elsewhere": "瀛洲县"}, "看不出是哪里"),
        ({"to": "elsewhere", "elsewhere": "12345"}, "不是统计用区划代码"),
        ({"to": "nobody", "because": "withdrawn"}, "户籍不能悬空"),
        ({"to": DESTINATION, "since": TOMORROW}, "日子不能晚于今天。"),
        ({"to": DESTINATION, "since": "2020-01-01"}, "日子要比上一条晚"),
        ({"to": DESTINATION, "since": "昨天"}, "有效的日期"),
        ({"to": "500236000000"}, "500236000000"),
        ({"to": DESTINATION, "because": "death"}, "death"),
        ({"to": DESTINATION, "seen": "999"}, "刚刚有人办过"),
        ({"to": DESTINATION, "evidence": number(1)}, "不能写证件号码"),
    ],
    ids=[
        "没写哪里",
        "没有的地方",
        "位数不对",
        "户籍悬空",
        "将来",
        "早于上一条",
        "不是日子",
        "不在选项里",
        "不能选的原因",
        "别人先办",
        "凭据里写号码",
    ],
)
def test_a_step_that_cannot_be_taken_is_refused_with_everything_kept(
    us: Family, police: Browser, given: dict[str, str], sentence: str
) -> None:
    address = f"/people/{us.person.pk}/relations/hukou/"
    first = {
        "since": "2026-03-01",
        "because": "moved",
        "place_name": "双龙派出所",
        "seen": field(police.get(address), "seen"),
    }
    count = Relation.objects.unscoped().count()
    answer = police.post(address, {**first, **given})
    assert any(sentence in said for said in sentences(answer))
    assert field(answer, "place_name") == "双龙派出所"
    assert Relation.objects.unscoped().count() == count


def test_a_place_is_typed_by_its_name(us: Family, police: Browser) -> None:
    address = f"/people/{us.person.pk}/relations/hukou/"
    given = {"to": "elsewhere", "elsewhere": "重庆市奉节县", "since": "2026-03-01", "because": "moved"}
    assert police.post(address, {**given, "seen": field(police.get(address), "seen")}).status_code == 302
    assert Relation.objects.unscoped().filter(person=us.person).latest("since").holder == "500236000000"


def test_the_last_step_is_withdrawn_with_a_reason(us: Family, police: Browser) -> None:
    address = f"/people/{us.person.pk}/relations/hukou/"
    last = Relation.objects.unscoped().filter(person=us.person, kind="hukou").latest("since")
    assert sentences(police.post(f"{address}withdraw/", {"seen": str(last.pk), "why": ""}))
    assert any(
        "刚刚有人办过" in said
        for said in sentences(police.post(f"{address}withdraw/", {"seen": "0", "why": "登记错了"}))
    )
    assert police.post(f"{address}withdraw/", {"seen": str(last.pk), "why": "登记错了"}).status_code == 302
    assert not Relation.objects.unscoped().filter(pk=last.pk).exists()


def test_a_relation_that_nobody_recorded_has_nothing_to_withdraw(us: Family) -> None:
    medical = browser(line("medical_security"))
    assert medical.post(f"/people/{us.person.pk}/relations/medical/withdraw/", {"why": "错"}).status_code == 404


def test_a_wish_is_kept_beside_the_earlier_ones(us: Family, village: Browser) -> None:
    address = f"/people/{us.person.pk}/wishes/hukou/"
    assert village.post(address, {"choice": "unwilling", "on": "2026-03-05", "how": "电话"}).status_code == 302
    assert list(Wish.objects.unscoped().order_by("on").values_list("choice", "how")) == [
        ("willing", "当面"),
        ("unwilling", "电话"),
    ]
    page = village.get(f"/people/{us.person.pk}/").content.decode()
    said = re.findall(r"<(?:b|span class=.muted.)>(不愿|愿迁)</", page[page.index('id="wishes"') :])
    assert said == ["不愿", "愿迁"]


@pytest.mark.parametrize(
    "given",
    [{"choice": "unstated"}, {"on": TOMORROW}, {"on": ""}, {"how": "托梦"}],
    ids=["未表态", "将来", "没有日子", "没有的方式"],
)
def test_a_wish_that_cannot_be_is_refused(us: Family, village: Browser, given: dict[str, str]) -> None:
    whole = {"choice": "unwilling", "on": "2026-03-05", "how": "电话", **given}
    assert sentences(village.post(f"/people/{us.person.pk}/wishes/hukou/", whole))
    assert Wish.objects.unscoped().count() == 1


def test_a_correction_changes_only_what_was_given(us: Family, village: Browser) -> None:
    address = f"/people/{us.person.pk}/change/"
    assert number(1) not in village.get(address).content.decode()
    given = {"name": "张清山", "birth_date": "1980-05-06", "sex": "男", "people": "土家族", "because": "身份证上是清"}
    assert village.post(address, given).status_code == 302
    person = again(us)
    assert (person.name, person.initials, person.people, person.number.reveal()) == (
        "张清山",
        "zqs",
        "土家族",
        number(1),
    )
    assert '"fields": ["name", "people"]' in Entry.objects.get(action="register.change_person").detail


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"number": "500999198005060011"}, "证件号码不对"),
        ({"number": number(2)}, "不能登记两次"),
        ({"name": ""}, "必填"),
        ({"because": ""}, "必填"),
        ({"sex": "雄"}, "雄"),
    ],
    ids=["校验码不对", "别人的号码", "没有姓名", "没有理由", "没有的性别"],
)
def test_a_correction_that_cannot_be_is_refused(
    us: Family, village: Browser, given: dict[str, str], sentence: str
) -> None:
    whole = {"name": "张清山", "birth_date": "1980-05-06", "sex": "男", "people": "", "because": "核对", **given}
    answer = village.post(f"/people/{us.person.pk}/change/", whole)
    said = sentences(answer)
    assert any(sentence in one for one in said), said
    assert again(us).name == "张青山"


def test_somebody_dies_on_one_day(us: Family, village: Browser) -> None:
    Membership.objects.unscoped().update(since=date(2020, 1, 1))
    given = {"on": "2026-04-01", "because": "death"}
    assert village.post(f"/people/{us.person.pk}/end/", given).status_code == 302
    page = village.get(f"/people/{us.person.pk}/").content.decode()
    assert "2026-04-01 已注销" in page
    assert "/relations/" not in page, "nothing moves any more"
    assert "/wishes/" not in page
    twice = village.post(f"/people/{us.person.pk}/end/", given)
    assert twice.status_code == 422, "a double click takes nothing back"
    assert "2026-04-01 已注销" in village.get(f"/people/{us.person.pk}/").content.decode()
    buttons = re.findall(r"<button[^>]*px-4[^>]*>([^<]*)</button>", twice.content.decode())
    assert buttons == ["撤销注销"], "what it says is what it does"
    assert village.post(f"/people/{us.person.pk}/end/", {"mistake": "同名同姓，登记错了人"}).status_code == 302
    assert "2026-04-01 已注销" not in village.get(f"/people/{us.person.pk}/").content.decode()


def test_who_is_placed_out_of_reach_is_left_in_the_list(us: Family, village: Browser) -> None:
    address = f"/people/{us.person.pk}/places/"
    form = village.get(address).content.decode()
    assert DESTINATION in form
    here = {"origin": KAIZHOU, "destination": DESTINATION, "because": "查到了"}
    assert village.post(address, here).headers["Location"].startswith(f"/people/{us.person.pk}/")
    assert sentences(village.post(address, {"origin": "", "destination": "", "because": "错"}))
    elsewhere = {"origin": KAIZHOU, "destination": "500235000000", "because": "其实在县城"}
    assert "不在您的范围里" in "".join(sentences(village.post(address, elsewhere)))
    assert again(us).origin == KAIZHOU


def test_a_person_leaves_one_household_and_joins_another(us: Family, village: Browser) -> None:
    Membership.objects.unscoped().update(since=date(2020, 1, 1))
    household(us.officer, code="5000000000000009")
    address = f"/people/{us.person.pk}/household/"
    assert village.post(address, {"until": "2026-01-01", "because": "分户"}).status_code == 302
    missing = {"code": "7", "relation": "户主", "since": "2026-01-01"}
    assert sentences(village.post(address, missing)) == ["没有这一条，或者不在您的范围里。"]
    assert village.post(address, {**missing, "code": "5000000000000009"}).status_code == 302
    present = Membership.objects.unscoped().filter(person=us.person).latest("since")
    assert (present.household.code, present.relation) == ("5000000000000009", "户主")


def test_a_person_in_no_household_is_asked_which_to_join(us: Family, village: Browser) -> None:
    Membership.objects.unscoped().update(since=date(2020, 1, 1))
    leave_household(by=us.officer, person=str(us.person.pk), until=date(2026, 1, 1), because="分户")
    assert "加入一户" in village.get(f"/people/{us.person.pk}/household/").content.decode()


def test_two_who_move_the_same_relation_are_told(us: Family, police: Browser) -> None:
    address = f"/people/{us.person.pk}/relations/hukou/"
    seen = field(police.get(address), "seen")
    other = clerk("other", "500235104000", "township", "public_security")
    move_relation(by=other, person=str(us.person.pk), kind="hukou", holder=ORIGIN, since=date(2026, 2, 1))
    answer = police.post(address, {"to": DESTINATION, "since": "2026-03-01", "because": "moved", "seen": seen})
    assert sentences(answer) == ["这种关系刚刚有人办过，请打开最新的再看。"]
