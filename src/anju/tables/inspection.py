"""Look at a file before anything parses it: what it really is, and whether it is safe to open.

Only the first bytes, the zip directory and the head of each XML part are read, so the check costs milliseconds whatever
the file claims to contain. Limits come from measurement: an honest ledger of 250,000 rows and 30 columns unpacks to
408 MB at 11 : 1, a styled sheet in which every cell says the same reaches 21 : 1, and bombs begin at 300 : 1.
"""

import zipfile
from dataclasses import dataclass
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Literal, NoReturn

from anju.tables.ledger import FileRefused, Problem

Kind = Literal["xlsx", "xls", "csv", "parquet"]

MB = 1 << 20
largest_file = 512 * MB
largest_unpacked = 2048 * MB
largest_ratio = 100
ratio_counts_from = 5 * MB
most_parts = 2000
head_of_part = 4096

_zip_magic = b"PK\x03\x04"
_ole_magic = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_parquet_magic = b"PAR1"
_bare_xls_magic = (b"\x09\x08", b"\x09\x04", b"\x09\x02")
_suffixes: dict[str, Kind] = {
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".xls": "xls",
    ".csv": "csv",
    ".txt": "csv",
    ".parquet": "parquet",
}
_foreign_magic = {
    b"%PDF": "PDF 文件",
    b"\x89PNG": "图片",
    b"\xff\xd8\xff": "图片",
    b"GIF8": "图片",
    b"Rar!": "压缩包",
    b"7z\xbc\xaf": "压缩包",
    b"\x1f\x8b": "压缩包",
    b"\x7fELF": "程序",
    b"MZ": "程序",
    b"SQLite format 3": "数据库",
}


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a file really is, how many bytes it unpacks to, and a remark (a sentence) or ""."""

    kind: Kind
    size: int
    unpacked: int
    remark: str


def refuse(path: Path, advice: str, found: str = "") -> NoReturn:
    """Refuse the whole file with a sentence."""
    raise FileRefused(Problem(path.name, None, None, None, None, found, advice, "refused"))


def inspect(path: Path) -> Inspection:
    """Tell what kind of table the file is, or raise `FileRefused` with what to do instead."""
    try:
        return _inspect(path)
    except PermissionError:
        refuse(path, "没有读这个文件的权限，请把它复制到自己的文件夹再交。")
    except OSError:
        refuse(path, "这个文件读不出来，请检查路径、文件名和磁盘。")


def _inspect(path: Path) -> Inspection:
    if path.is_dir():
        refuse(path, "这是一个文件夹；请写里面的文件，例如 文件夹/*.xlsx。")
    if not path.is_file():
        refuse(path, "找不到这个文件，请检查路径和文件名。")
    size = path.stat().st_size
    if size == 0:
        refuse(path, "文件是空的（0 字节），请重新导出或重新保存后再交。")
    if size > largest_file:
        refuse(path, f"文件超过 {largest_file // MB} MB，请按乡镇或年份拆成几个文件。")
    claimed = _suffixes.get(path.suffix.lower())
    if claimed is None:
        refuse(path, "只读 .xlsx、.xls、.csv、.parquet 文件，请另存为其中一种。", path.suffix)
    kind = _by_content(path)
    if kind == "xlsx":
        unpacked = _check_archive(path)
    elif kind == "xls":
        unpacked = size * 4
        _check_ole(path)
    else:
        unpacked = size * (4 if kind == "csv" else 20)
    remark = "" if kind == claimed else f"扩展名是 {path.suffix}，内容是 {kind} 格式，已按内容读；请改正扩展名。"
    return Inspection(kind, size, unpacked, remark)


def _by_content(path: Path) -> Kind:
    with path.open("rb") as stream:
        head = stream.read(head_of_part)
    if head.startswith(_zip_magic):
        return "xlsx"
    if head.startswith(_ole_magic) or head.startswith(_bare_xls_magic):
        return "xls"
    if head.startswith(_parquet_magic):
        return "parquet"
    for magic, what in _foreign_magic.items():
        if head.startswith(magic):
            refuse(path, f"这是{what}，不是表格；请用 Excel 或 WPS 另存为 .xlsx 后再交。")
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"{\\rtf")):
        refuse(path, "这是网页或其他文档改名成的表格；请用 Excel 或 WPS 打开，另存为 .xlsx 后再交。")
    if path.suffix.lower() not in (".csv", ".txt"):
        refuse(path, f"扩展名是 {path.suffix}，内容却不是这种表格，或者已经损坏；请重新导出，或另存为 .xlsx 后再交。")
    return "csv"


def _check_ole(path: Path) -> None:
    """Refuse an encrypted workbook: Office wraps the encrypted zip into an OLE file with a stream of this name."""
    with path.open("rb") as stream, mmap(stream.fileno(), 0, access=ACCESS_READ) as content:
        encrypted = content.find("EncryptedPackage".encode("utf-16-le")) >= 0
        macros = content.find("_VBA_PROJECT".encode("utf-16-le")) >= 0
    if encrypted:
        refuse(path, "工作簿加了打开密码；请在 Excel 或 WPS 里取消密码，另存后再交。")
    if macros:
        refuse(path, "工作簿里有宏；请另存为不含宏的 .xlsx 后再交。")


def _check_archive(path: Path) -> int:
    try:
        with zipfile.ZipFile(path) as archive:
            return _check_parts(path, archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as broken:
        del broken
        refuse(path, "工作簿已经损坏，打不开；请用 Excel 或 WPS 打开后另存为 .xlsx 再交。")


def _check_parts(path: Path, archive: zipfile.ZipFile) -> int:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names and "[Content_Types].xml" not in names:
        refuse(path, "这是压缩包，不是工作簿；请解压后把里面的表格交上来。")
    if len(parts) > most_parts:
        refuse(path, f"工作簿里有 {len(parts)} 个部件，多得不正常；请把数据复制到一个新工作簿再交。")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > largest_unpacked:
        refuse(path, f"解开后有 {unpacked // MB} MB，超过 {largest_unpacked // MB} MB；请按乡镇或年份拆成几个文件。")
    for part in parts:
        _check_part(path, archive, part)
    return unpacked


def _check_part(path: Path, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    name = part.filename
    if part.flag_bits & 0x1:
        refuse(path, "工作簿加了密码；请取消密码，另存后再交。")
    if part.file_size > ratio_counts_from and part.file_size > largest_ratio * max(1, part.compress_size):
        refuse(path, "压缩得不正常（解开后膨胀上百倍），不像真实的台账，没有打开；请把数据复制到新工作簿再交。", name)
    if "vbaProject" in name:
        refuse(path, "工作簿里有宏；请另存为不含宏的 .xlsx 后再交。")
    if name.startswith("xl/externalLinks"):
        refuse(path, "工作簿引用了别的文件；请全选后复制，选择性粘贴为“数值”，另存后再交。")
    if name.endswith((".xml", ".rels")):
        with archive.open(part) as stream:
            head = stream.read(head_of_part)
        if b"<!DOCTYPE" in head or b"<!ENTITY" in head or "<!DOCTYPE".encode("utf-16-le") in head:
            refuse(path, "工作簿里夹带了文档类型定义（DTD），可能有害，没有打开；请把数据复制到新工作簿再交。", name)
