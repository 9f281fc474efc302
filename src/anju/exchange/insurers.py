"""The kinds of import that insurers' lists are: who is insured where, how, and whether the aid has arrived (guideline 1.5-6, 1.6-4)."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
from django.utils.translation import gettext_noop as _

from anju.exchange import shaping
from anju.exchange.heads import head_number_alone
from anju.exchange.kinds import Call, Frames, ImportKind, Plan, listed
from anju.exchange.planning.insured import insured
from anju.exchange.shaping import Within
from anju.exchange.subjects import fields
from anju.exchange.writing.insured import write_insured
from anju.payments.models import Insurance
from anju.tables.headers import Header, labels_of
from anju.tables.reading import Least

_lapsed = ("停保", "暂停", "暂停参保", "中断", "中断缴费", "断保", "断缴")


def _header(name: str, gives: str, reads: str, *aliases: str, labels: Mapping[str, str] | None = None) -> Header:
    return Header(name, aliases, gives, reads, labels or {}, only_labels=False, help="")


_of_all = (
    head_number_alone,
    _header("参保月份", "@month", "文本", "月份", "所属月份", "所属期", "费款所属期"),
    _header("参保地代码", "@place_code", "代码", "参保区划代码"),
    _header("参保地", "@place_place", "地点", "参保区县", "参保统筹区", "统筹区"),
    _header("缴费月数", "@months", "文本", "累计缴费月数", "实际缴费月数"),
)
_medical = labels_of("medical_status")
_pension = labels_of("pension_status")


def _shape(rows: pl.DataFrame, within: Within) -> dict[str, pl.DataFrame]:
    frame = shaping.about_people(rows, ["@month", "@months"], fields["insured"])
    return {"insured": shaping.placed(frame, "place", "@place", within.on)}


def _kind(insurance: Insurance, about: str, *headers: Header) -> ImportKind:
    def plan(frames: Frames, call: Call) -> Plan:
        found = call.settle("insured", insured(frames["insured"], call.within, call.scopes, insurance))
        return Plan({"insured": found}, lambda ops: write_insured(found, ops, call.within, insurance))

    return listed(
        ImportKind(
            f"{insurance.value}_list",
            insurance.list_name,
            about,
            ("insured",),
            ("person",),
            _shape,
            plan,
            Least((), "还要有“参保状态”。"),
            (*_of_all, *headers),
            terms=insurance.facts,
        )
    )


medical_list = _kind(
    Insurance.MEDICAL,
    _("一行一个人的一份医保，由区县医保每月交一次。并入后和台账比对，列出未参保、断停保、重复参保、资助未到账。"),
    _header(
        "参保状态", "medical_status", "术语", "险种", "险种类型", "参保险种",
        labels={**_medical, **dict.fromkeys(_lapsed, "employee_lapsed")},
    ),
    _header("断缴月数", "lapsed_months", "术语", "停保月数"),
    _header("重复参保", "medical_insured_twice", "术语", "是否重复参保"),
    _header("资助到账", "medical_aided", "术语", "参保资助到账", "资助是否到账", "参保资助是否到账"),
)  # fmt: skip
pension_list = _kind(
    Insurance.PENSION,
    _(
        "一行一个人的一份养老保险，由区县人社每月交一次。并入后和台账比对，列出应参未参、应领未领、重复参保、代缴未到账。"
    ),
    _header("参保状态", "pension_status", "术语", "人员状态", "缴费状态", labels=_pension),
    _header("代缴到账", "premium_paid", "术语", "代缴是否到账", "政府代缴到账"),
)
_titles = (_("医保参保名单"), _("养老参保名单"))
