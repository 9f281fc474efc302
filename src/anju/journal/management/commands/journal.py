"""`anju journal`: prove that the journal is whole, and put its heads down elsewhere."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone

from anju.journal.anchors import AnchorsBroken, anchor, read_anchors
from anju.journal.restoring import NotRestored, gone, restored
from anju.journal.verification import verify
from anju.sealing.agreement import agree_on_keys
from anju.sealing.keys import KeysRefused

_shown = 50


class Command(BaseCommand):
    """Ends with 1 when something was changed, with 2 when keys, database or the file of anchors are out of reach."""

    help = "操作日志：verify 从头核对一遍，anchor 把链尾记到库外，restored 说明恢复过备份"

    def add_arguments(self, parser: CommandParser) -> None:
        """``verify``, ``anchor`` or ``restored --because TEXT``, each with ``--anchors FILE``."""
        what = parser.add_subparsers(dest="what", required=True)
        for name, text in {
            "verify": "从头核对：改动、删除、调换、截尾、重写都查得出来",
            "anchor": "把各链的链尾追加到库外的文件；这之前的日志从此连有密钥的人也改不了",
            "restored": "恢复了备份，或者锚定文件丢了：说明一次，从这里接着核对",
        }.items():
            command = what.add_parser(name, help=text)
            command.add_argument(
                "--anchors", type=Path, default=settings.ANJU_ANCHORS, help="锚定文件（默认 ANJU_ANCHORS）"
            )
            if name == "restored":
                command.add_argument("--because", required=True, help="为什么；记进日志和锚定文件")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, or say in a sentence what is wrong."""
        try:
            agree_on_keys()  # with other keys, everything would look changed
            match options["what"]:
                case "verify":
                    self.verify(options["anchors"])
                case "anchor":
                    self.anchor(options["anchors"])
                case _:
                    self.restored(options["anchors"], options["because"])
        except (AnchorsBroken, NotRestored) as problem:
            raise CommandError(str(problem)) from problem
        except KeysRefused as problem:
            raise CommandError(str(problem), returncode=2) from problem
        except DatabaseError as problem:
            raise CommandError(
                "读不了日志：数据库连不上，或者还没有建表，请先运行 anju migrate。", returncode=2
            ) from problem
        except OSError as problem:
            raise CommandError(f"写不了锚定文件 {options['anchors']}：{problem.strerror}。", returncode=2) from problem

    def anchor(self, path: Path) -> None:
        """Append an anchor; its mark can be noted down or stamped."""
        made = anchor(path)
        total = sum(seq for seq, _ in made.heads.values())
        self.stdout.write(f"已锚定 {total} 条日志，记在 {path}。印记：{made.mark}")

    def restored(self, path: Path, because: str) -> None:
        """Say that a backup was restored."""
        made = restored(path, because)
        self.stdout.write(f"{made.said()}印记：{made.mark}")

    def verify(self, path: Path) -> None:
        """Read everything; each restored backup on a line, each finding on one of standard error."""
        anchors = read_anchors(path)
        verified = verify(anchors)
        for said in filter(None, (one.said() for one in anchors)):
            self.stdout.write(said)
        for finding in verified.findings[:_shown]:
            self.stderr.write(str(finding))
        last = f"最后一次锚定在 {timezone.localtime(anchors[-1].at):%Y-%m-%d %H:%M}" if anchors else "还没有锚定过"
        reach = f"{last}，之后的 {verified.after_anchor} 条若被截掉，只凭日志本身看不出来。"
        if path == settings.ANJU_ANCHORS and (lost := gone(anchors)):
            self.stderr.write(lost)
            raise CommandError(f"核对了 {verified.entries} 条，有 {len(verified.findings) + 1} 处不对。{reach}")
        if verified.findings:
            raise CommandError(f"核对了 {verified.entries} 条，有 {len(verified.findings)} 处不对。{reach}")
        self.stdout.write(f"核对了 {verified.entries} 条，全部完好。{reach}")
