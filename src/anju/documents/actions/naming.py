"""An office says how it calls itself and its letters."""

from __future__ import annotations

import re

from django.utils import timezone

from anju.documents.models import Letterhead
from anju.documents.offices import Office, writes_for
from anju.government.acting import acting
from anju.government.models import Officer
from anju.government.refusals import Refused, one_deed
from anju.journal.actions import record

_sign = re.compile(r"[\u3400-\u9fffA-Za-z\U00020000-\U0003ffff]{1,20}")


def name_office(*, by: Officer, office: Office, name: str, sign: str) -> None:
    """Choose an office's name and its 机关代字; letters that were issued keep theirs. Raises `Refused`."""
    with one_deed():
        if not writes_for(by, office, timezone.localdate()):
            raise Refused("您在这个单位没有岗位。")
        if not 1 < len(name.strip()) <= 60:
            raise Refused("机关名称要 2 到 60 个字。")
        if not _sign.fullmatch(sign.strip()):
            raise Refused("机关代字只用汉字或字母，最多 20 个；年份和序号由系统编。")
        Letterhead.objects.update_or_create(
            line=office.line,
            region=office.region,
            defaults={"level": office.level, "name": name.strip(), "sign": sign.strip()},
        )
        record(
            actor=acting(by),
            action="documents.name_office",
            object_kind="office",
            object_id=f"{office.line} {office.region}",
            detail={"name": name.strip(), "sign": sign.strip()},
        )
