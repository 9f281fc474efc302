"""An insurer's list against the ledger's people: each row is kept as it is, or says what a list of the month says already.

Nothing of it goes into the register here: what differs is found by the comparison (`anju.payments.comparing`), and an officer takes it
over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from anju.exchange import beside, finding
from anju.exchange.planning.single import judged
from anju.exchange.shaping import Within, noted, read_by, refused_where, with_columns
from anju.government.lines import Level
from anju.government.queries import Scope
from anju.government.regions.table import county as county_digits
from anju.government.regions.table import significant
from anju.payments.comparing import people_of
from anju.payments.listed import named, rows_of, text_of_row, without_names
from anju.payments.models import Insurance, comparing_lines
from anju.register.guideline import guideline
from anju.sealing.masking import mask
from anju.tables.values import read_month

_stranger = "台账里没有这个人，收下以后列在“名单有、台账没有”里。"
_held = "这个人登记在别处，保险归这里，收下以后照样比对。"
_elsewhere = "这个人登记在别处，收下以后列在“名单有、台账没有”里。"


def insured(frame: pl.DataFrame, within: Within, scopes: Sequence[Scope], insurance: Insurance) -> pl.DataFrame:
    """The frame of a list with ``@person`` (None: not registered here), ``@of`` (the month as a number), ``@told``, ``@verdict`` and
    ``@conflicts``.
    """
    frame = with_columns(frame, ["@place", "@household"])
    frame = _yours(frame, within, scopes, insurance)
    frame = _known(frame, within, insurance)
    frame = _read(frame, within, insurance)
    frame = frame.with_columns(_told(frame, insurance))
    kept = pl.col("@told").is_not_null() & ~pl.col("@refused")
    frame = named(frame, "@index")
    key = pl.coalesce("@known", "@index", pl.col("@at").cast(pl.String))
    frame = frame.with_columns(pl.when(kept).then(key).alias("@whom"))
    again = kept & ~pl.struct("@whom", "@of", "@told").is_first_distinct()
    frame = refused_where(frame, again, "同一个人同一个月写了两行一样的，只收一行。")
    return judged(frame, _there(frame, within, insurance)).drop("@known", "@whom")


def _yours(frame: pl.DataFrame, within: Within, scopes: Sequence[Scope], insurance: Insurance) -> pl.DataFrame:
    """Lists are a county's, and are handed in by whoever compares there."""
    lines, region = comparing_lines(insurance), within.region
    mine = any(s.lo == region and s.level == Level.COUNTY and s.line in lines for s in scopes)
    whole = len(significant(region)) == county_digits
    frame = refused_where(frame, pl.lit(not whole), "参保名单按区县交：归口地区请选区县。")
    return refused_where(frame, pl.lit(whole and not mine), f"{insurance.list_name}由区县的经办部门交，请转给他们。")


def _known(frame: pl.DataFrame, within: Within, insurance: Insurance) -> pl.DataFrame:
    """The frame with ``@person``. Who is not registered is no mistake of the list's; another name under the same number is."""
    found = beside.people(finding.people(frame, within), within.on)
    found = found.select(c for c in found.columns if not c.startswith("<") or c in ("<@name", "<@ended"))
    clear = ~pl.col("@refused")
    found = refused_where(found, clear & (pl.col("@several") > 0), "有不止一个人叫这个名字、同一天生，请写证件号码。")
    other = (pl.col("@name") != pl.col("<@name")) & pl.col("@name").is_not_null() & ~pl.col("@renamed")
    found = refused_where(found, other, "证件号码登记的是另一个名字，请核对。")
    found = refused_where(found, pl.col("<@ended").is_not_null(), "这个人已经注销，请先停保。")
    nobody = ~pl.col("@refused") & pl.col("@person").is_null()
    some = not found.filter(nobody & pl.col("@elsewhere")).is_empty()
    own = people_of(insurance, within.region)["index"].drop_nulls().to_list() if some else []
    held = pl.col("@index").is_in(own).fill_null(value=False)
    found = noted(found, nobody & pl.col("@elsewhere") & held, _held)
    found = noted(found, nobody & pl.col("@elsewhere") & ~held, _elsewhere)
    return noted(found, nobody & ~pl.col("@elsewhere"), _stranger)


def _read(frame: pl.DataFrame, within: Within, insurance: Insurance) -> pl.DataFrame:
    """Month and paid months as numbers; a row without its month is of the month of the batch."""
    now = within.on.year * 100 + within.on.month
    paid = pl.col("@months").str.strip_chars(" 个月").str.extract(r"^(\d{1,4})$", 1).cast(pl.Int64)
    read = read_by(frame, "@month", "@of", read_month, "参保月份")
    this = pl.when(pl.col("@month").is_null()).then(pl.lit(now, pl.Int64)).otherwise("@of")
    read = read.with_columns(this.alias("@of"), paid.alias("@paid"))
    read = refused_where(read, pl.col("@of") > now, "参保月份还没有到。")
    read = refused_where(read, pl.col("@months").is_not_null() & pl.col("@paid").is_null(), "缴费月数写整数，没有收。")
    name = guideline().terms[insurance.status].name
    blank = pl.col(insurance.status).is_null() if insurance.status in read.columns else pl.lit(value=True)
    return refused_where(read, blank, f"没有写{name}，没有收。")


def _told(frame: pl.DataFrame, insurance: Insurance) -> pl.Series:
    """What each row says, as it is kept."""
    codes = [code for code in insurance.facts if code in frame.columns]
    own = ["@name", "@id", "@place", "@paid", "@person", "@refused"]
    return pl.Series(
        "@told",
        [
            None if line["@refused"] else text_of_row(_row(line, codes))
            for line in frame.select(*own, *codes).iter_rows(named=True)
        ],
        dtype=pl.String,
    )


def _row(line: Mapping[str, Any], codes: Iterable[str]) -> dict[str, Any]:
    """The name and the masked number only of somebody who is not registered: everybody else has them in the register."""
    told = {"facts": {code: line[code] for code in codes if line[code] is not None}}
    more = {"place": line["@place"], "months": line["@paid"]}
    if line["@person"] is None:
        more |= {"name": line["@name"], "number": mask("id_number", line["@id"]) if line["@id"] else None}
    return told | {name: value for name, value in more.items() if value is not None}


def _there(frame: pl.DataFrame, within: Within, insurance: Insurance) -> pl.Expr:
    """Whether all rows of the file about somebody are those that the county's lists of the month have."""
    months = frame["@of"].drop_nulls().unique().to_list()
    parts = [
        rows_of(insurance, month, within.region).with_columns(pl.lit(month, pl.Int64).alias("@of")) for month in months
    ]
    if not parts:
        return pl.lit(value=False)
    said = pl.col("@told").sort().str.join("\n").alias("@all")
    there = _said(pl.concat(parts).rename({"key": "@whom", "told": "@told"})).group_by("@whom", "@of").agg(said)
    given = _said(frame.filter(~pl.col("@refused"))).group_by("@whom", "@of").agg(said)
    same = given.join(there, on=["@whom", "@of", "@all"], how="semi", nulls_equal=True)
    keys = frame.select("@at", "@whom", "@of").join(same, on=["@whom", "@of"], how="semi")
    return pl.col("@at").is_in(keys["@at"].implode())


def _said(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with what they say of whom is registered by now, as a list that comes in now says it."""
    pairs = rows.select("@known", "@told").iter_rows()
    return rows.with_columns(
        pl.Series("@told", [told if known is None else without_names(told) for known, told in pairs], dtype=pl.String)
    )
