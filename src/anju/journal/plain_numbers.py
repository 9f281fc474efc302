"""An ID number in the journal would stay readable for ever, so that none gets in."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Iterator

from anju.sealing.masking import mask

_between = r"\s\u200b-\u200f\u2060\ufeff_.·–—-"
_gap = rf"[{_between}]{{0,2}}"
_shortest = 15
_long_enough = re.compile(rf"[0-9{_between}]{{{_shortest}}}")
"""What no text with an ID number is without: asked first, as it takes a fraction of the time."""
_month_and_day = rf"(?:0{_gap}[1-9]|1{_gap}[0-2]){_gap}(?:0{_gap}[1-9]|[12]{_gap}[0-9]|3{_gap}[01])"
_place = rf"[1-9](?:{_gap}[0-9]){{5}}"
_year = rf"(?:1{_gap}[89]|2{_gap}0){_gap}[0-9]{_gap}[0-9]"
_id_number = re.compile(
    rf"(?<![0-9])(?:{_place}{_gap}{_year}{_gap}{_month_and_day}(?:{_gap}[0-9]){{3}}{_gap}[0-9Xx]"
    # of the old form so many more numbers would be that it may be divided in its usual places only
    rf"|(?<![A-Za-z])[1-9][0-9]{{5}}{_gap}[0-9]{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]){_gap}[0-9]{{3}})(?![0-9A-Za-z])"
)
_code_before = re.compile(r"[0-9A-Za-z]*[0-9][A-Za-z]+$")
_uuid = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_longest_code = 64
_mobile = re.compile(rf"(?<![0-9])1[3-9][0-9]{_gap}[0-9]{{4}}{_gap}[0-9]{{4}}(?![0-9])")
_long = re.compile(r"[0-9]{14,}[Xx]?")


def has_id_number(text: str) -> bool:
    """Whether the text has something of the form of an ID number, old or new, also in full width, with blanks between its digits, or
    with letters before it.

    The check digit is not asked: a number with a slip of the pen still names a person.
    """
    return next(_numbers(_plain(text)), None) is not None


def without_numbers(text: str) -> str:
    """The text with the middle of every ID number, of what may be one with a digit too few or too many, and of every mobile number
    as stars.
    """
    narrow = "".join(map(_narrow, text))
    plain = narrow if has_id_number(narrow) == has_id_number(text) else _plain(text)
    starred = plain
    for found in _numbers(plain):
        starred = f"{starred[: found.start()]}{_starred(found)}{starred[found.end() :]}"  # as long as before
    starred = _mobile.sub(_starred, _long.sub(_starred, starred))
    return text if starred == plain else starred


class WithoutNumbers(logging.Formatter):
    """What is logged, tracebacks with what an exception says too, without numbers of people."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, and what follows it."""
        return without_numbers(super().format(record))


def _plain(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def _numbers(text: str) -> Iterator[re.Match[str]]:
    """The ID numbers of a text, without those that are the end of a longer code: of a credit code, a digest, a UUID."""
    at = 0
    if len(text) < _shortest or not _long_enough.search(text):
        return
    while found := _id_number.search(text, at):
        whole = not _is_of_code(text, found)
        at = found.end() if whole else found.start() + 1
        if whole:
            yield found


def _is_of_code(text: str, found: re.Match[str]) -> bool:
    start = max(found.start() - _longest_code, 0)
    if _code_before.search(text[start : found.start()]):
        return True
    around = _uuid.finditer(text, start, found.end() + _longest_code)
    return any(one.start() <= found.start() and found.end() <= one.end() for one in around)


def _narrow(character: str) -> str:
    """A digit or letter in half width; whatever else as it stands, Chinese punctuation too."""
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 and plain.isascii() and plain.isalnum() else character


def _starred(found: re.Match[str]) -> str:
    number = found[0]
    is_phone = sum(map(str.isdigit, number)) <= len("13800001234")
    return mask("phone" if is_phone else "id_number", number)
