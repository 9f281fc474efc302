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


def has_id_number(text: str) -> bool:
    """Whether the text has something of the form of an ID number, old or new, also in full width or with blanks.

    The check digit is not asked: a number with a slip of the pen still names a person.
    """
    return _id_number.search(unicodedata.normalize("NFKC", text)) is not None
