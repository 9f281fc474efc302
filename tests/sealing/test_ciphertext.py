"""加密：公布的算例，换行换列打不开，改一位就报错，随机数不重复。"""

from __future__ import annotations

import os
import re
import uuid
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import ECB, GCM
from cryptography.hazmat.primitives.hashes import SM3, Hash

from anju.sealing.ciphertext import Place, SealBroken, Sealed, key_number, seal, seal_bytes, unseal, unseal_bytes
from anju.sealing.keys import KeysRefused, add_key
from tests.house.tracked import ROOT, text, tracked_files

KEY = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
HERE = Place("person", "id_number", uuid.UUID(int=1))


def test_sm4_gives_the_published_block() -> None:
    """GB/T 32907-2016, annex A.1."""
    encryptor = Cipher(SM4(KEY), ECB()).encryptor()
    assert encryptor.update(KEY).hex() == "681edf34d206965e86b3e94f536e4246"


def test_sm4_gcm_gives_the_published_tag() -> None:
    """RFC 8998, appendix A.1."""
    encryptor = Cipher(SM4(KEY), GCM(bytes.fromhex("00001234567800000000ABCD"))).encryptor()
    encryptor.authenticate_additional_data(bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2"))
    blocks = "".join(digit * 16 for digit in "ABCDEFEA")
    sealed = encryptor.update(bytes.fromhex(blocks)) + encryptor.finalize()
    assert sealed.hex().upper() == (
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
        "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
    )
    assert encryptor.tag.hex().upper() == "83DE3541E4C2B58177E065A9BF7B62EC"


def test_sm3_gives_the_published_digest() -> None:
    """GB/T 32905-2016, annex A.1."""
    digest = Hash(SM3())
    digest.update(b"abc")
    assert digest.finalize().hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


@pytest.mark.parametrize(
    "plain", ["11010519491231002X", "", "阿依古丽·买买提𠮷", "x" * 10_000], ids=["身份证号", "空", "生僻字", "很长"]
)
def test_what_is_sealed_opens_in_its_place(keys: Path, plain: str) -> None:
    sealed = seal(plain, HERE)
    assert unseal(sealed, HERE) == plain
    assert len(sealed) == len(plain.encode()) + 32
    assert not plain or plain.encode() not in sealed
    assert key_number(sealed) == 1


@pytest.mark.parametrize(
    "elsewhere",
    [
        Place("person", "id_number", uuid.UUID(int=2)),
        Place("person", "phone", uuid.UUID(int=1)),
        Place("household", "id_number", uuid.UUID(int=1)),
    ],
    ids=["换了行", "换了列", "换了表"],
)
def test_nothing_opens_elsewhere(keys: Path, elsewhere: Place) -> None:
    with pytest.raises(SealBroken, match=f"{elsewhere.table}.{elsewhere.column} 有一行的加密内容被改动过或换了位置"):
        unseal(seal("11010519491231002X", HERE), elsewhere)


def test_every_flipped_bit_is_noticed(keys: Path) -> None:
    sealed = seal("11010519491231002X", HERE)
    add_key(keys, "seal")  # so that a flipped key number leads to a key, not only to a missing one
    for place in range(len(sealed)):
        for bit in range(8):
            changed = bytearray(sealed)
            changed[place] ^= 1 << bit
            with pytest.raises((SealBroken, KeysRefused)):
                unseal(bytes(changed), HERE)


@pytest.mark.parametrize(
    "junk", [b"", b"\x01\x01", b"11010519491231002X" * 3, bytes(64)], ids=["空", "太短", "明文", "零"]
)
def test_what_was_never_sealed_is_refused(keys: Path, junk: bytes) -> None:
    with pytest.raises(SealBroken, match="不是加密内容"):
        unseal(junk, HERE)


def test_a_sealed_value_tells_nothing_by_itself(keys: Path) -> None:
    sealed = Sealed(seal("11010519491231002X", HERE), HERE)
    assert str(sealed) == "［已加密］"
    assert "1101" not in repr(sealed)
    assert sealed.ciphertext.hex() not in repr(sealed)
    assert sealed.reveal() == "11010519491231002X"


def test_bytes_are_sealed_like_texts(keys: Path) -> None:
    content = bytes(range(256)) * 5000
    sealed = seal_bytes(content, HERE)
    assert content[:64] not in sealed
    assert unseal_bytes(sealed, HERE) == content
    with pytest.raises(SealBroken, match="被改动过"):
        unseal_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]), HERE)


def test_a_million_nonces_are_all_different() -> None:
    """The source and length of the real ones; sealing itself would only make the test slow."""
    assert len({os.urandom(12) for _ in range(1_000_000)}) == 1_000_000


def test_real_nonces_are_all_different(keys: Path) -> None:
    assert len({seal("1", HERE)[4:16] for _ in range(20_000)}) == 20_000


def test_only_one_place_in_the_house_encrypts() -> None:
    calls = [
        path.relative_to(ROOT).as_posix()
        for path in tracked_files()
        if path.suffix == ".py" and "src" in path.parts and re.search(r"\bGCM\(|\.encryptor\(", text(path))
    ]
    assert calls == ["src/anju/sealing/ciphertext.py"]
    assert text(ROOT / calls[0]).count(".encryptor(") == 1
