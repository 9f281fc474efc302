"""Sealing one value into bytes that open only where they were sealed: SM4-GCM, GB/T 32907 and RFC 8998.

The bytes are ``version (1) · algorithm (1) · key number (2) · nonce (12) · ciphertext · tag (16)``. What comes before the
nonce, together with table, column and row, is authenticated but not encrypted: a value that is moved to another row or column,
or changed by a single bit, does not open.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM

from anju.sealing.keys import key, key_ring

_version_and_algorithm = bytes([1, 1])
"""Version 1, algorithm 1 = SM4-GCM. Another algorithm gets another number, so that both can be read side by side."""
_head, _nonce, _tag = 4, 12, 16


class SealBroken(Exception):
    """The bytes were changed, or they stand in another row or column than where they were sealed."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value belongs: it opens nowhere else."""

    table: str
    column: str
    row: UUID

    def __bytes__(self) -> bytes:
        return f"{self.table}|{self.column}|{self.row}".encode()


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed value and its place. Printing, logging or showing it in a page tells nothing; only `reveal` opens it."""

    ciphertext: bytes = field(repr=False)
    place: Place

    def reveal(self) -> str:
        """The text.

        Raises:
            SealBroken: it was changed, or moved here from elsewhere.
            anju.sealing.keys.KeysRefused: its key is missing.
        """
        return unseal(self.ciphertext, self.place)

    def reveal_bytes(self) -> bytes:
        """The content of what is no text. Raises as `reveal` does."""
        return unseal_bytes(self.ciphertext, self.place)

    def __str__(self) -> str:
        return "［已加密］"


def seal(text: str, place: Place) -> bytes:
    """The text as bytes that only this place opens, with the newest key."""
    return seal_bytes(text.encode(), place)


def unseal(ciphertext: bytes, place: Place) -> str:
    """The text that was sealed for this place.

    Raises:
        SealBroken: the bytes were changed, or sealed for another place.
        anju.sealing.keys.KeysRefused: the key is missing.
    """
    return unseal_bytes(ciphertext, place).decode()


def seal_bytes(content: bytes, place: Place) -> bytes:
    """`seal` for what is no text: a file, a table."""
    return Sealer(place.table, place.column).seal(place.row, content)


def unseal_bytes(ciphertext: bytes, place: Place) -> bytes:
    """What `seal_bytes` sealed for this place. Raises as `unseal` does."""
    return Opener(place.table, place.column).open(place.row, ciphertext)


class Sealer:
    """`seal` for many values of one column: what is the same for all of them is worked out once."""

    def __init__(self, table: str, column: str) -> None:
        number = key_ring().current("seal")
        self._head = _version_and_algorithm + number.to_bytes(2)
        self._same = self._head + f"{table}|{column}|".encode()
        self._cipher = SM4(key("seal", number))

    def __call__(self, row: UUID | str, text: str) -> bytes:
        """The text as bytes that only this row opens."""
        return self.seal(row, text.encode())

    def seal(self, row: UUID | str, content: bytes) -> bytes:
        """The content as bytes that only this row opens."""
        nonce = os.urandom(_nonce)
        encryptor = Cipher(self._cipher, GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(self._same + str(row).encode())
        return b"".join((self._head, nonce, encryptor.update(content), encryptor.finalize(), encryptor.tag))


class Opener:
    """`unseal` for many values of one column."""

    def __init__(self, table: str, column: str) -> None:
        self._table, self._column = table, column
        self._place = f"{table}|{column}|".encode()
        self._ciphers: dict[bytes, SM4] = {}

    def __call__(self, row: UUID | str, ciphertext: bytes) -> str:
        """The text; ``row`` may be written with its hyphens. Raises as `unseal` does."""
        return self.open(row, ciphertext).decode()

    def open(self, row: UUID | str, ciphertext: bytes) -> bytes:
        """The content. Raises as `unseal` does."""
        head = ciphertext[:_head]
        cipher = self._ciphers.get(head)
        if cipher is None:
            cipher = self._ciphers[head] = SM4(key("seal", key_number(ciphertext)))
        start, end = _head + _nonce, len(ciphertext) - _tag
        decryptor = Cipher(cipher, GCM(ciphertext[_head:start], ciphertext[end:])).decryptor()
        decryptor.authenticate_additional_data(head + self._place + str(row).encode())
        try:
            return decryptor.update(ciphertext[start:end]) + decryptor.finalize()
        except InvalidTag as problem:
            raise _broken(Place(self._table, self._column, UUID(str(row)))) from problem


def key_number(ciphertext: bytes) -> int:
    """The number of the key that sealed these bytes.

    Raises:
        SealBroken: these are not sealed bytes.
    """
    if ciphertext[:2] != _version_and_algorithm or len(ciphertext) < _head + _nonce + _tag:
        raise SealBroken("这里存的不是加密内容，可能被改动过，请联系系统管理员。")
    return int.from_bytes(ciphertext[2:_head])


def _broken(place: Place) -> SealBroken:
    return SealBroken(
        f"{place.table}.{place.column} 有一行的加密内容被改动过或换了位置（{place.row}），请联系系统管理员。"
    )
