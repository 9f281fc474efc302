"""How every case of a game comes to its end: none runs for ever."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from anju.cases.actions import resume, terminate
from anju.cases.models import State
from anju.cases.procedures import forward
from tests.cases.cast import step_on
from tests.cases.playing import Game
from tests.cases.stage import Standing


def end_all(game: Game) -> None:
    """Whoever is waited for ends a case, or goes on to its end where what it is about has taken effect."""
    for key in game.now.open():
        while game.now.cases[key]["closed_at"] is None:
            stands = Standing.of(key)
            if game.did(*_last(game, key, stands)) is None:
                raise AssertionError(f"nobody can end {stands.running.procedure.name}")


def _last(game: Game, key: UUID, stands: Standing) -> tuple[str, Callable[[], Mapping[UUID, int]]]:
    by, seen = game.stage.offices.of(stands.turns[0]), stands.case.entries

    def act() -> Mapping[UUID, int]:
        if not stands.in_force:
            terminate(by=by, case=key, seen=seen, because="不再办")
        elif stands.case.state == State.SUSPENDED:
            resume(by=by, case=key, seen=seen)
        else:
            action = next(move.action for move in stands.step.moves if forward(stands.step, move))
            step_on(stands.case, game.stage.offices, action)
        return {key: 1}

    return "最后办完" if stands.in_force else "最后终止", act
