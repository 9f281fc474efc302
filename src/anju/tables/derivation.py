"""Facts that follow from several columns of a real ledger, and only those that follow for certain.

A 否 in one column is not a 无 in another: who is not on 低保 may be on 特困 or get other help, so nothing is filled in.
A column of the term itself always wins; then these derivations are not made.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from anju.policy.model import Term
from anju.tables import identity
from anju.tables.columns import dtype_of, never
from anju.tables.values import unknown_words

_people_of_ten_thousand = 10_000
_people_of_eight_hundred = 800
_counted = ("~site_registered", "~site_concurrent")
_checked = ("~flag_800", "~flag_10000")
_pension_sources = ("~resident_pension", "~employee_pension", "~pension_drawing")


@dataclass(frozen=True, slots=True)
class Remark:
    """A warning for the rows where `where` (Boolean, one a row) holds: about the column that gives `source`."""

    source: str
    where: pl.Series
    advice: str


@dataclass(frozen=True, slots=True)
class Derived:
    """New columns by name (terms, and `code.special` masks), and remarks."""

    columns: Mapping[str, pl.Series]
    remarks: tuple[Remark, ...] = ()


def derive(frame: pl.DataFrame, terms: Mapping[str, Term], on: date) -> Derived:
    """Every derivation whose sources the frame has and whose term it does not have yet."""
    columns: dict[str, pl.Series] = {}
    remarks: list[Remark] = []
    for code, sources, make in _derivations:
        if code in terms and code not in frame.columns and any(source in frame.columns for source in sources):
            made = make(_with(frame, sources), terms[code], on)
            # A term that follows for no row at all is not in the file: it is named once and asked of nobody.
            if not all(column.is_null().all() for column in made.columns.values()):
                columns |= made.columns
            remarks += made.remarks
    sites = _site_counts(frame, terms)
    return Derived(columns | dict(sites.columns), (*remarks, *sites.remarks))


def _with(frame: pl.DataFrame, sources: tuple[str, ...]) -> pl.DataFrame:
    """The frame with a column for every source, blank where the file has none."""
    absent = [pl.lit(None, pl.Boolean).alias(source) for source in sources if source not in frame.columns]
    return frame.with_columns(absent)


def _medical_status(frame: pl.DataFrame, term: Term, on: date) -> Derived:
    del on
    resident, employee = pl.col("~resident_medical"), pl.col("~employee_medical")
    value = (
        pl.when(resident & employee.not_().fill_null(value=True))
        .then(pl.lit("resident"))
        .when(employee & resident.not_().fill_null(value=True))
        .then(pl.lit("employee"))
        # In neither is 未参保. If it was employees' insurance that lapsed, the same duty (动员参保) follows.
        .when(~resident & ~employee)
        .then(pl.lit("uninsured"))
    )
    both = frame.select(both=resident & employee)["both"].fill_null(value=False)
    advice = "居民医保和职工医保都写“是”，一人只能有一个，医保状态没有填；请核实后更正。"
    return Derived({term.code: _as_term(frame, value, term)}, (Remark("~resident_medical", both, advice),))


def _pension_status(frame: pl.DataFrame, term: Term, on: date) -> Derived:
    del on
    resident, employee, drawing = (pl.col(source) for source in _pension_sources)
    only_resident = resident & employee.not_().fill_null(value=True)
    value = (
        pl.when(employee & resident.not_().fill_null(value=True))
        .then(pl.lit("employee"))
        .when(only_resident & drawing)
        .then(pl.lit("drawing"))
        .when(only_resident & ~drawing)
        .then(pl.lit("contributing"))
    )
    both = frame.select(both=resident & employee)["both"].fill_null(value=False)
    advice = "居民养老和职工养老都写“是”，养老状态没有填；请核实后更正。"
    return Derived({term.code: _as_term(frame, value, term)}, (Remark("~resident_pension", both, advice),))


def _assistance_kind(frame: pl.DataFrame, term: Term, on: date) -> Derived:
    del on
    kind = pl.col("~household_type").cast(pl.String)
    dibao = pl.col("~dibao").fill_null(kind.eq("dibao")).fill_null(value=False)
    tekun = pl.col("~tekun").fill_null(kind.eq("tekun")).fill_null(value=False)
    denied = ((kind == "dibao") & ~pl.col("~dibao")) | ((kind == "tekun") & ~pl.col("~tekun"))
    unclear = (dibao & tekun) | denied.fill_null(value=False)
    # No 无 here: who is on neither 低保 nor 特困 may be on other help (其他), and no column denies that.
    value = pl.when(unclear).then(None).when(dibao).then(pl.lit("dibao")).when(tekun).then(pl.lit("tekun"))
    where = frame.select(unclear=unclear)["unclear"]
    source = next(name for name in ("~dibao", "~tekun", "~household_type") if name in frame.columns)
    advice = "低保、特困和户类型互相对不上（低保和特困不能同时享受），救助类别没有填；请核实后更正。"
    return Derived({term.code: _as_term(frame, value, term)}, (Remark(source, where, advice),))


def _paired_officers(frame: pl.DataFrame, term: Term, on: date) -> Derived:
    """How many different officers the file names for a household: by its code, else its ID number, else its row."""
    del on
    keys = [pl.col(name) for name in ("@household", "@id", "@head_id") if name in frame.columns]
    # One cell may name several officers, and one household may stand in several rows, one an officer.
    keyed = frame.select(
        household=pl.coalesce([*keys, pl.col("@row").cast(pl.String)]),
        officer=pl.col("~officer").cast(pl.String).str.replace_all(r"[\s,，;；/]+", "、").str.split("、"),
    )
    named = keyed.explode("officer").filter(pl.col("officer").str.len_chars() > 0)
    counts = named.group_by("household").agg(pl.col("officer").n_unique().cast(pl.Int64).alias(term.code))
    return Derived({term.code: keyed.join(counts, on="household", how="left", maintain_order="left")[term.code]})


def _days_since_visit(frame: pl.DataFrame, term: Term, on: date) -> Derived:
    visit = pl.col("~last_visit").cast(pl.String)
    asked = pl.col("as_of").fill_null(on) if "as_of" in frame.columns else pl.lit(on)
    days = (asked - visit.str.to_date("%Y-%m-%d", strict=False)).dt.total_days()
    answer = frame.select(days=days, never=(visit == never).fill_null(value=False))
    future = (answer["days"] < 0).fill_null(value=False)
    columns = {term.code: answer.select(pl.when(pl.col("days") >= 0).then("days"))["days"].alias(term.code)}
    if answer["never"].any():
        columns[f"{term.code}.never"] = answer["never"]
    return Derived(columns, (Remark("~last_visit", future, "走访日期在判定日之后，距上次走访天数没有填；请核对。"),))


def _household_moved_in(frame: pl.DataFrame, term: Term, on: date) -> Derived:
    """In a list of households, the day of moving in is the household's."""
    del on
    return Derived({} if "@name" in frame.columns else {term.code: frame["moved_in_on"].alias(term.code)})


def _birth_date(frame: pl.DataFrame, term: Term, on: date) -> Derived:
    """From the person's own ID number. A sheet of households (户主 and no 姓名) says nothing about a person."""
    del on
    if "@head" in frame.columns and "@name" not in frame.columns:
        return Derived({})
    return Derived({term.code: frame.select(id="@id").select(identity.id_birth_date())["id"]})


def fill_sexes(frame: pl.DataFrame) -> pl.DataFrame:
    """`@sex` by the ID number where the file does not say it."""
    if not {"@id", "@name"} <= set(frame.columns):
        return frame
    by_id = frame.select(id="@id").select(identity.id_sex().alias("@sex"))["@sex"]
    return frame.with_columns(frame["@sex"].fill_null(by_id) if "@sex" in frame.columns else by_id)


def fill_birth_dates(frame: pl.DataFrame) -> tuple[pl.DataFrame, Remark | None]:
    """Blank birth dates from the ID number, and a remark where both are given and differ."""
    if not {"birth_date", "@id"} <= set(frame.columns):
        return frame, None
    by_id = frame.select(id="@id").select(identity.id_birth_date())["id"]
    differ = (frame["birth_date"] != by_id).fill_null(value=False)
    advice = "出生日期和身份证号对不上，已按出生日期一列；请核对哪个是对的。"
    return frame.with_columns(frame["birth_date"].fill_null(by_id)), Remark("birth_date", differ, advice)


def doubtful_ages(frame: pl.DataFrame, on: date) -> Remark | None:
    """A remark where the age given and the birth date differ by more than the year that an old list is behind."""
    if not {"age", "birth_date"} <= set(frame.columns):
        return None
    asked = pl.col("as_of").fill_null(on) if "as_of" in frame.columns else pl.lit(on)
    born = pl.col("birth_date")
    before = (born.dt.month() * 100 + born.dt.day()) > (asked.dt.month() * 100 + asked.dt.day())
    years = asked.dt.year() - born.dt.year() - before.cast(pl.Int32)
    differ = frame.select(differ=(pl.col("age") - years).abs() > 1)["differ"].fill_null(value=False)
    return Remark("age", differ, "年龄和出生日期对不上，已按年龄一列；请核对哪个是对的。")


def _site_counts(frame: pl.DataFrame, terms: Mapping[str, Term]) -> Derived:
    """安置人数 of a site directory: 合计, else 建档立卡 + 同步搬迁; its flags are checked, never used."""
    if "persons" not in terms:
        return Derived({})
    total = _sum(frame) if set(_counted) <= set(frame.columns) else None
    given = frame["persons"] if "persons" in frame.columns else None
    if total is None and given is None:
        return Derived({})
    persons = total if given is None else given if total is None else given.fill_null(total)
    assert persons is not None
    remarks = []
    if total is not None and given is not None:
        differ = (given != total).fill_null(value=False)
        remarks.append(Remark("persons", differ, "合计和建档立卡、同步搬迁之和对不上，已按合计；请核对。"))
    for source, at_least in zip(_checked, (_people_of_eight_hundred, _people_of_ten_thousand), strict=True):
        if source in frame.columns:
            wrong = (frame[source] != (persons >= at_least)).fill_null(value=False)
            remarks.append(Remark(source, wrong, "这个标记和安置人数对不上，已按人数重算；请改正标记或人数。"))
    return Derived({"persons": persons.alias("persons")}, tuple(remarks))


def _sum(frame: pl.DataFrame) -> pl.Series:
    return frame["~site_registered"] + frame["~site_concurrent"]


def _as_term(frame: pl.DataFrame, value: pl.Expr, term: Term) -> pl.Series:
    return frame.select(value.cast(dtype_of(term)).alias(term.code))[term.code]


_Make = Callable[[pl.DataFrame, Term, date], Derived]
_derivations: tuple[tuple[str, tuple[str, ...], _Make], ...] = (
    ("medical_status", ("~resident_medical", "~employee_medical"), _medical_status),
    ("pension_status", _pension_sources, _pension_status),
    ("assistance_kind", ("~dibao", "~tekun", "~household_type"), _assistance_kind),
    ("paired_officers", ("~officer",), _paired_officers),
    ("days_since_visit", ("~last_visit",), _days_since_visit),
    ("household_moved_in_on", ("moved_in_on",), _household_moved_in),
    ("birth_date", ("@id",), _birth_date),
)


def sources_of(code: str) -> Sequence[str]:
    """What a term may follow from, in a file that does not give it."""
    return next((sources for made, sources, _ in _derivations if made == code), ())


def unspent(frame: pl.DataFrame, raw: Mapping[str, pl.Series], given: Collection[str]) -> Iterator[tuple[str, int]]:
    """Of each source that only serves derivations: in how many rows something stands from which nothing followed.

    Args:
        frame: the rows that were read, with what followed.
        raw: the sources' cells as they stand in these rows.
        given: what the file gives itself; from its own column a term does not follow a second time.
    """
    for source, cells in raw.items():
        text = cells.cast(pl.String).str.strip_chars().str.to_lowercase()
        said = text.is_not_null() & ~text.is_in(["", *unknown_words])
        yield source, int((said & ~_followed(frame, source, given)).fill_null(value=False).sum())


def _followed(frame: pl.DataFrame, source: str, given: Collection[str]) -> pl.Series:
    """Whether in each row something followed from a source, or was compared with it."""
    nothing = pl.Series([False]).new_from_index(0, frame.height)
    if source in (*_counted, *_checked):
        needed = ["persons", *(_counted if source in _counted else ())]
        return (
            frame.select(pl.all_horizontal(pl.col(needed).is_not_null())).to_series()
            if _has(frame, needed)
            else nothing
        )
    code = next(code for code, sources, _ in _derivations if source in sources)
    made = [name for name in frame.columns if name.partition(".")[0] == code]
    if code in given or not made:
        return nothing
    flags = {name: pl.col(name) if "." in name else pl.col(name).is_not_null() for name in made}
    return frame.select(pl.any_horizontal(flags.values())).to_series()


def _has(frame: pl.DataFrame, columns: Sequence[str]) -> bool:
    return set(columns) <= set(frame.columns)
