"""A public notice is posted; objections to it are recorded while it hangs, and decided one by one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from anju.cases import notices
from anju.cases.actions.within import each_together, note, open_turns, running_case
from anju.cases.fields import most_words
from anju.cases.models import Case, How, Notice, Objection, Outcome, State
from anju.cases.procedures import Running
from anju.cases.provided import tell
from anju.cases.turns import Places, mine
from anju.government.acting import acting
from anju.government.models import Officer
from anju.government.refusals import Refused, one_deed
from anju.government.second_wall import everything
from anju.register.actions.within import check_plain, check_work, not_there, scopes_of
from anju.register.facts import today
from anju.register.queries.whom import whom

_long_number = re.compile(r"[0-9０-９]{7,}")
_late = "补登记的从登记那天起算；早就贴出来的，交上照片或扫描件，由另一位干部证实，就从贴出那天起算。"
longest_place = 80


def post_notice(
    *, by: Officer, case: UUID | str, seen: int, since: date, until: date | None, place: str, text: str
) -> Notice:
    """Record that a notice hangs since a day; the step goes on once it is over and nothing stands against it.

    Args:
        until: the last day, by default as the page says; never sooner. The days run from the day of recording, however long it has hung:
            `prove_notice` lets them run from its first day.
        place: where it hangs.
        text: what hangs there.

    Raises:
        Refused: not the officer's turn, no step of notices, hangs already, too short, in the future, numbers in the text.
    """
    with one_deed():
        return _posted(by, [(case, seen)], Text(since, until, place, text))[0]


def post_notices(
    *, by: Officer, cases: Mapping[UUID, int], since: date, until: date | None, place: str, text: str
) -> list[Notice]:
    """Record that one paper hangs that names the subjects of several cases: a notice of each, so that what is said against one of them is
    said against that one alone. All of them, or none.

    Args:
        cases: for each what was seen of it.

    Raises:
        Refused: as `post_notice`, naming whose case it is; cases of other villages, procedures, versions or steps; somebody whom the text
            does not name.
    """
    with one_deed():
        return _posted(by, list(cases.items()), Text(since, until, place, text))


@dataclass(frozen=True, slots=True)
class Text:
    """A notice that is to be posted, as for `post_notice`."""

    since: date
    until: date | None
    place: str
    text: str


def _posted(by: Officer, cases: Sequence[tuple[UUID | str, int]], paper: Text) -> list[Notice]:
    """Within a deed: a notice a case, of one paper where they are several."""
    found = each_together(by, cases, lambda case, running: _check_posting(by, case, running, paper))
    _check_public(paper.text, paper.place)
    if len(found) > 1:
        named = whom(by, {(case.subject_kind, case.subject_id) for case in found}, today())
        if left_out := [one.name for one in named.values() if one.name not in paper.text]:
            raise Refused(f"公示内容里没有写上：{'、'.join(left_out)}。名单要写全。")
    made: list[Notice] = []
    with everything():
        for case in found:
            ends = paper.until or notices.last_day(case, Running.of(case), today())
            assert ends is not None
            notice = Notice(
                case=case,
                after=case.entries,
                step=case.step,
                since=paper.since,
                until=ends,
                recorded_on=today(),
                place=paper.place.strip(),
                by=by,
                office=acting(by).post,
            )
            if len(found) > 1:
                notice.paper = made[0].pk if made else notice.pk
            notice.text = paper.text.strip()
            notice.save(force_insert=True)
            made.append(notice)
            note(by, "post_notice", case, notice=str(notice.pk), since=str(paper.since), until=str(ends))
        tell(*found)
    return made


def _check_posting(by: Officer, found: Case, running: Running, paper: Text) -> None:
    """Raise `Refused` where the notice cannot be posted for a case. Asked for nobody."""
    step, since = running.step(found.step), paper.since
    if found.state == State.SUSPENDED:
        raise Refused("这一件挂起了，先恢复再办。")
    if not notices.is_posted_at(running, step):
        raise Refused(f"“{step.name}”这一步不公示。")
    turns = open_turns(found)
    if not mine(turns, scopes_of(by), found, running, today()):
        raise Refused(f"“{step.name}”这一步由{step.who}办，现在轮不到您。")
    if notices.current(found, running) is not None:
        raise Refused("这一次公示已经贴出来了，请打开最新的再看。")
    if not min(turn.since for turn in turns) <= since <= today():
        raise Refused("公示开始日要在轮到这一步的那天到今天之间。")
    least = notices.last_day(found, running, today())
    ends = paper.until or least
    if ends is None:
        raise Refused("公示到哪天要写明。")
    if least is not None and ends < least:
        raise Refused(f"公示期不能短，至少到 {least}。{_late if since < today() else ''}")


def record_objection(*, by: Officer, case: UUID | str, on: date, how: str, who: str, told: str, key: UUID) -> Objection:
    """Record what somebody says against the notice that counts. Sent twice, it is one. Raises `Refused`."""
    with one_deed():
        if (
            before := Objection.objects.visible_to(by, purpose="经办").filter(recorded_by=by, key=key).first()
        ) is not None:
            return before
        found = _of_work(by, case)
        with everything():
            notice = notices.current(found, Running.of(found))
            if notice is None:
                raise Refused("现在没有公示，不能登记异议。")
            if not notices.takes_objections(notice, found, Running.of(found), today()):
                raise Refused(
                    f"公示到 {notice.ends} 结束了，这一件也往下办了，不再登记公示期里的异议；有意见的，按申诉和信访办。"
                )
            if not notice.since <= on <= min(notice.ends, today()):
                raise Refused(f"异议要在公示期里提出：{notice.since} 到 {notice.ends}，不能晚于今天。")
            if how not in How.values:
                raise Refused("要写明怎么提的。")
            _check_words({"谁提的": who, "说了什么": told})
            objection = Objection(notice=notice, on=on, how=how, recorded_by=by, key=key)
            objection.who, objection.told = who.strip(), told.strip()
            objection.save(force_insert=True)
            tell(found)
            note(by, "record_objection", found, objection=str(objection.pk))
    return objection


def decide_objection(*, by: Officer, case: UUID | str, objection: UUID | str, outcome: str, because: str) -> Objection:
    """Decide an objection, once. Raises `Refused`."""
    with one_deed():
        found = _of_work(by, case)
        with everything():
            running = Running.of(found)
            kept = Objection.objects.unscoped().select_for_update(of=("self",)).filter(pk=objection)
            against = kept.filter(notice=notices.current(found, running)).first()
            if against is None:
                raise Refused(not_there)
            if not mine(open_turns(found), scopes_of(by), found, running, today()):
                raise Refused("异议由现在轮到的单位处理，现在轮不到您。")
            if against.outcome:
                raise Refused("这一条异议刚刚有人处理了，请打开最新的再看。")
            if outcome not in Outcome.values:
                raise Refused("要写明成立还是不成立。")
            _check_words({"理由": because})
            against.outcome, against.decided_by, against.decided_on = outcome, by, today()
            against.because = because.strip()
            against.save(update_fields=["outcome", "because", "decided_by", "decided_on"])
            tell(found)
            note(by, "decide_objection", found, objection=str(against.pk), outcome=outcome)
    return against


def _of_work(by: Officer, case: UUID | str) -> Case:
    """A case that is under way, and whose clause is the officer's work. Raises `Refused`."""
    found = running_case(by, case)
    check_work(scopes_of(by), found.clause, *filter(None, Places.of(found).all()))
    return found


def _check_public(text: str, place: str) -> None:
    _check_words({"公示内容": text, "公示地点": place})
    if len(place) > longest_place:
        raise Refused(f"公示地点最多写 {longest_place} 个字。")
    if _long_number.search(text):
        raise Refused("公示里只写姓名、村社区和事由；证件、电话、银行账号都不能写。")


def _check_words(texts: dict[str, str]) -> None:
    check_plain(*texts.values())
    for name, text in texts.items():
        if not text.strip():
            raise Refused(f"{name}要写明。")
        if len(text) > most_words:
            raise Refused(f"每一项最多写 {most_words} 个字。")
