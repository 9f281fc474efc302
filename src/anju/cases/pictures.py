"""Files that officers hand in as papers: told by their content, never by their name, and kept without what they say beside themselves.

A picture is taken apart and put together again from the parts that make it up. Where it was taken, by which machine, and whatever hangs
behind it stay out; no pixel is decoded here. What a PDF would carry out by itself is refused.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator

from anju.cases.models import Media
from anju.government.refusals import Refused

_png = b"\x89PNG\r\n\x1a\n"
_png_parts = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
_frames = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_jpeg_parts = _frames | {0xC4, 0xDB, 0xDD, 0xE0, 0xEE}
"""Tables, frames, restart intervals, JFIF and what Adobe says of colours."""
_orientation = 0x0112
_active = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|RichMedia|XFA|Encrypt)\b")
_hexed = re.compile(rb"#([0-9A-Fa-f]{2})")
_most_pixels = 80_000_000
_damaged = "这张照片打不开，可能没有传完；请重新拍一张或者另存后再交。"


def read_again(content: bytes) -> tuple[Media, bytes]:
    """What a file is, and what of it is kept. Raises `Refused` for anything but a whole JPEG, PNG or quiet PDF."""
    try:
        if content.startswith(b"\xff\xd8\xff"):
            return Media.JPEG, b"".join(_jpeg(content))
        if content.startswith(_png):
            return Media.PNG, b"".join(_png_again(content))
    except (struct.error, IndexError) as error:
        raise Refused(_damaged) from error
    if content.startswith(b"%PDF-"):
        _check_pdf(content)
        return Media.PDF, content
    raise Refused("材料只收照片（.jpg、.png）和 .pdf；请拍照，或者另存成其中一种再交。")


def _jpeg(content: bytes) -> Iterator[bytes]:
    """The picture, with the way up that its camera noted."""
    yield b"\xff\xd8"
    at, framed = 2, False
    while True:
        mark, kind, length = struct.unpack_from(">BBH", content, at)
        part = content[at : at + 2 + length]
        if mark != 0xFF or length < 2 or len(part) < 2 + length:
            raise Refused(_damaged)
        if kind in _frames:
            height, width = struct.unpack_from(">HH", part, 5)
            _check_size(width, height)
            framed = True
        if kind == 0xE1 and part[4:10] == b"Exif\0\0":
            yield from _way_up(part[10:])
        elif kind in _jpeg_parts:
            yield part
        at += 2 + length
        if kind == 0xDA:
            end = _scan_end(content, at)
            yield part + content[at:end]
            at = end
            if content[at : at + 2] == b"\xff\xd9":
                break
    if not framed:
        raise Refused(_damaged)
    yield b"\xff\xd9"


def _scan_end(content: bytes, at: int) -> int:
    """Where the coded data of a scan ends: before the next marker that is neither a stuffed byte nor a restart."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0:
            raise Refused(_damaged)
        following = content[at + 1]
        if following not in (0x00, 0xFF) and not 0xD0 <= following <= 0xD7:
            return at
        at += 1 if following == 0xFF else 2


def _way_up(tiff: bytes) -> Iterator[bytes]:
    """An Exif part that says nothing but which way up; none where that is not told or cannot be read."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return
    try:
        (first,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, first)
        for entry in range(min(count, 200)):
            tag, kind, _n, value = struct.unpack_from(f"{order}HHIH", tiff, first + 2 + 12 * entry)
            if tag == _orientation and kind == 3 and 1 <= value <= 8:
                said = struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, _orientation, 3, 1, value, 0, 0)
                yield struct.pack(">BBH", 0xFF, 0xE1, 8 + len(said)) + b"Exif\0\0" + said
                return
    except struct.error:
        return


def _png_again(content: bytes) -> Iterator[bytes]:
    """The picture alone; every part has to be whole."""
    yield _png
    at = len(_png)
    while True:
        length, kind = struct.unpack_from(">I4s", content, at)
        data = content[at + 8 : at + 8 + length]
        (check,) = struct.unpack_from(">I", content, at + 8 + length)
        if zlib.crc32(kind + data) != check or (at == len(_png)) != (kind == b"IHDR"):
            raise Refused(_damaged)
        if kind == b"IHDR":
            _check_size(*struct.unpack_from(">II", data))
        if kind in _png_parts:
            yield content[at : at + 12 + length]
        if kind == b"IEND":
            return
        at += 12 + length


def _check_size(width: int, height: int) -> None:
    if not 0 < width * height <= _most_pixels:
        raise Refused("照片大得不正常；请用手机重新拍一张再交。")


def _check_pdf(content: bytes) -> None:
    if b"%%EOF" not in content[-2048:]:
        raise Refused("这份 PDF 没有传完，打不开；请重新导出再交。")
    if _active.search(_hexed.sub(lambda found: bytes([int(found[1], 16)]), content)):
        raise Refused("这份 PDF 带有密码、附件或者会自己运行的内容，不能收；请打印成普通的 PDF，或者拍照再交。")
