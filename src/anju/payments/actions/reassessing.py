"""重新核定: a household of which a part moves away is worked out anew by one officer, and agreed to by another one, of the other side.

From one month on everybody who belonged to it stands in one of two parts. Who pays whom is told by the relation of assistance as ever; what
changes here is who gets what: whoever does not count any more stops with that month, whoever gets another kind goes over in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils import timezone

from anju.government.models import Officer, never
from anju.government.queries.names import Names
from anju.government.refusals import Refused, one_deed
from anju.government.second_wall import everything
from anju.payments.actions.within import check_office, month_from, note, reason_of
from anju.payments.chain import direct, horizon, is_office, keeps_months, payer_in, steps_of
from anju.payments.chain import locked as lock
from anju.payments.following import entitled, keeping
from anju.payments.models import AskedFor, Assessed, Closing, Month, Part, Payer, Reassessment, Side, State
from anju.payments.money import cents
from anju.payments.months import text_of
from anju.register.actions.by_case import put_facts
from anju.register.actions.within import locked, not_there
from anju.register.among import Many
from anju.register.changes import changed
from anju.register.facts import facts_by_subject, today
from anju.register.models import Household, Membership, Person

purpose = "重新核定"
_because = "拆户重新核定"


@dataclass(frozen=True, slots=True)
class Share:
    """What a part gets: by which office, of which kind, how much a month, and for whom; ``others`` belong to it and do not count."""

    payer: str
    kind: str
    amount: Decimal
    counted: Sequence[str]
    others: Sequence[str] = ()

    @property
    def people(self) -> list[str]:
        """Everybody of the part."""
        return [*self.counted, *self.others]


def draw_up_reassessment(
    *, by: Officer, household: str, since: str, basis: str, stays: Share, goes: Share
) -> Reassessment:
    """Work a household out anew, for the other side to agree.

    Raises:
        Refused: out of reach, another line's work, an office that is none, a month that is yet to come or was paid or closed already,
            somebody whom another office pays than that of the part, somebody of the household who stands in neither part or in both, or who
            left it long ago, a part without people, an amount without anybody it is for.
    """
    with one_deed():
        home = locked(Household, by, household)
        check_office(by, stays.payer, goes.payer)
        month = month_from(since, latest=horizon())
        for side, share in ((Side.STAYS, stays), (Side.GOES, goes)):
            _check_share(side, share)
        _check_seen(by, str(home.pk), goes.people)
        with everything():
            _check_members(str(home.pk), stays.people, goes.people)
            _check_free([*stays.people, *goes.people], {stays.payer, goes.payer}, month)
            _check_payers(stays, goes, month)
            made = Reassessment(household=home, since=month, basis=reason_of(basis), asked_by=by)
            made.asked_for = _asked_for(by, stays.payer, goes.payer)
            for side, share in ((Side.STAYS, stays), (Side.GOES, goes)):
                for name in ("payer", "kind", "amount"):
                    setattr(made, f"{side.value}_{name}", getattr(share, name))
                setattr(made, f"{side.value}_people", len(share.counted))
            made.save(force_insert=True)
            Part.objects.unscoped().bulk_create(
                Part(reassessment=made, person_id=person, side=side, counted=person in share.counted)
                for side, share in ((Side.STAYS, stays), (Side.GOES, goes))
                for person in share.people
            )
            note(by, "draw_up_reassessment", "reassessment", made.pk, **_told(made))
    return made


def _check_share(side: Side, share: Share) -> None:
    if not is_office(share.payer):
        raise Refused(f"{side.label}一份由哪个乡镇发，没有写对。")
    if share.kind not in Assessed.values:
        raise Refused(f"{side.label}一份的救助写低保、特困或者不再享受。")
    if not share.people:
        raise Refused(f"{side.label}一份没有人；没有拆户就不用重新核定。")
    nothing = share.kind == Assessed.NONE
    if nothing and (share.counted or share.amount):
        raise Refused(f"{side.label}一份不再享受，就没有计入的人，金额写 0。")
    if not nothing and (not share.counted or cents(share.amount) <= 0):
        raise Refused(f"{side.label}一份要有计入的人，金额要大于 0。")


def _check_members(home: str, stays: Sequence[str], goes: Sequence[str]) -> None:
    """Raise `Refused` unless everybody who belongs to the household now stands in exactly one part, and who left it in none or goes."""
    living, left = members_of(home), left_by(home)
    if len(set(stays) | set(goes)) < len(stays) + len(goes):
        raise Refused("有人在两份里都有；每个人只能留下或者迁走。")
    if set(stays) & set(left):
        raise Refused("已经另立户的人不在这一户了，只能写迁走，或者空着。")
    if strange := {*stays, *goes} - set(living) - set(left):
        raise Refused(f"有 {len(strange)} 人现在不在这一户，请打开最新的再核定。")
    if lacking := [name for person, name in living.items() if person not in {*stays, *goes}]:
        raise Refused(f"还有 {len(lacking)} 人没有写留下还是迁走；一个人也不能漏。")


def members_of(home: str) -> Mapping[str, str]:
    """Who belongs to a household now and lives, with their names. Acts for nobody."""
    rows = Membership.objects.unscoped().filter(household_id=home, until=never, person__ended_on=None)
    return {str(person): name for person, name in rows.order_by("pk").values_list("person_id", "person__name")}


def left_by(home: str) -> Mapping[str, str]:
    """Who lives in another household by now, as the register has split it, and was not worked out with this one since they belonged to it;
    with their names. Acts for nobody.
    """
    rows = Membership.objects.unscoped().filter(household_id=home, until__lte=today(), person__ended_on=None)
    since: dict[str, date] = {}
    names: dict[str, str] = {}
    for person, name, day in rows.order_by("since").values_list("person_id", "person__name", "since"):
        since[str(person)], names[str(person)] = day, name
    there = (
        Membership.objects.unscoped().filter(person__among=Many(list(names)), until=never).exclude(household_id=home)
    )
    elsewhere = {str(person) for person in there.values_list("person_id", flat=True)}
    forms = Part.objects.unscoped().filter(reassessment__household_id=home, reassessment__agreed_at__isnull=False)
    done = forms.filter(person__among=Many(list(names))).values_list("person_id", "reassessment__agreed_at")
    settled = {str(person) for person, at in done if timezone.localdate(at) >= since[str(person)]}
    return {person: name for person, name in names.items() if person in elsewhere - settled}


def _check_seen(by: Officer, home: str, people: Sequence[str]) -> None:
    """Raise `Refused` for somebody who has left the household, and whom the officer may not see."""
    left = left_by(home).keys() & set(people)
    if Person.objects.visible_to(by, purpose=purpose).filter(pk__in=left).count() < len(left):
        raise Refused(not_there)


def _check_free(people: Sequence[str], offices: set[str], month: int) -> None:
    """Raise `Refused` for a month from which on something is paid or closed by now: it would have to be paid anew."""
    paid = Month.objects.unscoped().filter(person__among=Many(people), month__gte=month, state=State.PAID)
    if last := paid.order_by("-month").values_list("month", flat=True).first():
        raise Refused(
            f"{text_of(last)} 的钱已经发了，起算月要在它以后；从前多发、少发的，在各人的发放里登记追回、抵扣或补发。"
        )
    paying = set(Payer.objects.unscoped().filter(person__among=Many(people)).values_list("payer", flat=True)) | offices
    closed = Closing.objects.unscoped().filter(payer__in=paying, month__gte=month, closed_at__isnull=False)
    if last := closed.order_by("-month").values_list("month", flat=True).first():
        raise Refused(f"{text_of(last)} 已经关账，起算月要在它以后。")


def _check_payers(stays: Share, goes: Share, month: int) -> None:
    """Raise `Refused` where the form names another office than the one that pays: who stays is paid by the office of the part, who goes by
    that of theirs or, until the relation of assistance has gone over, by that of the part that stays.
    """
    lies = entitled([*stays.counted, *goes.counted])
    for side, share, may in ((Side.STAYS, stays, {stays.payer}), (Side.GOES, goes, {stays.payer, goes.payer})):
        for person in share.people:
            pays = next((payer for kind in _paid if (payer := payer_in(steps_of(person, kind), month))), "")
            if not pays and person in share.counted and person in lies:
                pays = lies[person].payer
            if pays and pays not in may:
                names = Names([pays, share.payer], today())
                told = f"{side.label}一份里有人由{names(pays)}发，表上写的是{names(share.payer)}"
                raise Refused(f"{told}；由谁发跟着救助关系走，请照实写。")


def _share_of(form: Reassessment, side: Side, parts: Sequence[Part]) -> Share:
    """A part as it stands in a form."""
    own = [part for part in parts if part.side == side]
    counted, others = ([str(part.person_id) for part in own if part.counted is yes] for yes in (True, False))
    payer, kind, amount = (getattr(form, f"{side.value}_{name}") for name in ("payer", "kind", "amount"))
    return Share(payer, kind, amount, counted, others)


def agree_reassessment(*, by: Officer, reassessment: UUID | str) -> Reassessment:
    """Another officer agrees, of the side that did not draw it up: from the month on it holds.

    Raises:
        Refused: out of reach, one's own, agreed already, the same side, a household, a payer or a month that has changed meanwhile; a form
            from before the side was written down.
    """
    with one_deed():
        found = _waiting(by, reassessment)
        _check_other_side(by, found)
        with everything():
            parts = list(Part.objects.unscoped().filter(reassessment=found).order_by("person_id"))
            people = [str(part.person_id) for part in parts]
            Household.objects.unscoped().select_for_update(of=("self",)).get(pk=found.household_id)
            for person in people:  # after the household, as the register locks them
                lock(person)
            by_side = {side: [str(p.person_id) for p in parts if p.side == side] for side in Side}
            _check_members(str(found.household_id), by_side[Side.STAYS], by_side[Side.GOES])
            _check_free(people, {found.stays_payer, found.goes_payer}, found.since)
            _check_payers(_share_of(found, Side.STAYS, parts), _share_of(found, Side.GOES, parts), found.since)
            found.agreed_by, found.agreed_at = by, timezone.now()
            found.save(update_fields=["agreed_by", "agreed_at"])
            known = facts_by_subject("person", people, on=today())
            for part in parts:
                _carry_out(found, part, known.get(str(part.person_id), {}).get("assistance_kind"))
            note(by, "agree_reassessment", "reassessment", found.pk, **_told(found))
            changed("person", people)
            homes = Membership.objects.unscoped().filter(person__among=Many(people), until=never)
            changed(
                "household", sorted({str(found.household_id), *map(str, homes.values_list("household_id", flat=True))})
            )
    return found


def _carry_out(form: Reassessment, part: Part, known: object) -> None:
    """Let a person's kind be what the part gets; the money of another kind stops with the same month."""
    person = str(part.person_id)
    kind = getattr(form, f"{part.side}_kind") if part.counted else Assessed.NONE.value
    if kind == known or (kind == Assessed.NONE and known not in (None, *_paid)):
        return
    payer = ""
    for other in _paid:
        steps = steps_of(person, other)
        if other != kind and steps:
            payer = payer_in(steps, form.since) or payer
            direct(person, other, payer="", since=form.since, because=_because)
    if kind != Assessed.NONE and (payer := payer or _office_of(person, kind)):
        direct(person, kind, payer=payer, since=form.since, because=_because)
    put_facts(kind="person", subject=person, facts={"assistance_kind": kind})


def _office_of(person: str, kind: str) -> str:
    """The office that pays whoever was paid nothing so far: that of the relation of assistance, where it keeps its months here; else ""."""
    one = entitled([person]).get(person)
    if one is None or not one.payer or not (steps_of(person, kind) or keeping({one.payer})):
        return ""
    return one.payer


_paid = (Assessed.DIBAO.value, Assessed.TEKUN.value)


def withdraw_reassessment(*, by: Officer, reassessment: UUID | str) -> None:
    """A form that waits is given up, by either side. Raises `Refused`."""
    with one_deed():
        found = _waiting(by, reassessment)
        with everything():
            note(by, "withdraw_reassessment", "reassessment", found.pk, **_told(found))
            Part.objects.unscoped().filter(reassessment=found).delete()
            Reassessment.objects.unscoped().filter(pk=found.pk).delete()


def _waiting(by: Officer, key: UUID | str) -> Reassessment:
    """A form that waits, within the officer's reach, locked. Raises `Refused`."""
    seen = Reassessment.objects.visible_to(by, purpose=purpose).select_for_update(of=("self",))
    found = seen.filter(pk=key).first()
    if found is None:
        raise Refused(not_there)
    if found.agreed_at is not None:
        raise Refused("这张核定表已经复核过了。")
    return found


def _asked_for(by: Officer, stays: str, goes: str) -> AskedFor:
    """For which part an officer answers who answers for one of them."""
    if not _answers_for(by, goes):
        return AskedFor.STAYS
    return AskedFor.BOTH if _answers_for(by, stays) else AskedFor.GOES


def _check_other_side(by: Officer, form: Reassessment) -> None:
    """Raise `Refused` for a second officer who does not answer for the side that did not draw the form up, where that side is here: that
    is as it was then, whatever post whoever drew it up holds by now.
    """
    others = {
        AskedFor.STAYS.value: [form.goes_payer],
        AskedFor.GOES.value: [form.stays_payer],
        AskedFor.BOTH.value: [form.stays_payer, form.goes_payer],
    }
    if form.asked_for not in others:
        raise Refused("这张核定表是以前提出的，没有记下是哪一方提出的；请撤回，重新提出一张。")
    if here := [payer for payer in others[form.asked_for] if keeps_months(payer)]:
        check_office(by, *here)


def _answers_for(officer: Officer, payer: str) -> bool:
    try:
        check_office(officer, payer)
    except Refused:
        return False
    return True


def _told(form: Reassessment) -> dict[str, str]:
    """What the journal keeps of it."""
    told = {"household": str(form.household_id), "since": text_of(form.since)}
    for side in Side:
        told[side.value] = " ".join(
            str(getattr(form, f"{side.value}_{n}")) for n in ("payer", "kind", "people", "amount")
        )
    return told
