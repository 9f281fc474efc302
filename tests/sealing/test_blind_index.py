"""按身份证号找人：写法不同是同一个号，没有密钥算不出来。"""

from __future__ import annotations

from pathlib import Path

import pytest

from anju.sealing.blind_index import blind_index, normal_id_number
from anju.sealing.keys import add_key, key_ring, make_keys


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        pytest.param("11010519491231002X", "11010519491231002X", id="原样"),
        pytest.param("11010519491231002x", "11010519491231002X", id="小写"),
        pytest.param("１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X", id="全角"),
        pytest.param(" 110105 19491231 002X\u200b\n", "11010519491231002X", id="空格和看不见的字符"),
        pytest.param("'110105-19491231-002X", "11010519491231002X", id="引号和横线"),
        pytest.param("110105491231002", "11010519491231002X", id="十五位"),
        pytest.param("H12345678", "H12345678", id="别的证件"),
        pytest.param("11010519491231002", "11010519491231002", id="少一位，不猜"),
    ],
)
def test_one_number_has_one_form(keys: Path, written: str, normal: str) -> None:
    assert normal_id_number(written) == normal
    assert blind_index(written) == blind_index(normal)


def test_another_number_has_another_index(keys: Path) -> None:
    numbers = [f"11010519491231{serial:04}" for serial in range(2_000)]
    assert len(set(map(blind_index, numbers))) == 2_000
    assert all(len(blind_index(number)) == 64 for number in numbers[:10])


def test_the_index_needs_its_own_key(keys: Path) -> None:
    before = blind_index("11010519491231002X")
    add_key(keys, "seal")
    add_key(keys, "journal")
    key_ring(read_anew=True)
    assert blind_index("11010519491231002X") == before
    keys.unlink()
    make_keys(keys)
    key_ring(read_anew=True)
    assert blind_index("11010519491231002X") != before
