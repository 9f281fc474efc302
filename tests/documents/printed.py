"""What stands on the pages of a PDF: the lines of each page, from top to bottom, as whoever reads or copies them gets them."""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from operator import itemgetter

_object = re.compile(rb"(\d+) 0 obj(.*?)endobj", re.DOTALL)
_stream = re.compile(rb"stream\r?\n(.*)endstream", re.DOTALL)
_means = re.compile(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>\n")
_run = re.compile(rb"(?P<x>-?[\d.]+) (?P<y>-?[\d.]+) cm|/(?P<font>f\d+) [\d.]+ Tf|(?P<shown>\()")
_piece = re.compile(rb"\\.|[()]|[^\\()]+", re.DOTALL)
_escape = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_escaped: Mapping[bytes, bytes] = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def lines(body: bytes) -> list[list[str]]:
    """The lines of each page; what stands beside each other is one line. Of a PDF as typst writes it."""
    objects = {int(found[1]): found[2] for found in _object.finditer(body)}
    (root,) = (one for one in objects.values() if b"/Type/Pages" in one)
    kids = re.search(rb"/Kids\[(.*?)\]", root)
    assert kids is not None
    return [_page(objects, objects[int(number)]) for number in re.findall(rb"(\d+) 0 R", kids[1])]


def _page(objects: Mapping[int, bytes], page: bytes) -> list[str]:
    names = re.search(rb"/Font<<(.*?)>>", objects[_named(page, b"Resources")])
    fonts = {
        name: _meanings(objects, int(number))
        for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", names[1] if names else b"")
    }
    at: dict[float, list[tuple[float, str]]] = defaultdict(list)
    x = y = 0.0
    font: Mapping[int, str] = {}
    content, end = _inflated(objects[_named(page, b"Contents")]), 0
    while run := _run.search(content, end):
        end = run.end()
        if run["x"] is not None:
            x, y = float(run["x"]), float(run["y"])
        elif run["font"] is not None:
            font = fonts[run["font"]]
        else:
            end = _closing(content, end)
            at[round(y)].append((x, "".join(font.get(glyph, "□") for glyph in _glyphs(content[run.end() : end - 1]))))
    return ["".join(text for _, text in sorted(at[height], key=itemgetter(0))) for height in sorted(at, reverse=True)]


def _named(page: bytes, what: bytes) -> int:
    found = re.search(rb"/%s (\d+) 0 R" % what, page)
    assert found is not None
    return int(found[1])


def _inflated(one: bytes) -> bytes:
    found = _stream.search(one)
    assert found is not None
    return zlib.decompressobj().decompress(found[1])  # the end of the line after it is none of it


def _meanings(objects: Mapping[int, bytes], font: int) -> Mapping[int, str]:
    """What each glyph of a font means."""
    told = _inflated(objects[_named(objects[font], b"ToUnicode")])
    assert b"bfrange" not in told
    return {int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for glyph, text in _means.findall(told)}


def _closing(content: bytes, begun: int) -> int:
    """Where a string ends: what it has in brackets belongs to it."""
    depth, end = 1, begun
    while depth:
        found = _piece.match(content, end)
        assert found is not None
        depth += {b"(": 1, b")": -1}.get(found[0], 0)
        end = found.end()
    return end


def _glyphs(text: bytes) -> Sequence[int]:
    raw = _escape.sub(_said, text)
    return [int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2)]


def _said(escape: re.Match[bytes]) -> bytes:
    text = escape[1]
    return bytes([int(text, 8)]) if text.isdigit() else _escaped.get(text, text)
