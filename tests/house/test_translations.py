"""Every word of the site is there in English too, and the compiled catalogue is the written one."""

import re
from pathlib import Path

import polib
import pytest
from django.utils.translation.template import templatize

from tests.house.tracked import ROOT, name, text, tracked_files

CATALOGUE = ROOT / "src/anju/web/locale/en/LC_MESSAGES"
ENGLISH = polib.pofile(str(CATALOGUE / "django.po"))
TEMPLATES = [path for path in tracked_files() if path.suffix == ".html"]
CALL = re.compile(r"""(?:gettext|\b_)\(\s*u?(?P<quote>['"])(?P<text>(?:\\.|(?!(?P=quote)).)*)(?P=quote)\s*\)""")
CHINESE = re.compile(r"[\u4e00-\u9fff]+")
# What stays Chinese on an English page: the strengths and the end of a procedure are words of the guideline.
GUIDELINE = {"必须", "原则上", "可以", "鼓励", "办结", "中文"}


def said(path: Path) -> set[str]:
    """The texts that a template or module gives to gettext."""
    source = templatize(text(path)) if path.suffix == ".html" else text(path)
    return {match["text"] for match in CALL.finditer(source)}


def test_everything_that_is_said_is_there_in_english() -> None:
    modules = [
        p
        for p in tracked_files()
        if p.suffix == ".py" and name(p).startswith(("src/anju/check", "src/anju/government", "src/anju/web"))
    ]
    wanted = set().union(*(said(path) for path in (*TEMPLATES, *modules)))
    known = {entry.msgid for entry in ENGLISH if entry.translated()}
    assert wanted - known == set()
    assert known - wanted == set(), "nobody says this any more"


@pytest.mark.parametrize("template", TEMPLATES, ids=name)
def test_a_template_says_nothing_in_chinese_alone(template: Path) -> None:
    source = re.sub(r"{% blocktranslate.*?endblocktranslate %}", "", text(template), flags=re.DOTALL)
    assert set(CHINESE.findall(re.sub(r"{%.*?%}", "", source))) <= GUIDELINE


def test_a_translation_fills_in_the_same_figures() -> None:
    figures = re.compile(r"%\(\w+\)[sd]")
    assert not [e.msgid for e in ENGLISH if set(figures.findall(e.msgid)) != set(figures.findall(e.msgstr))]


def test_the_compiled_catalogue_is_the_written_one() -> None:
    compiled = (CATALOGUE / "django.mo").read_bytes()
    assert compiled == ENGLISH.to_binary(), "run python docs/compile_english.py"
