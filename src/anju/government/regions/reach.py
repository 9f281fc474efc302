"""A region as a range of 12-digit codes: everything in it has a code from `lo` up to, but not including, `hi`.

Ranges are compared as text and answered by an index; a prefix with LIKE is not (it costs a scan of the whole table).
"""

from anju.government.regions.table import significant

code_length = 12


def padded(code: str) -> str:
    """The 12-digit form of a code of 2, 4, 6, 9 or 12 digits. Raises `ValueError` for anything else."""
    if not (code.isascii() and code.isdigit()) or len(code) not in (2, 4, 6, 9, code_length):
        raise ValueError(f"“{code}”不是统计用区划代码：要 2、4、6、9 或 12 位数字。")
    return code.ljust(code_length, "0")


def scope_of(code: str) -> tuple[str, str]:
    """The range ``lo ≤ code < hi`` of a region and all below it. Raises `ValueError` for what is no code."""
    head = significant(padded(code))
    if not head.strip("0") or not head.strip("9"):
        raise ValueError(f"“{code}”不是任何地方的代码。")
    following = str(int(head) + 1).zfill(len(head))
    return padded(head), following.ljust(code_length, "0")
