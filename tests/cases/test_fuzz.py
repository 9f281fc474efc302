"""Officers who do anything at any time: no step is skipped, nothing is done twice, and every case waits for somebody or has ended.

`./dev faults tests/cases/test_fuzz.py` goes on until ten thousand steps were accepted and every procedure has come to its end, and tells
how far each one got.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from anju.cases.actions import within
from anju.cases.actions.work import Work
from anju.duties.evaluate import Known
from anju.duties.everyone import steps
from anju.government.second_wall import everything
from anju.journal.verification import verify as verify_journal
from anju.policy.model import Procedure
from anju.register.facts import today
from anju.register.guideline import guideline
from anju.register.verification import verify
from tests.cases.ending import end_all
from tests.cases.playing_beside import Play
from tests.cases.reached import Reached
from tests.cases.stage import PAGES, Clock, Stage

STEPS, DEEDS, FEW, MORE = 10_000, 40, 8, 10


class Undone(Exception):
    """Ends an example's transaction."""


@pytest.fixture
def stage(db: None, monkeypatch: pytest.MonkeyPatch) -> Stage:
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock.now)
    return Stage(clock)


def play(data: st.DataObject, stage: Stage, reached: Reached, about: str) -> None:
    game = Play(data, stage, reached, about or data.draw(st.sampled_from(list(PAGES.procedures)), "about"))
    for _ in range(DEEDS):
        game.deed()
    true(game)
    end_all(game)
    true(game)


def true(game: Play) -> None:
    """Every question of the night is answered by 0, and the journal is as it was written."""
    connection.check_constraints()
    wrong = [f"{sentence}：{n}" for sentence, n in verify().items() if n]
    wrong += map(str, verify_journal().findings)
    if wrong:
        with everything():
            apart = [Known(kind, span, today(), guideline()).difference() for kind, span in steps()]
        wrong += [
            f"{name} {row}"
            for one in apart
            for name in ("opened", "changed", "left")
            for row in getattr(one, name).to_dicts()
        ]
    assert not wrong, wrong


def played(stage: Stage, reached: Reached, games: int, about: str = "") -> None:
    """So many games, each undone when it ends."""
    began = stage.clock.at

    @settings(
        max_examples=games,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    @given(data=st.data())
    def game(data: st.DataObject) -> None:
        stage.clock.at = began
        try:
            with transaction.atomic():
                play(data, stage, reached, about)
                raise Undone
        except Undone:
            pass

    game()


def test_whatever_officers_do(stage: Stage) -> None:
    played(stage, reached := Reached(), FEW)
    assert reached.steps > FEW
    assert reached.ended


def games_of(procedure: Procedure) -> int:
    """The more ways there are, the more games."""
    return 2 + sum(len(step.moves) for step in procedure.steps) // 5


@pytest.mark.faults
def test_whatever_officers_do_ten_thousand_times(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    reached = Reached()
    while reached.steps < STEPS:
        for procedure in PAGES.procedures.values():
            played(stage, reached, games_of(procedure), procedure.code)
    for procedure in PAGES.procedures.values():
        for _ in range(MORE):
            if not reached.ended[procedure.code]:
                played(stage, reached, games_of(procedure), procedure.code)
    with capsys.disabled():
        sys.stdout.write(f"\n{connection.vendor}\n{reached.report()}\n")
    assert [one.name for code, one in PAGES.procedures.items() if not reached.ended[code]] == []
    assert reached.share() > 0.9
    assert {name for name, n in reached.done.items() if n} >= EVERYTHING


EVERYTHING = {
    *(
        "立件",
        "一步",
        "一起办",
        "挂起",
        "恢复",
        "撤回",
        "终止",
        "最后终止",
        "最后办完",
        "到生效日",
        "死亡",
        "恢复死亡",
        "搬走",
    ),
    *("公示", "证实", "异议", "异议处理", "开会", "记票", "计票", "材料", "拟稿", "送核", "会签", "发文", "作废"),
    *("结算", "补助提出", "补助复核"),
}
"""What has to be done at least once."""


# --- and it would be noticed ----------------------------------------------------------------------------------------


def _anybody(patched: pytest.MonkeyPatch) -> None:
    patched.setattr("anju.cases.actions.work.mine", lambda turns, *_: list(turns))


def _who_comes_second(patched: pytest.MonkeyPatch) -> None:
    was = within.why_not
    patched.setattr(within, "why_not", lambda case, _seen: was(case, None))


def _not_noted(patched: pytest.MonkeyPatch) -> None:
    was = Work.note

    def note(work: Work, action: str, case: Any, **detail: Any) -> None:
        if action != "suspend":
            was(work, action, case, **detail)

    patched.setattr(Work, "note", note)


def _not_carried_out(patched: pytest.MonkeyPatch) -> None:
    patched.setattr("anju.cases.effects.put_step", lambda **_: None)


def _a_second_beginning(patched: pytest.MonkeyPatch) -> None:
    patched.setattr("anju.register.actions.by_case._last_step", lambda *_: [])


def _only_one_side(patched: pytest.MonkeyPatch) -> None:
    was = Work.turns

    def one(work: Work, case: Any) -> Any:
        return was(work, case)[:1]

    patched.setattr(Work, "turns", one)


def _looked_at_by_nobody(patched: pytest.MonkeyPatch) -> None:
    patched.setattr("anju.cases.actions.work.changed", lambda *_: None)


HARMS: dict[str, tuple[str, Callable[[pytest.MonkeyPatch], None]]] = {
    "不看轮到谁": ("set_up_councils", _anybody),
    "不看谁先办": ("set_up_councils", _who_comes_second),
    "日志漏一笔": ("set_up_councils", _not_noted),
    "办结了关系没有走": ("transfer_medical", _not_carried_out),
    "同一种关系开两个头": ("settle_one_stop", _a_second_beginning),
    "一边办了就算两边": ("set_up_coordination", _only_one_side),
    "办结了应办没有重算": ("transfer_pension", _looked_at_by_nobody),
}


@pytest.mark.faults
@pytest.mark.parametrize(("about", "harm"), HARMS.values(), ids=HARMS)
def test_it_would_be_noticed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, about: str, harm: Callable[[pytest.MonkeyPatch], None]
) -> None:
    harm(monkeypatch)
    with pytest.raises(AssertionError):
        played(stage, Reached(), 30, about)
