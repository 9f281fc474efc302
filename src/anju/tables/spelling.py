"""What is typed in many ways, written one way, so that the same is found to be the same."""

from __future__ import annotations

import re
import unicodedata

_dashes = re.compile(r"[‐-―−—－_]+")
_blanks = re.compile(r"\s+")


def one_spelling(text: str) -> str:
    """In half width, with one kind of dash and of bracket, capitals and no blanks: ａ－０３ and "A-03" are the same."""
    plain = unicodedata.normalize("NFKC", text)
    return _dashes.sub("-", _blanks.sub("", plain)).upper()
