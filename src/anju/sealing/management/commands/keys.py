"""`anju keys`: new keys, and every sealed value under the newest one."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from anju.sealing.agreement import agree_on_keys, start_new_key
from anju.sealing.ciphertext import SealBroken
from anju.sealing.keys import KeysRefused
from anju.sealing.rotation import keys_in_use, reseal, retire


class Command(BaseCommand):
    """Ends with 1 when a sealed value was changed or moved, with 2 when a key is missing or wrong."""

    help = "加密密钥：add 添一把新的，reseal 用最新的改写旧密文，retire 停用不再管着什么的旧密钥"

    def add_arguments(self, parser: CommandParser) -> None:
        """``add seal|journal``, ``reseal`` or ``retire NUMBER``."""
        what = parser.add_subparsers(dest="what", required=True)
        add = what.add_parser("add", help="添一把新密钥；重启后都用它来写，旧的只用来读")
        add.add_argument("use", choices=["seal", "journal"], help="seal 加密字段 · journal 操作日志")
        what.add_parser("reseal", help="用最新的密钥改写旧密钥加密的内容；可以中断，再运行接着做")
        old = what.add_parser("retire", help="把一把不再管着什么的旧 seal 密钥从密钥文件里取出来")
        old.add_argument("number", type=int, help="编号")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, or say in a sentence why not."""
        try:
            match options["what"]:
                case "add":
                    self.add(options["use"])
                case "reseal":
                    self.reseal()
                case _:
                    self.retire(options["number"])
        except KeysRefused as problem:
            raise CommandError(str(problem), returncode=2) from problem
        except SealBroken as problem:
            raise CommandError(str(problem)) from problem

    def add(self, use: Any) -> None:
        """Add a key."""
        number = start_new_key(use)
        self.stdout.write(f"添了 {use} {number} 号密钥。请另行备份密钥文件，再重启网站和后台进程。")

    def retire(self, number: int) -> None:
        """Take a key out."""
        agree_on_keys()
        retired = retire(number)
        self.stdout.write(
            f"seal {number} 号密钥停用了，移到了 {retired}。还留着它写的旧备份，就把它和旧备份分开留着；"
            "添新密钥以后还没重启过的网站和后台进程，请现在重启。"
        )

    def reseal(self) -> None:
        """Rewrite, and count what each key still holds."""
        written, left = reseal(), keys_in_use()
        holds = "、".join(f"{number} 号 {left[number]} 处" for number in sorted(left)) or "库里没有加密内容"
        self.stdout.write(f"改写了 {written} 处。各号密钥还管着：{holds}。")
