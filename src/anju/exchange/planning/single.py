"""Lists of single steps of relations and of single wishes against the register: each row adds one, or says what is there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

import polars as pl

from anju.exchange import beside, finding
from anju.exchange.shaping import Within, noted, refused_where
from anju.government.queries import Scope
from anju.register.actions.relations import clauses, drawn_stays
from anju.register.actions.wishes import choices
from anju.register.guideline import guideline
from anju.register.models.relations import Because, Kind
from anju.register.models.wishes import WishKind
from anju.register.privacy import works_on
from anju.register.provided import wish_terms
from anju.register.steps import unknown_since
from anju.tables.headers import labels_of

_nobody = "这一批的地区里没有登记这个人；请先导入人，或者核对证件号码。"
_several = "有不止一个人叫这个名字、同一天生，请写证件号码。"
_no_kind = "没有这种{}，请写：{}。"
_not_yours = "这种{}不归您的条线办，请转给负责的部门。"
_other_home = "户编号和登记的不一样，没有改；换了户，请在人员名单里交。"
_Day = tuple[str, str, date]
"""The person, the kind of wish, the day."""
_ends = [Because.DEATH, Because.CANCELLED, Because.STATUS, Because.WITHDRAWN]


def relations(frame: pl.DataFrame, within: Within, scopes: Sequence[Scope]) -> pl.DataFrame:
    """The frame of relations with ``@person``, ``@after`` (the day of the step before), ``@verdict`` and ``@conflicts``.

    Chains grow at their end: of several rows about one relation of one person each stands on the one before.
    """
    mine = [str(kind) for kind, clause in clauses.items() if works_on(scopes, clause)]
    frame = known_kind(frame, dict(Kind.choices), mine, "关系")
    frame = known_person(frame, within)
    reasons = dict(Because.choices)
    frame = _read(frame, "@because", reasons, "原因")
    default = pl.when(pl.col("@holder").is_null()).then(None).otherwise(pl.lit(Because.MOVED.value))
    frame = frame.with_columns(pl.coalesce("@because", default).alias("@because"))
    ended = pl.col("@because").is_in([str(one.value) for one in _ends])
    known = beside.steps(frame["@person"].drop_nulls().unique().to_list()).rename({"kind": "@kind"})
    frame = _since_unknown(frame, known)
    frame = refused_where(frame, pl.col("@since").is_null(), "没有写从哪天起，没有收。")
    frame = refused_where(frame, pl.col("@since") > within.on, "起的日子不能晚于今天。")
    frame = refused_where(
        frame,
        pl.col("@holder").is_null() & ~ended.fill_null(value=False),
        "没有写归属地；没有人接的，要写明为什么终止。",
    )
    frame = refused_where(frame, pl.col("@holder").is_not_null() & ended, "转到哪里和为什么终止，只能写一样。")
    hukou = (pl.col("@kind") == "hukou") & pl.col("@because").is_in(["status", "withdrawn"])
    frame = refused_where(frame, hukou, "户籍不能悬空，只有死亡或注销才没有户籍地。")
    return _chained(frame, known)


def wishes(frame: pl.DataFrame, within: Within, scopes: Sequence[Scope]) -> pl.DataFrame:
    """The frame of wishes with ``@person``, ``@nth`` (`_numbered`), ``@verdict`` and ``@conflicts``."""
    terms = guideline().terms
    mine = [kind for kind, (term, _) in wish_terms.items() if works_on(scopes, terms[term].clause)]
    frame = known_kind(frame, dict(WishKind.choices), mine, "意愿")
    frame = known_person(frame, within)
    frame = _chosen(frame)
    frame = refused_where(frame, pl.col("@on").is_null(), "没有写表态日，没有收。")
    frame = refused_where(frame, pl.col("@on") > within.on, "表态日不能晚于今天。")
    said = beside.wishes(frame["@person"].drop_nulls().unique().to_list())
    if "@nth" not in frame.columns:
        frame = _numbered(frame, said)
    names = {"kind": "@kind", "choice": "@choice", "on": "@on", "again": "@nth"}
    keys = ["@person", *names.values()]
    known = said.rename(names).select(*keys, pl.lit(value=True).alias("@there"))
    joined = frame.join(known, on=keys, how="left", maintain_order="left").with_columns(
        pl.col("@there").fill_null(value=False)
    )
    again = ~pl.struct(keys).is_first_distinct()
    return judged(_without_ended(joined, pl.col("@there")), pl.col("@there") | again)


def _numbered(frame: pl.DataFrame, said: pl.DataFrame) -> pl.DataFrame:
    """The frame with ``@nth``: how often the person had said a row's answer on that day already (`Wish.again`).

    What the file tells of a day goes on where the registered answers of the day end: its first ones are those, as far as they are the
    last of them. So A after A, B is said anew, and A, B, A that were taken from the register are what is there.
    """
    there: dict[_Day, list[tuple[str, int]]] = defaultdict(list)
    for person, kind, on, choice, again in said.select("@person", "kind", "on", "choice", "again").iter_rows():
        there[person, kind, on].append((choice, again))
    told: dict[_Day, list[tuple[str, int]]] = defaultdict(list)
    for at, (person, kind, on, choice, refused) in enumerate(
        frame.select("@person", "@kind", "@on", "@choice", "@refused").iter_rows()
    ):
        if not refused:
            told[person, kind, on].append((choice, at))
    numbers: list[int | None] = [None] * frame.height
    for key, rows in told.items():
        for (_, at), number in zip(rows, _numbers([choice for choice, _ in rows], there[key]), strict=True):
            numbers[at] = number
    return frame.with_columns(pl.Series("@nth", numbers, dtype=pl.Int64))


def _numbers(told: Sequence[str], there: Sequence[tuple[str, int]]) -> list[int]:
    """The number of each answer of one day; who says the same twice in a row says it once."""
    runs = [choice for at, choice in enumerate(told) if at == 0 or choice != told[at - 1]]
    before = [choice for choice, _ in there]
    common = next((n for n in range(min(len(runs), len(before)), 0, -1) if before[-n:] == runs[:n]), 0)
    numbers = [number for _, number in there[len(there) - common :]]
    for choice in runs[common:]:
        known = [*there, *zip(runs, numbers, strict=False)]
        numbers.append(1 + max((number for one, number in known if one == choice), default=-1))
    at_run = [sum(told[i] != told[i - 1] for i in range(1, at + 1)) for at in range(len(told))]
    return [numbers[at] for at in at_run]


def known_kind(frame: pl.DataFrame, labels: dict[str, str], mine: Sequence[str], what: str) -> pl.DataFrame:
    """The frame with ``@kind`` as a code; what is none, or another line's work, is refused."""
    frame = _read(frame, "@kind", labels, what)
    frame = refused_where(frame, pl.col("@kind").is_null(), _no_kind.format(what, "、".join(map(str, labels.values()))))
    return refused_where(frame, ~pl.col("@kind").is_in(list(mine)), _not_yours.format(what))


def _read(frame: pl.DataFrame, column: str, labels: dict[str, str], what: str) -> pl.DataFrame:
    """A column of labels as codes; what is neither is refused."""
    words = {str(label): code for code, label in labels.items()} | {code: code for code in labels}
    read = pl.col(column).replace_strict(list(words), list(words.values()), default=None, return_dtype=pl.String)
    choice = "、".join(str(label) for label in labels.values())
    wrong = pl.col(column).is_not_null() & read.is_null()
    frame = refused_where(
        frame, wrong, pl.format("“{}”不能写“{}”，请写其中一个：{}。", pl.lit(what), pl.col(column), pl.lit(choice))
    )
    return frame.with_columns(read.alias(column))


def known_person(frame: pl.DataFrame, within: Within) -> pl.DataFrame:
    """The frame with ``@person``; of whom nobody here is registered is refused."""
    found = beside.people(finding.people(frame, within), within.on)
    here = pl.col("@person").is_not_null() & pl.col("@household").is_not_null() & ~pl.col("@elsewhere")
    found = noted(found, here & pl.col("@household").ne_missing(pl.col("<@household")), _other_home)
    kept = [c for c in found.columns if not c.startswith("<") or c in ("<@name", "<birth_date", "<@index", "<@ended")]
    found = found.select(kept)
    clear = ~pl.col("@refused")
    found = refused_where(found, clear & pl.col("@elsewhere"), _nobody)  # foreign and missing are one
    found = refused_where(found, clear & (pl.col("@several") > 0), _several)
    found = refused_where(found, ~pl.col("@refused") & pl.col("@person").is_null(), _nobody)
    other = (pl.col("@name") != pl.col("<@name")) & pl.col("@name").is_not_null() & ~pl.col("@renamed")
    return refused_where(found, other, "证件号码登记的是另一个名字，请核对。")


def _without_ended(frame: pl.DataFrame, same: pl.Expr) -> pl.DataFrame:
    """Of somebody who has ended only what is there already is taken."""
    return refused_where(frame, pl.col("<@ended").is_not_null() & ~same, "这个人已经注销，没有收。")


def _since_unknown(frame: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """A row without a day means the step whose beginning nobody knows, where there is one."""
    first = known.filter(pl.col("since") == unknown_since).select(
        "@person", "@kind", pl.col("holder").alias("@holder"), pl.col("since").alias("@first")
    )
    joined = frame.join(first, on=["@person", "@kind", "@holder"], how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce("@since", "@first").alias("@since")).drop("@first")


def _chosen(frame: pl.DataFrame) -> pl.DataFrame:
    """``@choice`` as the code of its kind's term."""
    rows = [(kind, word, code) for kind in wish_terms for word, code in _words(kind).items()]
    known = pl.DataFrame(rows, schema={"@kind": pl.String, "@choice": pl.String, "@code": pl.String}, orient="row")
    joined = frame.join(known, on=["@kind", "@choice"], how="left", maintain_order="left")
    joined = refused_where(
        joined, pl.col("@code").is_null() & ~pl.col("@refused"), "“选择”不是这种意愿能选的，请对照模板填写。"
    )
    return joined.with_columns(pl.col("@code").alias("@choice")).drop("@code")


def _words(kind: str) -> dict[str, str]:
    """What may be written for each choice of a wish: its label, what ledgers write instead, its code."""
    codes = dict(choices(kind))
    also = {word: code for word, code in labels_of(wish_terms[kind][0]).items() if code in codes}
    plain = {word: code for code, words in _yes_or_no.items() if code in codes for word in words}
    return {**also, **plain, **{label: code for code, label in codes.items()}, **{code: code for code in codes}}


_yes_or_no = {"yes": ("是",), "no": ("否",)}


def _chained(frame: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Each new step behind the last one that is registered, or behind the row before it."""
    people = frame["@person"].drop_nulls().unique().to_list()
    last = known.group_by("@person", "@kind", maintain_order=True).agg(
        pl.col("since").last().alias("<@since"), pl.col("holder").last().alias("<@holder")
    )
    there = known.select("@person", "@kind", pl.col("since").alias("@since"), pl.col("holder").alias("@there"))
    joined = frame.join(last, on=["@person", "@kind"], how="left", maintain_order="left")
    joined = joined.join(there, on=["@person", "@kind", "@since"], how="left", maintain_order="left")
    same = (pl.col("@holder").fill_null("") == pl.col("@there")).fill_null(value=False)
    joined = _without_ended(joined, same)
    early = (pl.col("@since") <= pl.col("<@since")) & ~same
    told = "{} 起已经有更晚的记录，日子要比它晚；登记错了，请在人档里撤回。"
    joined = refused_where(joined, early, pl.format(told, pl.col("<@since").dt.to_string("%Y-%m-%d")))
    drawn = (pl.col("@kind") == Kind.PENSION) & pl.col("@person").is_in(beside.drawing(people).implode())
    other = (pl.col("<@holder") != "") & (pl.col("@holder") != "") & (pl.col("@holder") != pl.col("<@holder"))
    joined = refused_where(joined, drawn & other & ~same, drawn_stays)
    chain = ["@person", "@kind"]
    taken = joined.filter(~pl.col("@refused") & ~same)
    again = taken.select("@at", (~pl.struct(*chain, "@since").is_first_distinct()).alias("@again"))
    joined = joined.join(again, on="@at", how="left").with_columns(pl.col("@again").fill_null(value=False))
    joined = refused_where(joined, pl.col("@again"), "同一种关系在同一天写了两行，请只留一行。")
    steps = joined.filter(~pl.col("@refused") & ~same).sort(*chain, "@since")
    after = steps.select("@at", pl.coalesce(pl.col("@since").shift(1).over(chain), pl.col("<@since")).alias("@after"))
    joined = joined.join(after, on="@at", how="left").sort("@at").drop("@again", "<@holder")
    return judged(joined, same)


def judged(frame: pl.DataFrame, same: pl.Expr) -> pl.DataFrame:
    """The frame with ``@verdict`` and no ``@conflicts``: refused, the same, or new."""
    verdict = (
        pl.when("@refused")
        .then(pl.lit("refused"))
        .when(same.fill_null(value=False))
        .then(pl.lit("same"))
        .otherwise(pl.lit("new"))
    )
    return frame.with_columns(verdict.alias("@verdict"), pl.lit([], dtype=pl.List(pl.String)).alias("@conflicts"))
