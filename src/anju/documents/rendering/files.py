"""Where the words and layouts of letters are: an office's own file of the same name takes precedence over ours."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from anju.documents.refusals import TemplateBroken

ours = Path(__file__).resolve().parent.parent / "letters"
"""The files that come with the program."""
_largest = 5 << 20


def own_folder() -> Path | None:
    """The folder of the office's own files (``ANJU_LETTERS``), if there is one."""
    return settings.ANJU_LETTERS


def found(name: str) -> Path | None:
    """The office's own file, else ours, else None."""
    folders = (folder for folder in (own_folder(), ours) if folder is not None)
    return next((folder / name for folder in folders if (folder / name).is_file()), None)


def folder_of(name: str) -> Path:
    """The folder where a file was found: what it refers to, such as a picture, is looked for there."""
    path = found(name)
    return path.parent if path else ours


def content_of(name: str) -> bytes:
    """A file's content. Raises `TemplateBroken` where it is not there or cannot be read."""
    path = found(name)
    if path is None:
        raise TemplateBroken(f"没有模板文件 {name}。")
    try:
        if path.stat().st_size > _largest:
            raise TemplateBroken(f"模板文件 {name} 太大，最多 {_largest >> 20} MB。")
        return path.read_bytes()
    except OSError as error:
        raise TemplateBroken(f"读不了模板文件 {name}：{error.strerror}。") from error


def text_of(name: str) -> str:
    """A file's text. Raises `TemplateBroken`."""
    try:
        return content_of(name).decode()
    except UnicodeDecodeError as error:
        raise TemplateBroken(f"模板文件 {name} 要存成 UTF-8 编码。") from error


def broken(name: str, why: object, line: int | None = None) -> TemplateBroken:
    """The sentence about a file that cannot be used."""
    where = f"第 {line} 行" if line else ""
    whose = "请改好它，或者从模板目录里拿走，用系统自带的" if _is_own(name) else "请告诉系统管理员"
    return TemplateBroken(f"模板文件 {name} {where}有错：{str(why)[:200]}。{whose}。")


def _is_own(name: str) -> bool:
    path = found(name)
    return path is not None and path.parent == own_folder()
