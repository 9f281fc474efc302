"""The `anju` command."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from anju.check import commands as check_commands
from anju.check.difference import for_whom
from anju.config import commands as config_commands
from anju.policy import commands as policy_commands


def parser() -> argparse.ArgumentParser:
    """All commands with their options."""
    main_parser = argparse.ArgumentParser(prog="anju", description="安居：指导意见怎么写，就怎么办。")
    commands = main_parser.add_subparsers(dest="command", required=True)
    check_commands.add_commands(commands)
    policy_commands.add_commands(commands, for_whom)
    config_commands.add_commands(commands)
    return main_parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the return value is the exit status."""
    try:
        options = parser().parse_args(arguments)
        status = int(options.run(options))
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read the answer has seen enough (`| head`): nothing went wrong, and there is nobody to tell.
        _write_nowhere()
        return 0
    except KeyboardInterrupt:
        print("停下了。", file=sys.stderr)
        return 130
    except OSError as error:
        print(f"写不出去：{error.strerror or error}。", file=sys.stderr)
        _write_nowhere()
        return 2
    return status


def _write_nowhere() -> None:
    """Point standard output nowhere, so that what is still waiting in it does not fail again at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno() if sys.__stdout__ else 1)


if __name__ == "__main__":
    sys.exit(main())
