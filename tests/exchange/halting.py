"""`python -m tests.exchange.halting FOLDER MODULE FUNCTION CALL work …`: the command, stopped for good in the middle.

At the CALLth call of the function it has done the function's work, makes the file ``halted`` in the folder and waits there to be killed.
"""

from __future__ import annotations

import sys
import time
from functools import wraps
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

import django


def halt(mark: Path, module: str, function: str, call: int) -> None:
    """Let the function stop everything at that call."""
    place = import_module(module)
    real, calls = getattr(place, function), count(1)

    @wraps(real)
    def halting(*arguments: Any, **named: Any) -> Any:
        result = real(*arguments, **named)
        if next(calls) == call:
            mark.touch()
            time.sleep(600)
        return result

    setattr(place, function, halting)


if __name__ == "__main__":
    folder, module, function, call = sys.argv[1:5]
    django.setup()
    halt(Path(folder) / "halted", module, function, int(call))
    sys.argv[1:] = sys.argv[5:]
    from anju.cli import main  # its settings are those above

    sys.exit(main())
