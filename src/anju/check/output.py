"""Files that answers are written into: checked before the work, and whole or not there after it."""

from __future__ import annotations

import errno
import os
import re
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from anju.check.settings import UsageError

_system_error = re.compile(r"os error (\d+)")
_reasons = {
    errno.ENOENT: "没有这个文件夹",
    errno.ENOTDIR: "没有这个文件夹",
    errno.EACCES: "没有写的权限",
    errno.EPERM: "没有写的权限",
    errno.EROFS: "磁盘是只读的",
    errno.ENOSPC: "磁盘满了",
    errno.EDQUOT: "磁盘满了",
    errno.ENAMETOOLONG: "文件名太长",
}


def check_output(out: Path, inputs: Sequence[Path]) -> None:
    """Find out before a long work whether its answer has a place. Raises `UsageError`."""
    if out.is_dir():
        raise UsageError(f"写不进“{out}”：这是一个文件夹；请写上文件名。")
    if not out.parent.is_dir():
        raise UsageError(f"写不进“{out}”：没有“{out.parent}”这个文件夹；请先建好，或者换一个地方。")
    if any(os.path.realpath(out) == os.path.realpath(file) for file in inputs):
        raise UsageError(f"写不进“{out}”：这就是要读的台账，写进去台账就没有了；请换一个文件名。")


def write_safely(out: Path, write: Callable[[Path], None]) -> None:
    """Let `write` write beside `out` and put the whole file in its place.

    Raises `UsageError` with the reason; what stood there before then still stands.
    """
    try:
        if out.exists() and not out.is_file():
            write(out)  # A device or a pipe holds nothing that could be lost.
        else:
            with tempfile.TemporaryDirectory(dir=out.parent, prefix=".anju-") as folder:
                whole = Path(folder, out.name)
                write(whole)
                whole.replace(out)
    except OSError as error:
        raise UsageError(f"写不进“{out}”：{_reason(error)}；请检查文件夹、权限和磁盘，或者换一个文件名。") from None


def _reason(error: OSError) -> str:
    """The reason in Chinese; libraries that write files name the system's number only in their message."""
    named = _system_error.search(str(error))
    number = error.errno or (int(named[1]) if named else 0)
    return _reasons.get(number, str(error))
