"""The exported DMN tables: read by dmn-moddle, run by SpiffWorkflow and by a FEEL interpreter, and the same as ours."""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from math import prod
from pathlib import Path
from types import SimpleNamespace
from typing import TypeVar
from xml.etree import ElementTree

import pytest

from anju.policy.axes import axes
from anju.policy.closures import Answer, Case, CompiledTable
from anju.policy.edition import Edition, Table
from anju.policy.export.dmn import dmn_files
from anju.policy.export.feel import flag_of, name_of, reference
from anju.policy.export.requirements import nodes
from anju.policy.load import load, read
from anju.policy.model import Fact, Term
from tests.policy.engines import DMN, SpiffTable, feel, node, python_test, violations

T = TypeVar("T")
EDITION = Edition(load(), date(2026, 6, 30))
FILES = dmn_files(EDITION)
MOST = 1500
"""Combinations of a table that SpiffWorkflow is asked; where there are more, as many drawn by lot."""
CASES = 16
"""Whole cases of a clause that the FEEL interpreter is asked."""

SMALL = """# 一（五）养老

## 术语

| 术语 | 代码 | 对象 | 类型 | 取值 | 来源 |
|---|---|---|---|---|---|
| 天数 | days | 户 | 整数 | never 从未 | 台账 |
| 颜色 | colour | 户 | 枚举 | red 红、green 绿、blue 蓝 | 台账 |
| 面积 | area | 户 | 数 | | 台账 |
| 走访 | visit | 户 | 枚举 | none 不要求、late 逾期、other 其他 | 判定 |
| 补助 | aid | 户 | 数 | | 判定 |
| 面积差 | gap | 户 | 数 | | 计算 |

## 参数

| 参数 | 值 | 单位 | 生效 | 失效 | 依据 |
|---|---|---|---|---|---|
| 间隔 | 30 | 日 | 2020-01-01 | | 内控 |
| 标准 | 0.3 | ㎡ | 2020-01-01 | | 内控 |

## 计算

| 术语 | 算式 |
|---|---|
| 面积差 | 面积 - {标准} |

## 判定：走访 (visit)

| 颜色 | 天数 | 面积差 | 结论 | 应办 | 说明 | 句 |
|---|---|---|---|---|---|---|
| 红 | 从未 | - | 逾期 | | "引号" | 1.5-1 |
| 红、绿 | ≥{间隔} | - | 逾期 | | | 1.5-1 |
| 绿 | (1..{间隔}) | ≠0 | 不要求 | | | 1.5-1 |
| 其余 | - | - | 其他 | | | 1.5-1 |

## 判定：补助 (aid)

| 走访 | 结论 | 应办 | 说明 | 句 |
|---|---|---|---|---|
| 逾期 | 最大(0, 面积差) / 2 + (面积 ≥ {标准}) | | | 1.5-1 |
| 其余 | 不适用 | | | 1.5-1 |
"""
TERMS = """# 共用的词

## 条文

| 条 | 题 | 句数 |
|---|---|---|
| 1.5 | 一（五）养老 | 1 |
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return written(FILES, tmp_path_factory.mktemp("dmn"))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Edition, Path]:
    edition = Edition(read({"0-terms.md": TERMS, "1.5-pension.md": SMALL}, "small"), date(2026, 6, 30))
    return edition, written(dmn_files(edition), tmp_path_factory.mktemp("small"))["1.5-pension.dmn"]


def written(texts: Mapping[str, str], folder: Path) -> dict[str, Path]:
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return {name: folder / name for name in texts}


def file_of(edition: Edition, table: Table) -> str:
    page = edition.policy.page(table.decision.clause)
    assert page is not None
    return page.file.replace(".md", ".dmn")


def choices(table: Table) -> list[list[Fact]]:
    """The complete domain: a sample of every piece of the tested terms, and some figures of the formulas' operands."""
    tested = [[s for s in axis.samples if s is not None] for axis in axes(table)]
    return [*tested, *(figures(term) for term in table.operands)]


def figures(term: Term) -> list[Fact]:
    if term.kind == "bool":
        return [True, False]
    if term.kind == "date":
        return [date(1966, 6, 30), date(2004, 2, 29), date(2026, 6, 1)]
    return [0, 1, 799, 1000] if term.kind == "int" else [0, 2.5, 800]


def combinations(domain: Sequence[Sequence[T]], most: int, seed: str) -> Iterator[tuple[T, ...]]:
    """All combinations, or ``most`` of them drawn by a lot that always falls alike."""
    total = prod(len(values) for values in domain)
    steps = [prod(len(values) for values in domain[:at]) for at in range(len(domain))]
    numbers = range(total) if total <= most else random.Random(seed).sample(range(total), most)
    for number in numbers:
        yield tuple(values[number // step % len(values)] for values, step in zip(domain, steps, strict=True))


def named(facts: Mapping[Term, Fact | None]) -> dict[str, object]:
    """Facts by the names of the exported inputs: enumerations by label, special values as a flag beside a null."""
    found: dict[str, object] = {}
    for term, fact in facts.items():
        special = isinstance(fact, str) and term.kind != "enum"
        found[name_of(term)] = None if special else term.label(fact) if isinstance(fact, str) else fact
        for value in term.specials:
            found[flag_of(term, value)] = fact == value.code
    return found


def expected(answer: Answer) -> dict[str, object]:
    assert answer.verdict.rule is not None
    value = answer.term.label(answer.value) if isinstance(answer.value, str) else answer.value
    duties = "、".join(EDITION.policy.duties[code].name for code in answer.duties)
    return {
        "结论": pytest.approx(value) if isinstance(value, float) else value,
        "应办": duties,
        "说明": answer.verdict.rule.row.reason,
    }


def compare(edition: Edition, table: Table, file: Path, most: int = MOST) -> int:
    """Ask SpiffWorkflow and our closures the same; how many combinations that were."""
    spiff, ours = SpiffTable(file, table.code), CompiledTable(table, edition)
    terms = (*table.tested, *table.operands)
    asked = 0
    for facts in combinations(choices(table), most, table.code):
        given = named(dict(zip(terms, facts, strict=True)))
        for term in terms:
            if term.code in edition.tables:
                given[name_of(term)] = SimpleNamespace(结论=given[name_of(term)])
        answer = ours.answer({term.code: fact for term, fact in zip(terms, facts, strict=True)}, {})
        assert spiff.decide(given) == expected(answer), given
        asked += 1
    return asked


def test_every_deciding_clause_has_a_file() -> None:
    assert {name.split("-")[0] for name in FILES} == {d.clause for d in EDITION.policy.decisions.values()}


def test_dmn_moddle_reads_them_without_a_warning(files: dict[str, Path]) -> None:
    found = node("moddle.mjs", *map(str, files.values()))
    assert {file: read["warnings"] for file, read in found.items()} == {str(path): [] for path in files.values()}
    assert all(read["type"] == "dmn:Definitions" and read["types"]["dmn:Decision"] for read in found.values())


def test_a_broken_file_would_be_warned_about(tmp_path: Path) -> None:
    broken = tmp_path / "broken.dmn"
    broken.write_text(
        FILES["1.5-pension.dmn"].replace('dmnElementRef="age"', 'dmnElementRef="nobody"'), encoding="utf-8"
    )
    assert "nobody" in str(node("moddle.mjs", str(broken))[str(broken)]["warnings"])


@pytest.mark.parametrize("name", FILES)
def test_the_structure_is_whole(name: str, files: dict[str, Path]) -> None:
    root = ElementTree.fromstring(FILES[name])
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert {e.get("href", "")[1:] for e in root.iter() if e.get("href")} <= set(ids)
    drawn = {element.get("dmnElementRef") for element in root.iter() if element.get("dmnElementRef")}
    parts = {e.get("id") for tag in ("inputData", "decision") for e in root.iter(f"{{{DMN}}}{tag}")}
    assert parts | {e.get("id") for e in root.iter(f"{{{DMN}}}informationRequirement")} == drawn
    for table in root.iter(f"{{{DMN}}}decisionTable"):
        assert table.get("hitPolicy") == "UNIQUE"
        for rule in table.iter(f"{{{DMN}}}rule"):
            assert len(rule.findall(f"{{{DMN}}}inputEntry")) == len(table.findall(f"{{{DMN}}}input"))
            assert len(rule.findall(f"{{{DMN}}}outputEntry")) == 3
    assert "空白不等于否" in (root.findtext(f"{{{DMN}}}description") or "")


@pytest.mark.parametrize("name", FILES)
def test_they_keep_to_the_schema(name: str, files: dict[str, Path]) -> None:
    assert violations(files[name]) == []


@pytest.mark.parametrize("code", EDITION.tables)
def test_spiffworkflow_decides_like_us(code: str, files: dict[str, Path]) -> None:
    table = EDITION.tables[code]
    assert compare(EDITION, table, files[file_of(EDITION, table)])


def test_a_whole_clause_on_a_feel_interpreter_decides_like_us(files: dict[str, Path]) -> None:
    """Facts go in at the bottom; calculations and tables feed each other as the diagram says."""
    asked = {name: list(cases(EDITION, file.split("-")[0], CASES)) for file, name in files.items()}
    answers = feel({file: [given for _, given in rows] for file, rows in asked.items()})
    for file, rows in asked.items():
        for (facts, given), answer in zip(rows, answers[file], strict=True):
            check(EDITION, facts, given, answer)


def test_the_small_policy_on_both(small: tuple[Edition, Path]) -> None:
    edition, file = small
    assert [compare(edition, table, file) for table in edition.tables.values()] == [36, 27]
    rows = list(cases(edition, "1.5", 80))
    for (facts, given), answer in zip(rows, feel({file: [given for _, given in rows]})[file], strict=True):
        check(edition, facts, given, answer)


def test_the_rest_is_written_out_without_overlap(small: tuple[Edition, Path]) -> None:
    rules = ElementTree.parse(small[1]).getroot().findall(f".//{{{DMN}}}decisionTable[@id='visit_table']/{{{DMN}}}rule")
    entries = [[e.findtext(f"{{{DMN}}}text") for e in rule.findall(f"{{{DMN}}}inputEntry")] for rule in rules]
    assert entries[:3] == [
        ['"红"', "true", "-", "-"],
        ['"红","绿"', "false", ">= 30", "-"],
        ['"绿"', "false", "(1..30)", "not(0)"],
    ]
    assert ['"蓝"', "-", "-", "-"] in entries[3:]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('"a","b"', '? in ["a","b"]'),
        ("[1..2)", "1 <= ? < 2"),
        ("not(5)", "? != 5"),
        (">= 3", "? >= 3"),
        ("true", "? == true"),
    ],
)
def test_feel_said_in_python(text: str, said: str) -> None:
    assert python_test(text) == said


def cases(edition: Edition, clause: str, most: int) -> Iterator[tuple[dict[str, Fact | None], dict[str, object]]]:
    """Complete facts of a clause by term code, and the same by input name."""
    domain: dict[Term, list[Fact | None]] = {}
    recorded = [part.term for part in nodes(edition, clause).values() if part.sort == "input"]
    pieces = {axis.term.code: axis.samples for table in edition.tables.values() for axis in axes(table)}
    for term in recorded:
        samples = [s for s in pieces.get(term.code, ()) if s is not None] or figures(term)
        blank = [None] if term.code in edition.policy.calculations and term.blank_as is None else []
        domain[term] = [edition.on] if term.code == "as_of" else [*samples, *blank]
    for picked in combinations(tuple(domain.values()), most, clause):
        facts = dict(zip(domain, picked, strict=True))
        given = named(facts)
        for part in nodes(edition, clause).values():
            if part.id.endswith("_recorded"):
                given[part.name] = given.pop(name_of(part.term))
        yield {term.code: fact for term, fact in facts.items()}, given


def check(
    edition: Edition, facts: Mapping[str, Fact | None], given: object, answers: Mapping[str, dict[str, object]]
) -> None:
    own = [code for code in answers if code in edition.tables]
    for code, answer in Case(edition, own).answer(facts).items():
        assert (answers[code]["hits"], answers[code]["warnings"]) == (1, []), (code, given)
        assert answers[code]["result"] == expected(answer), (code, given)
        assert reference(edition, answer.term).endswith(".结论")
