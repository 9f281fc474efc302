"""The hostile corpus, and a program that opens each of its files: `python -m tests.tables.hostile FOLDER`.

It runs in a process of its own, so that the memory it reports is that of these files' readers and of nobody else's.
"""

import json
import resource
import struct
import sys
import time
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import polars as pl

from anju.tables.ledger import FileRefused
from anju.tables.opening import open_table
from tests.tables.workbooks import cell, head, tail, write_csv, write_parts, write_xlsx

_honest = [["姓名", "养老状态"], ["张三", "缴费中"]]
_block = b"A" * (1 << 20)
_ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _one_huge_cell() -> Iterator[bytes]:
    yield head + b'<row r="1"><c r="A1" t="inlineStr"><is><t>'
    for _ in range(100):
        yield _block
    yield b"</t></is></c></row>" + tail


def _rows() -> Iterator[bytes]:
    yield head
    for _ in range(300):
        yield b"<row><c><v>1</v></c><c><v>1</v></c><c><v>1</v></c></row>" * 1000
    yield tail


def _columns() -> Iterator[bytes]:
    yield head + b'<row r="1">'
    for _ in range(1000):
        yield b"<c><v>1</v></c>" * 1000
    yield b"</row>" + tail


def _laughs() -> Iterator[bytes]:
    names = "abcdefghi"
    nested = "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in pairwise(names))
    doctype = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "AAAAAAAAAA">{nested}]>'
    yield doctype.encode() + head.removeprefix(b'<?xml version="1.0"?>')
    yield b'<row r="1"><c r="A1" t="inlineStr"><is><t>&i;</t></is></c></row>' + tail


def _foreign_entity() -> Iterator[bytes]:
    yield b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    yield head.removeprefix(b'<?xml version="1.0"?>')
    yield b'<row r="1"><c r="A1" t="inlineStr"><is><t>&a;</t></is></c></row>' + tail


def _sheet(*cells: str) -> Iterator[bytes]:
    yield head + "".join(cells).encode() + tail


def _far(*, alone: bool) -> Iterator[bytes]:
    near = "" if alone else f'<row r="1">{cell("A1", "姓名")}{cell("B1", "养老状态")}</row>'
    return _sheet(near, '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')


def _shared_strings() -> bytes:
    return (
        b'<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        + b"<si><t>x</t></si>" * 1_000_000
        + b"</sst>"
    )


def _lying_directory(path: Path) -> None:
    """A bomb whose zip directory says that it unpacks to a few bytes."""
    write_parts(path, _one_huge_cell())
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        true = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    at = content.rfind(struct.pack("<I", true))
    content[at : at + 4] = struct.pack("<I", 1000)
    path.write_bytes(bytes(content))


def write_corpus(folder: Path) -> None:
    """Write every file of the corpus; the name says what it is."""
    write_parts(folder / "一个巨大的单元格.xlsx", _one_huge_cell())
    write_parts(folder / "三十万空行.xlsx", _rows())
    write_parts(folder / "一百万列.xlsx", _columns())
    write_parts(folder / "实体炸弹.xlsx", _laughs())
    write_parts(folder / "外部实体.xlsx", _foreign_entity())
    write_parts(folder / "孤单的远处单元格.xlsx", _far(alone=True))
    write_parts(folder / "远处的单元格.xlsx", _far(alone=False))
    write_parts(folder / "一百万个共享字符串.xlsx", _sheet(), {"xl/sharedStrings.xml": _shared_strings()})
    write_parts(folder / "宏.xlsx", _sheet(), {"xl/vbaProject.bin": b"x"})
    write_parts(folder / "外部链接.xlsx", _sheet(), {"xl/externalLinks/externalLink1.xml": b"<x/>"})
    write_parts(folder / "上万个部件.xlsx", _sheet(), {f"xl/media/{number}.xml": b"" for number in range(3000)})
    _lying_directory(folder / "谎报大小.xlsx")
    (folder / "零字节.xlsx").write_bytes(b"")
    (folder / "加密.xlsx").write_bytes(_ole + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600)
    (folder / "文档改名.xlsx").write_bytes(b"%PDF-1.7 ...")
    (folder / "网页改名.xls").write_text("<html><table><tr><td>姓名</td></tr></table></html>", encoding="utf-8")
    (folder / "文本改名.xlsx").write_text("姓名,养老状态\n张三,缴费中\n", encoding="utf-8")
    (folder / "压缩包改名.xlsx").write_bytes(_zip_of_text(folder))
    (folder / "乱码.csv").write_bytes(b"\xff\xff\x80\x81" * 200)
    (folder / "程序改名.csv").write_bytes(b"\x7fELF" + b"\0" * 100)
    write_xlsx(folder / "半截.xlsx", {"人员": _honest * 200})
    (folder / "半截.xlsx").write_bytes((folder / "半截.xlsx").read_bytes()[:3000])
    (folder / "半截.parquet").write_bytes(b"PAR1" + b"\0" * 200)
    (folder / "坏的.xls").write_bytes(_ole + b"\0" * 2000)
    write_csv(folder / "一百万列.csv", [["姓名"] * 1_000_000])
    many = pl.select(pl.repeat(1, 60_000_000, dtype=pl.Int32).alias("年龄"))
    many.write_parquet(folder / "六千万个相同的值.parquet")
    (folder / "别的.docx").write_bytes(b"x")


def _zip_of_text(folder: Path) -> bytes:
    path = folder / "文本.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("说明.txt", "姓名")
    content = path.read_bytes()
    path.unlink()
    return content


def _processor_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def main() -> int:
    """Open every file; report seconds, processor seconds and sentence a file, and the readers' greatest memory (MB)."""
    answers = {}
    for path in sorted(Path(sys.argv[1]).iterdir()):
        began, worked = time.perf_counter(), _processor_seconds()
        try:
            sheets = open_table(path).sheets
            said = f"read {[sheet.frame.shape for sheet in sheets]}"
        except FileRefused as refused:
            said = refused.problem.advice
        answers[path.name] = [time.perf_counter() - began, _processor_seconds() - worked, said]
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    sys.stdout.write(json.dumps({"answers": answers, "memory": memory}, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
