"""A game: officers and residents who take steps of cases, mostly as they should and sometimes not; after each deed all is still true.

What is refused has changed nothing. What must be refused - a case seen before somebody else's deed, a turn that is another office's - is
never done.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from hypothesis import note
from hypothesis import strategies as st

from anju.cases.actions import open_case, resume, suspend, take_step, take_steps, terminate, withdraw
from anju.cases.agreeing import expected
from anju.cases.fields import Field, Value
from anju.cases.models import Case, State
from anju.cases.notices import state_term
from anju.cases.procedures import Running, begun_by_person, forward, own_moves, subject_of
from anju.cases.turns import place_at
from anju.government.lines import Level, Line
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.residents import Resident, Somebody
from anju.government.second_wall import everything
from anju.journal.models import Entry as Noted
from anju.policy.model import Move
from anju.register.facts import today
from anju.register.models import Household, Person
from tests.cases.cast import beside, value_for
from tests.cases.reached import Reached
from tests.cases.stage import PAGES, RUNNING, Stage, Standing, Subjects
from tests.cases.truth import check, check_arrived, may, now
from tests.register.cast import DESTINATION, ORIGIN

T = TypeVar("T")
_own_words: Mapping[tuple[str, str], Value] = {("register_dual_life", "党员意见"): "stay"}
_child = "confirm_membership"


class Game:
    """The cases of a game, most of them of the procedure that it is ``about``, and who may draw what comes next."""

    def __init__(self, data: st.DataObject, stage: Stage, reached: Reached, about: str) -> None:
        self.data, self.stage, self.reached, self.about = data, stage, reached, about
        self.subjects = Subjects(stage)
        self.pages: dict[UUID, Running] = {}
        self.now = now([])
        self.wanders = self.draw(0, 3, "how often astray")

    # --- what is drawn ----------------------------------------------------------------------------------------------

    def draw(self, least: int, most: int, why: str) -> int:
        """A number; the least is the plainest."""
        found: int = self.data.draw(st.integers(least, most), why)
        return found

    def rarely(self, one_of: int, why: str) -> bool:
        """True once in so many times."""
        return self.draw(0, one_of - 1, why) == one_of - 1

    def pick(self, some: Collection[T], why: str) -> T:
        """One of some."""
        found: T = self.data.draw(st.sampled_from(list(some)), why)
        return found

    def anybody(self) -> Officer:
        """Whoever sits anywhere."""
        level = self.pick((Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY), "level")
        place = place_at(self.pick((DESTINATION, ORIGIN), "place"), level)
        return self.stage.offices.at(self.pick(Line.values, "line"), level, place)

    def whose(self, stands: Standing) -> Somebody:
        """Mostly whose turn it is, or who shares the office; sometimes anybody."""
        if self.rarely(16, "anybody"):
            return self.anybody()
        turn = self.pick(stands.turns, "turn")
        if turn.resident and self.rarely(3, "himself") and stands.case.subject_kind == "person":
            return self.subjects.himself(stands.case.subject_id)
        by = self.stage.offices.of(turn)
        return beside(by) if self.rarely(10, "a colleague") else by

    def one_open(self) -> UUID | None:
        """One of the open cases."""
        cases = self.now.open()
        return self.pick(cases, "case") if cases else None

    # --- what is done -----------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """See what was written beside the game."""
        self.now = now(list(self.pages))

    def beside_game(self) -> None:
        """Something was written beside the game: somebody came, or the register learnt something."""
        self.now = replace(self.now, journal=Noted.objects.count())

    def did(
        self, name: str, act: Callable[[], Mapping[UUID, int]], *, never: str = "", dead: bool = False
    ) -> Mapping[UUID, int] | None:
        """Do something, and see that all is true; what it entered of each case, or None where it was refused.

        Args:
            never: why it must be refused.
            dead: somebody ends with it, and his relations.
        """
        before = self.now
        try:
            entered = act()
        except Refused as refused:
            self.refresh()
            assert self.now == before, f"{name} was refused, and something changed"
            note(f"{today()} {name}: {refused}")
            self.reached.refused[name] += 1
            self.reached.why[f"{name}: {refused}"] += 1
            return None
        assert not never, f"{name} was done, and {never}"
        self.refresh()
        note(f"{today()} {name}: {[(str(key)[-6:], self._last(key)) for key in entered]}")
        if name != "立件":
            for key, case in self.now.cases.items():
                more = case["entries"] - before.cases[key]["entries"]
                assert more == entered.get(key, 0), f"{name} entered {more}"
                assert entered.get(key, 0) or (case, self.now.entries[key]) == (before.cases[key], before.entries[key])
        assert self.now.journal > before.journal or not entered, f"{name} is not in the journal"
        check(self.now, self.pages, self.stage.held)
        ended = [key for key in before.open() if self.now.cases[key]["closed_at"] is not None]
        check_arrived(before, self.now, self.pages, dead)
        for key in ended:
            if self.now.cases[key]["state"] == State.DONE:
                self.reached.ended[self.now.cases[key]["procedure"]] += 1
        self.reached.done[name] += 1
        return entered

    def _last(self, key: UUID) -> str:
        """What was entered last of a case, for whoever reads how a game went wrong."""
        case, entry = self.now.cases[key], self.now.entries[key][-1]
        return f"{case['procedure']} {case['subject_id'][-6:]}: {entry['step']} {entry['action']} → {case['step']}"

    def open(self, procedure: str = "", subject: str = "") -> None:
        """Somebody opens a case, mostly for somebody whom the procedure is for."""
        procedure = procedure or self.pick(PAGES.procedures, "procedure")
        running, of = RUNNING[procedure], subject_of(PAGES, procedure)
        child = procedure == _child and self.rarely(4, "a child")
        subject = subject or self.subjects.new(procedure, child=child)
        actors = [a for step in running.procedure.steps for a in step.actors if not a.person]
        actor = next(a for a in actors if a.level == "county" or of != "county")
        place = DESTINATION if actor.side not in ("origin", "both") else self._origin(subject, of)
        by: Somebody = self.stage.offices.at(actor.line, actor.level, place_at(place, actor.level))
        absent = begun_by_person(running.procedure) and self.rarely(6, "absent")
        if self.rarely(15, "anybody"):
            by = self.anybody()
        elif of == "person" and begun_by_person(running.procedure) and not absent and self.rarely(5, "himself"):
            by = self.subjects.himself(subject)
        on = today() - timedelta(self.pick((0, 0, 0, 0, 0, 0, 1, 9, 9, -1), "applied"))
        key, made = self.subjects.key(), list[Case]()

        def act() -> Mapping[UUID, int]:
            given: dict[str, Any] = {"procedure": procedure, "subject": subject, "applied_on": on, "how": "本人到场"}
            case = open_case(by=by, **given, origin=ORIGIN if of == "site" else "", absent=absent, key=key)
            made.append(case)
            self.pages[case.pk] = Running.of(case)
            return {case.pk: 1}

        self.beside_game()
        if self.did("立件", act, never="its day is yet to come" if on > today() else "") is not None:
            self.reached.opened[procedure] += 1
            if self.rarely(6, "sent again"):
                same = open_case(by=by, procedure=procedure, subject=subject, applied_on=on, how="本人到场", key=key)
                assert same.pk == made[0].pk, "sent twice, opened twice"
            if of == "person" and self.rarely(6, "opened again"):
                self.open_twice(procedure, subject, by)

    def open_twice(self, procedure: str, subject: str, by: Somebody) -> None:
        """The same procedure for the same person, while one runs."""

        def act() -> Mapping[UUID, int]:
            case = open_case(by=by, procedure=procedure, subject=subject, applied_on=today(), how="本人到场")
            return {case.pk: 1}

        self.did("又立一件", act, never="one runs already")

    def _origin(self, subject: str, of: str) -> str:
        if of not in ("person", "household"):
            return ORIGIN
        with everything():
            rows: Any = (Person if of == "person" else Household).objects.unscoped()
            found: str = rows.get(pk=subject).origin
        return found

    # --- steps ------------------------------------------------------------------------------------------------------

    def step(self, key: UUID) -> None:
        """One step of a case."""
        stands = Standing.of(key)
        by, move = self.whose(stands), self.way(stands)
        given = self.given(stands, move)
        late = self.rarely(20, "late")
        seen = stands.case.entries - late
        sent = self.subjects.key()
        if isinstance(by, Resident):
            if move not in own_moves(stands.step):
                move = self.pick(own_moves(stands.step), "own way")
                given = self.given(stands, move)
            given |= {"basis": "", "absent": False}

        def act() -> Mapping[UUID, int]:
            take_step(by=by, case=key, seen=seen, action=move.action, **given, key=sent)
            return {key: 1}

        done = self.did("一步", act, never=self.never(by, key, stands, seen=seen))
        if done:
            self.tell_step(stands, move)
            if self.rarely(4, "again"):
                self.again(by, key, stands, move, given, sent)

    def never(self, by: Somebody, key: UUID, stands: Standing, *, seen: int | None = None) -> str:
        """Why a step must be refused, by what the tables say."""
        if seen is not None and seen != stands.case.entries:
            return "somebody was faster"
        if stands.case.state == State.SUSPENDED:
            return "the case is suspended"
        return self.anothers(by, key, stands)

    def anothers(self, by: Somebody, key: UUID, stands: Standing) -> str:
        """Why somebody must not act at the step of a case."""
        sits = {self.subjects.held_by(by)} if isinstance(by, Officer) else set()
        theirs = may(by, sits, self.now.cases[key], self.now.waiting(key), stands.running, self.stage.held)
        return "" if theirs else "it was another's turn"

    def tell_step(self, stands: Standing, move: Move) -> None:
        """Count a step that was taken."""
        code = stands.case.procedure
        self.reached.steps += 1
        self.reached.ways.add((code, stands.step.number, move.action))
        self.reached.furthest[code] = max(self.reached.furthest[code], stands.step.number)

    def again(self, by: Somebody, key: UUID, stands: Standing, move: Move, given: dict[str, Any], sent: UUID) -> None:
        """The same step once more: the same deed is done once, and of another who saw the same only the first counts."""
        same: dict[str, Any] = {"case": key, "seen": stands.case.entries, "action": move.action, **given}
        before = self.now
        if self.rarely(3, "the same deed"):
            take_step(by=by, **same, key=sent)
            self.refresh()
            assert self.now == before, "sent twice, done twice"
            return
        other = self.pick([by, *(self.stage.offices.of(turn) for turn in stands.turns)], "the second")
        if isinstance(other, Officer) and isinstance(by, Resident):
            same |= {"basis": "回函"}

        def act() -> Mapping[UUID, int]:
            take_step(by=other, **same, key=self.subjects.key())
            return {key: 1}

        self.did("第二个人", act, never="somebody was faster")

    def way(self, stands: Standing) -> Move:
        """Mostly a way on that nothing on record shuts; the more a game wanders, the more often one back."""
        guards = stands.running.procedure.guards
        shut = {
            guard.action
            for guard in guards
            if guard.step == stands.step.name
            and guard.decision == state_term
            and stands.recorded.state not in guard.values
        }
        moves = stands.step.moves
        on = [move for move in moves if forward(stands.step, move) and move.action not in shut]
        if not on or self.draw(0, 11, "way") > 10 - 2 * self.wanders:
            return self.pick(moves, "way")
        return self.pick(on, "way on")

    def given(self, stands: Standing, move: Move) -> dict[str, Any]:
        """What is sent with a step: mostly what it wants."""
        reason = "有出入" if not self.rarely(12, "no reason") else ""
        resident = bool(stands.turns) and all(turn.resident for turn in stands.turns)
        absent = resident and self.rarely(6, "absent")
        on = self.pick((None,) * 40 + (today() - timedelta(1), today() + timedelta(1), today() - timedelta(400)), "on")
        return {
            "fields": self.fields(stands, move),
            "reason": reason,
            "basis": "回函一份" if not self.rarely(12, "no basis") else "",
            "absent": absent,
            "on": on,
        }

    def fields(self, stands: Standing, move: Move) -> dict[str, Value]:
        """What is written down at a step."""
        owned = stands.recorded.owned(stands.step)
        with everything():
            asked = stands.recorded.asked(stands.step)
        found: dict[str, Value] = {}
        for one in asked:
            if one.name not in owned:
                must = expected(one.name, {**stands.told, **found})
                found[one.name] = must if must is not None else self.value(stands, one, move)
        wrong = self.draw(0, 40, "wrong")
        if found and wrong == 40:
            del found[self.pick(found, "left out")]
        elif found and wrong == 39:
            found[self.pick(found, "spoilt")] = "不知道"
        elif wrong == 38:
            found["没有这一项"] = "无"
        return found

    def value(self, stands: Standing, one: Field, move: Move) -> Value:
        """Something that may stand in a field."""
        own = _own_words.get((stands.case.procedure, one.name))
        if own is not None:
            return own
        if one.kind == "choice" and self.rarely(4, "another choice"):
            return self.pick(one.choices, "choice")[0]
        if one.kind == "yes" and self.rarely(8, "no"):
            return False
        if one.kind == "month":
            return value_for(one, today() + timedelta(self.pick((0, 0, 31), "month")))
        if one.kind == "day" and one.ahead:
            return value_for(one, today() + timedelta(self.pick((0, 0, 0, 1, 12), "day ahead")))
        if one.kind in ("whole", "number") and self.rarely(8, "figure"):
            return self.pick((0, 1, 4, 20, 90), "figure")
        return value_for(one)

    def bulk(self, key: UUID) -> None:
        """The same step of all cases that stand where one stands, by one officer, each with its own page's check."""
        stands = Standing.of(key)
        where = (stands.case.procedure, stands.case.step)
        same = [other for other, row in self.now.cases.items() if (row["procedure"], row["step"]) == where]
        by, move = self.whose(stands), self.way(stands)
        if isinstance(by, Resident):
            by = self.stage.village
        given = self.given(stands, move)
        each = {other: Standing.of(other) for other in same}
        seen = {other: each[other].case.entries - self.rarely(12, "late") for other in same}
        never = {other: self.never(by, other, each[other], seen=seen[other]) for other in same}
        told: dict[UUID, str] = {}

        def act() -> Mapping[UUID, int]:
            told.update(
                take_steps(
                    by=by,
                    cases={other: (seen[other], self.subjects.key()) for other in same},
                    action=move.action,
                    **given,
                )
            )
            return {other: 1 for other, why in told.items() if not why}

        done = self.did("一起办", act) or {}
        for other in same:
            assert other not in done or not never[other], f"done together, and {never[other]}"
            if other in done:
                self.tell_step(each[other], move)
            elif told:
                self.reached.refused["一起办的一件"] += 1
                self.reached.why[f"一起办: {told[other]}"] += 1

    # --- ways out ---------------------------------------------------------------------------------------------------

    def leave(self, key: UUID, name: str) -> None:
        """A way out of any procedure: 挂起, 恢复, 撤回 or 终止."""
        stands = Standing.of(key)
        by, seen = self.whose(stands), stands.case.entries - self.rarely(12, "late")
        never = "somebody was faster" if seen != stands.case.entries else ""
        if name in ("撤回", "终止") and stands.in_force:
            never = "what it is about has taken effect"
        if isinstance(by, Resident) and name != "撤回":
            by = self.stage.offices.of(stands.turns[0])
        words = "" if self.rarely(10, "no words") else "等材料"
        same: dict[str, Any] = {"by": by, "case": key, "seen": seen}
        acts: Mapping[str, Callable[[], object]] = {
            "挂起": lambda: suspend(**same, because=words, review_on=today() + timedelta(7)),
            "恢复": lambda: resume(**same),
            "撤回": lambda: withdraw(**same, how=words),
            "终止": lambda: terminate(**same, because=words),
        }
        if name != "撤回" and isinstance(by, Officer):
            never = never or self.anothers(by, key, stands)

        def act() -> Mapping[UUID, int]:
            acts[name]()
            return {key: 1}

        self.did(name, act, never=never)
