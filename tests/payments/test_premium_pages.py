"""The pages of premiums: who is due, a batch, its approval by somebody else, its list."""

from __future__ import annotations

from io import BytesIO

import pytest
import python_calamine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from anju.government.models import Officer
from anju.journal.models import Entry
from anju.payments.actions import draw_up
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
    assert row[1:2] + row[3:] == ["张青山", str(batch.year), "低保", "100.00", "100.00", "0.00"]
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
    for name in ("approve", "withdraw"):
        assert stranger.post(reverse(f"premiums:{name}", args=[batch.pk])).status_code == 404
    assert "张青山" not in stranger.get(reverse("premiums:premiums")).content.decode()
    drawn = stranger.post(reverse("premiums:draw_up"), {"scheme": "pension", "county": YUNYANG})
    assert drawn.status_code == 422


def test_what_is_no_scheme_or_county_is_refused(payer: Person) -> None:
    browser = signed_in(social("first"))
    for scheme, county in (("nothing", YUNYANG), ("pension", ""), ("pension", "x" * 40), ("medical", YUNYANG)):
        assert browser.post(reverse("premiums:draw_up"), {"scheme": scheme, "county": county}).status_code == 422
