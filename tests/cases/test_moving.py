"""张家's move without a browser: from another province, whose offices answer by stamped replies, and within one township."""

from __future__ import annotations

import pytest

from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.register.actions.by_case import put_facts
from tests.cases.moving import FENGLAI, FENGQI, Story, month

pytestmark = pytest.mark.django_db
ENSHI = "422801000000"
"""恩施市 in 湖北, of which no office is here."""
YUNYANG, FENGMING = "500235000000", "500235125000"
HUKOU = [
    "窗口提交",
    "跨区域迁移",
    "准予",
    "迁往农村",
    "持证申报",
    "登记",
    "告知养老、医保、救助、选举、党组织接下来怎么办",
]
PARTY = ["建好台账", "报乡镇党委", "建议转接", "同意", "开信", "接收", "寄回", "编入", "收到回执，归档"]
MEMBERSHIP = ["本人提交", "受理", "身份属实"]
MEETING = ["期满没有异议", "通知并定下表决名单", "三分之二以上同意"]
REGISTER = ["入册，报乡镇和区县备案，发函", "注销并回执"]
VOTER = ["提交", "户籍已迁入或安置社区", "发出告知", "原村不再登记，回执", "公布"]


def everywhere(story: Story) -> None:
    """What is the same wherever one comes from: hukou, party, membership and vote, each walked to its end."""
    story.open("move_hukou", "public_security", "township", 60)
    story.walk("move_hukou", HUKOU, 58, {"落户选择": "village_group", "户籍脱钩": True})
    story.open("transfer_party", "organisation", "township", 57)
    story.walk("transfer_party", PARTY, 55)
    story.open("confirm_membership", "collective", "village", 54)
    story.walk("confirm_membership", MEMBERSHIP, 50)
    story.walk("confirm_membership", MEETING[:-1], 42)
    story.walk("confirm_membership", MEETING[-1:], 30)
    story.walk("confirm_membership", REGISTER, 29)
    story.open("register_voter_at_destination", "committee", "village", 28)
    story.walk("register_voter_at_destination", VOTER, 20)
    story.walk("register_voter_at_destination", ["期满无申诉"], 1)


def test_from_another_province() -> None:
    story = Story(origin=ENSHI, away="42")
    story.settle()
    everywhere(story)
    story.open("transfer_pension", "human_resources", "county", 28)
    story.walk("transfer_pension", ["提交", "受理"], 27)
    story.write("transfer_pension", "关系转入接收函")
    story.walk("transfer_pension", ["发接收函"], 26)
    story.reply("transfer_pension")
    story.walk("transfer_pension", ["审批并划转"], 20, basis="")
    story.walk("transfer_pension", ["登记并告知本人"], 19)
    story.open("transfer_medical", "medical_security", "county", 28)
    story.walk("transfer_medical", ["提交"], 20)
    with everything():
        put_facts(kind="person", subject=str(story.person.pk), facts={"insured_at_destination": False})
    with pytest.raises(Refused, match="当年留参保地"):
        story.walk("transfer_medical", ["受理"], 20)
    with everything():
        put_facts(kind="person", subject=str(story.person.pk), facts={"insured_at_destination": True})
    story.walk("transfer_medical", ["受理", "出具参保凭证", "接续并告知本人"], 20)
    by_letter = "transfer_assistance_by_letter"
    story.open(by_letter, "civil_affairs", "county", 60)
    story.walk(by_letter, ["提交", "报送名单", "发函", "受理并交乡镇", "接续并回执"], 40, {"首发月": month(0)})
    stop = "发到首发月的前一个月，移交档案"
    for wrong in (month(2), month(0)):
        with pytest.raises(Refused, match=f"末发月要是它的前一个月 {month(1)}"):
            story.walk(by_letter, [stop], 0, {"末发月": wrong})
    story.walk(by_letter, [stop], 0)
    story.walk(by_letter, ["月份对不上"], 0, reason="再核一次")
    story.walk(by_letter, [stop, "双方归档"], 0, {"末发月": month(1)})
    assert story.keep_months("destination", 0) == 1
    story.pay("destination", 0)

    assert story.running() == []
    assert {kind: steps[-1] for kind, steps in story.holders().items()} == {
        "hukou": FENGLAI, "party": FENGLAI, "collective": FENGLAI, "election": FENGLAI,
        "pension": YUNYANG, "medical": YUNYANG, "assistance": FENGMING,
    }  # fmt: skip
    assert story.months() == {
        month(0): [FENGMING, "paid", FENGMING],
        month(-1): [FENGMING, "expected"],
    }
    assert story.letters() == {"云阳人社": [1]}
    papers = story.on_paper()
    assert (set(papers), papers.count("盖章的回函")) == ({"回函一份", "盖章的回函"}, 1)
    assert (story.duties(), story.unjustified(), story.wrong()) == ([], [], [])


def test_within_one_township() -> None:
    """Pension, medical insurance and assistance stay where they are; the township only changes the address, and pays on."""
    story = Story(origin=FENGQI)
    story.settle()
    assert story.keep_months("origin", 2) == 1
    story.pay("origin", 2, 1)
    everywhere(story)
    story.open("update_assistance_address", "civil_affairs", "township", 28)
    story.walk("update_assistance_address", ["提交", "变更地址，照常发放"], 20)
    story.pay("destination", 0)
    assert story.running() == []
    assert {kind: steps[-1] for kind, steps in story.holders().items()} == {
        **dict.fromkeys(("hukou", "party", "collective", "election", "assistance"), FENGLAI),
        **dict.fromkeys(("pension", "medical"), FENGQI),
    }
    assert story.months() == {
        **{month(ago): [FENGMING, "paid", FENGMING] for ago in (2, 1, 0)},
        month(-1): [FENGMING, "expected"],
    }
    assert (story.duties(), story.unjustified(), story.wrong()) == ([], [], [])
