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
from docx.oxml.ns import qn
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
from tests.documents.printed import lines

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
    used = {"common.typ", "styles.xml", "footer.xml", "letter_foot.xml", "attachment.xml"}
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
    rows = [[str(at), f"{NAME}{at:03d}", CANARY, f"临江镇{at}组", "双龙镇"] for at in range(1, 901)]
    people: list[list[Cell]] = [[name, {"id": number}, *places] for _, name, number, *places in rows]
    data = paper(form, Content("名单", text="请看名单。", columns=COLUMNS, rows=people)).data(full=True)
    table = max(word.Document(BytesIO(docx(data))).tables, key=lambda table: len(table.rows))
    written = [row.text for row in table._cells]
    width = len(COLUMNS) + 1
    assert [written[at : at + width] for at in range(0, len(written), width)] == [["序号", *COLUMNS], *rows]
    pages = lines(pdf(data))
    head = "".join(["序号", *COLUMNS])
    said = [line for page in pages for line in page]
    first, last = said.index(head) + 1, len(said) - said[::-1].index("".join(rows[-1]))
    assert [line for line in said[first:last] if re.match(r"\d+\D", line)] == ["".join(row) for row in rows]


# --- 版记 ------------------------------------------------------------------------------------------------------------

COPIES = "云阳县双江街道办事处，云阳县医疗保障局"
PRINTED = ["开州区民政局", "2026年11月29日印发"]
IMPRINTS = {
    "通知抄送": ("通知", COPIES, [f"抄送：{COPIES}。", *PRINTED]),
    "写了句号的不重": ("通知", f"{COPIES}。", [f"抄送：{COPIES}。", *PRINTED]),
    "通知不抄送": ("通知", "", PRINTED),
    "函抄送，不写印发机关": ("函", COPIES, [f"抄送：{COPIES}。"]),
    "函不抄送，没有版记": ("函", "", []),
    "决议没有版记": ("决议", COPIES, []),
}


def copied(form: str, copies: str, rows: int) -> dict[str, Any]:
    content = Content("题", text="文", columns=["姓名"], rows=[[NAME]] * rows, copies_to=copies)
    return dict(paper(form, content).data(full=True))


def body_of(data: dict[str, Any]) -> Any:
    return word.Document(BytesIO(docx(data))).element.body


@pytest.mark.parametrize("rows", [0, 2], ids=["没有附件", "有附件"])
@pytest.mark.parametrize(("form", "copies", "lines"), IMPRINTS.values(), ids=IMPRINTS)
def test_the_last_page_says_who_else_gets_it_and_who_printed_it(
    form: str, copies: str, lines: list[str], rows: int
) -> None:
    data = copied(form, copies, rows)
    said = [(str(one.style), str(one.text)) for one in body_of(data).iter(qn("w:p"))]
    assert [text for style, text in said if style == "Imprint"] == lines
    after = [text for _, text in said][said.index(("Imprint", lines[0])) :] if lines else []
    assert NAME not in after
    more = 1 if rows and lines else 0
    assert len(png(data)) == (2 if rows else 1) + more
    assert (png(data)[-1] != png(copied(form, "", rows))[-1]) is bool(copies and lines)


def test_the_rules_of_the_imprint_are_thick_thin_and_thick() -> None:
    (floats,) = body_of(copied("通知", COPIES, 0)).iter(qn("w:tblpPr"))
    assert (floats.get(qn("w:vertAnchor")), floats.get(qn("w:tblpYSpec"))) == ("margin", "bottom")
    (borders,) = (one for one in floats.getparent() if one.tag == qn("w:tblBorders"))
    assert {one.tag: one.get(qn("w:sz")) for one in borders} == {
        qn("w:top"): "8", qn("w:insideH"): "6", qn("w:bottom"): "8",
    }  # fmt: skip
    (frame,) = body_of(copied("函", COPIES, 0)).iter(qn("w:framePr"))
    assert (frame.get(qn("w:vAnchor")), frame.get(qn("w:yAlign"))) == ("margin", "bottom")
    assert not [*body_of(copied("函", COPIES, 0)).iter(qn("w:tbl"))]


@pytest.mark.parametrize(("rows", "copies"), [(0, ""), (0, COPIES), (2, ""), (2, COPIES)], ids=str)
def test_a_letter_has_both_pairs_of_red_lines_on_its_first_page_alone(rows: int, copies: str) -> None:
    document = word.Document(BytesIO(docx(copied("函", copies, rows))))
    (head,) = (one for one in document.paragraphs if one.style is not None and one.style.name == "LetterHead")
    lines = {"thickThinSmallGap": [*head._p.iter(qn("w:bottom"))]}
    first, *others = document.sections
    lines["thinThickSmallGap"] = [*first.first_page_footer.paragraphs[0]._p.iter(qn("w:top"))]
    for name, found in lines.items():
        assert [(one.get(qn("w:val")), one.get(qn("w:color"))) for one in found] == [(name, "D7000F")]
    assert first.different_first_page_header_footer
    assert first.footer_distance is not None
    assert first.footer_distance.mm == pytest.approx(20, abs=0.1)
    assert not any(one.different_first_page_header_footer for one in others)
    assert len(others) == (bool(rows) + bool(rows and copies))


def test_what_was_issued_before_there_were_copies_is_what_was_issued() -> None:
    sealed = (
        '{"columns":["姓名"],"facts":[["姓名","张青山"]],"given":{"首发月":"2026-12"},"rows":[["张青山"]],'
        '"signers":["经办人"],"text":"换了正文。","title":"关于迁移的函","to":""}'
    )
    before = paper("函", Content.of(sealed))
    assert (before.content.sealed(), before.digest()) == (
        sealed,
        "cb2ed385559867a8ea9fc549f64c12dc7530118d7d787b47d38a279c24d0f7c1",
    )
    copied_to = Content.of(Content("题", copies_to=COPIES).sealed())
    assert copied_to.shown(full=False).copies_to == COPIES
    assert paper("函", copied_to).digest() != paper("函", Content("题")).digest()


def test_full_numbers_only_where_they_were_asked_for() -> None:
    for form in ("函", "名单", "表"):
        content = Content("题", facts=[("号", {"id": CANARY})], columns=["号"], rows=[[{"id": CANARY}]])
        for full in (True, False):
            said = text_of(docx(paper(form, content).data(full=full)))
            assert (CANARY in said) is full
            assert (f"{CANARY[:3]}**************{CANARY[-1:]}" in said) is not full


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
