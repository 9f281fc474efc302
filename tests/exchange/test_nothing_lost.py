"""An import never loses a cell without a word: of every column of every real list, and of every header that is declared, something is
kept in the register, or the page of the batch says that it is not.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from anju.exchange.kinds import kind_of
from anju.exchange.models import State
from anju.government.models import Officer
from anju.tables.derivation import sources_of
from anju.tables.headers import declared
from tests.exchange.cast import VILLAGE, handed_in, merged, workbook
from tests.exchange.keeping import BASE, HOME, cell, gives, held, said, taken, told, without_a_word
from tests.register.cast import YUNYANG, number

pytestmark = pytest.mark.django_db
REAL = dict(
    line.split("：", 1)
    for line in (Path(__file__).parents[1] / "tables/real_headers.txt").read_text(encoding="utf-8").splitlines()
)
LISTS = {
    "已脱贫人口名单": ("people", {}),
    "防返贫系统": ("people", {}),
    "防返贫系统另见": ("people", BASE),
    "安置点住户台账": ("households", {}),
    "安置点住户台账，按人交": ("people", {}),
    "安置点名录": ("sites", {}),
    "乡镇手工导入模板": ("people", {}),
    "搬迁模块字段": ("people", BASE),
    "结对台账": ("people", {}),
    "结对台账，按户交": ("households", {"户编号": HOME}),
}


@pytest.mark.parametrize("name", LISTS)
def test_every_column_of_a_real_list_is_kept_or_told_of(
    county: Officer, other: Officer, tmp_path: Path, name: str
) -> None:
    kind, base = LISTS[name]
    headers = REAL[name.partition("，")[0]].split("｜")
    merged(handed_in(county, workbook(tmp_path / "点.xlsx", [{"集中安置点名称": "甲点"}]), "sites", YUNYANG), other)
    batch = handed_in(
        county, workbook(tmp_path / "表.xlsx", [{**base, **{h: cell(h, kind) for h in headers}}]), kind, YUNYANG
    )
    assert (batch.state, batch.message) == (State.READY, "")
    assert "refused" not in batch.counts[kind_of(kind).subjects[-1]], said(county, batch)
    taken(batch, other)
    assert without_a_word(county, batch, kind, headers) == []
    again = handed_in(
        county, workbook(tmp_path / "又.xlsx", [{**base, **{h: cell(h, kind) for h in headers}}]), kind, YUNYANG
    )
    assert {verdict for counts in again.counts.values() for verdict in counts} == {"same"}


FROM_HERE = {**BASE, "迁出地代码": VILLAGE}
TO_HERE = {**BASE, "迁入地代码": VILLAGE}
SITE = {"集中安置点名称": "甲点"}
ALONE: dict[str, tuple[str, dict[str, str], str, str]] = {
    "destination_code": ("people", FROM_HERE, "500236127", "destination=500236127"),
    "@destination_province": ("people", FROM_HERE, "四川省", "destination=51"),
    "@destination_city": ("people", FROM_HERE, "成都市", "destination=5101"),
    "@destination_county": ("people", FROM_HERE, "奉节县", "destination=500236"),
    "@destination_place": ("people", FROM_HERE, "奉节县", "destination=500236"),
    "@destination_township": ("people", {**FROM_HERE, "迁入地县": "奉节县"}, "吐祥镇", "destination=500236127"),
    "origin_code": ("people", TO_HERE, "500236127", "origin=500236127"),
    "@origin_province": ("people", TO_HERE, "四川省", "origin=51"),
    "@origin_city": ("people", TO_HERE, "成都市", "origin=5101"),
    "@origin_county": ("people", TO_HERE, "奉节县", "origin=500236"),
    "@origin_place": ("people", TO_HERE, "奉节县", "origin=500236"),
    "@origin_township": ("people", {**TO_HERE, "迁出地县": "奉节县"}, "吐祥镇", "origin=500236127"),
    "@county": ("sites", {**SITE, "乡镇": "双江街道"}, "云阳县", "destination=500235001"),
    "@township": ("sites", {**SITE, "区县": "云阳县"}, "双江街道", "destination=500235001"),
    "~resident_medical": ("people", TO_HERE, "是", "medical_status=resident"),
    "~employee_medical": ("people", TO_HERE, "是", "medical_status=employee"),
    "~employee_pension": ("people", TO_HERE, "是", "pension_status=employee"),
    "~dibao": ("people", TO_HERE, "是", "assistance_kind=dibao"),
    "~tekun": ("people", TO_HERE, "是", "assistance_kind=tekun"),
    "~household_type": ("people", TO_HERE, "五保户", "assistance_kind=tekun"),
    "persons": ("sites", SITE, "30", "persons=30"),
    "~site_registered": ("sites", {**SITE, "同步搬迁": "20"}, "10", "persons=30"),
    "@head": ("people", {"户主证件号码": number(1), "户编号": HOME}, "张青山", "name=张青山"),
    "@head_id": ("people", {"户主姓名": "张青山", "户编号": HOME}, number(1), f"id={number(1)}"),
}
"""Columns that say the same as others, each without them, and of another place than the batch itself fills in."""


@pytest.mark.parametrize("of", ALONE)
def test_a_column_that_others_could_stand_for_is_kept_alone(
    county: Officer, other: Officer, tmp_path: Path, of: str
) -> None:
    kind, base, text, token = ALONE[of]
    header = next(one.name for one in declared() if one.gives == of)
    batch = handed_in(county, workbook(tmp_path / "表.xlsx", [{**base, header: text}]), kind, YUNYANG)
    merged(batch, other)
    assert any(one.startswith(token) for one in held()), said(county, batch)


@pytest.mark.parametrize(
    "kind", ["people", "households", "sites", "relations", "wishes", "paid", "medical_list", "pension_list"]
)
def test_every_declared_column_is_kept_or_told_of(county: Officer, other: Officer, tmp_path: Path, kind: str) -> None:
    """A header that is declared later and dropped fails here."""
    wanted = kind_of(kind)
    merged(handed_in(county, workbook(tmp_path / "点.xlsx", [{"集中安置点名称": "甲点"}]), "sites", YUNYANG), other)
    if kind not in ("people", "households", "sites"):
        merged(handed_in(county, workbook(tmp_path / "人.xlsx", [BASE]), "people", YUNYANG), other)
    headers = [
        one.name for one in declared() if one.gives[0] in "@~-" or one.gives in ("origin_code", "destination_code")
    ]
    batch = handed_in(county, workbook(tmp_path / "表.xlsx", [{h: cell(h, kind) for h in headers}]), kind, YUNYANG)
    assert batch.state == State.READY
    if wanted.subjects[-1] in ("person", "household", "site"):
        taken(batch, other)
        assert without_a_word(county, batch, kind, headers) == []
    else:
        known = {"@name", "@id", "@household", *(source for term in wanted.terms for source in sources_of(term))}
        mine = {h for h in headers if gives(h, kind) in {*wanted.columns, *known}}
        assert [h for h in headers if h not in mine and not told(county, batch, h, gives(h, kind))] == []
        assert {gives(h, kind) for h in mine} <= known, "nothing else is read of them"
