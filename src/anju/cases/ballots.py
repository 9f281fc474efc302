"""The sheet of a meeting that votes on several people: a row a voter, a column an applicant; filled in there, it comes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import UUID

import xlsxwriter

from anju.cases.models import Choice
from anju.government.refusals import Refused
from anju.tables.ledger import FileRefused
from anju.tables.opening import open_table

most_cells = 20_000
"""So many votes are noted from one sheet; of a larger meeting the figures are written down."""
largest_sheet = 2 << 20
_number, _name, _notes = "序号", "姓名", "说明"
_choices: Mapping[str, str] = {**{one.label: one.value for one in Choice}, "没有到": "", "": ""}
_told = (
    "每一行是名单上的一位，每一列是一位申请人：写“同意”“反对”或者“弃权”，没有到的空着。",
    "同名的看名字后面的编号：“一次会，各人的票”那一页上，每位申请人的名字后面是同一个编号。",
    "序号、姓名和第一行不要改。没有表决的申请人，整列空着，或者把那一列删掉。",
    "交回来以后先记下各人的票；看过没有错，再计票。计了就不能再改。",
)
_most_wrong = 10

Ballots = Mapping[UUID, Mapping[int, str]]
"""Case → number on the roster → a `Choice`, "" for nobody there."""


def write_ballots(
    path: Path, roster: Sequence[tuple[int, str]], applicants: Sequence[tuple[UUID, str]], noted: Ballots
) -> None:
    """Write the sheet with what is noted already; nothing in it can become a formula.

    Args:
        applicants: the case of each, and what stands over its column: of no two cases the same, whoever else waits (`Voted.column`).
    """
    book = xlsxwriter.Workbook(str(path), {"in_memory": True})
    text = book.add_format({"num_format": "@", "quote_prefix": True})
    head = book.add_format({"bold": True, "bg_color": "#DCEAF4", "border": 1, "text_wrap": True})
    sheet, columns = book.add_worksheet("表决"), {column: case for case, column in applicants}
    sheet.freeze_panes(1, 2)
    sheet.set_column(0, 1 + len(columns), 12, text)
    for at, name in enumerate((_number, _name, *columns)):
        sheet.write_string(0, at, name, head)
    words = {value: word for word, value in _choices.items() if value}
    for line, (number, name) in enumerate(roster, start=1):
        voted = [words.get(noted.get(case, {}).get(number, ""), "") for case in columns.values()]
        for at, cell in enumerate((str(number), name, *voted)):
            sheet.write_string(line, at, cell, text)
    sheet.data_validation(1, 2, len(roster), 1 + len(columns), {"validate": "list", "source": list(words.values())})
    told = book.add_worksheet(_notes)
    told.set_column(0, 0, 80, text)
    for at, note in enumerate(_told):
        told.write_string(at, 0, note, text)
    book.close()


def read_ballots(
    path: Path, within: Path, roster: Sequence[tuple[int, str]], applicants: Sequence[tuple[UUID, str]]
) -> Ballots:
    """What a sheet that came back says: of each applicant in whose column anything stands, of the whole roster. All of it, or none.

    Args:
        within: a folder for this process alone, in which what was read lies meanwhile.

    Raises:
        Refused: no such sheet, other applicants, another roster, a word that is no vote: with row and column.
    """
    head, *lines = _lines(path, within)
    columns = {column: case for case, column in applicants}
    _check_head(head, columns)
    seen, wrong = _read(head, lines, dict(roster))
    if wrong:
        more = f"等 {len(wrong)} 处" if len(wrong) > _most_wrong else ""
        raise Refused(f"{'；'.join(wrong[:_most_wrong])}{more}。一票都没有记，改好再交。")
    if missing := [f"第 {number} 位（{name}）" for number, name in roster if number not in seen]:
        raise Refused(f"名单上的{missing[0]}不在表里；没有到的也要留着那一行。")
    each = {columns[name]: {number: told[name] for number, told in seen.items()} for name in head[2:] if name}
    given = {case: votes for case, votes in each.items() if any(votes.values())}
    if not given:
        raise Refused("表里还没有一票。")
    return given


def _check_head(head: Sequence[str], columns: Mapping[str, UUID]) -> None:
    """Raise `Refused` for a column that is nobody's, or that is there twice."""
    if strange := [one for one in head[2:] if one and one not in columns]:
        raise Refused(
            f"“{strange[0]}”不是这一次会还没有计票的申请人：计了票的、退出的那一列删掉；不是的，请用最新下载的表，一票都没有记。"
        )
    if twice := [one for one in head if one and head.count(one) > 1]:
        raise Refused(f"第一行有两列“{twice[0]}”；请照下载的表，一人一列。")


def _read(
    head: Sequence[str], lines: Sequence[Sequence[str]], names: Mapping[int, str]
) -> tuple[dict[int, dict[str, str]], list[str]]:
    """Number on the roster → column → choice; and what is wrong, by row and column."""
    seen: dict[int, dict[str, str]] = {}
    wrong: list[str] = []
    for at, line in enumerate(lines, start=2):
        number = int(line[0]) if line[0].isascii() and line[0].isdigit() and len(line[0]) < 6 else 0
        told = {name: cell for name, cell in zip(head[2:], line[2:], strict=True) if name}
        if any(line) and (names.get(number) != line[1] or number in seen):
            wrong.append(f"第 {at} 行“{line[0]} {line[1]}”和名单对不上")
        elif any(line):
            bad = ((name, cell) for name, cell in told.items() if cell not in _choices)
            wrong += [f"第 {at} 行“{name}”写的是“{cell}”，只能写同意、反对、弃权，或者空着" for name, cell in bad]
            seen[number] = {name: _choices.get(cell, "") for name, cell in told.items()}
    return seen, wrong


def _lines(path: Path, within: Path) -> list[list[str]]:
    """The sheet with the votes, as texts. Raises `Refused`."""
    if path.stat().st_size > largest_sheet:
        raise Refused(f"一份表最多 {largest_sheet >> 20} MB；只交从这一页下载、填好的那一份。")
    try:
        sheets = open_table(path, within).sheets
    except FileRefused as refused:
        raise Refused(str(refused)) from refused
    for sheet in sheets:
        lines = [["" if cell is None else str(cell).strip() for cell in line] for line in sheet.frame.iter_rows()]
        if lines and lines[0][:2] == [_number, _name]:
            return lines
    raise Refused(f"这不是从这一页下载的表：第一行要从“{_number}”“{_name}”开始。")
