"""How offices call themselves before anybody has said so; and a place that nobody has named gives no number."""

from __future__ import annotations

import pytest

from anju.documents.actions import issue, name_office
from anju.documents.actions.drafting import draft
from anju.documents.offices import Office, head_of
from anju.government.lines import Level, Line
from anju.government.models import Region
from anju.government.refusals import Refused
from anju.journal.models import Entry
from anju.register.facts import today
from tests.desk.cast import browser
from tests.documents.cast import LETTER, LIST, saying
from tests.register.cast import clerk

pytestmark = pytest.mark.django_db
VILLAGES = {"500235001901": "梨园社区", "500154126901": "满月坪村"}


@pytest.fixture(autouse=True)
def named() -> None:
    kind = Region.Kind.VILLAGE
    Region.objects.bulk_create([Region(code=code, name=name, level=kind) for code, name in VILLAGES.items()])


@pytest.mark.parametrize(
    ("line", "level", "region", "name", "sign"),
    [
        (Line.COMMITTEE, Level.VILLAGE, "500235001901", "云阳县双江街道梨园社区居民委员会", "双江梨园居"),
        (Line.COMMITTEE, Level.VILLAGE, "500154126901", "开州区满月镇满月坪村民委员会", "满月满月坪村"),
        (Line.COLLECTIVE, Level.VILLAGE, "500154126901", "开州区满月镇满月坪村农村集体经济组织", "满月满月坪集"),
        (Line.CIVIL_AFFAIRS, Level.TOWNSHIP, "500235001000", "云阳县双江街道办事处", "双江街道民"),
        (Line.CIVIL_AFFAIRS, Level.COUNTY, "500235000000", "云阳县民政局", "云阳民"),
        (Line.COMMITTEE, Level.VILLAGE, "500235001999", "云阳县双江街道（999）村民委员会", ""),
    ],
    ids=["社区", "村", "集体", "街道", "县", "没有名字的村"],
)
def test_an_office_s_name_and_sign(line: str, level: str, region: str, name: str, sign: str) -> None:
    head = head_of(Office(line, level, region), today())
    assert (head.name, head.sign) == (name, sign)


def test_a_village_without_a_name_says_how_it_is_called_before_it_issues() -> None:
    office = Office(Line.COMMITTEE, Level.VILLAGE, "500235001999")
    by = clerk("unnamed", office.region)
    letter = draft(by=by, office=office, kind=LETTER, content=saying())
    screen = browser(by)
    with pytest.raises(Refused, match="先在“机关名称和代字”里定好"):
        issue(by=by, letter=letter.pk, seen=1)
    assert "/letters/offices/" in screen.get(f"/letters/{letter.pk}/").content.decode()
    name_office(by=by, office=office, name="双江街道新村村民委员会", sign="双江新村")
    assert issue(by=by, letter=letter.pk, seen=1).number_text == f"双江新村〔{today().year}〕1号"


def test_what_has_no_number_needs_no_sign() -> None:
    office = Office(Line.COMMITTEE, Level.VILLAGE, "500235001999")
    by = clerk("unnamed", office.region)
    letter = draft(by=by, office=office, kind=LIST, content=saying())
    assert issue(by=by, letter=letter.pk, seen=1).number_text == ""


def test_opening_a_letter_leaves_a_trace() -> None:
    by, stranger = clerk("opener", "500235001901"), clerk("stranger", "500236001901")
    office = Office(Line.COMMITTEE, Level.VILLAGE, "500235001901")
    letter = draft(by=by, office=office, kind=LIST, content=saying())
    assert browser(stranger).get(f"/letters/{letter.pk}/").status_code == 404
    assert not Entry.objects.filter(action="documents.look").exists()
    assert browser(by).get(f"/letters/{letter.pk}/").status_code == 200
    entry = Entry.objects.get(action="documents.look")
    assert (entry.officer, entry.object_kind, entry.object_id) == (str(by.pk), "letter", str(letter.pk))
