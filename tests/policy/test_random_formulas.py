"""Random calculations: both compilers against exact fractions."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from anju.policy.closures import Case
from anju.policy.edition import Edition
from anju.policy.frames import Batch, facts_frame, missing_terms
from anju.policy.model import Fact
from tests.policy.library import DAY, decision, small

Value = Callable[[Mapping[str, Fraction]], Fraction]


@dataclass(frozen=True)
class Formula:
    """A calculation as a page writes it, the names it reads, and the same in Python's exact fractions."""

    text: str
    reads: frozenset[str]
    value: Value = field(repr=False)


_terms = """
| 甲 | a | 人 | 数 | | 台账 |
| 乙 | b | 人 | 整数 | | 台账 |
| 丙 | c | 人 | 是否 | | 台账 |
| 得数 | result | 人 | 数 | | 判定 |
| 够不够 | enough | 人 | 是否 | | 计算 |
| 够了 | passes | 人 | 是否 | | 判定 |
"""
_codes = {"甲": "a", "乙": "b", "丙": "c"}
_two: Mapping[str, Callable[[Fraction, Fraction], Fraction]] = {
    "({} + {})": lambda x, y: x + y,
    "({} - {})": lambda x, y: x - y,
    "最大({}, {})": max,
    "最小({}, {})": min,
    "({} ≥ {})": lambda x, y: Fraction(x >= y),
    "({} ≠ {})": lambda x, y: Fraction(x != y),
}
_one: Mapping[str, Callable[[Fraction], Fraction]] = {
    "({} / 3)": lambda x: x / 3,
    "({} / 7 * 7)": lambda x: x,
    "({} * 0.5)": lambda x: x / 2,
    "向上取整({})": lambda x: Fraction(math.ceil(x)),
    "向下取整({})": lambda x: Fraction(math.floor(x)),
}


def _name(name: str) -> Formula:
    return Formula(name, frozenset({name}), lambda names: names[name])


def _number(text: str) -> Formula:
    return Formula(text, frozenset(), lambda _: Fraction(text))


def _apply_two(form: str, left: Formula, right: Formula) -> Formula:
    apply = _two[form]
    text = form.format(left.text, right.text)
    return Formula(text, left.reads | right.reads, lambda names: apply(left.value(names), right.value(names)))


def _apply_one(form: str, inner: Formula) -> Formula:
    apply = _one[form]
    return Formula(form.format(inner.text), inner.reads, lambda names: apply(inner.value(names)))


formulas = st.recursive(
    st.one_of(st.sampled_from(tuple(_codes)).map(_name), st.sampled_from(("1", "0.1")).map(_number)),
    lambda children: st.one_of(
        st.builds(_apply_two, st.sampled_from(tuple(_two)), children, children),
        st.builds(_apply_one, st.sampled_from(tuple(_one)), children),
    ),
    max_leaves=5,
)
known = st.fixed_dictionaries(
    {
        "a": st.one_of(st.none(), st.integers(-1000, 100_000).map(lambda n: n / 100)),
        "b": st.one_of(st.none(), st.integers(-5, 3000)),
        "c": st.sampled_from((None, True, False)),
    }
)


def exact(formula: Formula, facts: Mapping[str, Fact | None]) -> Fraction | None:
    """What the formula gives; None where an operand is blank."""
    if any(facts[_codes[name]] is None for name in formula.reads):
        return None
    return formula.value({name: _fraction(facts[code]) for name, code in _codes.items()})


def _fraction(fact: Fact | None) -> Fraction:
    return Fraction(fact) if isinstance(fact, bool) else Fraction(str(fact or 0))


@settings(max_examples=80, deadline=None)
@given(formulas, st.lists(known, min_size=1, max_size=20))
def test_a_calculation_is_exact_to_six_decimals(formula: Formula, drawn: list[dict[str, Fact | None]]) -> None:
    body = "## 计算\n\n| 术语 | 算式 |\n|---|---|\n" + f"| 够不够 | {formula.text} * 3 ≥ 2 * 乙 |\n\n"
    body += decision("得数", "result", "丙 | 结论", f"| - | 0 + {formula.text} |")
    body += "\n" + decision("够了", "passes", "够不够 | 结论", "| 是 | 是 |\n| 否 | 否 |")
    policy = small(_terms, body)
    edition = Edition(policy, DAY)
    case = Case(edition, ("result", "passes"))
    frame = facts_frame({code: [facts[code] for facts in drawn] for code in _codes.values()}, policy.terms)
    everyone = Batch(edition, ("result", "passes"), frame.columns).select(frame.lazy()).collect()
    for facts, row in zip(drawn, everyone.iter_rows(named=True), strict=True):
        one = case.answer(facts)
        wanted = exact(formula, facts)
        assert one["result"].value == (None if wanted is None else float(round(wanted, 6)))
        blank = wanted is None or facts["b"] is None
        assert one["passes"].value == (None if blank or wanted is None else 3 * wanted >= 2 * _fraction(facts["b"]))
        for code in ("result", "passes"):
            assert (row[code], row[f"{code}.row"]) == (one[code].value, one[code].row)
            assert missing_terms(row[f"{code}.missing"]) == one[code].missing
            assert bool(one[code].missing) == (one[code].value is None)
