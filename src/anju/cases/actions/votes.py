"""A meeting is called with a roster that stays as it is; votes are noted by name or counted, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone

from anju.calendar.periods import add_years
from anju.cases import notices, votes
from anju.cases.actions.within import each_together, naming, note, open_turns, running_case
from anju.cases.bodies import closed_bodies
from anju.cases.effects import kinds
from anju.cases.models import Body, Case, Choice, State, Vote, Voter
from anju.cases.procedures import Running
from anju.cases.provided import tell
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
_at_once = 500
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

    @property
    def cast(self) -> int:
        """How many votes they add up to."""
        return self.agreed + self.against + self.abstained


@dataclass(frozen=True, slots=True)
class ByName:
    """The votes that were noted by name, as they were seen (`anju.cases.votes.revision`)."""

    revision: str


def call_vote(
    *,
    by: Officer,
    case: UUID | str,
    seen: int,
    body: str,
    on: date,
    from_register: bool,
    names: Sequence[str],
    notified: date | None = None,
) -> Vote:
    """Call a meeting and fix who may vote there.

    Args:
        from_register: list the adults that the register knows as belonging to the body.
        names: who else, in the order of the list.
        notified: on what day all were told, by default today.

    Raises:
        Refused: not the officer's turn, no step of meetings, called already, a body whose vote the page does not take, before the notice
            is over, sooner after ``notified`` than the page says, nobody or too many on the list, a name that is none.
    """
    meeting = Meeting(body, on, from_register, names, notified)
    with one_deed():
        return _called(by, [(case, seen)], meeting)


def call_votes(
    *,
    by: Officer,
    cases: Mapping[UUID, int],
    body: str,
    on: date,
    from_register: bool,
    names: Sequence[str],
    notified: date | None = None,
) -> Vote:
    """Call one meeting with one roster that votes on several cases one after the other; all of them, or none is called.

    Args:
        cases: for each what was seen of it.

    Returns:
        The vote on the first of them, which has the roster.

    Raises:
        Refused: as `call_vote`, naming whose case it is; cases of other villages, procedures, versions or steps.
    """
    meeting = Meeting(body, on, from_register, names, notified)
    with one_deed():
        return _called(by, list(cases.items()), meeting)


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting that is to be called, as for `call_vote`."""

    body: str
    on: date
    from_register: bool
    names: Sequence[str]
    notified: date | None


def _called(by: Officer, cases: Sequence[tuple[UUID | str, int]], meeting: Meeting) -> Vote:
    """Within a deed: a vote a case, with the roster of the first."""
    found = each_together(by, cases, lambda case, running: _check_call(by, case, running, meeting))
    running, told = Running.of(found[0]), meeting.notified or today()
    listed = members(by, found[0], running, meeting.body, meeting.on) if meeting.from_register else []
    roster = [*listed, *((name, None) for name in _checked(meeting.names))]
    if not 0 < len(roster) <= most_names:
        raise Refused(f"名单上要有人，最多 {most_names:,} 人。")
    made: list[Vote] = []
    with everything():
        for case in found:
            vote = Vote(
                case=case,
                after=case.entries,
                step=case.step,
                body=meeting.body,
                notified_on=told,
                on=meeting.on,
                eligible=len(roster),
                first=made[0] if made else None,
                by=by,
                office=acting(by).post,
            )
            vote.save(force_insert=True)
            made.append(vote)
            note(by, "call_vote", case, vote=str(vote.pk), body=meeting.body, eligible=len(roster), cases=len(found))
        rows = []
        for number, (name, person) in enumerate(roster, start=1):
            row = Voter(vote=made[0], number=number, person=person)
            row.name = name
            rows.append(row)
        Voter.objects.unscoped().bulk_create(rows)
    return made[0]


def _check_call(by: Officer, case: Case, running: Running, meeting: Meeting) -> None:
    """Raise `Refused` where the meeting cannot be called for a case. Asked for nobody."""
    told = meeting.notified or today()
    since = _check_turn(by, case, running)
    if not votes.is_called_at(running.step(case.step)):
        raise Refused("这一步不开会表决。")
    if votes.current(case, running) is not None:
        raise Refused("这一次会已经通知，名单已经定了，请打开最新的再看。")
    if meeting.body not in Body.values:
        raise Refused("要写明由谁表决。")
    if why := closed_bodies(case, running).get(meeting.body):
        raise Refused(f"不能由{Body(meeting.body).label}表决（{why}）。")
    if not case.applied_on <= meeting.on <= today() + _furthest:
        raise Refused("会议日要在申请以后、一年之内。")
    if not since <= told <= today():
        raise Refused(f"通知日要在轮到这一步的 {since} 到今天之间。")
    _check_days(case, running, told, meeting.on)


def note_votes(*, by: Officer, case: UUID | str, vote: UUID | str, choices: Mapping[int, str]) -> Vote:
    """Note how people voted, by their number on the roster; "" takes it back. Raises `Refused`."""
    with one_deed():
        found, meeting = _uncounted(by, case, vote)
        _note(by, found, meeting, choices)
    return meeting


def note_meeting(*, by: Officer, choices: Mapping[UUID, Mapping[int, str]]) -> list[Vote]:
    """Note how people voted at one meeting on each of several cases, by case; all of it or nothing. Raises `Refused`, naming whose case
    it is.
    """
    noted: list[Vote] = []
    with one_deed():
        for locked in each_together(by, [(case, None) for case in choices], lambda _case, _running: None):
            with naming(by, locked):
                found, meeting = _uncounted(by, locked.pk)
                _check_same(noted, meeting)
                _note(by, found, meeting, choices[locked.pk])
                noted.append(meeting)
    return noted


def _note(by: Officer, found: Case, meeting: Vote, choices: Mapping[int, str]) -> None:
    with everything():
        rows = {row.number: row for row in _roster_of(meeting)}
        for number, choice in choices.items():
            if number not in rows or choice not in ("", *Choice.values):
                raise Refused("名单上没有这一位，或者没有这样的表决。")
            row = rows[number]
            row.choice, row.voted_at = (choice, timezone.now()) if choice else (None, None)
        changed = [rows[number] for number in choices]
        if changed and changed[0]._state.adding:
            Voter.objects.unscoped().bulk_create(rows.values(), batch_size=_at_once)
        else:
            Voter.objects.unscoped().bulk_update(changed, ["choice", "voted_at"], batch_size=_at_once)
        note(by, "note_votes", found, vote=str(meeting.pk), n=len(choices))


def _roster_of(meeting: Vote) -> list[Voter]:
    """Who may vote. Of a meeting on several cases the first vote has the roster, and each other one a copy of it, not saved yet before how
    people voted on it is noted for the first time.
    """
    own = list(Voter.objects.unscoped().filter(vote=meeting).order_by("number"))
    if own or meeting.first_id is None:
        return own
    copies = []
    for row in Voter.objects.unscoped().filter(vote=meeting.first_id).order_by("number"):
        copy = Voter(vote=meeting, number=row.number, person=row.person)
        copy.name = row.name.reveal()
        copies.append(copy)
    return copies


def _check_same(before: Sequence[Vote], meeting: Vote) -> None:
    if before and votes.meeting_of(meeting) != votes.meeting_of(before[0]):
        raise Refused("不是同一次会上表决的，请分开计票。")


def count_vote(*, by: Officer, case: UUID | str, vote: UUID | str, figures: Figures | ByName) -> Vote:
    """Write the count, once. Raises `Refused`, also where somebody noted votes by name since these were seen."""
    with one_deed():
        found, meeting = _uncounted(by, case, vote)
        _count(by, found, meeting, figures)
        tell(found)
    return meeting


def count_votes(*, by: Officer, seen: Mapping[UUID, int], figures: Mapping[UUID, Figures | ByName]) -> list[Vote]:
    """Write the count of a meeting for several cases, by case, each as it was ``seen``; all of them or none. Raises `Refused`, naming whose
    case it is.
    """
    counted: list[Vote] = []
    cases: list[Case] = []
    with one_deed():
        for locked in each_together(by, [(case, seen[case]) for case in figures], lambda _case, _running: None):
            told = figures[locked.pk]
            with naming(by, locked):
                found, meeting = _uncounted(by, locked.pk)
                _check_same(counted, meeting)
                if isinstance(told, Figures) and not told.present == told.cast <= meeting.eligible:
                    raise Refused(
                        f"同意、反对、弃权加起来是 {told.cast}，"
                        f"要等于实到的 {told.present}，实到也不能多过应到的 {meeting.eligible}。"
                    )
                _count(by, found, meeting, told)
                counted.append(meeting)
                cases.append(found)
        tell(*cases)
    return counted


def _count(by: Officer, found: Case, meeting: Vote, figures: Figures | ByName) -> None:
    with everything():
        if isinstance(figures, ByName) and figures.revision != votes.revision(meeting):
            raise Refused("各人的票刚刚又有人记过，请打开最新的，看过没有错再计票。")
        told = by_name(meeting) if isinstance(figures, ByName) else figures
        if told.present == 0:
            raise Refused("还没有人表决，不能计票。")
        if meeting.on > today():
            raise Refused(f"会议日是 {meeting.on}，还没有到。")
        meeting.present, meeting.agreed = told.present, told.agreed
        meeting.against, meeting.abstained = told.against, told.abstained
        meeting.counted_by, meeting.counted_at = by, timezone.now()
        meeting.save(update_fields=["present", "agreed", "against", "abstained", "counted_by", "counted_at"])
        note(by, "count_vote", found, vote=str(meeting.pk), agreed=told.agreed, eligible=meeting.eligible)


def by_name(vote: Vote) -> Figures:
    """The figures of the votes that were noted by name. Asked for nobody."""
    noted = Voter.objects.unscoped().filter(vote=vote, voted_at__isnull=False)
    cast = Counter(row.choice.reveal() for row in noted.only("pk", "choice"))
    return Figures(cast.total(), cast[Choice.AGREE], cast[Choice.AGAINST], cast[Choice.ABSTAIN])


def members(by: Officer, case: Case, running: Running, body: str, on: date) -> list[tuple[str, UUID | None]]:
    """The adults on a day whom the register knows as belonging to a body at the case's village, with their ids, by name."""
    if body not in _listed:
        return []
    becomes = any(
        one.kind == "relation" and kinds.get(one.what) == Kind.COLLECTIVE for one in running.procedure.effects
    )
    kind, age = _listed[Body.MEMBERS if becomes else body]  # members decide who becomes one, whatever they meet as
    years = Counties.of(running.policy, on).edition(case.destination[:6]).parameters.get(age)
    if years is None or isinstance(years, date):
        return []
    last = Relation.objects.visible_to(by, purpose="经办").last_steps().filter(kind=kind, holder=case.destination)
    adults = last.filter(since__lte=on, person__ended_on=None, person__birth_date__lte=add_years(on, -int(years)))
    return [
        (step.person.name, step.person_id) for step in adults.select_related("person").order_by("person__name", "pk")
    ]


def _uncounted(by: Officer, case: UUID | str, vote: UUID | str | None = None) -> tuple[Case, Vote]:
    found = running_case(by, case)
    running = Running.of(found)
    with everything():
        _check_turn(by, found, running)
        meeting = votes.current(found, running)
        if meeting is None or (vote is not None and str(meeting.pk) != str(vote)):
            raise Refused(not_there)
        if not votes.is_counted_at(running, running.step(found.step)):
            raise Refused("还没有到计票的那一步。")
        if meeting.counted_at is not None:
            raise Refused("这一次表决已经计过票，不能再改。")
    return found, meeting


def _check_days(case: Case, running: Running, told: date, on: date) -> None:
    """Raise `Refused` for a meeting before the notice is over, or sooner than everybody has to be told of it (domain 1.3)."""
    notice = notices.current(case, running)
    if notice is not None and on <= notice.ends:
        raise Refused(f"会议日写的是 {on}，公示到 {notice.ends} 才满；会议要开在公示期满以后。")
    length = votes.notice_of(case, running)
    if length is not None and on < length.after(told):
        raise Refused(
            f"会议要提前 {length.count} {length.unit}通知：{told} 通知的，会议日最早是 {length.after(told)}。"
        )


def _check_turn(by: Officer, case: Case, running: Running) -> date:
    """Since when it is the officer's turn. Raises `Refused`."""
    step = running.step(case.step)
    if case.state == State.SUSPENDED:
        raise Refused("这一件挂起了，先恢复再办。")
    own = mine(open_turns(case), scopes_of(by), case, running, today())
    if not own:
        raise Refused(f"“{step.name}”这一步由{step.who}办，现在轮不到您。")
    return min(turn.since for turn in own)


def _checked(names: Sequence[str]) -> list[str]:
    told = [name.strip() for name in names if name.strip()]
    check_plain(*told)
    if any(len(name) > longest_name for name in told):
        raise Refused(f"名单一行一个人，每行最多 {longest_name} 个字。")
    return told
