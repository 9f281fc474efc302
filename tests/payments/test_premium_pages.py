"""The pages of premiums: who is due, a batch, its approval by somebody else, its list."""

from __future__ import annotations

from io import BytesIO

import pytest
import python_calamine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.journal.models import Entry
from anju.payments.actions import approve, ask_return, confirm_return, draw_up
from anju.payments.models import Batch, Premium
from anju.policy.model import Fact
from anju.register.actions import end_person
from anju.register.facts import today
from anju.register.models import Person
from tests.desk.cast import browser as signed_in
from tests.payments.test_premiums import contributor, looked_at, owed, social
from tests.register.cast import KAIZHOU, YUNYANG, clerk, household, number, zhang

PLACES = (("here", YUNYANG), ("there", KAIZHOU))


@pytest.fixture
def payer(village: Officer) -> Person:
    return looked_at(contributor(village))


def test_from_who_is_due_to_paid(payer: Person) -> None:
    first, second = signed_in(social("first")), signed_in(social("second"))
    page = first.get(reverse("premiums:premiums")).content.decode()
    assert "提出一批（1 人）" in page
    assert "代缴标准 100 元/人·年" in page
    made = first.post(reverse("premiums:draw_up"), {"scheme": "pension", "county": YUNYANG}).headers["Location"]
    mine = first.get(made).content.decode()
    assert "张青山" in mine
    assert "复核无误" not in mine, "whoever drew it up does not approve it"
    address = made.partition("?")[0]
    assert first.post(f"{address}approve/").status_code == 422
    assert "复核无误" in second.get(address).content.decode()
    second.post(f"{address}approve/")
    assert not owed(payer)
    assert "已代缴" in second.get(reverse("premiums:premiums")).content.decode()
    assert second.post(f"{address}withdraw/").status_code == 422


def test_who_has_died_since_is_said_to_be_left_out(payer: Person, village: Officer) -> None:
    looked_at(contributor(village, order=3, code="3", name="李二"))
    batch = draw_up(by=social("first"), scheme="pension", county=YUNYANG)
    police = clerk("police", KAIZHOU, "county", "public_security")
    end_person(by=police, person=str(payer.pk), on=today(), because="death")
    second, address = signed_in(social("second")), reverse("premiums:batch", args=[batch.pk])
    assert second.get(address).content.decode().count("现在不再应当代缴") == 1
    location = second.post(f"{address}approve/").headers["Location"]
    page = second.get(location).content.decode()
    assert "有 1 人已经去世、不再符合或者缴过了" in page
    assert ("李二" in page, "张青山" in page) == (True, False)


def test_who_is_insured_nowhere_is_owed_by_the_county_of_the_hukou_and_listed(payer: Person, village: Officer) -> None:
    """Of 未参保 the hukou tells: at the destination once it has moved, until then at the origin."""
    facts: dict[str, Fact | None] = {
        "relocatee_kind": "registered_poor",
        "pension_status": "uninsured",
        "premium_paid": False,
    }
    for order, name, moved in ((3, "李二", True), (5, "王五", False)):
        zhang(village, household(village, str(order)), name=name, order=order, facts={**facts, "hukou_moved": moved})
    address = reverse("premiums:premiums")
    here, there = (signed_in(social(account, of)).get(address).content.decode() for account, of in PLACES)
    assert ("1 人没有登记参保地" in here, "李二" in here, "王五" in here, "张青山" in here) == (
        True,
        True,
        False,
        False,
    )
    assert ("1 人没有登记参保地" in there, "李二" in there, "王五" in there) == (True, False, True)


def test_the_page_of_premiums_asks_no_more_questions_for_many(payer: Person, village: Officer) -> None:
    browser, address = signed_in(social("first")), reverse("premiums:premiums")
    facts: dict[str, Fact | None] = {
        "relocatee_kind": "registered_poor",
        "pension_status": "uninsured",
        "premium_paid": False,
        "hukou_moved": True,
    }

    def questions(*orders: int) -> int:
        for order in orders:
            zhang(village, household(village, str(order)), name=f"李{order}", order=order, facts=facts)
        with CaptureQueriesContext(connection) as asked:
            assert "没有登记参保地" in browser.get(address).content.decode()
        return len(asked)

    questions(3)
    assert questions(5) == questions(7, 9, 11)


def test_the_list_is_a_workbook_with_masked_numbers(payer: Person) -> None:
    first = social("first")
    batch = draw_up(by=first, scheme="pension", county=YUNYANG)
    answer = signed_in(first).get(reverse("premiums:list", args=[batch.pk]))
    (row,) = (
        python_calamine.CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()[1:]
    )
    assert row[1:2] + row[3:] == ["张青山", str(batch.year), "低保", "100.00", "100.00", "0.00", ""]
    assert row[2] != number(1)
    assert str(row[2]).startswith("500***")
    assert Entry.objects.filter(action="payments.take_premiums", object_id=str(batch.pk)).exists()


def test_a_batch_that_is_given_up(payer: Person) -> None:
    first = social("first")
    batch = draw_up(by=first, scheme="pension", county=YUNYANG)
    answer = signed_in(first).post(reverse("premiums:withdraw", args=[batch.pk]))
    assert answer.headers["Location"].endswith("saved=withdrawn")
    assert owed(payer)


@pytest.mark.parametrize(
    ("region", "line"), [(KAIZHOU, "human_resources"), (YUNYANG, "medical_security"), (YUNYANG, "civil_affairs")]
)
def test_for_strangers_it_is_not_there(payer: Person, region: str, line: str) -> None:
    batch = draw_up(by=social("first"), scheme="pension", county=YUNYANG)
    stranger = signed_in(clerk("stranger", region, "county", line))
    for name in ("batch", "list"):
        assert stranger.get(reverse(f"premiums:{name}", args=[batch.pk])).status_code == 404
    for name in ("approve", "withdraw", "ask_return", "confirm_return", "withdraw_return"):
        assert stranger.post(reverse(f"premiums:{name}", args=[batch.pk])).status_code == 404
    assert "张青山" not in stranger.get(reverse("premiums:premiums")).content.decode()
    drawn = stranger.post(reverse("premiums:draw_up"), {"scheme": "pension", "county": YUNYANG})
    assert drawn.status_code == 422


def test_what_is_no_scheme_or_county_is_refused(payer: Person) -> None:
    browser = signed_in(social("first"))
    for scheme, county in (("nothing", YUNYANG), ("pension", ""), ("pension", "x" * 40), ("medical", YUNYANG)):
        assert browser.post(reverse("premiums:draw_up"), {"scheme": scheme, "county": county}).status_code == 422


def paid_by(first: Officer, second: Officer) -> Batch:
    return approve(by=second, batch=draw_up(by=first, scheme="pension", county=YUNYANG).pk).batch


def key_of(batch: Batch, person: Person) -> int:
    with everything():
        return Premium.objects.unscoped().get(batch=batch, person=person).pk


def test_from_paid_to_returned_and_due_again(payer: Person, village: Officer) -> None:
    looked_at(contributor(village, order=3, code="3", name="李二"))
    one, two = social("first"), social("second")
    batch = paid_by(one, two)
    first, second, address = signed_in(one), signed_in(two), reverse("premiums:batch", args=[batch.pk])
    alone = first.get(f"{address}?person={payer.pk}").content.decode()
    assert ("张青山" in alone, "李二" in alone, "提出退回勾选的" in alone) == (True, False, True)
    told = {"chosen": str(key_of(batch, payer)), "because": "没有到账", "person": str(payer.pk)}
    refused = first.post(f"{address}return/", {**told, "because": " "})
    assert (refused.status_code, "checked" in refused.content.decode()) == (422, True)
    assert "李二" not in refused.content.decode(), "still the one person"
    asked = first.post(f"{address}return/", told).headers["Location"]
    mine = first.get(asked).content.decode()
    assert ("没有到账" in mine, "李二" in mine, "复核无误，勾选的退回" in mine) == (True, False, False)
    assert "勾选的不退回了" in mine, "whoever asked may leave it"
    tile = second.get(reverse("desk:desk")).content.decode()
    assert ("代缴退回复核" in tile, f"{address}?returns=1" in tile) == (True, True)
    assert "代缴退回复核" not in first.get(reverse("desk:desk")).content.decode()
    assert "退回等复核 1" in second.get(reverse("premiums:premiums")).content.decode()
    assert "复核无误，勾选的退回" in second.get(f"{address}?returns=1").content.decode()
    done = second.post(f"{address}return/confirm/", {"chosen": told["chosen"]}).headers["Location"]
    page = second.get(done).content.decode()
    assert ("已经退回" in page, "李二" in page, f'name="chosen" value="{told["chosen"]}"' in page) == (
        True,
        True,
        False,
    )
    assert owed(payer)
    overview = second.get(reverse("premiums:premiums")).content.decode()
    assert ("提出一批（1 人）" in overview, "1 人，政府负担 100.00 元，退回 1 人" in overview) == (True, True)


def test_a_return_that_is_given_up_on_the_page(payer: Person) -> None:
    one, two = social("first"), social("second")
    batch = paid_by(one, two)
    address, chosen = reverse("premiums:batch", args=[batch.pk]), {"chosen": str(key_of(batch, payer))}
    signed_in(one).post(f"{address}return/", {**chosen, "because": "没有到账"})
    second = signed_in(two)
    left = second.post(f"{address}return/withdraw/", chosen).headers["Location"]
    assert "还是算代缴了" in second.get(left).content.decode()
    assert not owed(payer)


def test_before_it_is_approved_nothing_is_returned_on_the_page(payer: Person) -> None:
    batch = draw_up(by=social("first"), scheme="pension", county=YUNYANG)
    browser, address = signed_in(social("second")), reverse("premiums:batch", args=[batch.pk])
    assert "退回" not in browser.get(address).content.decode()
    assert browser.post(f"{address}return/", {"chosen": "1", "because": "x"}).status_code == 422


@pytest.mark.parametrize(
    "chosen", ["", "x", "１", "-1", "9" * 18, "9" * 40], ids=["没有勾", "字", "全角", "负", "很大", "太大"]
)
def test_what_is_no_row_is_refused(payer: Person, chosen: str) -> None:
    one = social("first")
    batch = paid_by(one, social("second"))
    told = {"chosen": chosen, "because": "没有到账"}
    browser = signed_in(one)
    assert browser.post(reverse("premiums:ask_return", args=[batch.pk]), told).status_code == 422
    assert browser.get(reverse("premiums:batch", args=[batch.pk]), {"person": chosen}).status_code == 200


def test_the_returned_one_says_so_in_the_workbook(payer: Person) -> None:
    one, two = social("first"), social("second")
    batch = paid_by(one, two)
    keys = [key_of(batch, payer)]
    ask_return(by=one, batch=batch.pk, premiums=keys, because="没有到账")
    confirm_return(by=two, batch=batch.pk, premiums=keys)
    answer = signed_in(one).get(reverse("premiums:list", args=[batch.pk]))
    (row,) = (
        python_calamine.CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()[1:]
    )
    assert row[-1] == f"{today()} 退回"
