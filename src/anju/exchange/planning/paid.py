"""A list of what an office paid against the months that are kept: each row is one amount, or says what is written down already."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from anju.exchange import beside
from anju.exchange.planning.single import judged, known_kind, known_person
from anju.exchange.shaping import Within, noted, read_by, refused_where
from anju.government.queries import Scope
from anju.payments.chain import is_office, office_of
from anju.payments.models import Kind, clause
from anju.payments.months import earliest, so_far_back, text_of
from anju.register.privacy import works_on
from anju.tables.values import read_cents, read_month

_keys = ["@person", "@kind", "@of"]


def paid(frame: pl.DataFrame, within: Within, scopes: Sequence[Scope]) -> pl.DataFrame:
    """The frame of payments with ``@person``, ``@verdict`` and ``@conflicts``; ``@of`` is the month as a number, ``@cents`` the amount.

    What the months say otherwise is noted and taken all the same: it was paid.
    """
    mine = Kind.values if works_on(scopes, clause) else []
    frame = known_kind(frame, dict(Kind.choices), mine, "救助")
    frame = known_person(frame, within)
    frame = _read(_with_office(frame, within), within)
    paid = beside.amounts(frame["@person"].drop_nulls().unique().to_list())
    own = paid.filter((pl.col("sort") == "paid") & ~pl.col("returned")).select(
        *_keys, "@payer", pl.col("cents").alias("@there")
    )
    joined = frame.join(own, on=[*_keys, "@payer"], how="left", maintain_order="left")
    same = pl.col("@there") == pl.col("@cents")
    told = pl.format(
        "这一方这个月已经登记发了 {} 元；少发的登记补发，多发的登记追回。", (pl.col("@there") / 100).round(2)
    )
    joined = refused_where(joined, pl.col("@there").is_not_null() & ~same, told)
    again = ~pl.struct(*_keys, "@payer").is_first_distinct() & ~pl.col("@refused")
    joined = refused_where(joined, again, "同一个人同一个月写了两行，请合成一行。")
    return judged(_compared(joined, paid), same)


def _with_office(frame: pl.DataFrame, within: Within) -> pl.DataFrame:
    """``@payer`` as the township that pays: the row's own, or the batch's region where it is one."""
    default = within.region if is_office(within.region) else None
    filled = frame.with_columns(pl.col("@payer").fill_null(pl.lit(default, pl.String)))
    offices = {code: office_of(code) for code in filled["@payer"].drop_nulls().unique()}
    read = (
        pl.col("@payer").replace_strict(offices, default=None, return_dtype=pl.String) if offices else pl.col("@payer")
    )
    placed = filled.with_columns(read.alias("@payer"))
    placed = refused_where(placed, pl.col("@payer").is_null(), "没有写发放地：按乡镇发，请写乡镇，或者按乡镇交。")
    return refused_where(placed, ~within.reaches("@payer"), "发放地不在这一批的地区里，请让当地交，或者换一个地区。")


def _read(frame: pl.DataFrame, within: Within) -> pl.DataFrame:
    """Month and amount as numbers; what is none, yet to come or too long ago is refused."""
    read = read_by(frame, "@month", "@of", read_month, "发放月份")
    read = refused_where(read, pl.col("@month").is_null(), "没有写发放月份，没有收。")
    read = read_by(read, "@amount", "@cents", read_cents, "金额")
    read = refused_where(read, pl.col("@amount").is_null(), "没有写金额，没有收。")
    now = within.on.year * 100 + within.on.month
    read = refused_where(read, pl.col("@of") > now, "发放月份还没有到。")
    oldest = earliest(now)
    early = f"发放月份太早了，最早写 {text_of(oldest)}（{so_far_back} 个月以内），请看看年份写对没有。"
    read = refused_where(read, pl.col("@of") < oldest, early)
    read = refused_where(read, pl.col("@on").is_null(), "没有写发放日期，没有收。")
    return refused_where(read, pl.col("@on") > within.on, "发放日期不能晚于今天。")


def _compared(frame: pl.DataFrame, paid: pl.DataFrame) -> pl.DataFrame:
    """The frame with notes on what is known otherwise: another office should, nobody should, another office did, the other kind was or is
    to be paid, the same office did belatedly.
    """
    taken, left = ~pl.col("@refused"), paid.filter(pl.col("left") > 0)
    joined, others = _with_payers(frame)
    wrong = taken & (pl.col("@who") != pl.col("@payer"))
    joined = noted(joined, wrong & (pl.col("@who") != ""), "这个月不该由这里发；并入后两边都要处理。")
    stopped = pl.format("这个月已经停发（{}）；并入后要追回。", "@because")
    joined = noted(joined, wrong & (pl.col("@who") == ""), stopped)
    before = left.select(*_keys, "@payer", pl.col("left").alias("@before")).unique()
    joined = joined.join(before, on=[*_keys, "@payer"], how="left", maintain_order="left")
    belated = taken & pl.col("@there").is_null() & (pl.col("@before") > 0)
    both = (pl.col("@before"), pl.col("@before") + pl.col("@cents"))
    told = pl.format(
        "这一方这个月已经补发了 {} 元，并入后一共 {} 元；是同一笔的，不要再并入。",
        *((one / 100).round(2) for one in both),
    )
    joined = noted(joined, belated, told)
    there = joined.select("@at", *_keys, "@payer").join(left, on=["@person", "@of"], suffix="+")
    crossed = there.filter((pl.col("@kind") == pl.col("@kind+")) & (pl.col("@payer") != pl.col("@payer+")))["@at"]
    joined = noted(joined, taken & pl.col("@at").is_in(crossed.implode()), "另一方这个月已经发了，并入后是重发。")
    paid_too = there.filter(pl.col("@kind") != pl.col("@kind+"))["@at"]
    of_list = pl.col("@kind").filter(taken).n_unique().over("@person", "@of") > 1
    other = pl.col("@at").is_in(pl.concat([paid_too, others]).implode()) | of_list
    told_too = "同一个月低保和特困只发一种，另一种这个月有一方发；并入后是重发。"
    return noted(joined, taken & other, told_too).drop("@who", "@because", "@before")


def _with_payers(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    """The frame with who has to pay each row's month (``@who``, "" nobody) and why (``@because``); and the rows in whose month somebody has
    to pay the other kind.
    """
    steps = beside.payers(frame["@person"].drop_nulls().unique().to_list())
    rows = frame.select("@at", *_keys).join(steps, on="@person", suffix="+").filter(pl.col("@since") <= pl.col("@of"))
    last = rows.sort("@since").group_by("@at", "@kind", "@kind+").last()
    own = last.filter(pl.col("@kind") == pl.col("@kind+")).select("@at", "@who", "@because")
    others = last.filter((pl.col("@kind") != pl.col("@kind+")) & (pl.col("@who") != ""))["@at"]
    return frame.join(own, on="@at", how="left", maintain_order="left"), others
