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
from tests.exchange.cast import handed_in, merged, workbook
from tests.exchange.keeping import BASE, HOME, cell, gives, said, taken, told, without_a_word
from tests.register.cast import YUNYANG

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
