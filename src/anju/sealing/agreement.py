"""The key file and the database belong together, or nothing starts.

A database that was restored without its keys would look healthy until the first sealed value is read, and a wrong index key
would make every person look new. So the database knows its keys by a proof, and each start compares.
"""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings

from anju.sealing.keys import KeyRing, KeysRefused, Use, add_key, key_ring, make_keys
from anju.sealing.models import KnownKey


def agree_on_keys(using: str = "default") -> None:
    """Make the keys of a new installation, refuse those of another one, and remember added ones.

    Raises:
        KeysRefused: a key that this database was written with is missing or differs; the sentence names it.
    """
    known = list(KnownKey.objects.using(using).all())
    if not known:
        make_keys(Path(settings.ANJU_KEYS))
    ring = key_ring(read_anew=True)
    for one in known:
        _check(ring, one)
    before = {(one.use, one.number) for one in known}
    KnownKey.objects.using(using).bulk_create(
        [
            KnownKey(use=use, number=number, proof=_proof(use, value))
            for (use, number), value in ring.keys.items()
            if (use, number) not in before
        ],
        ignore_conflicts=True,  # two processes may start at once
    )


def start_new_key(use: Use) -> int:
    """Add a key that writes from now on; running processes read it at once and write with it after a restart.

    Returns:
        its number.
    Raises:
        KeysRefused: the keys do not fit this database, or the use has one key for good.
    """
    if use == "index":
        raise KeysRefused("检索密钥只有一个，换了它，库里的人就都认不出来了。")
    agree_on_keys()
    number = add_key(Path(settings.ANJU_KEYS), use)
    agree_on_keys()
    return number


def _check(ring: KeyRing, known: KnownKey) -> None:
    for (use, number), value in ring.keys.items():
        if (use, number) == (known.use, known.number):
            if _proof(use, value) == known.proof:
                return
            raise KeysRefused(
                f"密钥文件 {settings.ANJU_KEYS} 里的 {known} 号密钥不是这个数据库的，请放回和它一起备份的密钥文件。"
            )
    raise KeysRefused(
        f"密钥文件 {settings.ANJU_KEYS} 里少了 {known} 号密钥，这个数据库要用它才能打开，请放回完整的密钥文件。"
    )


def _proof(use: Use, value: bytes) -> str:
    """64 hexadecimal digits that only the holder of the key can make."""
    code = HMAC(value, SM3())
    code.update(f"anju key of {use}".encode())
    return code.finalize().hex()
