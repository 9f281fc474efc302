"""What is done beside the steps of a game's cases: notices, votes, papers, letters, what is computed, days, and what happens to people."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from anju.cases import notices, votes
from anju.cases.actions import (
    ByName,
    Figures,
    call_vote,
    count_vote,
    decide_objection,
    keep_paper,
    note_votes,
    post_notice,
    prove_notice,
    record_objection,
    take_hold,
)
from anju.cases.consent import lacks_consent
from anju.cases.effects import ahead
from anju.cases.letters import Asked, Known, draft_for, letters_of
from anju.cases.models import Body, Choice, Did, Entry, How, Objection, Outcome, Paper, PaperKind
from anju.cases.turns import place_at
from anju.cases.votes import revision
from anju.documents.actions import countersign, hand_over, issue, void
from anju.documents.models import Letter
from anju.documents.offices import Office
from anju.duties.editions import Counties
from anju.duties.everyone import evaluate_all
from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.payments.actions import Charged, approve_rent, propose_rent, settle_bill
from anju.payments.models import RentGrant
from anju.policy.model import Fact, Term
from anju.register.actions import end_person, place_household, restore_person
from anju.register.facts import today
from tests.cases.cast import beside
from tests.cases.fitting import SAME_TOWNSHIP
from tests.cases.playing import Game
from tests.cases.stage import PAGES, Standing
from tests.payments.rents import FACTS
from tests.register.cast import DESTINATION, YUNYANG

Act = Callable[[], Mapping[UUID, int]]
_about_bills: Mapping[str, Fact] = {
    "relocatee_kind": "registered_poor",
    "medical_status": "resident",
    "assistance_kind": "dibao",
}


class Play(Game):
    """A game with all that lies beside the steps."""

    def deed(self) -> None:
        """One deed: mostly a step, or what a step waits for."""
        key = self.one_open()
        if key is None or self.rarely(25, "another case"):
            self.open_some()
            return
        kind = self.pick(("step",) * 24 + ("bulk",) * 3 + tuple(self._others), "deed")
        stands = Standing.of(key)
        suspended = stands.case.state == "suspended"
        if not self._fits(kind, stands, suspended=suspended) and not self.rarely(8, "at any time"):
            kind = "step"
        if suspended and kind in ("step", "bulk") and not self.rarely(6, "still"):
            self.leave(key, "恢复")
        elif kind in ("step", "bulk") and not self.rarely(10, "unasked") and (wanted := self.wanted(key, stands)):
            wanted()
        elif kind == "step":
            self.step(key)
        elif kind == "bulk":
            self.bulk(key)
        else:
            self._others[kind](self, key, stands)

    def _fits(self, kind: str, stands: Standing, *, suspended: bool) -> bool:
        """Whether a deed may have a sense where a case stands."""
        if kind == "resume":
            return suspended
        if kind == "post":
            return notices.is_posted_at(stands.running, stands.step)
        return stands.recorded.notice is not None or kind not in ("prove", "object", "decide")

    def open_some(self) -> None:
        """A case, or several of one procedure for several people, which may be done together."""
        procedure = self.about if self.draw(0, 2, "another procedure") < 2 else self.pick(PAGES.procedures, "procedure")
        for _ in range(self.pick((1, 1, 1, 3), "how many")):
            self.open(procedure)
        people = [case["subject_id"] for case in self.now.cases.values() if case["subject_kind"] == "person"]
        if people and self.rarely(4, "somebody known"):
            person, another = self.pick(people, "person"), self.pick(_of_people, "procedure of people")
            if self.draw(0, 2, "as he is") < 2:
                self.subjects.let_fit(person, another)
            self.open(another, person)

    # --- what a step waits for --------------------------------------------------------------------------------------

    def wanted(self, key: UUID, stands: Standing) -> Callable[[], None] | None:
        """What has to be done before the step can go on."""
        case, step, recorded = stands.case, stands.step, stands.recorded
        with everything():
            entries = list(Entry.objects.unscoped().filter(case=case).order_by("seq"))
            lacks = lacks_consent(case, entries)
            day = ahead(stands.running, stands.told) if entries[-1].did == Did.DATED else None
        if lacks:
            return lambda: self.paper(key, stands, PaperKind.CONSENT)
        if day is not None:
            return lambda: self.days((day - today()).days)
        if notices.is_posted_at(stands.running, step) and recorded.notice is None:
            return lambda: self.post(key, stands)
        guarded = any(g.step == step.name and g.decision == notices.state_term for g in stands.running.procedure.guards)
        if recorded.notice is not None and guarded:
            return self._about_notice(key, stands, recorded.notice.ends)
        if votes.is_called_at(step) and recorded.vote is None:
            return lambda: self.call(key, stands)
        if recorded.vote is not None and votes.is_counted_at(stands.running, step) and not recorded.vote.counted_at:
            late = (recorded.vote.on - today()).days
            return (lambda: self.days(late)) if late > 0 else (lambda: self.count(key, stands))
        if recorded.filling and recorded.filling.computed & set(step.fields) and recorded.lacks:
            return lambda: self.compute(key, stands)
        return None

    def _about_notice(self, key: UUID, stands: Standing, ends: date) -> Callable[[], None] | None:
        if stands.recorded.state == "running":
            if self.rarely(3, "an objection"):
                return lambda: self.objects_to(key, stands)
            return lambda: self.days((ends - today()).days + 1)
        undecided = Objection.objects.unscoped().filter(notice=stands.recorded.notice, outcome="")
        with everything():
            waits = undecided.exists()
        return (lambda: self.decide(key, stands)) if waits and not self.rarely(2, "undecided") else None

    def at(self, stands: Standing) -> Officer:
        """Mostly the office whose turn it is; sometimes anybody."""
        if self.rarely(15, "anybody"):
            return self.anybody()
        return self.stage.offices.of(self.pick(stands.turns, "turn"))

    def beside_steps(self, name: str, act: Callable[[], object]) -> bool:
        """Something that enters nothing into a case; whether it was done."""

        def done() -> Mapping[UUID, int]:
            act()
            return {}

        before = self.now.journal
        if self.did(name, done) is None:
            return False
        assert self.now.journal > before, f"{name} is not in the journal"
        return True

    def post(self, key: UUID, stands: Standing) -> None:
        """A notice is posted, today or some days ago, for as long as it has to hang or longer."""
        by, ago = self.at(stands), self.pick((0, 0, 0, 3), "posted ago")
        since = max(today() - timedelta(ago), min(turn.since for turn in stands.turns))
        until = today() + timedelta(self.pick((30, 1), "until")) if self.rarely(6, "another end") else None
        given: dict[str, Any] = {
            "since": since,
            "until": until,
            "place": "村务公开栏",
            "text": "张碧水申请，公示七天。",
        }
        self.beside_steps("公示", lambda: post_notice(by=by, case=key, seen=stands.case.entries, **given))

    def prove(self, key: UUID, stands: Standing) -> None:
        """A second officer says that a notice hung since its first day."""
        notice = stands.recorded.notice
        if notice is None:
            return
        by = self.stage.offices.of(stands.turns[0])
        self.paper(key, stands, PaperKind.EVIDENCE, by=by)
        with everything():
            paper = Paper.objects.unscoped().filter(case=key, kind=PaperKind.EVIDENCE).order_by("-pk").first()
        if paper is not None:
            other = beside(by) if not self.rarely(4, "himself") else by
            self.beside_steps("证实", lambda: prove_notice(by=other, case=key, notice=notice.pk, proof=paper.pk))

    def objects_to(self, key: UUID, stands: Standing) -> None:
        """Somebody says something against a notice."""
        by, sent = self.at(stands), self.subjects.key()
        on = today() + timedelta(self.pick((0, 0, 0, -2, 1), "on"))
        given: dict[str, Any] = {"on": on, "how": How.SPOKEN, "who": "李某", "told": "不住在这里"}
        self.beside_steps("异议", lambda: record_objection(by=by, case=key, key=sent, **given))

    def decide(self, key: UUID, stands: Standing) -> None:
        """An objection is decided."""
        with everything():
            rows = list(Objection.objects.unscoped().filter(notice=stands.recorded.notice).order_by("pk"))
        if rows:
            by, outcome = self.at(stands), self.pick(Outcome.values, "outcome")
            same: dict[str, Any] = {"objection": self.pick(rows, "objection").pk, "outcome": outcome}
            self.beside_steps("异议处理", lambda: decide_objection(by=by, case=key, because="查过了", **same))

    def call(self, key: UUID, stands: Standing) -> None:
        """A meeting is called."""
        by, body = self.at(stands), self.pick((Body.MEMBERS, *Body.values), "body")
        with everything():
            first = votes.earliest(stands.case, stands.running, today())
        on = first + timedelta(self.pick((0, 0, 5, -1), "later"))
        names = [f"成员{number}" for number in range(self.pick((3, 4, 1, 0), "names"))]
        given: dict[str, Any] = {"body": body, "on": on, "from_register": self.rarely(4, "listed"), "names": names}
        seen = stands.case.entries
        self.beside_steps("开会", lambda: call_vote(by=by, case=key, seen=seen, notified=today(), **given))

    def count(self, key: UUID, stands: Standing) -> None:
        """A vote is noted by name and counted, or counted alone."""
        vote, by = stands.recorded.vote, self.at(stands)
        assert vote is not None
        of = vote.eligible
        if self.rarely(3, "by name"):
            choice = self.pick(Choice.values, "choice")
            choices = dict.fromkeys(range(1, of + 1), choice)
            self.beside_steps("记票", lambda: note_votes(by=by, case=key, vote=vote.pk, choices=choices))
            with everything():
                figures: Figures | ByName = ByName(revision(vote))
        else:
            agreed, present = self.pick((of, of, of * 2 // 3, 0), "agreed"), self.pick((of, of, of // 2), "present")
            figures = Figures(present, min(agreed, present), present - min(agreed, present), 0)
        self.beside_steps("计票", lambda: count_vote(by=by, case=key, vote=vote.pk, figures=figures))

    def compute(self, key: UUID, stands: Standing) -> None:
        """What a step's fields are computed from: a bill that is settled, or a plot that is proposed and granted."""
        case, by, n = stands.case, self.stage.offices.of(stands.turns[0]), self.subjects.next()
        if case.clause == "1.4":
            self.subjects.let_be("person", case.subject_id, FACTS)
            with everything():
                waits = RentGrant.objects.unscoped().filter(person=UUID(case.subject_id), state="proposed").first()
            if waits is not None:
                self.beside_steps("补助复核", lambda: approve_rent(by=by, grant=waits.pk, paid_on=today()))
            else:
                farmer = self.stage.offices.at("agriculture", "county", YUNYANG)
                self.beside_steps("补助提出", lambda: propose_rent(by=farmer, person=case.subject_id, plot=f"东坡{n}"))
            return
        self.subjects.let_be("person", case.subject_id, _about_bills)
        total = Decimal(str(stands.told["总费用"]))
        paper = Charged("云阳县人民医院", f"ZY-{n:04}", today(), "住院", "二级", "一档", total)
        self.beside_steps("结算", lambda: settle_bill(by=by, person=case.subject_id, charged=paper))

    # --- what happens beside ----------------------------------------------------------------------------------------

    def days(self, many: int) -> None:
        """Days pass; in the night after them cases end that waited for their day, and everybody is looked at."""
        self.stage.clock.forward(max(many, 1))
        for key in self.now.open():
            if any(entry["did"] == Did.DATED for entry in self.now.entries[key]):

                def held(key: UUID = key) -> Mapping[UUID, int]:
                    return {key: 1} if take_hold(key) else {}

                self.did("到生效日", held)
        evaluate_all(today())

    def paper(self, key: UUID, stands: Standing, kind: str, by: Officer | None = None) -> None:
        """A paper is laid in."""
        who = by or self.at(stands)
        content = f"%PDF-1.4\n{self.pick((self.subjects.next(), 0), 'the same paper')}\n%%EOF\n".encode()
        self.beside_steps("材料", lambda: keep_paper(by=who, case=key, kind=kind, about="一份材料", content=content))

    def letter(self, key: UUID, stands: Standing) -> None:
        """A letter of the step is drafted, checked by a second officer and issued; sometimes it is void then."""
        kinds, turn = letters_of(stands.running, stands.step), stands.turns[0]
        if not kinds or turn.resident:
            return
        office, by = Office(turn.line, turn.level, turn.region), self.stage.offices.of(turn)
        fields = self.fields(stands, stands.step.moves[0])
        known = [Known(stands.case, stands.told)]
        asked = Asked(self.pick(kinds, "letter"), stands.running, stands.step, office, known, fields)
        made: list[Letter] = []

        def deed(name: str, act: Callable[[Letter], Letter]) -> bool:
            return self.beside_steps(name, lambda: made.append(act(made[-1])))

        sent = self.subjects.key()
        if not self.beside_steps("拟稿", lambda: made.append(draft_for(by=by, asked=asked, on=today(), key=sent))):
            return
        who = by
        if made[-1].formal:
            who = by if self.rarely(8, "alone") else beside(by)
            deed("送核", lambda one: hand_over(by=by, letter=one.pk, seen=one.revision))
            checked = deed("会签", lambda one: countersign(by=who, letter=one.pk, seen=one.revision))
            assert checked == (who != by), "a letter is checked by a second officer, and by nobody else"
        if deed("发文", lambda one: issue(by=who, letter=one.pk, seen=one.revision)) and self.rarely(5, "void"):
            deed("作废", lambda one: void(by=who, letter=one.pk, because="写错了"))

    def life(self, key: UUID, stands: Standing) -> None:
        """Something happens to whom a case is about: it becomes another's, or he moves on, or dies, and that may be a mistake."""
        person = stands.case.subject_id
        home = self.subjects.homes.get(person)
        what = self.pick(("fact", "fact", "fits", "moves", "dies"), "life")
        if what == "fact" and (grounds := sorted(self._grounds(stands))):
            term = PAGES.terms[self.pick(grounds, "term")]
            self.subjects.let_be(stands.case.subject_kind, person, {term.code: self._fact(term)})
        elif home is not None and what == "fits":
            self.subjects.let_fit(person, stands.case.procedure)
        elif home is not None and what == "moves":
            by, to = self.stage.village, self.pick((SAME_TOWNSHIP, DESTINATION), "to")
            same: dict[str, Any] = {"origin": stands.case.origin, "destination": to, "site": None}
            self.beside_steps("搬走", lambda: place_household(by=by, household=home, because="又搬了", **same))
        elif home is not None and what == "dies":
            self.die(person)

    def die(self, person: str) -> None:
        """Somebody dies: all his cases end. Sometimes it was a mistake."""
        police = self.stage.offices.at("public_security", "township", place_at(DESTINATION, "township"))
        his = [key for key in self.now.open() if self.now.cases[key]["subject_id"] == person]
        on = today() - timedelta(self.pick((0, 5), "died ago"))

        def act() -> Mapping[UUID, int]:
            end_person(by=police, person=person, on=on, because="death")
            return dict.fromkeys(his, 1)

        if self.did("死亡", act, dead=True) is None:
            return
        assert not [key for key in his if key in self.now.open()], "a case runs for the dead"
        if self.rarely(3, "a mistake"):

            def back() -> Mapping[UUID, int]:
                restore_person(by=police, person=person, because="登记错了")
                return {}

            self.did("恢复死亡", back, dead=True)

    def _grounds(self, stands: Standing) -> frozenset[str]:
        """The facts that a guard of the procedure asks."""
        guards = {g.decision for g in stands.running.procedure.guards} & PAGES.decisions.keys()
        judge = Counties.of(PAGES, today()).judge(stands.case.destination[:6])
        every = frozenset(code for decision in guards for code in judge.grounds(decision))
        of = stands.case.subject_kind
        return frozenset(c for c in every if of in PAGES.terms[c].subjects and PAGES.terms[c].source == "ledger")

    def _fact(self, term: Term) -> Fact:
        """Something that a fact may be."""
        if term.kind == "bool":
            return self.draw(0, 1, "fact") == 1
        if term.kind == "enum":
            return str(self.pick(term.values, "fact").code)
        return today() if term.kind == "date" else self.pick((0, 1, 40, 70), "fact")

    def pass_days(self, _key: UUID, _stands: Standing) -> None:
        """Days pass."""
        self.days(self.pick((1, 3, 8, 30), "days"))

    _others: Mapping[str, Callable[[Play, UUID, Standing], None]] = {
        "suspend": lambda play, key, _: play.leave(key, "挂起"),
        "resume": lambda play, key, _: play.leave(key, "恢复"),
        "withdraw": lambda play, key, _: play.leave(key, "撤回"),
        "terminate": lambda play, key, _: play.leave(key, "终止"),
        "days": pass_days,
        "post": post,
        "prove": prove,
        "object": objects_to,
        "decide": decide,
        "paper": lambda play, key, stands: play.paper(key, stands, play.pick(PaperKind.values, "kind")),
        "letter": letter,
        "life": life,
    }


_of_people: Sequence[str] = [
    code
    for code in PAGES.procedures
    if code in ("transfer_party", "transfer_pension", "move_hukou", "confirm_membership")
]
