"""A meeting is called with a roster that stays as it is; votes are noted by name or counted, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone

from anju.calendar.periods import add_years
from anju.cases import votes
from anju.cases.actions.within import note, open_turns, running_case
from anju.cases.models import Body, Case, Choice, State, Vote, Voter
from anju.cases.procedures import Running
from anju.cases.turns import mine
from anju.duties.editions import Counties
from anju.government.acting import acting
from anju.government.models import Officer
from anju.government.refusals import Refused, one_deed
from anju.government.second_wall import everything
from anju.register.actions.within import check_plain, not_there, scopes_of
from anju.register.facts import today
from anju.register.models import Relation
from anju.register.models.relations import Kind

most_names = 5000
longest_name = 40
_furthest = timedelta(days=366)
_listed: Mapping[str, tuple[Kind, str]] = {
    Body.MEMBERS: (Kind.COLLECTIVE, "成员表决年龄"),
    Body.VILLAGERS: (Kind.HUKOU, "选民年龄"),
}
"""Body → the relation by which the register knows who belongs to it, and the parameter of the age from which one votes."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How many came, and how they voted."""

    present: int
    agreed: int
    against: int
    abstained: int


def call_vote(
    *, by: Officer, case: UUID | str, seen: int, body: str, on: date, from_register: bool, names: Sequence[str]
) -> Vote:
    """Call a meeting and fix who may vote there.

    Args:
        from_register: list the adults that the register knows as belonging to the body.
        names: who else, in the order of the list.

    Raises:
        Refused: not the officer's turn, no step of meetings, called already, nobody or too many on the list, a name that is none.
    """
    with one_deed():
        found = running_case(by, case, seen)
        running = Running.of(found)
        with everything():
            _check_turn(by, found, running)
            if not votes.is_called_at(running.step(found.step)):
                raise Refused("这一步不开会表决。")
            if votes.current(found, running) is not None:
                raise Refused("这一次会已经通知，名单已经定了，请打开最新的再看。")
            if body not in Body.values:
                raise Refused("要写明由谁表决。")
            if not found.applied_on <= on <= today() + _furthest:
                raise Refused("会议日要在申请以后、一年之内。")
        listed = members(by, found, running, body, on) if from_register else []
        roster = [*listed, *((name, None) for name in _checked(names))]
        if not 0 < len(roster) <= most_names:
            raise Refused(f"名单上要有人，最多 {most_names:,} 人。")
        vote = Vote(
            case=found,
            after=found.entries,
            step=found.step,
            body=body,
            on=on,
            eligible=len(roster),
            by=by,
            office=acting(by).post,
        )
        with everything():
            vote.save(force_insert=True)
            rows = []
            for number, (name, person) in enumerate(roster, start=1):
                row = Voter(vote=vote, number=number, person=person)
                row.name = name
                rows.append(row)
            Voter.objects.unscoped().bulk_create(rows)
            note(by, "call_vote", found, vote=str(vote.pk), body=body, eligible=len(roster))
    return vote


def note_votes(*, by: Officer, case: UUID | str, vote: UUID | str, choices: Mapping[int, str]) -> Vote:
    """Note how people voted, by their number on the roster; "" takes it back. Raises `Refused`."""
    with one_deed():
        found, meeting = _uncounted(by, case, vote)
        with everything():
            rows = {row.number: row for row in Voter.objects.unscoped().filter(vote=meeting, number__in=list(choices))}
            for number, choice in choices.items():
                if number not in rows or choice not in ("", *Choice.values):
                    raise Refused("名单上没有这一位，或者没有这样的表决。")
                row = rows[number]
                row.choice, row.voted_at = (choice, timezone.now()) if choice else (None, None)
                row.save(update_fields=["choice", "voted_at"])
            note(by, "note_votes", found, vote=str(meeting.pk), n=len(choices))
    return meeting


def count_vote(*, by: Officer, case: UUID | str, vote: UUID | str, figures: Figures | None = None) -> Vote:
    """Write the count, once; without ``figures`` that of the votes noted by name. Raises `Refused`."""
    with one_deed():
        found, meeting = _uncounted(by, case, vote)
        with everything():
            told = figures or by_name(meeting)
            if told.present == 0:
                raise Refused("还没有人表决，不能计票。")
            if meeting.on > today():
                raise Refused(f"会议日是 {meeting.on}，还没有到。")
            meeting.present, meeting.agreed = told.present, told.agreed
            meeting.against, meeting.abstained = told.against, told.abstained
            meeting.counted_by, meeting.counted_at = by, timezone.now()
            meeting.save(update_fields=["present", "agreed", "against", "abstained", "counted_by", "counted_at"])
            note(by, "count_vote", found, vote=str(meeting.pk), agreed=told.agreed, eligible=meeting.eligible)
    return meeting


def by_name(vote: Vote) -> Figures:
    """The figures of the votes that were noted by name. Asked for nobody."""
    noted = Voter.objects.unscoped().filter(vote=vote, voted_at__isnull=False)
    cast = Counter(row.choice.reveal() for row in noted.only("pk", "choice"))
    return Figures(cast.total(), cast[Choice.AGREE], cast[Choice.AGAINST], cast[Choice.ABSTAIN])


def members(by: Officer, case: Case, running: Running, body: str, on: date) -> list[tuple[str, UUID | None]]:
    """The adults on a day whom the register knows as belonging to a body at the case's village, with their ids, by name."""
    if body not in _listed:
        return []
    kind, age = _listed[body]
    years = Counties.of(running.policy, on).edition(case.destination[:6]).parameters.get(age)
    if years is None or isinstance(years, date):
        return []
    last = Relation.objects.visible_to(by, purpose="经办").last_steps().filter(kind=kind, holder=case.destination)
    adults = last.filter(since__lte=on, person__ended_on=None, person__birth_date__lte=add_years(on, -int(years)))
    return [
        (step.person.name, step.person_id) for step in adults.select_related("person").order_by("person__name", "pk")
    ]


def _uncounted(by: Officer, case: UUID | str, vote: UUID | str) -> tuple[Case, Vote]:
    found = running_case(by, case)
    running = Running.of(found)
    with everything():
        _check_turn(by, found, running)
        meeting = votes.current(found, running)
        if meeting is None or str(meeting.pk) != str(vote):
            raise Refused(not_there)
        if not votes.is_counted_at(running, running.step(found.step)):
            raise Refused("还没有到计票的那一步。")
        if meeting.counted_at is not None:
            raise Refused("这一次表决已经计过票，不能再改。")
    return found, meeting


def _check_turn(by: Officer, case: Case, running: Running) -> None:
    step = running.step(case.step)
    if case.state == State.SUSPENDED:
        raise Refused("这一件挂起了，先恢复再办。")
    if not mine(open_turns(case), scopes_of(by), case, running, today()):
        raise Refused(f"“{step.name}”这一步由{step.who}办，现在轮不到您。")


def _checked(names: Sequence[str]) -> list[str]:
    told = [name.strip() for name in names if name.strip()]
    check_plain(*told)
    if any(len(name) > longest_name for name in told):
        raise Refused(f"名单一行一个人，每行最多 {longest_name} 个字。")
    return told
