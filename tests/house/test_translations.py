"""Every word of the site is there in English too, in one app's catalogue, and each compiled catalogue is the written one."""

import re
from collections import Counter
from pathlib import Path

import polib
import pytest
from django.utils.translation.template import templatize

from tests.house.tracked import ROOT, name, text, tracked_files

CATALOGUES = {path: polib.pofile(str(path)) for path in sorted(ROOT.glob("src/anju/*/locale/en/LC_MESSAGES/django.po"))}
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
    modules = [path for path in tracked_files() if path.suffix == ".py" and name(path).startswith("src/anju/")]
    wanted = set().union(*(said(path) for path in (*TEMPLATES, *modules)))
    known = {entry.msgid for english in CATALOGUES.values() for entry in english if entry.translated()}
    assert wanted - known == set()
    assert known - wanted == set(), "nobody says this any more"


def test_what_several_apps_say_stands_in_the_catalogue_of_web() -> None:
    """Where one of them had it, the others would lose their English with that one's word."""
    apps: dict[str, set[str]] = {}
    for path in tracked_files():
        if path.suffix in (".html", ".py") and name(path).startswith("src/anju/"):
            for msgid in said(path):
                apps.setdefault(msgid, set()).add(name(path).split("/")[2])
    catalogue = {entry.msgid: name(path).split("/")[2] for path, english in CATALOGUES.items() for entry in english}
    elsewhere = {msgid: catalogue[msgid] for msgid, found in apps.items() if len(found) > 1 and msgid in catalogue}
    assert {msgid: app for msgid, app in elsewhere.items() if app != "web"} == {}


def test_a_text_stands_in_one_catalogue_only() -> None:
    """With two, the order of the apps would decide which English a page shows."""
    times = Counter(entry.msgid for english in CATALOGUES.values() for entry in english)
    assert not {msgid for msgid, found in times.items() if found > 1}


@pytest.mark.parametrize("template", TEMPLATES, ids=name)
def test_a_template_says_nothing_in_chinese_alone(template: Path) -> None:
    source = re.sub(r"{% blocktranslate.*?endblocktranslate %}", "", text(template), flags=re.DOTALL)
    assert set(CHINESE.findall(re.sub(r"{%.*?%}", "", source))) <= GUIDELINE


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=name)
def test_a_translation_fills_in_the_same_figures(catalogue: Path) -> None:
    figures = re.compile(r"%\(\w+\)[sd]")
    entries = CATALOGUES[catalogue]
    assert not [e.msgid for e in entries if set(figures.findall(e.msgid)) != set(figures.findall(e.msgstr))]


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=name)
def test_the_compiled_catalogue_is_the_written_one(catalogue: Path) -> None:
    compiled = catalogue.with_suffix(".mo")
    assert compiled.exists(), "run python docs/compile_english.py"
    assert compiled.read_bytes() == CATALOGUES[catalogue].to_binary(), "run python docs/compile_english.py"
