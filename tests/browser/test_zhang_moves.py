"""张家 moves from 开州 to 云阳 with all seven relations, by the officers of both sides: the telling steps at their screens, the others not.

A form comes back and goes out again with what was in it; somebody objects while the notice hangs; thirty may vote and exactly twenty
agree; a receipt is late, so that the origin pays a month longer. It has an installation of its own, of which at the end everything must
be true.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from anju.register.facts import today
from tests.browser.conftest import serving, visit
from tests.browser.test_sign_in import read
from tests.cases.moving import FENGLAI, HUANGLU
from tests.house.tracked import ROOT

pytestmark = pytest.mark.browser
YUNYANG, FENGMING, LINJIANG = "500235000000", "500235125000", "500154117000"
NOTICE = "张青山（凤来村）申请加入本集体经济组织，公示七天，有意见请到村委会说。"
BY_LETTER = "transfer_assistance_by_letter"
Hands = Callable[..., Any]
Desk = Callable[..., Page]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> dict[str, str]:
    """An installation of this story's own."""
    own = {"ANJU_RUNTIME": str(tmp_path_factory.mktemp("zhang")), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    return {**environment, **own, "DJANGO_SETTINGS_MODULE": "anju.config.settings"}


@pytest.fixture(scope="module")
def site(environment: dict[str, str]) -> Iterator[str]:
    """Its site."""
    with serving(environment) as address:
        yield address


@pytest.fixture
def hands(environment: dict[str, str], site: str) -> Iterator[Hands]:
    """What the officers do without a browser (`tests.browser.hands`)."""
    call = [sys.executable, "-c", "import django; django.setup(); from tests.browser import hands; hands.main()"]
    with subprocess.Popen(call, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        into, out = process.stdin, process.stdout

        def ask(name: str, *given: Any, **named: Any) -> Any:
            into.write(json.dumps([name, given, named]) + "\n")
            into.flush()
            answer = out.readline()
            assert answer, f"{name} did not answer"
            return json.loads(answer)

        yield ask
        into.close()


@pytest.fixture
def desk(chromium: Browser, site: str, hands: Hands) -> Iterator[Desk]:
    """Screens of officers who have come in, by line, level and side; each opened once."""
    known: dict[tuple[Any, ...], Page] = {}
    with ExitStack() as stack:

        def of(*seat: str, second: bool = False) -> Page:
            key = (*seat, second)
            if key not in known:
                context = visit(chromium, site)
                stack.callback(context.close)
                cookie = hands("session", *seat, second=second)
                context.add_cookies([{"name": "anju_session", "value": cookie, "url": site}])
                context.set_default_timeout(10_000)
                known[key] = context.new_page()
            return known[key]

        yield of


def fill(page: Page, part: str, fields: dict[str, str]) -> None:
    """Fill in a form: a paper is ticked, what is chosen is chosen by its words."""
    for name, text in fields.items():
        field = page.locator(part).get_by_label(name, exact=text != "√")
        if text == "√":
            field.check()
        elif field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(label=text)
        else:
            field.fill(text)


def take(page: Page, case: str, action: str, says: str = "这一步办好了。", **fields: str) -> None:
    """Take the step at which a case stands."""
    page.goto(f"/cases/{case}/")
    fill(page, "#next", fields)
    page.locator("#next").get_by_role("button", name=action, exact=True).click()
    expect(page.get_by_role("status")).to_have_text(says)


def press(page: Page, part: str, button: str, says: str, **fields: str) -> None:
    """Fill in a part of the page and press its button."""
    fill(page, part, fields)
    page.locator(part).get_by_role("button", name=re.compile(f"^{button}")).click()
    expect(page.get_by_role("status")).to_contain_text(says)


def hukou(hands: Hands, desk: Desk, person: str) -> None:
    """The village hands in, the police want it mended, and it comes again with what was in it."""
    opened, sent, back, again = hands("days", 60, 59, 58, 57)
    village, police = desk("committee", "village", "destination"), desk("public_security", "township", "destination")
    village.goto(f"/cases/new/move_hukou/{person}/")
    press(village, "main", "立一件", "已经立件。", 申请日=opened, 凭什么办="本人到村委会书面申请")
    case = hands("adopt", "move_hukou")
    papers = dict.fromkeys(("身份证", "户口簿", "住房宅基地承包地或者居住证明"), "√")
    take(village, case, "村社区代办", **papers, 落户选择="村组", 办理日=sent)
    take(police, case, "补正", 核对结果="证明看不清", 为什么="居住证明的照片看不清，请重新交", 办理日=back)
    village.goto(f"/cases/{case}/")
    expect(village.locator("#next").get_by_label("落户选择")).to_have_value("village_group")
    expect(village.locator("#next").get_by_label("住房宅基地承包地或者居住证明")).to_be_checked()
    expect(village.locator(".entries")).to_contain_text("居住证明的照片看不清，请重新交")
    take(village, case, "村社区代办", 办理日=again)
    ways = ["跨区域迁移", "准予", "迁往农村", "持证申报", "登记", "告知养老、医保、救助、选举、党组织接下来怎么办"]
    hands("walk", "move_hukou", ways, 56, {"落户地址": "凤来村3组8号", "户籍脱钩": True})


def followed(civil: Page, person: str) -> None:
    """Whoever has to move the assistance sees why now, and from there what else followed."""
    civil.goto(f"/people/{person}/")
    duty = civil.locator("#duties tr").filter(has_text="函告办理救助迁移")  # the pension follows too
    duty.get_by_role("link", name=re.compile("^因户口已迁（户口迁移")).click()
    expect(civil.locator("#following")).to_contain_text("函告办理救助迁移")
    expect(civil.locator("#following")).to_contain_text("因户口已迁")
    read(civil)


def membership(hands: Hands, desk: Desk) -> None:
    """Published, objected to, decided, voted on: twenty of thirty are two thirds, and the two sides change on the same day."""
    procedure = "confirm_membership"
    posted, objected, told_on, met = hands("days", 30, 28, 22, 10)
    case = hands("open", procedure, "collective", "village", 40)
    hands("walk", procedure, ["本人提交", "受理", "身份属实"], 35)
    collective = desk("collective", "village", "destination")
    committee = desk("committee", "village", "destination")
    collective.goto(f"/cases/{case}/")
    press(
        collective, "#notice", "登记公示", "公示已经登记。",
        公示开始日=posted, 贴在哪里="凤来村村务公开栏", 公示内容=NOTICE,
    )  # fmt: skip
    expect(collective.locator("#notice")).to_contain_text("这一次公示是补登记的")
    picture: FilePayload = {"name": "公示栏.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}
    collective.locator("#papers").get_by_label("照片或者 PDF").set_input_files(picture)
    press(collective, "#papers", "收进这一件", "材料已经收进这一件。", 哪一种="证明材料", 是什么="公示栏的照片")
    committee.goto(f"/cases/{case}/")
    read(committee)
    press(committee, "#notice", "看过了", "公示从贴出那天起算了。", 贴出来的照片或扫描件="公示栏的照片")
    committee.goto(f"/cases/{case}/")
    committee.get_by_text("公示期里有人提过异议，补登记").click()
    told = {"哪天提的": objected, "怎么提的": "当面说的", "谁提的": "刘某", "说了什么": "他在老家还有承包地"}
    press(committee, "#notice", "登记异议", "异议已经登记", **told)
    collective.goto(f"/cases/{case}/")
    collective.locator("#next").get_by_role("button", name="期满没有异议").click()
    expect(collective.get_by_role("alert").first).to_contain_text("“公示”是“有异议”")
    take(collective, case, "有异议", 办理日=objected)
    press(
        collective, "#notice", "处理这一条", "这一条异议已经处理。",
        处理结果="不成立", 理由="老家的承包地已经流转，不影响成员身份",
    )  # fmt: skip
    read(collective)
    expect(collective.locator("#next")).to_contain_text("他在老家还有承包地")
    expect(collective.locator("#next")).to_contain_text("不成立：老家的承包地已经流转，不影响成员身份")
    take(collective, case, "异议不成立", 办理日=told_on)
    names = "\n".join(f"成员{n:02}" for n in range(1, 31))
    collective.get_by_label("登记库里的成年人列入名单").uncheck()
    meeting = {"由谁表决": "成员大会", "通知日": told_on, "还有哪些人": names}
    fill(collective, "#vote", {**meeting, "会议日": told_on})
    collective.locator("#vote").get_by_role("button", name="定下名单").click()
    expect(collective.get_by_role("alert").first).to_contain_text("会议要提前 10 日通知")
    read(collective)
    press(collective, "#vote", "定下名单", "名单定下了", **meeting, 会议日=met)
    take(collective, case, "通知并定下表决名单", 办理日=told_on)
    press(collective, "#vote", "计票", "票数登记好了", 实到="26", 同意="20", 反对="4", 弃权="2")
    collective.locator("#next").get_by_label("确认日").fill(met)
    collective.locator("#next").get_by_role("button", name="不到三分之二").click()
    expect(collective.get_by_role("alert").first).to_be_visible()
    take(collective, case, "三分之二以上同意", 确认日=met, 办理日=met)
    read(collective)
    hands("write", procedure, "成员身份确认函", {"名册编号": "凤来-2026-031"})
    hands("walk", procedure, ["入册，报乡镇和区县备案，发函"], 9, {"名册编号": "凤来-2026-031"})
    for line in ("collective", "committee"):
        hands("receive", "成员身份确认函", line, "village", "origin")
    hands("walk", procedure, ["注销并回执"], 8, {"注销日同确认日": met})


def party(hands: Hands) -> None:
    """The first letter of introduction comes back, is void and keeps its number; the second one arrives."""
    procedure = "transfer_party"
    hands("open", procedure, "organisation", "township", 50, side="origin")
    hands("walk", procedure, ["建好台账", "报乡镇党委", "建议转接", "同意"], 45)
    hands("write", procedure, "组织关系介绍信", {"有效天数": 60})
    hands("walk", procedure, ["开信"], 44, {"有效天数": 60, "介绍信编号": "第一张"})
    hands("walk", procedure, ["材料有误，说明理由退回"], 40, reason="介绍信上写错了所在支部")
    hands("void", "组织关系介绍信", "写错了所在支部，另开一张")
    hands("write", procedure, "组织关系介绍信", {"有效天数": 60})
    hands("receive", "组织关系介绍信", "organisation", "township", "destination")
    hands("walk", procedure, ["开信"], 39, {"有效天数": 60, "介绍信编号": "第二张"})
    hands("walk", procedure, ["接收", "寄回", "编入", "收到回执，归档"], 30)


def insurances(hands: Hands) -> None:
    """Pension and medical insurance follow; the origin gives one back, and it comes again."""
    hands("open", "transfer_pension", "human_resources", "township", 30)
    hands("walk", "transfer_pension", ["提交", "受理"], 29)
    hands("write", "transfer_pension", "关系转入接收函")
    hands("walk", "transfer_pension", ["发接收函"], 28)
    hands("receive", "关系转入接收函", "human_resources", "county", "origin")
    hands("walk", "transfer_pension", ["退回"], 27, reason="接收函没有写转入账户")
    ways = ["发接收函", "审批并划转", "登记并告知本人"]
    hands("walk", "transfer_pension", ways, 20, {"个人账户储存额": 3120.5, "缴费年限": "9年"})
    hands("open", "transfer_medical", "medical_security", "county", 30)
    hands("walk", "transfer_medical", ["提交", "受理", "出具参保凭证", "接续并告知本人"], 25)


def assistance(hands: Hands, desk: Desk, person: str) -> None:
    """The receipt is late: the origin pays one month longer, and both sides write down the months that fit."""
    before, last, this = hands("names_of_months", 2, 1, 0)
    sent, now = hands("days", 58, 0)
    assert [hands("keep_months", side, 3) for side in ("origin", "destination")] == [1, 0]
    hands("pay", "origin", 3, 2)
    case = hands("open", BY_LETTER, "civil_affairs", "township", 62, side="origin")
    hands("walk", BY_LETTER, ["提交", "报送名单"], 60, {"救助种类": "低保", "现发放标准": 560.0})

    county, second = (desk("civil_affairs", "county", "origin", second=who) for who in (False, True))
    county.goto(f"/cases/{case}/")
    fill(county, "#next", {"拟截止月": before})
    county.get_by_role("button", name=re.compile("^看看，拟稿.*迁移函")).click()
    expect(county.locator(".paper")).to_contain_text("张青山")
    county.get_by_role("button", name="就这样拟稿").click()
    press(county, "main", "送核稿", "已经送核稿")
    second.goto(county.url.partition("?")[0])
    press(second, "main", "核稿通过", "可以签发")
    press(second, "main", "签发", "签发了")
    letter, number = second.url.partition("?")[0], f"开州民〔{today().year}〕1号"
    expect(second.locator("h1")).to_contain_text(number)
    county.goto(f"/cases/{case}/")
    expect(county.get_by_label("函文号")).to_have_value(number)
    take(county, case, "发函", 办理日=sent)
    civil = desk("civil_affairs", "county", "destination")
    civil.goto(letter)
    press(civil, "main", "登记收到", "登记了收到")
    hands("walk", BY_LETTER, ["受理并交乡镇"], 55)
    hands("walk", BY_LETTER, ["接续并回执"], 50, {"首发月": last})
    hands("walk", BY_LETTER, ["首发月没有确认"], 20, reason="回执没有收到，本月我们照发")
    hands("pay", "origin", 1)

    payer, taker = (desk("civil_affairs", "township", side) for side in ("origin", "destination"))
    taker.goto(f"/cases/{case}/")
    expect(taker.get_by_label("首发月")).to_have_value(last)
    taker.get_by_label("首发月").fill(this)
    hands("write", BY_LETTER, "救助关系接收回执", {"首发月": this})
    take(taker, case, "接续并回执", 首发月=this)
    archive = "发到首发月的前一个月，移交档案"
    payer.goto(f"/cases/{case}/")
    expect(payer.get_by_label("末发月")).to_have_value(last)
    fill(payer, "#next", {"末发月": before, "移交日期": now})
    payer.locator("#next").get_by_role("button", name=archive).click()
    expect(payer.get_by_role("alert").first).to_contain_text(f"末发月要是它的前一个月 {last}")
    read(payer)
    take(payer, case, archive, 末发月=last, 移交日期=now)
    far = desk("civil_affairs", "county", "origin")
    take(far, case, "双方归档", 超期理由="回执迟到一个月")
    civil.goto(f"/cases/{case}/")
    take(civil, case, "月份对不上", 为什么="移交日期写错了")
    take(payer, case, archive, 末发月=last, 移交日期=now)
    take(far, case, "双方归档", 超期理由="回执迟到一个月")
    take(civil, case, "双方归档", 超期理由="回执迟到一个月")
    hands("pay", "destination", 0)
    for page in (payer, taker):
        page.goto(f"/payments/{person}/")
        expect(page.locator("main")).to_contain_text(last)
    read(taker)


def vote(hands: Hands) -> None:
    """He votes where he lives, and no longer at the origin."""
    procedure = "register_voter_at_destination"
    hands("open", procedure, "committee", "village", 30)
    hands("walk", procedure, ["提交", "户籍已迁入或安置社区", "发出告知", "原村不再登记，回执", "公布"], 20)
    hands("walk", procedure, ["期满无申诉"], 1)


def test_zhang_moves_with_all_seven_relations(hands: Hands, desk: Desk) -> None:
    person = hands("settle")
    hukou(hands, desk, person)
    assert {"函告办理救助迁移", "接续医保关系"} < set(hands("duties"))
    followed(desk("civil_affairs", "county", "origin"), person)
    membership(hands, desk)
    party(hands)
    insurances(hands)
    assistance(hands, desk, person)
    vote(hands)

    there = {"hukou": FENGLAI, "party": FENGLAI, "collective": FENGLAI, "election": FENGLAI}
    there |= {"pension": YUNYANG, "medical": YUNYANG, "assistance": FENGMING}
    assert hands("holders") == {kind: [HUANGLU, holder] for kind, holder in there.items()}
    three, two, one, this, following = hands("names_of_months", 3, 2, 1, 0, -1)
    assert hands("months") == {
        **{month: [LINJIANG, "paid", LINJIANG] for month in (three, two, one)},
        this: [FENGMING, "paid", FENGMING],
        following: [FENGMING, "expected"],
    }
    assert hands("letters") == {"开州民": [1], "云阳人社": [1], "临江组": [1, 2], "凤鸣凤来集": [1]}
    for asked in ("without_receipt", "unjustified", "running", "duties", "wrong"):
        assert hands(asked) == [], asked
    village, payer = desk("committee", "village", "destination"), desk("civil_affairs", "township", "destination")
    seen = {
        "户籍": "凤来村",
        "党组织": "凤来村",
        "集体成员": "凤来村",
        "养老": "云阳县",
        "医保": "云阳县",
        "选举": "凤来村",
    }
    for page, places in ((village, seen), (payer, {"救助": "云阳县凤鸣镇"})):
        page.goto(f"/people/{person}/")
        for relation, place in places.items():
            track = page.locator("#relations .track").filter(has_text=relation)
            expect(track.locator(".track-now b")).to_have_text(re.compile(f"{place}$"))
    read(village)
