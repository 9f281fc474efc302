"""Ledgers to try Anju with: made-up people in the header rows of real ledgers, and the sites of a published directory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anju.check.samples import ledgers, people
from anju.check.samples.cast import Cell

Table = tuple[Sequence[str], Sequence[Sequence[Cell]]]


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample ledger: its address name, its file's name, what it is, the settings it is asked with, and its table."""

    name: str
    file: str
    title: str
    about: str | Promise
    settings: tuple[str, ...]
    table: Callable[[], Table]


samples: tuple[Sample, ...] = (
    Sample(
        "people",
        "样例-搬迁群众台账.xlsx",
        "搬迁群众台账",
        _("用指导意见的术语作表头，从户口到救助再到结对帮扶，一个人一行"),
        (),
        people.table,
    ),
    Sample(
        "exited-poverty",
        "样例-已脱贫人口名单.xlsx",
        "已脱贫人口名单",
        _("年度名单的 32 列表头；名单里没有的，由设定补上"),
        ("户籍已迁入=是", "搬迁跨度=市内跨区县", "搬迁类别=建档立卡"),
        ledgers.exited_poverty,
    ),
    Sample(
        "full-fields",
        "样例-全字段人口表.xlsx",
        "全字段人口表",
        _("防返贫信息系统“全字段”导出的表头：养老、医保、低保、特困都在里面"),
        ("搬迁类别=建档立卡", "搬迁跨度=区县内"),
        ledgers.full_fields,
    ),
    Sample(
        "site-households",
        "样例-安置点住户台账.xlsx",
        "安置点住户台账",
        _("安置点自己管的住户表，一户一行；有一格写得不对，看看会怎么提示"),
        ("户籍意愿=愿迁", "集中点居住=是"),
        ledgers.site_households,
    ),
    Sample(
        "pairing",
        "样例-结对帮扶台账.xlsx",
        "结对帮扶台账",
        _("谁和谁结对、最近哪天走访过"),
        ("搬迁类别=建档立卡",),
        ledgers.pairing,
    ),
    Sample(
        "sites-rural",
        "样例-安置点名录-农村.xlsx",
        "安置点名录（按农村）",
        _("公开名录里的 253 个安置点，当作农村集中安置点"),
        ("安置点类型=农村集中", "适宜单独设立=是"),
        ledgers.sites,
    ),
    Sample(
        "sites-urban",
        "样例-安置点名录-城镇.xlsx",
        "安置点名录（按城镇）",
        _("同样的 253 个安置点，当作城镇集中安置点"),
        ("安置点类型=城镇集中", "适宜单独设立=是"),
        ledgers.sites,
    ),
)


def write(sample: Sample, path: Path) -> None:
    """Write a sample as a workbook with one sheet; numbers of identity cards and codes stay text."""
    headers, rows = sample.table()
    with xlsxwriter.Workbook(str(path), {"strings_to_numbers": False, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(sample.title[:31])
        head = book.add_format({"bold": True, "bg_color": "#DCEAF4", "border": 1, "text_wrap": True, "valign": "top"})
        sheet.write_row(0, 0, headers, head)
        for at, row in enumerate(rows, start=1):
            sheet.write_row(at, 0, row)
        for at, header in enumerate(headers):
            sheet.set_column(at, at, 20 if header in ("证件号码", "户编号", "集中安置点名称", "户主证件号码") else 12)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(rows), len(headers) - 1)
