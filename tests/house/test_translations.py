"""Every word of the site is there in English too, in one app's catalogue, and each compiled catalogue is the written one."""

import re
from collections import Counter
from pathlib import Path

import django
import polib
import pytest
from django import forms
from django.utils.translation.template import templatize

from tests.house.tracked import ROOT, name, text, tracked_files

CATALOGUES = {path: polib.pofile(str(path)) for path in sorted(ROOT.glob("src/anju/*/locale/en/LC_MESSAGES/django.po"))}
OURS = (
    ROOT / "src/anju/web/locale/zh_Hans/LC_MESSAGES/django.po"
)  # what Django's forms say by themselves, as our officers read it
DJANGOS = Path(django.__file__).parent / "conf/locale/zh_Hans/LC_MESSAGES/django.po"
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


@pytest.mark.parametrize("catalogue", [*CATALOGUES, OURS], ids=name)
def test_the_compiled_catalogue_is_the_written_one(catalogue: Path) -> None:
    compiled = catalogue.with_suffix(".mo")
    assert compiled.exists(), "run python docs/compile_english.py"
    assert compiled.read_bytes() == polib.pofile(str(catalogue)).to_binary(), "run python docs/compile_english.py"


def test_what_forms_say_by_themselves_is_said_by_django_still() -> None:
    """Another wording of Django's, and ours would be said no more."""
    figures, djangos = re.compile(r"%\(\w+\)[sd]"), {(e.msgid, e.msgid_plural) for e in polib.pofile(str(DJANGOS))}
    ours = polib.pofile(str(OURS))
    assert {(entry.msgid, entry.msgid_plural) for entry in ours} <= djangos
    said_of = [(entry, entry.msgstr_plural.get(0, entry.msgstr)) for entry in ours]
    assert not [e.msgid for e, sentence in said_of if set(figures.findall(e.msgid)) != set(figures.findall(sentence))]


BY_THEMSELVES = {
    "太长": (forms.CharField(max_length=3), "张青山家", "最多写 3 个字，现在是 4 个，请写短一些。"),
    "太短": (forms.CharField(min_length=2), "张", "至少写 2 个字，现在是 1 个，请写全。"),
    "小数位太多": (forms.DecimalField(decimal_places=2), "0.001", "小数点后最多 2 位，请去掉多的。"),
    "数字太长": (forms.DecimalField(max_digits=4), "12345", "最多 4 位数字，请看看是不是多打了。"),
    "太大": (forms.DecimalField(max_value=9), "10", "最大是 9，请看看是不是多打了。"),
    "太小": (forms.IntegerField(min_value=0), "-1", "最小是 0，请看看是不是打错了。"),
    "不是数": (forms.DecimalField(), "一万", "要输入一个数字，比如 12.5。"),
    "不是整数": (forms.IntegerField(), "1.5", "要输入整数，比如 12。"),
    "没有这一样": (forms.ChoiceField(choices=[("a", "甲")]), "b", "没有“b”这一样，请从列出的里面选。"),
}


@pytest.mark.parametrize(("field", "value", "sentence"), BY_THEMSELVES.values(), ids=BY_THEMSELVES)
def test_a_form_says_by_itself_what_to_do(field: forms.Field, value: str, sentence: str) -> None:
    with pytest.raises(forms.ValidationError) as wrong:
        field.clean(value)
    assert wrong.value.messages == [sentence]
