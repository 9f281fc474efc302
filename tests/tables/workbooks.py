"""Files for the tests, all made at run time: honest little ledgers, and workbooks written part by part."""

import csv
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

_types = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
_office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_package = "http://schemas.openxmlformats.org/package/2006/relationships"
_main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_root = (
    f'<?xml version="1.0"?><Relationships xmlns="{_package}">'
    f'<Relationship Id="rId1" Type="{_office}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
_book = (
    f'<?xml version="1.0"?><workbook xmlns="{_main}" xmlns:r="{_office}"><sheets>'
    '<sheet name="人员" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_links = (
    f'<?xml version="1.0"?><Relationships xmlns="{_package}">'
    f'<Relationship Id="rId1" Type="{_office}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
)
head = f'<?xml version="1.0"?><worksheet xmlns="{_main}"><sheetData>'.encode()
tail = b"</sheetData></worksheet>"


def write_csv(path: Path, rows: Iterable[Sequence[object]], encoding: str = "utf-8") -> Path:
    """Write rows as a CSV file; the first is the header."""
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def write_xlsx(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]], *, hidden: Sequence[str] = ()) -> Path:
    """Write a workbook with a sheet a name; cells keep their Python type."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        book.default_date_format = day
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            if name in hidden:
                sheet.hide()
    return path


def write_parts(path: Path, sheet: Iterable[bytes], extra: Mapping[str, bytes] | None = None) -> Path:
    """Write a workbook whose one sheet consists of these bytes, with further zip parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        archive.writestr("[Content_Types].xml", _types)
        archive.writestr("_rels/.rels", _root)
        archive.writestr("xl/workbook.xml", _book)
        archive.writestr("xl/_rels/workbook.xml.rels", _links)
        with archive.open("xl/worksheets/sheet1.xml", "w") as stream:
            for piece in sheet:
                stream.write(piece)
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
    return path


def cell(reference: str, text: str) -> str:
    """A cell that holds text."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'
