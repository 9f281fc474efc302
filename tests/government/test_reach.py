"""A region is a range of codes: both sides of both ends."""

import pytest

from anju.government.regions.reach import padded, scope_of


@pytest.mark.parametrize(
    ("code", "lo", "hi"),
    [
        ("50", "500000000000", "510000000000"),
        ("5001", "500100000000", "500200000000"),
        ("500236", "500236000000", "500237000000"),
        ("500236000000", "500236000000", "500237000000"),
        ("500236127", "500236127000", "500236128000"),
        ("500236127201", "500236127201", "500236127202"),
        ("500199", "500199000000", "500200000000"),
        ("500236199", "500236199000", "500236200000"),
    ],
    ids=["市", "地级", "区县", "补零的区县", "乡镇", "村", "进位的区县", "进位的乡镇"],
)
def test_a_region_reaches_from_its_own_code_to_the_next(code: str, lo: str, hi: str) -> None:
    assert scope_of(code) == (lo, hi)


@pytest.mark.parametrize(
    ("code", "inside"),
    [
        ("500235999999", False),
        ("500236000000", True),
        ("500236999999", True),
        ("500237000000", False),
    ],
    ids=["前一个县的末尾", "县本身", "县的末尾", "后一个县"],
)
def test_both_ends_of_a_county(code: str, *, inside: bool) -> None:
    lo, hi = scope_of("500236")
    assert (lo <= code < hi) is inside


@pytest.mark.parametrize("code", ["", "5", "500", "50023612", "5002361272011", "奉节县", "５００２３６", "00", "99"])
def test_what_is_no_code_is_refused_in_a_sentence(code: str) -> None:
    with pytest.raises(ValueError, match="代码"):
        scope_of(code)


def test_a_code_is_filled_up_with_zeros() -> None:
    assert padded("500236") == "500236000000"
