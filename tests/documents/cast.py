"""Two offices of 民政, at 开州 and at 云阳, and a letter from one to the other about people who are made up."""

from __future__ import annotations

from uuid import UUID

from anju.documents.actions import Kind, countersign, draft, hand_over, issue
from anju.documents.content import Content
from anju.documents.models import Letter
from anju.documents.offices import Office
from anju.government.lines import Level, Line
from anju.government.models import Officer
from tests.register.cast import KAIZHOU, YUNYANG, clerk, number

FROM = Office(Line.CIVIL_AFFAIRS, Level.COUNTY, KAIZHOU)
TO = Office(Line.CIVIL_AFFAIRS, Level.COUNTY, YUNYANG)
LETTER = Kind("assistance_transfer_letter", "救助关系管辖迁移函", "函", "1.7")
LIST = Kind("leaving_recipients_list", "迁出救助对象名单", "名单", "1.7")
CANARY = number(777)
NAME = "麃青山𠮷䶮"


def county_clerk(account: str, region: str = KAIZHOU, line: str = Line.CIVIL_AFFAIRS) -> Officer:
    """An officer of a county's line."""
    return clerk(account, region, Level.COUNTY, line)


def saying(rows: int = 1) -> Content:
    """What the letter says."""
    people = [(f"{NAME}{at or ''}", {"id": CANARY}, "临江镇") for at in range(rows)]
    return Content(
        f"关于{NAME}救助关系迁移的函",
        "云阳县民政局",
        "请予接续。\n特此函告。",
        columns=["姓名", "身份证件号码", "迁出地"],
        rows=people,
    )


def drafted(by: Officer, *, kind: Kind = LETTER, rows: int = 1, key: UUID | None = None) -> Letter:
    """A draft of 开州."""
    return draft(
        by=by, office=FROM, kind=kind, content=saying(rows), to=[TO], matters=[("thing", "1"), ("thing", "2")], key=key
    )


def issued(by: Officer, other: Officer, *, kind: Kind = LETTER, rows: int = 1) -> Letter:
    """A letter of 开州, countersigned by another and issued."""
    letter = drafted(by, kind=kind, rows=rows)
    if letter.formal:
        hand_over(by=by, letter=letter.pk, seen=1)
        countersign(by=other, letter=letter.pk, seen=1)
    return issue(by=by, letter=letter.pk, seen=1)
