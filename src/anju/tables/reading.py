"""Read a ledger file: open it safely, find its header, read its columns, derive what is certain, refuse bad rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl

from anju.policy.model import Policy, Term
from anju.tables.blank import explanation
from anju.tables.body import Body, fill_merges, find_body, row
from anju.tables.cells import OddCell, letter
from anju.tables.columns import Parsed, number_advice, read_column
from anju.tables.derivation import Remark, derive, doubtful_ages, fill_birth_dates, fill_sexes, unspent
from anju.tables.headers import Header, Known, recognise, vocabulary
from anju.tables.layout import Column, Layout, find_layout, named_layout
from anju.tables.ledger import FileRefused, Ledger, Problem, Severity, Sheet
from anju.tables.opening import RawFile, RawSheet, open_table
from anju.tables.rules import row_rules

_set_aside = {
    "header": "这一行重复了表头，没有当数据读。",
    "total": "这一行是合计，没有当数据读。",
    "signature": "这一行是填表说明，没有当数据读。",
}
_odd_advice = {
    "error": "这一格是出错的公式，请改成数值或文字后再交。",
    "formula": "公式没有算出结果；请在 Excel 或 WPS 里打开一次并保存，或粘贴为“数值”。",
}
_spanning = "这里合并的格子横竖都跨了，只算在左上角那一格；请拆开，每格填好再交。"
_persons_of_rows = ("@name", "@head", "@id", "@household")
_few_columns = 3
_most_named = 10
_only_one = ("@key", "@id", "@name", "@household")


@dataclass(frozen=True, slots=True)
class Least:
    """What a sheet must give at least where it gives no fact: all of one of these sets of columns; ``otherwise`` says what is missing."""

    columns: Sequence[frozenset[str]]
    otherwise: str


_a_fact = Least((), "还要有一列说情况的，例如 养老状态、户籍意愿、安置人数，见表头说明。")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where problems of a sheet are: the file's and the sheet's name, and the column that gives each thing."""

    file: str
    sheet: str | None
    columns: Mapping[str, Column]

    def problem(self, row_number: int | None, gives: str, found: object, advice: str, *, refused: bool) -> Problem:
        column = self.columns.get(gives)
        text, place = (column.text, column.letter) if column else (None, None)
        shown = "" if found is None else str(found)[:60]
        severity: Severity = "refused" if refused else "warning"
        return Problem(self.file, self.sheet, row_number, text, place, shown, advice, severity)


def read_ledger(
    path: str | Path,
    policy: Policy,
    on: date,
    *,
    file: str | None = None,
    also: Sequence[Header] = (),
    folder: Path | None = None,
    least: Least = _a_fact,
) -> Ledger:
    """Read the ledger at `path` into frames of the policy's terms, as they stand on the day `on` (判定日).

    `file` is the name to show in problems, if it is not the path's own; `also` are headers that only this kind of file
    has, and `least` is enough for it; `folder` is where the child process may leave what it read meanwhile. Raises
    `FileRefused` when nothing in the file can be read. Regions named in it are not looked up here (see
    `anju.government.regions`).
    """
    path = Path(path)
    try:
        return ledger_of(open_table(path, folder), file or path.name, policy, on, also, least)
    except FileRefused as refused:
        raise FileRefused(replace(refused.problem, file=file or path.name)) from None


def ledger_of(
    raw: RawFile, file: str, policy: Policy, on: date, also: Sequence[Header] = (), least: Least = _a_fact
) -> Ledger:
    """The ledger that an opened file holds; `read_ledger` without the opening."""
    words = vocabulary(policy, also)
    sheets: list[Sheet] = []
    problems = [replace(problem, file=file) for problem in raw.problems]
    for sheet in raw.sheets:
        if sheet.name == explanation and len(raw.sheets) > 1:
            continue
        read = _read_sheet(sheet, file, policy.terms, words, on, least)
        if isinstance(read, Sheet):
            sheets.append(read)
        else:
            problems.append(read)
    if not sheets:
        raise FileRefused(_why_nothing(raw, file, problems))
    return Ledger(file, tuple(sheets), tuple(problems))


def _why_nothing(raw: RawFile, file: str, problems: list[Problem]) -> Problem:
    """Why no sheet could be read: the first refusal, or that the data are hidden, or that columns are missing, or there are no data,
    or no header.
    """
    empty = all(sheet.frame.is_empty() for sheet in raw.sheets)
    otherwise = Problem(file, None, None, None, None, "", "文件里没有数据。" if empty else _no_header, "refused")
    hidden = (replace(problem, severity="refused") for problem in raw.problems if problem.sheet is not None)
    refused = (problem for problem in problems if problem.severity == "refused")
    short = (replace(problem, severity="refused") for problem in problems if problem.advice.startswith(_too_little))
    return [*refused, *hidden, *short, otherwise][0]


_too_little = "光有"
_no_header = (
    "没有找到认得的表头；请把表头放在前 30 行里，"
    "用指导意见的术语（例如 养老状态、安置人数）或常用台账的表头，见表头说明。"
)


def _read_sheet(
    sheet: RawSheet, file: str, terms: Mapping[str, Term], words: Mapping[str, Known], on: date, least: Least
) -> Sheet | Problem:
    frame = sheet.frame if sheet.named else _without_blanks(fill_merges(sheet))
    layout = named_layout(frame, words) if sheet.named else find_layout(frame, sheet.first_column, words)
    if layout is None or not _says_something(layout, least):
        return Problem(file, sheet.name, None, None, None, "", _says_nothing(frame, layout, least), "warning")
    used, unused = _choose(layout)
    twice = _given_twice(used)
    if twice:
        given = "、".join(f"{column.letter} 列“{column.text}”" for column in twice)
        advice = f"{given}说的是同一件事，不知道该用哪一列，这张表没有读；请只留一列。"
        return Problem(file, sheet.name, None, None, None, "", advice, "refused")
    place = _Place(file, sheet.name, _as_beside(used))
    body = find_body(frame, layout, sheet.named)
    if not _says_something(layout, _a_fact) and _explains(body, used, words):
        return Problem(file, sheet.name, None, None, None, "", _says_nothing(frame, layout, least), "warning")
    told = [*_hidden(sheet, body, place), *_spanned(sheet, body, place)]
    ignored = (*(column.text for column in unused), *_nameless(body.frame, layout, sheet.first_column))
    read = _read_rows(sheet, body, place, terms, on)
    return replace(read, ignored=ignored, problems=(*told, *read.problems))


def _hidden(sheet: RawSheet, body: Body, place: _Place) -> list[Problem]:
    """Data that nobody sees on the sheet are read like the rest."""
    rows = body.frame[row].filter(body.frame[row].is_in(sheet.hidden.rows)).to_list() if sheet.hidden.rows else []
    read = sorted({column.index + sheet.first_column for column in place.columns.values()} & {*sheet.hidden.columns})
    several = "、".join(map(str, rows[:_most_named])) + (f" 等 {len(rows)}" if len(rows) > _most_named else "")
    told = "和".join(
        [*([f"第 {several} 行"] if rows else ()), *([f"{'、'.join(map(letter, read))} 列"] if read else ())]
    )
    advice = f"{told}是隐藏的，也照样读了；不要的请删掉再交。"
    return [place.problem(None, "", None, advice, refused=False)] if told else []


def _spanned(sheet: RawSheet, body: Body, place: _Place) -> list[Problem]:
    """Merged ranges over rows and columns of the data, which `fill_merges` does not spread."""
    tops = {merge.top for merge in sheet.merges if merge.left != merge.right and merge.top != merge.bottom}
    rows = body.frame[row].filter(body.frame[row].is_in(sorted(tops))).to_list() if tops else []
    return [place.problem(number, "", None, _spanning, refused=False) for number in rows]


def _nameless(body: pl.DataFrame, layout: Layout, first_column: int) -> list[str]:
    """Columns that hold something but have no header, so that nobody believes they were read."""
    named = {column.index for column in layout.columns}
    filled = [body.to_series(index + 1).is_not_null().any() for index in range(body.width - 1)]
    return [
        f"{letter(index + first_column)} 列（没有表头）"
        for index, holds in enumerate(filled)
        if holds and index not in named
    ]


def _says_something(layout: Layout, least: Least) -> bool:
    """Whether the sheet gives a fact or a place, or at least looks like a list; a sheet of instructions does not."""
    gives = {column.gives for column in layout.columns} - {"-"}
    facts = [name for name in gives if not name.startswith("@") or name.startswith(("@origin_", "@destination_"))]
    return bool(facts) or len(gives) >= _few_columns or any(enough <= gives for enough in least.columns)


def _explains(body: Body, used: list[Column], words: Mapping[str, Known]) -> bool:
    """Whether below the few columns of a sheet mostly names of columns follow, as in instructions how each is filled in."""
    cells = {text for column in used for text in body.frame.to_series(column.index + 1).cast(pl.String).drop_nulls()}
    return bool(cells) and 2 * sum(recognise(text, words) is not None for text in cells) >= len(cells)


def _says_nothing(frame: pl.DataFrame, layout: Layout | None, least: Least) -> str:
    """Why a sheet is not read."""
    known = [f"“{column.text}”" for column in layout.columns if column.gives != "-"] if layout else []
    if known:
        return f"{_too_little}{'、'.join(known)}不够，没有读：{least.otherwise}"
    return "这张工作表没有认得的表头，没有读。" if not frame.is_empty() else "这张工作表是空的。"


def _without_blanks(frame: pl.DataFrame) -> pl.DataFrame:
    text = pl.all().str.strip_chars()
    return frame.with_columns(pl.when(text != "").then(text))


def _choose(layout: Layout) -> tuple[list[Column], list[Column]]:
    """The columns that are read, and those that nothing is done with.

    Sums of people belong to a directory of sites; in a list of people the same words mean something else. An identity
    column that stands there twice is read from its first place.
    """
    directory = not any(column.gives in _persons_of_rows for column in layout.columns)
    used: list[Column] = []
    unused: list[Column] = []
    seen: set[str] = set()
    for column in layout.columns:
        gives = column.gives
        sums = gives.startswith(("~site_", "~flag_")) or (gives == "persons" and column.text == "合计")
        again = gives in seen and gives[0] in "@~" and gives not in _only_one
        read = gives != "-" and (directory or not sums) and not again
        (used if read else unused).append(column)
        seen.add(gives)
    return used, unused


def _as_beside(used: list[Column]) -> dict[str, Column]:
    """The columns by what they give; as text those of which nothing is made beside another one."""
    by_what = {column.gives: column for column in used}
    for gives, column in by_what.items():
        assert column.known is not None
        if column.known.header.unless in by_what:
            header = replace(column.known.header, reads="文本")
            by_what[gives] = replace(column, known=replace(column.known, header=header))
    return by_what


def _given_twice(used: list[Column]) -> list[Column]:
    counts: dict[str, list[Column]] = {}
    for column in used:
        counts.setdefault(column.gives, []).append(column)
    return next((columns for columns in counts.values() if len(columns) > 1), [])


def _read_rows(sheet: RawSheet, body: Body, place: _Place, terms: Mapping[str, Term], on: date) -> Sheet:
    frame, problems = _read_columns(sheet, body, place)
    frame, remarks = _complete(frame, terms, on)
    problems += _broken_rules(frame, place)
    refused = {problem.row for problem in problems if problem.row is not None}
    problems += _remarked(body.frame, remarks, refused, place)
    for why, numbers in body.set_aside.items():
        problems += [place.problem(number, "", None, _set_aside[why], refused=False) for number in numbers]
    problems.sort(key=lambda problem: problem.row or 0)
    there = frame.select(~pl.col(row).is_in(sorted(refused))).to_series()
    kept = frame.filter(there)
    sources = {gives: column for gives, column in place.columns.items() if gives.startswith("~")}
    raw = {gives: body.frame.to_series(column.index + 1).filter(there) for gives, column in sources.items()}
    left = {gives: many for gives, many in unspent(kept, raw, place.columns) if many}
    kept = kept.select(pl.exclude("^~.*$"))
    codes = tuple(name for name in kept.columns if name in terms)
    headers = {gives: column.text for gives, column in place.columns.items()}
    return Sheet(sheet.name, kept, codes, (), tuple(problems), len(refused), headers, left)


def _read_columns(sheet: RawSheet, body: Body, place: _Place) -> tuple[pl.DataFrame, list[Problem]]:
    """Every used column read by its header, and a refusal for every cell that could not be read."""
    rows = body.frame[row]
    columns: dict[str, pl.Series] = {row: rows}
    problems: list[Problem] = []
    for gives, column in place.columns.items():
        raw = body.frame.to_series(column.index + 1)
        parsed = _with_odd_cells(_read(raw, column), rows, sheet.odd, column, sheet.first_column)
        columns[gives] = parsed.values
        columns |= {f"{gives}.{code}": mask for code, mask in parsed.specials.items()}
        problems += _unreadable(parsed.advice, raw, rows, gives, place)
    return pl.DataFrame([series.alias(name) for name, series in columns.items()]), problems


def _read(raw: pl.Series, column: Column) -> Parsed:
    assert column.known is not None
    return read_column(raw, column.known.header, column.known.term)


def _with_odd_cells(parsed: Parsed, rows: pl.Series, odd: Iterable[OddCell], column: Column, first: int) -> Parsed:
    """The column with the cells refused that hold an error, a formula without answer, or a number that lost digits."""
    assert column.known is not None
    lost = number_advice(column.known.header.reads)
    advice = {
        cell.row: _odd_advice.get(cell.kind) or lost
        for cell in odd
        if cell.column == column.index + first and (cell.kind != "number" or (lost and _long(cell)))
    }
    if not advice:
        return parsed
    here = rows.replace_strict(list(advice), list(advice.values()), default=None, return_dtype=pl.String)
    return replace(parsed, advice=here.fill_null(parsed.advice))


def _long(cell: OddCell) -> bool:
    """Whether a number has more digits than a workbook's number can hold."""
    return float(cell.text) >= 10**15


def _unreadable(advice: pl.Series, raw: pl.Series, rows: pl.Series, gives: str, place: _Place) -> list[Problem]:
    wrong = pl.DataFrame([rows.alias("row"), raw.cast(pl.String).alias("raw"), advice.alias("advice")])
    wrong = wrong.filter(pl.col("advice").is_not_null())
    return [place.problem(number, gives, found, text, refused=True) for number, found, text in wrong.iter_rows()]


def _complete(frame: pl.DataFrame, terms: Mapping[str, Term], on: date) -> tuple[pl.DataFrame, list[Remark]]:
    """The frame with key, derived terms and filled birth dates, without the sources that only served derivations."""
    derived = derive(frame, terms, on)
    frame = frame.with_columns(**derived.columns)
    frame, differing = fill_birth_dates(fill_sexes(frame))
    key = pl.col(row).cast(pl.String)
    key = pl.coalesce(pl.col("@key"), key) if "@key" in frame.columns else key
    frame = frame.with_columns(key.alias("@key"))
    frame = frame.select(row, "@key", pl.exclude(row, "@key"))
    return frame, [*derived.remarks, *(remark for remark in (differing, doubtful_ages(frame, on)) if remark)]


def _broken_rules(frame: pl.DataFrame, place: _Place) -> list[Problem]:
    problems = []
    for rule in row_rules:
        if set(rule.terms) <= set(frame.columns):
            broken = frame.filter(rule.broken()).select(row, rule.terms[0])
            problems += [
                place.problem(number, rule.terms[0], found, rule.advice, refused=True)
                for number, found in broken.iter_rows()
            ]
    return problems


def _remarked(body: pl.DataFrame, remarks: list[Remark], refused: set[int], place: _Place) -> list[Problem]:
    """Warnings with what stands in the cell; rows that were refused anyway get none."""
    problems = []
    for remark in remarks:
        column = place.columns.get(remark.source)
        shown = pl.lit(None) if column is None else pl.col(body.columns[column.index + 1])
        problems += [
            place.problem(number, remark.source, found, remark.advice, refused=False)
            for number, found in body.filter(remark.where).select(pl.col(row), shown.alias("found")).iter_rows()
            if number not in refused
        ]
    return problems
