"""The guideline on the screen: every page, every row with its anchor, figures filled in, and a case to try."""

from __future__ import annotations

import re
from datetime import date

import pytest

from anju.check.queries import edition_on, guideline
from tests.check.pages.visitor import Visitor

CLAUSES = [page.clause for page in guideline().pages]


def test_the_contents_lead_to_every_clause(visitor: Visitor) -> None:
    contents = visitor.text("/guideline/")
    assert not [clause for clause in CLAUSES if f'href="/guideline/{clause}/"' not in contents]


@pytest.mark.parametrize("clause", CLAUSES)
def test_every_rule_duty_and_step_of_a_clause_has_an_anchor(visitor: Visitor, clause: str) -> None:
    page = visitor.text(f"/guideline/{clause}/")
    edition, policy = edition_on(date.today()), guideline()
    rows = [
        f"{code}-{rule.row.number}"
        for code, table in edition.tables.items()
        if table.decision.clause == clause
        for rule in table.rules
    ]
    duties = [duty.code for duty in policy.duties.values() if duty.clause == clause]
    steps = [
        f"procedure-{p.code}-{s.number}" for p in policy.procedures.values() if p.clause == clause for s in p.steps
    ]
    assert not [anchor for anchor in (*rows, *duties, *steps) if f'id="{anchor}"' not in page]
    assert not [example.title for example in policy.examples if example.clause == clause and example.title not in page]


@pytest.mark.parametrize("clause", CLAUSES)
def test_every_anchor_stands_once_and_every_link_to_one_leads_somewhere(visitor: Visitor, clause: str) -> None:
    page = visitor.text(f"/guideline/{clause}/")
    anchors = re.findall(r' id="([^"]+)"', page)
    assert len(anchors) == len(set(anchors))
    for other, anchor in re.findall(r'href="(?:/guideline/([\d.]+)/)?#([^"]+)"', page):
        assert anchor in anchors or other not in ("", clause), anchor


def test_a_rule_shows_its_figures_and_what_nobody_has_checked(visitor: Visitor) -> None:
    page = visitor.text("/guideline/1.5/")
    assert "≥60" in page
    assert "≥16 &lt;60" in page
    assert "领取年龄" in page
    assert "待核" in page
    assert "{领取年龄}" not in page
    assert "{征询期限}" not in page


@pytest.mark.parametrize(
    ("facts", "there"),
    [
        ("relocatee_kind=registered_poor&pension_status=drawing&move_scope=cross_province", ["留原参保地"]),
        (
            "relocatee_kind=registered_poor&pension_status=contributing&move_scope=cross_province",
            ["还不知道", "户籍已迁入"],
        ),
        ("relocatee_kind=concurrent", ["本条不适用", "本条只管贫困人员"]),
        ("", ["还不知道"]),
    ],
    ids=["已领取", "没填全", "同步搬迁", "什么也没填"],
)
def test_a_case_can_be_tried(visitor: Visitor, facts: str, there: list[str]) -> None:
    answer = visitor.text(f"/guideline/1.5/try/?subject=person&{facts}", htmx=True)
    assert "<html" not in answer
    assert not [text for text in there if text not in answer]


@pytest.mark.parametrize(
    ("clause", "facts"),
    [
        ("1.5", "age=x"),
        ("1.5", "age=-1"),
        ("1.5", "age=1e99"),
        ("1.5", "hukou_moved=maybe"),
        ("1.5", "pension_status=none"),
        ("2.3", "election_day=2026-13-01"),
    ],
)
def test_a_field_that_cannot_be_read_is_named(visitor: Visitor, clause: str, facts: str) -> None:
    response = visitor.get(f"/guideline/{clause}/try/?subject=person&{facts}", htmx=True)
    assert response.status_code == 422
    assert guideline().terms[facts.partition("=")[0]].name in response.content.decode()


def test_a_clause_is_not_tried_about_what_it_does_not_speak_of(visitor: Visitor) -> None:
    assert visitor.get("/guideline/1.5/try/?subject=site").status_code == 404
