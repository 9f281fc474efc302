"""A public notice is posted; objections to it are recorded while it hangs, and decided one by one."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

from anju.cases import notices
from anju.cases.actions.within import most_words, note, open_turns, running_case
from anju.cases.models import Case, How, Notice, Objection, Outcome, State
from anju.cases.procedures import Running
from anju.cases.turns import Places, mine
from anju.government.acting import acting
from anju.government.models import Officer
from anju.government.refusals import Refused, one_deed
from anju.government.second_wall import everything
from anju.register.actions.within import check_plain, check_work, not_there, scopes_of
from anju.register.facts import today

_long_number = re.compile(r"[0-9０-９]{7,}")
longest_place = 80


def post_notice(
    *, by: Officer, case: UUID | str, seen: int, since: date, until: date | None, place: str, text: str
) -> Notice:
    """Record that a notice hangs since a day; the step goes on once it is over and nothing stands against it.

    Args:
        until: the last day, by default as the page says; never sooner.
        place: where it hangs.
        text: what hangs there.

    Raises:
        Refused: not the officer's turn, no step of notices, hangs already, too short, in the future, numbers in the text.
    """
    with one_deed():
        found = running_case(by, case, seen)
        running = Running.of(found)
        step = running.step(found.step)
        if found.state == State.SUSPENDED:
            raise Refused("这一件挂起了，先恢复再办。")
        if not notices.is_posted_at(running, step):
            raise Refused(f"“{step.name}”这一步不公示。")
        with everything():
            turns = open_turns(found)
            if not mine(turns, scopes_of(by), found, running, today()):
                raise Refused(f"“{step.name}”这一步由{step.who}办，现在轮不到您。")
            if notices.current(found, running) is not None:
                raise Refused("这一次公示已经贴出来了，请打开最新的再看。")
            if not min(turn.since for turn in turns) <= since <= today():
                raise Refused("公示开始日要在轮到这一步的那天到今天之间。")
            least = notices.last_day(found, running, since)
            ends = until or least
            if ends is None:
                raise Refused("公示到哪天要写明。")
            if least is not None and ends < least:
                raise Refused(f"公示期不能短，至少到 {least}。")
            _check_public(text, place)
            notice = Notice(
                case=found,
                after=found.entries,
                step=found.step,
                since=since,
                until=ends,
                place=place.strip(),
                by=by,
                office=acting(by).post,
            )
            notice.text = text.strip()
            notice.save(force_insert=True)
            note(by, "post_notice", found, notice=str(notice.pk), since=str(since), until=str(notice.until))
    return notice


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
            if not notice.since <= on <= min(notice.until, today()):
                raise Refused(f"异议要在公示期里提出：{notice.since} 到 {notice.until}，不能晚于今天。")
            if how not in How.values:
                raise Refused("要写明怎么提的。")
            _check_words({"谁提的": who, "说了什么": told})
            objection = Objection(notice=notice, on=on, how=how, recorded_by=by, key=key)
            objection.who, objection.told = who.strip(), told.strip()
            objection.save(force_insert=True)
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
