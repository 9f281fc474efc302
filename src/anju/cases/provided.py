"""What a case under way knows and no document of the person says: the letter of introduction, how far notice and vote are, who else wants
the same plot, since when the application runs. Of whom no case is under way, what was recorded stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from uuid import UUID

import polars as pl
from django.db.models import Case as Choose
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models import When as Where
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from anju.cases.models import Case, Did, Entry, Notice, Objection, Outcome, State, Turn, Vote
from anju.cases.plots import procedure_of_plots
from anju.cases.procedures import notice_term
from anju.cases.turns import within_one
from anju.policy.model import Fact
from anju.register.asking import Asked
from anju.register.changes import changed
from anju.register.facts import provides
from anju.register.guideline import guideline
from anju.register.models import Relation
from anju.register.models.relations import Kind
from anju.register.provided import wish_terms, wished

_letter, _membership = "transfer_party", "confirm_membership"
_votes = ("vote_body", "votes_eligible", "votes_for")
_day_of: Mapping[str, str] = {term: day for term, day in wish_terms.values() if day}
"""The fact of a wish → the fact that is the day of the application."""


def tells(case: Case) -> bool:
    """Whether facts follow from a case while it is under way."""
    return case.subject_kind == "person" and case.procedure in _telling(guideline().version)


def tell(*cases: Case) -> None:
    """Let whoever depends on the subjects of cases look again, in the same transaction: what they have on record has changed. Said once for
    all of a deed: who looks again locks all of them in one order.
    """
    changed("person", sorted({case.subject_id for case in cases if tells(case)}))


@lru_cache(maxsize=8)
def _telling(_version: str) -> frozenset[str]:
    """The procedures from whose open cases anything follows: facts, or the day of an application that a deadline counts from."""
    policy = guideline()
    counted = {duty.ends[1] for duty in policy.duties.values() if duty.deadline.anchor == "applied"}
    return frozenset(
        {_letter, _membership, procedure_of_plots(), *counted, *(p for day in _dated(_version).values() for p in day)}
    )


def _transfers(what: str) -> tuple[str, ...]:
    """The procedures that write a relation or a fact."""
    return tuple(p.code for p in guideline().procedures.values() if any(e.what == what for e in p.effects))


def waits_for_resident(case: Case, *steps: int) -> bool:
    """Whether nothing is to be done at one of the steps of a case before the resident says that it is time."""
    return any((case.procedure, step) in _waits_for_resident(guideline().version) for step in steps)


@lru_cache(maxsize=8)
def _waits_for_resident(_version: str) -> frozenset[tuple[str, int]]:
    """The steps of transfers of insurance, but the application, at which it is so."""
    steps = ((code, step) for code in _transfers("medical_moved") for step in guideline().procedures[code].steps[1:])
    return frozenset((code, step.number) for code, step in steps if step.actors[0].person)


@lru_cache(maxsize=8)
def _dated(_version: str) -> Mapping[str, tuple[str, ...]]:
    """Fact that is the day of an application → the procedures that are opened with it."""
    begun = {p.code: {e.what for e in p.begins} for p in guideline().procedures.values()}
    return {day: tuple(code for code, terms in begun.items() if term in terms) for term, day in _day_of.items()}


_told = "procedure applied_on letter notice vote did stands stood_on went_on claim".split()


def _under_way(asked: Asked) -> pl.DataFrame:
    """What the open cases of those asked for know, the one opened last at the end: columns ``@id``, ``@case``, ``procedure``,
    ``applied_on``, ``letter`` (until when it is good), ``notice`` (its state), ``vote`` (body, eligible and agreed of one that is
    counted), ``did`` (what was done last), ``stands`` (the step that it led to, on ``stood_on``), ``went_on`` (when the resident, whose
    time it waited for, said that it is time), ``next_year`` (`_next_year`) and ``claim`` (`_claims`). Read once.
    """
    if "cases" not in asked.read:
        names = {"@id": "subject_id", "@case": "pk", **{name: name for name in _told}}
        open_ones = asked.columns(_telling_cases, {"@id": "subject_id"})
        if open_ones.is_empty():  # as of nearly everybody; what cases know is dear to ask
            return asked.read.setdefault("cases", open_ones)
        told = asked.columns(_open_cases, names).sort("@case")
        known = told.with_columns(pl.col("applied_on", "letter", "stood_on", "went_on").str.to_date("%Y-%m-%d"))
        asked.read["cases"] = known.with_columns(_next_year().alias("next_year"))
        began = pl.when(pl.col("next_year") <= asked.on).then("next_year")
        counts = pl.max_horizontal("applied_on", "went_on", began)
        asked.tell_applied(asked.read["cases"].select("@id", "procedure", counts.alias("applied_on")))
    return asked.read["cases"]


def _telling_cases(asked: Asked) -> QuerySet[Case]:
    """The open cases from which something follows."""
    return asked.of(Case, "subject_id").filter(
        _open(asked), subject_kind="person", procedure__in=sorted(_telling(guideline().version))
    )


def _open_cases(asked: Asked) -> QuerySet[Case]:
    """The same with what follows."""
    return _telling_cases(asked).annotate(
        letter=_letters(asked),
        notice=_notices(asked),
        vote=_counted(asked),
        did=_last(asked, "did"),
        stands=_last(asked, "target"),
        stood_on=_last(asked, "on"),
        went_on=_went_on(asked),
        claim=_claims(asked),
    )


def _next_year() -> pl.Expr:
    """From which day on what waits for the next year is owed again, of cases that wait for it."""
    there = [f"{procedure} {step}" for procedure, step in _waits_for_resident(guideline().version)]
    waits = pl.format("{} {}", pl.col("procedure"), pl.col("stands")).is_in(there)
    return pl.when(waits).then(pl.date(pl.col("stood_on").dt.year() + 1, 1, 1))


def _open(asked: Asked) -> Q:
    """Cases that were under way on the day, as far as was known by then."""
    next_day = datetime.combine(asked.on + timedelta(1), time.min, tzinfo=timezone.get_current_timezone())
    begun, still = Q(applied_on__lte=asked.on), Q(closed_at=None) | Q(closed_at__gte=next_day)
    if asked.at is None:
        return begun & still
    return begun & Q(opened_at__lte=asked.at) & (still | Q(closed_at__gt=asked.at))


def _turns(asked: Asked, case: str) -> QuerySet[Turn]:
    """The turns of a case that had begun."""
    turns = Turn.objects.unscoped().filter(case=OuterRef(case), since__lte=asked.on)
    if asked.at is None:
        return turns
    known = Entry.objects.unscoped().filter(case=OuterRef("case"), seq=OuterRef("since_entry"), at__lte=asked.at)
    return turns.filter(Exists(known))


def _letters(asked: Asked) -> Subquery:
    """Until when the last letter is good that the case waited, or waits, for the receipt of."""
    last = _turns(asked, "pk").filter(valid_until__isnull=False).order_by("-since_entry")
    return Subquery(last.values("valid_until")[:1])


def _notices(asked: Asked) -> Subquery:
    """`anju.cases.notices.state` of the notice that counts; null for none, and for one whose step was begun anew since."""
    known, undecided = Q(since__lte=asked.on), Q(outcome="") | Q(decided_on__gt=asked.on)
    said, proven = Q(on__lte=asked.on), Q(proven_until__isnull=False)
    if asked.at is not None:
        known, said, proven = (
            known & Q(at__lte=asked.at),
            said & Q(recorded_at__lte=asked.at),
            Q(proven_at__lte=asked.at),
        )
        undecided |= Q(decided_on__gt=timezone.localdate(asked.at))
    last = Choose(Where(proven, then="proven_until"), default="until")
    against = Objection.objects.unscoped().filter(said, undecided | Q(outcome=Outcome.UPHELD), notice=OuterRef("pk"))
    state = Choose(
        Where(Exists(against), then=Value("objection")),
        Where(last__gte=asked.on, then=Value("running")),
        default=Value("clear"),
        output_field=CharField(),
    )
    hung = Notice.objects.unscoped().filter(known, ~Exists(_anew(asked)), case=OuterRef("pk")).order_by("-after")
    return Subquery(hung.annotate(last=last, state=state).values("state")[:1])


def _last(asked: Asked, told: str) -> Subquery:
    """What an entry tells of what was done last, but that it waits and goes on again."""
    done = _entries(asked).exclude(did__in=[Did.SUSPENDED, Did.RESUMED])
    return Subquery(done.order_by("-seq").values(told)[:1])


def _entries(asked: Asked) -> QuerySet[Entry]:
    """What was done in each case, as far as was known by then."""
    known = Q(on__lte=asked.on) if asked.at is None else Q(on__lte=asked.on, at__lte=asked.at)
    return Entry.objects.unscoped().filter(known, case=OuterRef("pk"))


def _went_on(asked: Asked) -> Subquery:
    """The day on which the resident said that it is time: from then on it is the offices' turn, and their days count."""
    waited = Q(pk__in=[])
    for procedure, step in sorted(_waits_for_resident(guideline().version)):
        waited |= Q(case__procedure=procedure, step=step)
    said = _entries(asked).filter(waited, did=Did.MOVED)
    return Subquery(said.order_by("-seq").values("on")[:1])


def _counted(asked: Asked) -> Subquery:
    """Body, eligible and agreed of the vote that counts, once it is counted."""
    known = Q(on__lte=asked.on, counted_at__isnull=False)
    if asked.at is not None:
        known &= Q(counted_at__lte=asked.at)
    figures = Concat(
        "body",
        Value(" "),
        Cast("eligible", CharField()),
        Value(" "),
        Cast("agreed", CharField()),
        output_field=CharField(),
    )
    held = Vote.objects.unscoped().filter(known, ~Exists(_anew(asked)), case=OuterRef("pk")).order_by("-after")
    return Subquery(held.annotate(figures=figures).values("figures")[:1])


def _claims(asked: Asked) -> Choose:
    """``taken``: the plot that a case is about is another one's; ``claimed``: others apply for it too; null: nothing is known of
    either, for others may have applied on paper.
    """
    next_day = datetime.combine(asked.on + timedelta(1), time.min, tzinfo=timezone.get_current_timezone())
    had = Q(state=State.DONE, closed_at__lt=next_day)
    if asked.at is not None:
        had &= Q(closed_at__lte=asked.at)
    same = Case.objects.unscoped().filter(
        ~Q(pk=OuterRef("pk")),
        procedure=procedure_of_plots(),
        destination=OuterRef("destination"),
        plot=OuterRef("plot"),
    )
    return Choose(
        Where(plot="", then=None),
        Where(Exists(same.filter(had)), then=Value("taken")),
        Where(Exists(same.filter(_open(asked))), then=Value("claimed")),
        output_field=CharField(),
    )


def _anew(asked: Asked) -> QuerySet[Turn]:
    """Turns of the same step that began after a notice was posted, or a meeting called: it is to be done once more."""
    return _turns(asked, "case").filter(step=OuterRef("step"), since_entry__gt=OuterRef("after"))


@provides("person", "party_letter_issued", "party_letter_valid_until", notice_term, *_votes, recorded_too=True)
@provides("person", "assistance_settled", "medical_pending", "medical_next_year", recorded_too=True)
@provides("person", "other_priority_claimants", "offered_by_own_collective", recorded_too=True)
def _known(asked: Asked) -> pl.DataFrame:
    """The letter, of whom a case has waited for its receipt; 公示, 表决方式, 应到 and 同意, of whom a membership is under way.

    救助迁移已办妥: of whom a transfer is done to its last step, and waits for the first month that the destination pays. 医保转移待生效: of
    whom one is done to its last step and waits for its day. 医保等次年参保: of whom one waits for the next year, until it has come.
    有其他优先人: of whom others apply for the same plot; it is no longer offered once it is another one's.
    """
    if (cases := _under_way(asked)).is_empty():
        return cases.select("@id")
    member = pl.col("procedure") == _membership
    figures = pl.col("vote").str.split(" ")
    letter = pl.col("letter").filter(pl.col("procedure") == _letter).drop_nulls().last()
    told = [
        pl.col("notice").fill_null("none").filter(member).last().alias(notice_term),
        figures.list.get(0, null_on_oob=True).fill_null("none").filter(member).last().alias(_votes[0]),
        *(figures.list.get(n, null_on_oob=True).cast(pl.Int64).filter(member).last().alias(_votes[n]) for n in (1, 2)),
    ]
    dated, moves = pl.col("did") == Did.DATED.value, pl.col("procedure").is_in
    told += [
        dated.filter(moves(_transfers(Kind.ASSISTANCE))).last().alias("assistance_settled"),
        dated.filter(moves(_transfers("medical_moved"))).last().alias("medical_pending"),
        (pl.col("next_year") > asked.on).filter(moves(_transfers("medical_moved"))).last().alias("medical_next_year"),
        pl.col("claim").drop_nulls().last(),
    ]
    known = cases.group_by("@id").agg(letter.alias("party_letter_valid_until"), *told)
    return known.with_columns(
        pl.when(pl.col("party_letter_valid_until").is_not_null()).then(True).alias("party_letter_issued"),
        pl.when(pl.col("claim") == "claimed").then(True).alias("other_priority_claimants"),
        pl.when(pl.col("claim") == "taken").then(False).alias("offered_by_own_collective"),
    )


def at_first(procedure: str, on: date) -> Mapping[str, Fact]:
    """What a case tells of its person on the day ``on`` which it is opened."""
    known: dict[str, Fact] = {day: on for day, of in _dated(guideline().version).items() if procedure in of}
    return {**known, notice_term: "none", _votes[0]: "none"} if procedure == _membership else known


@provides("person", *_day_of.values())
def _applied(asked: Asked) -> pl.DataFrame:
    """申请日 and 救助迁移申请日: that of the case under way, from which its limits count; else the day of the wish."""
    dated, cases = _dated(guideline().version), _under_way(asked)
    if cases.is_empty():
        return wished(asked).select("@id", *dated)
    days = [
        pl.col("applied_on").filter(pl.col("procedure").is_in(procedures)).last().alias(f"{day}+")
        for day, procedures in dated.items()
    ]
    both = (
        wished(asked).select("@id", *dated).join(cases.group_by("@id").agg(days), on="@id", how="full", coalesce=True)
    )
    return both.select("@id", *(pl.coalesce(f"{day}+", day).alias(day) for day in dated))


def member_since(person: str, origin: str, on: date) -> date | None:
    """Since when the collective at the origin has somebody as a member; None where unknown, and for a member of a third collective. Asked
    for nobody: show it to those who see the relation.
    """
    steps = Relation.objects.unscoped().filter(person=UUID(person), kind=Kind.COLLECTIVE, since__lte=on)
    last = steps.order_by("-since").first()
    known = last is not None and last.holder and origin and last.since > date.min
    return last.since if last and known and within_one(last.holder, origin) else None
