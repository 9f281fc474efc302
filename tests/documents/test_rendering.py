"""On paper: every kind of every page as PDF and .docx, a long list to its last row, rare characters, an office's own files, no font."""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import docx as word
import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from anju.documents.content import Cell, Content
from anju.documents.forms import form_of, forms
from anju.documents.paper import Paper
from anju.documents.refusals import NoChineseFont, TemplateBroken
from anju.documents.rendering import fonts
from anju.documents.rendering.docx import docx, template
from anju.documents.rendering.files import ours
from anju.documents.rendering.pdf import pdf, png
from anju.documents.rendering.words import words
from anju.policy.model import Letter
from anju.policy.reading.words import letter_forms
from anju.register.guideline import guideline
from tests.documents.cast import CANARY, NAME

COLUMNS = ["姓名", "身份证件号码", "迁出地", "迁入地"]


def told(kind: Letter, **more: Any) -> dict[str, Any]:
    """What the words of a letter may ask for."""
    known = {
        "title": kind.name,
        "subject": kind.name.removesuffix(kind.form),
        "clause": "一（七）社会救助关系转接",
        "procedure": "跨区县救助迁移",
        "who": NAME,
        "count": 1,
        "office": "开州区民政局",
        "origin": "开州区临江镇",
        "destination": "云阳县双龙镇",
        "fields": defaultdict(str, 首发月="2026-12"),
        "told": [("首发月", "2026-12")],
        "answered": "《救助关系管辖迁移函》（开州民〔2026〕1号）",
    }
    return {**known, **more}


def paper(form: str, content: Content, mark: str = "") -> Paper:
    on = date(2026, 11, 29)
    return Paper("救助关系管辖迁移函", form, "开州区民政局", "开州民〔2026〕1号", on, ["云阳县民政局"], content, mark)


def of_kind(kind: Letter, rows: int = 1) -> Paper:
    made = words(kind.code, kind.form, told(kind))
    people: list[list[Cell]] = [[f"{NAME}{at}", {"id": CANARY}, "临江镇", "双龙镇"] for at in range(1, rows + 1)]
    facts: list[tuple[str, Cell]] = [("姓名", NAME), ("身份证件号码", {"id": CANARY})]
    return paper(kind.form, Content(made.title, "", made.text, facts, COLUMNS, people, ["申请人", "经办人"]))


def text_of(body: bytes) -> str:
    """Everything a .docx says, without its markup."""
    with zipfile.ZipFile(BytesIO(body)) as archive:
        return re.sub(r"<[^>]+>", "", archive.read("word/document.xml").decode())


def test_every_form_of_the_pages_is_known() -> None:
    assert set(forms) == set(letter_forms)


def test_every_file_of_ours_is_used() -> None:
    kinds = {letter.code for letter in guideline().letters.values()}
    layouts = {form.layout for form in forms.values()}
    texts = {form.words for form in forms.values()}
    used = {"common.typ", "styles.xml", "footer.xml", "attachment.xml"}
    used |= {f"{name}.{end}" for name in layouts for end in ("typ", "xml")}
    found = {path.name for path in ours.iterdir()}
    assert used | {f"{name}.txt" for name in texts} <= found
    assert {path.removesuffix(".txt") for path in found - used} - texts <= kinds


@pytest.mark.parametrize("kind", guideline().letters.values(), ids=lambda kind: kind.name)
def test_every_kind_is_printed(kind: Letter) -> None:
    data = of_kind(kind).data(full=not form_of(kind.form).open)
    made, filled = pdf(data), text_of(docx(data))
    assert made.startswith(b"%PDF")
    for said in (data["title"], *data["paragraphs"]):
        assert said in filled
    assert (CANARY in filled) is (kind.form != "公示")
    assert "{{" not in filled
    assert "{%" not in filled


@pytest.mark.parametrize("form", ["函", "名单", "通知", "介绍信"])
def test_a_list_of_nine_hundred_is_right_to_the_last_row(form: str) -> None:
    people: list[list[Cell]] = [[f"{NAME}{at:03d}", {"id": CANARY}, f"临江镇{at}组", "双龙镇"] for at in range(1, 901)]
    data = paper(form, Content("名单", text="请看名单。", columns=COLUMNS, rows=people)).data(full=True)
    table = max(word.Document(BytesIO(docx(data))).tables, key=lambda table: len(table.rows))
    rows = [[cell.text for cell in row.cells] for row in (table.rows[0], table.rows[1], table.rows[-1])]
    assert rows == [
        ["序号", *COLUMNS],
        ["1", f"{NAME}001", CANARY, "临江镇1组", "双龙镇"],
        ["900", f"{NAME}900", CANARY, "临江镇900组", "双龙镇"],
    ]
    assert len(table.rows) == 901
    pages = len(re.findall(rb"/Type\s*/Page\b", pdf(data)))
    assert pages > 900 // 40


def test_full_numbers_only_where_they_were_asked_for() -> None:
    for form in ("函", "名单", "表"):
        content = Content("题", facts=[("号", {"id": CANARY})], columns=["号"], rows=[[{"id": CANARY}]])
        for full in (True, False):
            said = text_of(docx(paper(form, content).data(full=full)))
            assert (CANARY in said) is full
            assert (f"{CANARY[:3]}***********{CANARY[-4:]}" in said) is not full


def test_a_name_is_never_a_template_or_source() -> None:
    nasty = "{{ 7*7 }}{% x %}#panic()\\ <b>&"
    data = paper("函", Content(nasty, nasty, nasty, columns=["姓名"], rows=[[nasty]])).data(full=True)
    assert pdf(data).startswith(b"%PDF")
    assert "{{ 7*7 }}{% x %}#panic()\\ &lt;b&gt;&amp;" in text_of(docx(data))
    kind = guideline().letters["救助关系管辖迁移函"]
    assert nasty in words(kind.code, kind.form, told(kind, who=nasty)).text


@pytest.mark.parametrize("mark", ["稿", "作废"])
def test_what_is_no_letter_says_so(mark: str) -> None:
    data = paper("函", Content("题", text="文"), mark).data(full=False)
    assert f"【{mark}】" in text_of(docx(data))
    assert png(data) != png(paper("函", Content("题", text="文")).data(full=False))


def test_rare_characters_are_printed_and_not_as_a_box() -> None:
    assert "Noto Serif CJK SC" in fonts.families()
    pages = [png(paper("函", Content(one)).data(full=True)) for one in ("𠮷", "䶮", "\U000fffff")]
    assert len({page[0] for page in pages}) == 3


# --- an office's own files ----------------------------------------------------------------------------------------


@pytest.fixture
def own(tmp_path: Path, settings: Settings) -> Path:
    settings.ANJU_LETTERS = tmp_path
    return tmp_path


def letter() -> Letter:
    return guideline().letters["救助关系管辖迁移函"]


def test_an_office_has_its_own_words_and_layouts(own: Path) -> None:
    (own / "assistance_transfer_letter.txt").write_text("本局的函\n{{ who }}来了。", encoding="utf-8")
    (own / "letter.typ").write_text("#d.title", encoding="utf-8")
    (own / "letter.docx").write_bytes(template("form"))
    data = of_kind(letter()).data(full=True)
    assert (data["title"], data["paragraphs"]) == ("本局的函", [f"{NAME}来了。"])
    assert len(pdf(data)) > 1000
    assert "依据" not in text_of(docx(data))
    assert "申请人" in text_of(docx(data))


BROKEN = {
    "正文": ("letter.txt", "题\n{{ nobody }}", "letter.txt .*有错.*请改好它"),
    "正文的写法": ("letter.txt", "题\n{% if %}", "letter.txt 第 2 行有错"),
    "正文去拿别的": ("letter.txt", "{{ ''.__class__.__mro__ }}", "letter.txt .*有错"),
    "版式": ("letter.typ", "#d.title\n#nothing", "letter.typ 第 2 行有错"),
    "版式读别处的文件": ("letter.typ", '#read("/../../etc/passwd")', "letter.typ .*有错"),
    "公用的版式": ("common.typ", "#let d = 1 +", "common.typ 第 1 行有错"),
    "文档": ("letter.docx", "不是文档", "letter.docx .*有错"),
}


@pytest.mark.parametrize(("name", "text", "why"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_told_and_nothing_else_is_taken_for_it(own: Path, name: str, text: str, why: str) -> None:
    (own / name).write_text(text, encoding="utf-8")

    def printed() -> None:
        data = of_kind(guideline().letters["医保转出联系函"]).data(full=True)
        pdf(data)
        docx(data)

    with pytest.raises(TemplateBroken, match=why):
        printed()


def test_a_file_in_another_encoding_is_told(own: Path) -> None:
    (own / "letter.txt").write_bytes("函".encode("gb18030"))
    with pytest.raises(TemplateBroken, match="UTF-8"):
        words("nothing", "函", {})


def test_without_a_chinese_font_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "families", lambda: frozenset({"DejaVu Sans"}))
    data = of_kind(letter()).data(full=True)
    with pytest.raises(NoChineseFont, match="fonts-noto-cjk"):
        pdf(data)
    assert docx(data)


def test_ours_are_written_out_to_begin_from_and_nothing_is_written_over(tmp_path: Path) -> None:
    folder = tmp_path / "letters"
    call_command("letters", str(folder))
    names = {path.name for path in folder.iterdir()}
    assert {"common.typ", "letter.typ", "letter.docx", "list.docx", "letter.txt"} <= names
    assert word.Document(str(folder / "letter.docx")).paragraphs
    with pytest.raises(CommandError, match="已经有"):
        call_command("letters", str(folder))


def test_an_indent_by_letters_is_said_in_points_too() -> None:
    """LibreOffice and old versions of WPS know only points."""
    styles = ours.joinpath("styles.xml").read_text()
    for style in re.findall(r"<w:style .*?</w:style>", styles, re.DOTALL):
        for letters, twips in re.findall(r'(?:firstLine|right)Chars="(\d+)" w:(?:firstLine|right)="(\d+)"', style):
            (size,) = re.findall(r'<w:sz w:val="(\d+)"', style)
            assert int(twips) == int(letters) * int(size) * 10 // 100
        assert len(re.findall(r'Chars="', style)) == len(re.findall(r'Chars="\d+" w:', style))
