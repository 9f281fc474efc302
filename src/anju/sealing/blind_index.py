"""Finding a person by an ID number that lies sealed: the same number gives the same index, and without the key nobody can try.

A county has about 22 million possible ID numbers, so a plain hash would be undone in seconds; the index is an HMAC with a key
that never enters the database.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC
from stdnum.cn import ric

from anju.sealing.keys import key

_unseen = re.compile(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff'‘’-]")
_normal = re.compile(r"[0-9]{17}[0-9X]", re.ASCII)
_index_key = 1
"""There is one index key for good: another would make every number look new."""


def normal_id_number(number: str) -> str:
    """The number as one writes it today: half width, capital X, no blanks or hyphens, 15 digits lengthened to 18."""
    if _normal.fullmatch(number):
        return number
    plain = _unseen.sub("", unicodedata.normalize("NFKC", number)).upper()
    if re.fullmatch(r"[0-9]{15}", plain):
        longer = f"{plain[:6]}19{plain[6:]}"
        return longer + ric.calc_check_digit(longer + "0")
    return plain


def blind_index(number: str) -> str:
    """64 hexadecimal digits, the same for every spelling of one ID number.

    Raises:
        anju.sealing.keys.KeysRefused: the index key is missing.
    """
    return _code(_keyed(), normal_id_number(number))


def blind_indexes(numbers: Iterable[str | None]) -> list[str | None]:
    """`blind_index` of many: the key is set up once. What is blank has none."""
    keyed = _keyed()
    return [_code(keyed, normal_id_number(number)) if number else None for number in numbers]


def keyed_digest(kind: str, text: str) -> str:
    """64 hexadecimal digits that tell of a text only whether it is the same as another one of its kind. Raises as `blind_index` does."""
    keyed = _keyed(kind)
    keyed.update(text.encode())
    return keyed.finalize().hex()


def _keyed(kind: str = "id_number") -> HMAC:
    code = HMAC(key("index", _index_key), SM3())
    code.update(f"{kind}|".encode())
    return code


def _code(keyed: HMAC, number: str) -> str:
    code = keyed.copy()
    code.update(number.encode())
    return code.finalize().hex()
