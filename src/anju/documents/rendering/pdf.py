"""PDF by typst. What a letter says goes in as data, never as source."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import typst

from anju.documents.rendering import fonts
from anju.documents.rendering.files import broken, folder_of, text_of

_line = re.compile(r":(\d+):\d+")
_standard = "a-2b"


def pdf(data: Mapping[str, Any]) -> bytes:
    """A letter's PDF, fit for the archive (PDF/A-2b). Raises `NoChineseFont`, `TemplateBroken`."""
    (made,) = _compiled(data, format="pdf", pdf_standards=_standard)
    return made


def png(data: Mapping[str, Any], ppi: float = 72) -> list[bytes]:
    """A letter's pages as pictures. Raises `NoChineseFont`, `TemplateBroken`."""
    return _compiled(data, format="png", ppi=ppi)


def _compiled(data: Mapping[str, Any], **how: Any) -> list[bytes]:
    fonts.check_fonts()
    layout = f"{data['layout']}.typ"
    common = text_of("common.typ")
    told = {**data, "fonts": fonts.present(fonts.body), "headings": fonts.present(fonts.heading)}
    try:
        made: Any = typst.compile(
            f"{common}\n{text_of(layout)}".encode(),
            root=folder_of(layout),
            font_paths=fonts.known(),
            sys_inputs={"letter": json.dumps(told, ensure_ascii=False)},
            **how,
        )
    except typst.TypstError as error:
        raise broken(*_where(error, common, layout)) from error
    return [made] if isinstance(made, bytes) else list(made)


def _where(error: typst.TypstError, common: str, layout: str) -> tuple[str, str, int | None]:
    """The file, what is wrong, and the line: both files were one source."""
    found = _line.search(error.diagnostic)
    if found is None:
        return layout, error.message, None
    line, before = int(found[1]), common.count("\n") + 1
    return ("common.typ", error.message, line) if line <= before else (layout, error.message, line - before)
