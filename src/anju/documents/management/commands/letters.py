"""`anju letters`: our words and layouts of letters, to begin an office's own from."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from anju.documents.forms import forms
from anju.documents.rendering.docx import template
from anju.documents.rendering.files import ours


class Command(BaseCommand):
    """Ends with 2 where the folder cannot be written, or has files of these names already."""

    help = "把文书的正文和版式写进一个目录"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """``FOLDER``."""
        parser.add_argument("folder", type=Path, metavar="目录", help="写到哪个目录")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the texts and layouts; nothing that is there already is written over."""
        folder: Path = options["folder"]
        files = {path.name: path.read_bytes() for path in sorted(ours.iterdir()) if path.suffix in (".txt", ".typ")}
        files |= {f"{layout}.docx": template(layout) for layout in sorted({form.layout for form in forms.values()})}
        there = [name for name in files if (folder / name).exists()]
        if there:
            raise CommandError(f"{folder} 里已经有 {there[0]}，没有写；请换一个空目录。", returncode=2)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name, content in files.items():
                (folder / name).write_bytes(content)
        except OSError as error:
            raise CommandError(f"写不了 {folder}：{error.strerror}。", returncode=2) from error
        self.stdout.write(f"写了 {len(files)} 个文件到 {folder}。只留下要改的，其余的用系统自带的。")
