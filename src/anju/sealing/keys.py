"""The keys of this installation: one file outside the database and the repository, readable by its user alone.

The file at ``settings.ANJU_KEYS`` has one key a line, ``use number hex``, for three uses: ``seal`` closes fields (SM4, 128
bits), ``index`` makes the blind index and ``journal`` chains the journal (HMAC-SM3, 256 bits). The highest number of a use
is the one that writes; the others only read. Whoever loses the file loses every sealed value.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from django.conf import settings

Use = Literal["seal", "index", "journal"]
uses: tuple[Use, ...] = get_args(Use)
_sizes: Mapping[Use, int] = {"seal": 16, "index": 32, "journal": 32}
_most_keys = 65_535
_heading = "# 安居的密钥：丢了它，库里加密的内容就再也打不开。另行保管一份，不要放进数据库、备份和代码仓库。\n"
_line = re.compile(r"(?P<use>[a-z]+) (?P<number>[1-9][0-9]{0,4}) (?P<key>[0-9a-f]+)")


class KeysRefused(Exception):
    """The keys are missing, unreadable or not those of this database; the text says what to do, in Chinese."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """All keys by use and number."""

    keys: Mapping[tuple[Use, int], bytes]

    def current(self, use: Use) -> int:
        """The number of the key that writes."""
        return max(number for of, number in self.keys if of == use)

    def __repr__(self) -> str:
        return f"KeyRing({sorted(self.keys)})"


_rings: dict[str, KeyRing] = {}


def key_ring(*, read_anew: bool = False) -> KeyRing:
    """The keys at ``settings.ANJU_KEYS``, read once; ``read_anew`` looks for keys that were added meanwhile.

    Raises:
        KeysRefused: there is no such file, or it is not a key file.
    """
    path = str(settings.ANJU_KEYS)
    if read_anew or path not in _rings:
        _rings[path] = read_keys(Path(path))
    return _rings[path]


def key(use: Use, number: int) -> bytes:
    """One key; a number that another process added since is found by reading the file once more.

    Raises:
        KeysRefused: this installation has no such key.
    """
    wanted = (use, number)
    found = key_ring().keys.get(wanted) or key_ring(read_anew=True).keys.get(wanted)
    if found is None:
        raise KeysRefused(
            f"密钥文件里没有 {use} {number} 号密钥，请把写入这些内容时用的密钥文件放回 {settings.ANJU_KEYS}。"
        )
    return found


def read_keys(path: Path) -> KeyRing:
    """The keys of a file.

    Raises:
        KeysRefused: the file is missing, open to other users, or not a key file.
    """
    try:
        mode = path.stat().st_mode
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        raise KeysRefused(f"读不到密钥文件 {path}：请放回原来的密钥文件，或者用 ANJU_KEYS 指出它在哪里。") from problem
    if mode & 0o077:
        raise KeysRefused(f"密钥文件 {path} 别的用户也能读写，请先收紧权限：chmod 400 {path}")
    found: dict[tuple[Use, int], bytes] = {}
    for place, line in enumerate(lines, start=1):
        if line.strip() and not line.startswith("#"):
            use, number, value = _read_line(path, place, line)
            if (use, number) in found:
                raise KeysRefused(f"密钥文件 {path} 第 {place} 行：{use} {number} 号密钥前面已经有了。")
            found[use, number] = value
    for use in uses:
        if not any(of == use for of, _ in found):
            raise KeysRefused(f"密钥文件 {path} 里没有 {use} 密钥，请放回完整的密钥文件。")
    return KeyRing(found)


def _read_line(path: Path, place: int, line: str) -> tuple[Use, int, bytes]:
    match = _line.fullmatch(line)
    for use in uses:
        if match and match["use"] == use and len(match["key"]) == 2 * _sizes[use]:
            return use, int(match["number"]), bytes.fromhex(match["key"])
    raise KeysRefused(f"密钥文件 {path} 第 {place} 行不是密钥：应是用途（{'、'.join(uses)}）、编号和十六进制的密钥。")


def make_keys(path: Path) -> None:
    """A new file with a first key for every use, mode 0400; one that is there stays as it is."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = _draft(path, {(use, 1): secrets.token_bytes(_sizes[use]) for use in uses})
    try:
        os.link(draft, path)  # complete or not at all, and never over another process's keys
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def add_key(path: Path, use: Use) -> int:
    """Add the next key of a use, which from now on writes; the older ones go on reading.

    Returns:
        its number.
    """
    ring = read_keys(path)
    number = ring.current(use) + 1
    if number > _most_keys:
        raise KeysRefused(f"{use} 密钥的编号用完了。")
    _draft(path, {**ring.keys, (use, number): secrets.token_bytes(_sizes[use])}).replace(path)
    return number


def remove_key(path: Path, use: Use, number: int) -> Path:
    """Take a key out of the file and put it behind those that were taken out before; a line of it can be put back by hand.

    Returns:
        the file of those that were taken out.
    """
    keys = dict(read_keys(path).keys)
    retired = path.with_name(f"{path.name}.retired")
    before = retired.read_text(encoding="utf-8") if retired.exists() else ""
    _written(retired, f"{before}{_text({(use, number): keys.pop((use, number))})}").replace(retired)
    _draft(path, keys).replace(path)
    key_ring(read_anew=True)
    return retired


def _draft(path: Path, keys: Mapping[tuple[Use, int], bytes]) -> Path:
    """A finished key file beside the real one, on the disk before anything is written with its keys."""
    return _written(path, _heading + _text(keys))


def _text(keys: Mapping[tuple[Use, int], bytes]) -> str:
    return "".join(f"{use} {number} {value.hex()}\n" for (use, number), value in keys.items())


def _written(path: Path, text: str) -> Path:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    return draft
