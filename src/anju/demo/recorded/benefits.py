"""Clauses 1.5 to 1.7: pension, medical insurance, assistance."""

from __future__ import annotations

from datetime import date, timedelta

from anju.demo.life import Life
from anju.register.models.relations import Kind

pays_from, draws_from = 16, 60
_reform = date(2012, 7, 1)
"""Since then, everybody who is old enough can be insured."""


def pension(life: Life) -> None:
    """Clause 1.5: by age, some not insured, some not drawing although they could."""
    status = _pension_status(life)
    life.fact("pension_status", status)
    if status in ("contributing", "drawing"):
        since = max(_reform, life.member.born + timedelta(days=366 * pays_from))
        day = life.day(life.hukou_on + timedelta(days=30)) if life.hukou_on else None
        far = life.move.scope in ("cross_county", "cross_province")
        moved = day and far and status == "contributing" and life.maybe(0.5)
        life.hold(
            Kind.PENSION, since, *([(life.move.destination, day, "moved")] if moved and day else []), because="enrolled"
        )
        if far and life.hukou_on and not moved:
            _ask_pension(life, life.hukou_on)
    if status in ("contributing", "uninsured") and pays_from <= life.age < draws_from and life.move.registered_poor:
        life.fact("premium_paid", life.maybe(0.93))


def _ask_pension(life: Life, since: date) -> None:
    if life.maybe(0.6):
        life.say("pension", life.pick(("keep", 60), ("move", 40)), life.day(since))
    else:
        life.unsaid("pension_wish", "unstated")


def _pension_status(life: Life) -> str:
    if life.age < pays_from:
        return "exempt"
    if life.age >= draws_from:
        return life.pick(("drawing", 95), ("contributing", 2), ("employee", 2), ("uninsured", 1))
    if life.age < 23:
        return life.pick(("exempt", 60), ("contributing", 34), ("uninsured", 6))
    return life.pick(("contributing", 83), ("employee", 12), ("uninsured", 3), ("exempt", 2))


def medical(life: Life) -> None:
    """Clause 1.6; sealed at rest. 97 of a hundred are insured."""
    works = 20 <= life.age < draws_from
    employed, lapsed = (12, 1) if works else (0, 0)
    status = life.pick(("employee", employed), ("employee_lapsed", lapsed), ("uninsured", 2.5), ("resident", 100))
    life.fact("medical_status", status)
    if status == "employee_lapsed":
        life.fact("lapsed_months", life.chance.randint(1, 9))
    if life.move.registered_poor and status != "employee":
        life.fact("medical_aided", life.maybe(0.95))
    life.fact("medical_insured_twice", life.maybe(0.004))
    life.fact("city_care_unsettled", life.maybe(0.008))
    if status not in ("resident", "employee"):
        return
    moved = life.hukou_on is not None and life.maybe(0.6)
    day = life.day(life.hukou_on or life.move.moved_in)
    since = max(_reform, life.member.born)
    life.hold(Kind.MEDICAL, since, *([(life.move.destination, day, "moved")] if moved else []), because="enrolled")
    if not moved and life.maybe(0.1):
        life.unsaid("medical_wish", "unstated")
    elif not moved:
        choice = life.pick(("filing", 72), ("move", 6), ("neither", 22))
        life.say("medical", choice, life.day(life.move.moved_in))
        life.fact("remote_care_filed", choice == "filing" and life.maybe(0.93))
    if life.move.scope == "cross_province" and not moved:
        life.fact("insured_at_destination", life.maybe(0.3))


def assistance(life: Life, kind: str, *, whole: bool) -> None:
    """Clause 1.7. ``kind``: none, dibao, tekun; ``whole``: the whole household has moved."""
    life.fact("assistance_kind", kind)
    if kind == "none":
        return
    since = life.day(date(2014, 1, 1), life.on - timedelta(days=200))
    applied = life.hukou_on is not None and life.maybe(0.75)
    day = life.day(max(since, life.hukou_on or since) + timedelta(days=10))
    moved = applied and life.maybe(0.75)
    life.hold(Kind.ASSISTANCE, since, *([(life.move.destination, day, "moved")] if moved else []), because="confirmed")
    if applied:
        life.say("assistance", "yes", day - timedelta(days=9) if moved else life.day(life.on - timedelta(days=45)))
        if kind == "dibao" and not moved:
            life.fact("dibao_whole_household", whole)
    elif life.hukou_on:
        life.unsaid("assistance_applied", False)
        life.fact("assistance_reminded", life.maybe(0.5))
    payers = life.pick((1, 97), (0, 2), (2, 1))
    life.payers = None if life.maybe(0.015) else payers
