"""An ID number in the journal would stay readable for ever, so that none gets in."""

from __future__ import annotations

import re
import unicodedata

_month_and_day = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_gap = r"[\s\u200b-\u200f\u2060\ufeff_.·-]{0,2}"
_id_number = re.compile(
    rf"(?<![0-9A-Za-z])[1-9][0-9]{{5}}{_gap}"
    rf"(?:(?:18|19|20)[0-9]{{2}}{_month_and_day}{_gap}[0-9]{{3}}[0-9Xx]|[0-9]{{2}}{_month_and_day}{_gap}[0-9]{{3}})(?![0-9A-Za-z])"
)
_mobile = re.compile(rf"(?<![0-9])1[3-9][0-9]{_gap}[0-9]{{4}}{_gap}[0-9]{{4}}(?![0-9])")
_long = re.compile(r"[0-9]{14,}[Xx]?")


def has_id_number(text: str) -> bool:
    """Whether the text has something of the form of an ID number, old or new, also in full width or with blanks.

    The check digit is not asked: a number with a slip of the pen still names a person.
    """
    return _id_number.search(unicodedata.normalize("NFKC", text)) is not None


def without_numbers(text: str) -> str:
    """The text with the middle of every ID number, of what may be one with a digit too few or too many, and of every mobile number
    as stars.
    """
    narrow = "".join(map(_narrow, text))
    plain = narrow if has_id_number(narrow) == has_id_number(text) else unicodedata.normalize("NFKC", text)
    starred = _mobile.sub(_starred, _long.sub(_starred, _id_number.sub(_starred, plain)))
    return text if starred == plain else starred


def _narrow(character: str) -> str:
    """A digit or letter in half width; whatever else as it stands, Chinese punctuation too."""
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 and plain.isascii() and plain.isalnum() else character


def _starred(found: re.Match[str]) -> str:
    number = found[0]
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"
