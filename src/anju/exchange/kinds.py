"""The kinds of import. A later capability lists one of its own with `listed`, and has the upload, the pages and the undo for it.

A kind says which headers its files have besides those of every ledger, what their rows say (`shape`), and what would become of
them (`plan`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.utils.translation import gettext_noop as _

from anju.exchange import shaping, unkept
from anju.exchange.heads import head_number, head_number_alone
from anju.exchange.planning import households, paid, people, single, sites
from anju.exchange.shaping import Within
from anju.exchange.subjects import Field, fields, titles
from anju.exchange.writing import places as write_places
from anju.exchange.writing import single as write_single
from anju.exchange.writing.ops import Ops
from anju.exchange.writing.paid import write_paid
from anju.exchange.writing.people import write as write_people
from anju.government.queries import Scope
from anju.tables.headers import Header
from anju.tables.reading import Least

Frames = Mapping[str, pl.DataFrame]
Settle = Callable[[str, pl.DataFrame], pl.DataFrame]
"""A kind of subject and its compared rows → the rows as they are to be taken: some may have another verdict."""


@dataclass(frozen=True, slots=True)
class Plan:
    """``frames``: compared rows by kind of subject, each with ``@verdict`` and ``@conflicts``. ``write`` adds their writes."""

    frames: Frames
    write: Callable[[Ops], None]


@dataclass(frozen=True, slots=True)
class Call:
    """What a kind is asked with: where the batch belongs, and the posts of the officer who handed it in."""

    within: Within
    scopes: Sequence[Scope]
    settle: Settle = lambda subject, frame: frame


@dataclass(frozen=True, slots=True)
class ImportKind:
    """One kind. ``subjects``: those of the frames, what a row of the file is first. ``facts``: of which subjects its columns may be.

    ``terms``: of those facts only these, all without any. ``least``: what a file must give at least. ``final``: why what was merged is not
    undone, "" where it may be.
    """

    code: str
    title: str
    about: str
    subjects: Sequence[str]
    facts: Sequence[str]
    shape: Callable[[pl.DataFrame, Within], dict[str, pl.DataFrame]]
    plan: Callable[[Frames, Call], Plan]
    least: Least
    headers: Sequence[Header] = ()
    final: str = ""
    terms: Sequence[str] = ()

    @property
    def columns(self) -> frozenset[str]:
        """The columns besides facts that its files are read for: nothing is kept of any other."""
        own = unkept.columns_of(field for subject in self.subjects for field in fields[subject])
        if self.subjects[-1] == "site":
            return own | unkept.columns_of([Field("@destination", "所在地", place=True)]) | shaping.plain_places
        by_head = {head_number.gives} if "household" in self.subjects else set()
        return own | by_head | ({"@household"} if self.subjects[-1] != "household" else set())


_kinds: dict[str, ImportKind] = {}


def listed(kind: ImportKind) -> ImportKind:
    """List a kind, at start-up. Raises `ValueError` for a code that is taken."""
    if _kinds.setdefault(kind.code, kind) is not kind:
        raise ValueError(f"there is a kind of import called {kind.code}")
    return kind


def kinds() -> Sequence[ImportKind]:
    """Every kind, in the order in which they are offered."""
    return tuple(_kinds.values())


def kind_of(code: str) -> ImportKind:
    """The kind of that code. Raises `KeyError`."""
    return _kinds[code]


def title_of(subject: str) -> str:
    """What rows of a kind of subject are called."""
    return titles[subject]


def _header(name: str, gives: str, reads: str, *aliases: str) -> Header:
    return Header(name, aliases, gives, reads, {}, only_labels=False, help="")


def _shape_people(rows: pl.DataFrame, within: Within) -> dict[str, pl.DataFrame]:
    of_people, homes = shaping.people(rows, within, fields["person"])
    return {"household": homes, "person": of_people}


def _plan_people(frames: Frames, call: Call) -> Plan:
    found = people.find(frames["person"], call.within)
    homes = households.compare(frames["household"], call.within, people.repeated(found))
    homes = call.settle("household", homes)
    usable = homes.filter(pl.col("@found") | pl.col("@elsewhere") | (pl.col("@verdict") == "new"))
    known = usable.select("@household", pl.when(~pl.col("@elsewhere")).then("@home").alias("@home"), "@elsewhere")
    compared = people.compare(found, known, call.within)
    taken = people.People(call.settle("person", compared.frame), compared.steps, compared.answers)

    def write(ops: Ops) -> None:
        write_places.write_households(homes, ops)
        write_people(taken, ops)

    return Plan({"household": homes, "person": taken.frame}, write)


def _one(
    subject: str,
    compare: Callable[[pl.DataFrame, Call], pl.DataFrame],
    write: Callable[[pl.DataFrame, Ops], None],
) -> Callable[[Frames, Call], Plan]:
    """The plan of a kind whose rows are of one kind of subject."""

    def plan(frames: Frames, call: Call) -> Plan:
        found = call.settle(subject, compare(frames[subject], call))
        return Plan({subject: found}, lambda ops: write(found, ops))

    return plan


def _shape_relations(rows: pl.DataFrame, within: Within) -> dict[str, pl.DataFrame]:
    texts = ["@kind", "@because", "@unit", "@evidence"]
    frame = shaping.about_people(rows, texts, fields["relation"])
    frame = shaping.with_days(shaping.placed(frame, "holder", "@holder", within.on), ["@since"])
    return {"relation": frame}


def _shape_wishes(rows: pl.DataFrame, within: Within) -> dict[str, pl.DataFrame]:
    frame = shaping.about_people(rows, ["@kind", "@choice", "@how"], fields["wish"])
    return {"wish": shaping.with_days(frame, ["@on"])}


def _shape_paid(rows: pl.DataFrame, within: Within) -> dict[str, pl.DataFrame]:
    frame = shaping.about_people(rows, ["@kind", "@month", "@amount"], fields["paid"])
    return {"paid": shaping.with_days(shaping.placed(frame, "payer", "@payer", within.on), ["@on"])}


def _subject(subject: str, shape: Callable[..., pl.DataFrame]) -> Callable[[pl.DataFrame, Within], Any]:
    return lambda rows, within: {subject: shape(rows, within, fields[subject])}


def _also(*columns: str) -> str:
    return f"还要有{'、'.join(f'“{column}”' for column in columns)}。"


people_kind = listed(
    ImportKind(
        "people",
        _("人员"),
        _("一行一个人；人和户的事实可以写在同一张表里，户编号相同的算一户。"),
        ("household", "person"),
        ("person", "household"),
        _shape_people,
        _plan_people,
        Least(
            [frozenset(some) for some in (("@id",), ("@head_id",), ("@name", "@household"), ("@head", "@household"))],
            "还要有“证件号码”，或者“出生年月日”，或者“户编号”，才认得出一行说的是谁。",
        ),
        (head_number,),
    )
)
household_kind = listed(
    ImportKind(
        "households",
        _("户"),
        _("一行一户，按户编号认。"),
        ("household",),
        ("household",),
        _subject("household", shaping.households),
        _one("household", lambda frame, call: households.compare(frame, call.within), write_places.write_households),
        Least([frozenset({"@household"})], _also("户编号")),
        (head_number,),
    )
)
site_kind = listed(
    ImportKind(
        "sites",
        _("安置点"),
        _("一行一个安置点，按名称和所在地认；常用的安置点名录也行。"),
        ("site",),
        ("site",),
        _subject("site", shaping.sites),
        _one("site", lambda frame, call: sites.compare(frame, call.within), write_places.write_sites),
        Least([frozenset({"@site"})], _also("集中安置点名称")),
        (
            _header("所在地代码", "destination_code", "代码"),
            _header("所在地", "@destination_place", "地点"),
        ),
    )
)
relation_kind = listed(
    ImportKind(
        "relations",
        _("关系变动"),
        _("一行一次变动：谁的哪种关系，从哪天起归哪里，或者为什么终止。人要先登记。"),
        ("relation",),
        (),
        _shape_relations,
        _one(
            "relation",
            lambda frame, call: single.relations(frame, call.within, call.scopes),
            write_single.write_relations,
        ),
        Least((), _also("关系", "归属地", "起")),
        (
            head_number_alone,
            _header("关系", "@kind", "文本", "关系种类"),
            _header("归属地代码", "@holder_code", "代码"),
            _header("归属地", "@holder_place", "地点", "转到", "归到"),
            _header("归属单位", "@unit", "文本", "接收单位"),
            _header("起", "@since", "日期", "起始日", "生效日", "从哪天起"),
            _header("原因", "@because", "文本"),
            _header("凭据", "@evidence", "文本", "依据", "文号"),
        ),
    )
)
wish_kind = listed(
    ImportKind(
        "wishes",
        _("意愿"),
        _("一行一次表态：谁，哪种意愿，选了什么，哪天说的。人要先登记。"),
        ("wish",),
        (),
        _shape_wishes,
        _one("wish", lambda frame, call: single.wishes(frame, call.within, call.scopes), write_single.write_wishes),
        Least((), _also("意愿", "选择", "表态日")),
        (
            head_number_alone,
            _header("意愿", "@kind", "文本", "意愿种类"),
            _header("选择", "@choice", "文本", "选了什么"),
            _header("表态日", "@on", "日期", "表态日期", "哪天说的"),
            _header("方式", "@how", "文本", "表态方式"),
        ),
    )
)
paid_kind = listed(
    ImportKind(
        "paid",
        _("救助发放名单"),
        _("一行一个人一个月：发了多少、哪天发的。并入后和应发的月份对账；发过的钱不撤回，错了登记追回、抵扣或补发。"),
        ("paid",),
        (),
        _shape_paid,
        _one("paid", lambda frame, call: paid.paid(frame, call.within, call.scopes), write_paid),
        Least((), _also("救助", "发放月份", "金额")),
        (
            head_number_alone,
            _header("救助", "@kind", "文本", "救助种类", "救助类型"),
            _header("发放月份", "@month", "文本", "月份", "所属月份"),
            _header("金额", "@amount", "文本", "发放金额", "实发金额"),
            _header("发放日期", "@on", "日期", "发放日", "到账日期"),
            _header("发放地代码", "@payer_code", "代码"),
            _header("发放地", "@payer_place", "地点", "发放单位"),
        ),
        final="发过的钱不撤回；错了的，登记追回、抵扣或补发。",
    )
)
