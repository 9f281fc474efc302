"""The `anju` command."""

from __future__ import annotations

import argparse
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
    options = parser().parse_args(arguments)
    return int(options.run(options))


if __name__ == "__main__":
    sys.exit(main())
