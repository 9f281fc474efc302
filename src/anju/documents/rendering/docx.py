""".docx by docxtpl, for WPS and Word. Our templates are plain XML, an office's own a file of its word processor."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError

from docxtpl import DocxTemplate
from jinja2 import TemplateError
from jinja2.sandbox import SandboxedEnvironment
from lxml.etree import XMLSyntaxError

from anju.documents.rendering.files import broken, content_of, found, text_of

_attachment = "<!-- attachment -->"
_word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_relations = "http://schemas.openxmlformats.org/package/2006/relationships"
_office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_types = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_fixed: Mapping[str, str] = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_types}.document.main+xml"/>'
        f'<Override PartName="/word/styles.xml" ContentType="{_types}.styles+xml"/>'
        f'<Override PartName="/word/footer1.xml" ContentType="{_types}.footer+xml"/>'
        f'<Override PartName="/word/footer2.xml" ContentType="{_types}.footer+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_relations}"><Relationship Id="rId1" Type="{_office}/officeDocument" '
        'Target="word/document.xml"/></Relationships>'
    ),
    "word/_rels/document.xml.rels": (
        f'<Relationships xmlns="{_relations}"><Relationship Id="rId1" Type="{_office}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rId2" Type="{_office}/footer" Target="footer1.xml"/>'
        f'<Relationship Id="rId3" Type="{_office}/footer" Target="footer2.xml"/></Relationships>'
    ),
}


def docx(data: Mapping[str, Any]) -> bytes:
    """A letter's .docx. Raises `TemplateBroken`."""
    name = f"{data['layout']}.docx"
    own = found(name) is not None
    shown = name if own else f"{data['layout']}.xml"
    try:
        document = DocxTemplate(BytesIO(content_of(name) if own else template(data["layout"])))
        rows = [{"number": at, "cells": row} for at, row in enumerate(data["rows"], 1)]
        document.render({**data, "rows": rows}, SandboxedEnvironment(), autoescape=True)
        made = BytesIO()
        document.save(made)
    except TemplateError as error:
        raise broken(shown, error.message, getattr(error, "lineno", None)) from error
    except (ParseError, XMLSyntaxError, zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
        raise broken(shown, str(error) or type(error).__name__) from error
    return made.getvalue()


def template(layout: str) -> bytes:
    """Our template of a layout as a .docx, as an office can change it in its word processor."""
    body = text_of(f"{layout}.xml").replace(_attachment, text_of("attachment.xml"))
    document = f'<w:document xmlns:w="{_word}" xmlns:r="{_office}"><w:body>{body}</w:body></w:document>'
    parts = {**_fixed, "word/document.xml": document}
    parts |= {"word/styles.xml": text_of("styles.xml"), "word/footer1.xml": text_of("footer.xml")}
    parts["word/footer2.xml"] = text_of("letter_foot.xml")
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text if text.startswith("<?xml") else _head + text)
    return made.getvalue()
