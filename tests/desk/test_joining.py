"""The pages on which two records of one person become one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from anju.government.models import Officer
from anju.register.actions import change_person, record_wish, refuse_join
from anju.register.actions.joining import seen_of
from anju.register.facts import today
from anju.register.models import Joining, Person
from tests.desk.cast import again as confirmed
from tests.desk.cast import browser, stranger
from tests.register.cast import clerk, number
from tests.register.joining import SAME, again, agreed, asked, known, twice

pytestmark = pytest.mark.django_db
WAITS = "/people/doubles/?list=waiting"


@pytest.fixture
def village() -> Officer:
    return clerk("village")


@pytest.fixture
def two(village: Officer) -> tuple[Person, Person]:
    """The record that stays, and the one without a number, of another sex."""
    return twice(village, sex="女", phone="13800000001")


def text_of(answer: object, status: int = 200) -> str:
    assert getattr(answer, "status_code", 0) == status
    content: bytes = getattr(answer, "content", b"")
    return content.decode()


def test_from_the_list_to_one_record(village: Officer, two: tuple[Person, Person]) -> None:
    stays, goes = two
    mine, theirs = browser(village), browser(clerk("second"))
    pair = f"/people/{goes.pk}/double/{stays.pk}/"
    assert pair in text_of(mine.get("/people/doubles/"))
    page = text_of(mine.get(pair))
    assert "138****0001" in page
    assert number(1) not in page
    assert "哪个性别是对的" in page
    assert "这个字段是必填项" in text_of(
        mine.post(pair, {"stays": str(stays.pk), "sex": str(stays.pk), "because": ""}), 422
    )
    answer = mine.post(pair, {"stays": str(stays.pk), "sex": str(stays.pk), "because": SAME})
    assert answer.headers["Location"].startswith("/people/doubles/?list=mine")
    joining = Joining.objects.unscoped().get()
    here = f"/people/doubles/{joining.pk}/"
    assert here in text_of(mine.get("/people/doubles/?list=mine"))
    assert here not in text_of(mine.get(WAITS))
    assert "您自己不能确认" in text_of(mine.get(here))
    assert here in text_of(theirs.get(WAITS))
    assert SAME in text_of(theirs.get(here))
    assert "/account/confirm/" in theirs.post(f"{here}confirm/", {"seen": "1.1"}).headers["Location"]
    confirmed(theirs)
    assert "刚刚改过" in text_of(theirs.post(f"{here}confirm/", {"seen": "9.9"}), 422)
    seen = seen_of(goes, stays)
    assert f'name="seen" value="{seen}"' in text_of(theirs.get(f"{here}confirm/"))
    assert theirs.post(f"{here}confirm/", {"seen": seen}).headers["Location"] == f"/people/{stays.pk}/?saved=one_record"
    assert known(goes.pk).joined_into_id == stays.pk
    assert "已并档" in text_of(theirs.get(here))


def test_the_address_of_the_record_that_is_gone_leads_on(village: Officer, two: tuple[Person, Person]) -> None:
    stays, goes = two
    record_wish(by=village, person=str(stays.pk), kind="hukou", choice="willing", on=today(), how="当面")
    record_wish(by=village, person=str(goes.pk), kind="hukou", choice="unwilling", on=today(), how="当面")
    agreed(clerk("second"), asked(village, goes, stays, {"sex": "goes"}))
    mine = browser(village)
    assert mine.get(f"/people/{goes.pk}/").headers["Location"] == f"/people/{stays.pk}/"
    assert f"/people/{stays.pk}/before/" in text_of(mine.get(f"/people/{stays.pk}/"))
    before = text_of(browser(clerk("police", line="public_security")).get(f"/people/{stays.pk}/before/"))
    assert "不愿" in before
    assert "留下的那一档原来写着：性别 男" in before
    culture = text_of(browser(clerk("culture", line="culture")).get(f"/people/{stays.pk}/before/"))
    assert "不愿" not in culture, "another line's work"
    them = stranger()
    missing = them.get("/people/00000000-0000-7000-8000-000000000000/")
    assert them.get(f"/people/{goes.pk}/").content == missing.content


@pytest.mark.parametrize("who", ["village", "second"], ids=["申请的人", "另一位"])
def test_a_pair_that_was_asked_for_leads_to_the_request(village: Officer, two: tuple[Person, Person], who: str) -> None:
    stays, goes = two
    twin = again(village, name="李青山"), again(village, name="李青山")  # another pair, that nobody asked for
    joining = asked(village, goes, stays, {"sex": "stays"})
    officers = {"village": village, "second": clerk("second")}
    mine, request = browser(officers[who]), f"/people/doubles/{joining.pk}/"
    pairs = [f"/people/{goes.pk}/double/{stays.pk}/", f"/people/{stays.pk}/double/{goes.pk}/"]
    for page in ("/people/doubles/", f"/people/{goes.pk}/double/", f"/people/{stays.pk}/double/"):
        text = text_of(mine.get(page))
        assert f'href="{request}"' in text
        assert text.count("已申请，等另一位确认") == 1
        assert not any(pair in text for pair in pairs)
    assert f"/people/{twin[0].pk}/double/{twin[1].pk}/" in text_of(mine.get("/people/doubles/"))
    for pair in pairs:
        text = text_of(mine.get(pair))
        assert f'href="{request}"' in text
        assert "申请并档" not in text, "the one that waits is enough"
        assert f'href="{request}"' in text_of(mine.post(pair, {"stays": str(goes.pk), "because": SAME}), 422)
    assert Joining.objects.unscoped().count() == 1


@pytest.mark.parametrize("how", ["另一位不同意", "申请的人收回", "没有人来"])
def test_what_waits_no_longer_is_offered_again(
    village: Officer, two: tuple[Person, Person], monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    stays, goes = two
    joining, second = asked(village, goes, stays, {"sex": "stays"}), clerk("second")
    if how == "没有人来":
        late = joining.decide_by + timedelta(seconds=1)
        monkeypatch.setattr(timezone, "now", lambda: late)
    else:
        refuse_join(by=second if how == "另一位不同意" else village, joining=joining.pk, because="是堂兄弟")
    mine = browser(village)
    pair = f"/people/{goes.pk}/double/{stays.pk}/"
    listed, text = text_of(mine.get("/people/doubles/")), text_of(mine.get(f"/people/{goes.pk}/double/"))
    assert pair in text
    assert "已申请，等另一位确认" not in listed + text
    assert (pair in listed) == (how != "另一位不同意"), (
        "of whom somebody said that they are two is listed for nobody who does not ask"
    )
    assert "申请并档" in text_of(mine.get(pair))


def test_what_keeps_them_apart_stands_on_the_page(village: Officer, two: tuple[Person, Person]) -> None:
    stays, goes = two
    change_person(by=village, person=str(goes.pk), changes={"number": number(5)})
    pair = f"/people/{goes.pk}/double/{stays.pk}/"
    mine = browser(village)
    assert "证件号码不一样" in text_of(mine.get(pair))
    given = {"stays": str(stays.pk), "sex": str(stays.pk), "because": SAME}
    assert "证件号码不一样" in text_of(mine.post(pair, given), 422)


def test_who_does_not_agree_says_why(village: Officer, two: tuple[Person, Person]) -> None:
    joining = asked(village, two[1], two[0], {"sex": "stays"})
    theirs = browser(clerk("second"))
    refuse = f"/people/doubles/{joining.pk}/refuse/"
    text_of(theirs.post(refuse, {"because": " "}), 422)
    assert theirs.post(refuse, {"because": "是堂兄弟"}).status_code == 302
    assert "是堂兄弟" in text_of(browser(village).get(f"/people/doubles/{joining.pk}/"))


def test_the_former_name_and_number_stand_with_the_person(village: Officer, two: tuple[Person, Person]) -> None:
    change_person(by=village, person=str(two[0].pk), changes={"name": "张青松", "number": number(5)})
    mine = browser(village)
    page = text_of(mine.get(f"/people/{two[0].pk}/"))
    assert "张青山" in page
    assert "曾用名、旧号码" in page
    assert number(1) not in page
    found = mine.post("/people/by-number/", {"number": number(1)})
    assert found.headers["Location"] == f"/people/{two[0].pk}/"


def test_whom_a_person_may_be_as_well(village: Officer, two: tuple[Person, Person]) -> None:
    stays, goes = two
    mine = browser(village)
    assert f"/people/{stays.pk}/double/" in text_of(mine.get(f"/people/{stays.pk}/"))
    assert f"/people/{stays.pk}/double/{goes.pk}/" in text_of(mine.get(f"/people/{stays.pk}/double/"))
