"""Premiums that the government pays: who is due is drawn up as a batch, and another officer approves it (`anju.payments.due`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from anju.government.models import Officer
from anju.government.refusals import Refused, one_deed
from anju.government.second_wall import everything
from anju.payments.actions.within import hold_people, note
from anju.payments.due import Share, due, left_over, most, no_longer_due, shares, shares_of, years
from anju.payments.models import Batch, Premium, Scheme, pays_in
from anju.register.actions.within import not_there, scopes_of
from anju.register.among import Many
from anju.register.changes import changed
from anju.register.facts import today
from anju.register.queries.whom import whom

purpose = "代缴"
_most_told = 3


@dataclass(frozen=True, slots=True)
class Approved:
    """A batch that was approved, and the people who were ``left_out`` of it."""

    batch: Batch
    left_out: Sequence[str]


def draw_up(*, by: Officer, scheme: str, county: str, year: int | None = None) -> Batch:
    """List a year's premiums of everybody who is due in the county, for another officer to approve.

    Args:
        year: None for this one; the one before while its first months last (`years`).

    Raises:
        Refused: another county or line, a year that is over for good, figures that nobody has set, nobody due, more than go at once, a
            batch that waits already.
    """
    with one_deed():
        if scheme not in Scheme.values:
            raise Refused("没有这种代缴。")
        of = Scheme(scheme)
        _check_pays(by, of, county)
        of_year = today().year if year is None else year
        if of_year not in years(of, county):
            raise Refused(
                f"{of_year} 年的{of.label}现在不能提：提今年的；上一年没有代缴完的，过了年只在“{of.late}”的那几个月里还能补提。"
            )
        with everything():
            if not shares(of, county, of_year):
                raise Refused(f"“{of.standard}”或者“{of.share}…”{of_year} 年还没有值；先在“本区县的参数”里登记。")
            hold_people(left_over(of, county, of_year))
            found = due(of, county, of_year).shares
            if not found:
                raise Refused("现在没有应当代缴、又知道是哪一类人的人。")
            if len(found) > most:
                raise Refused(f"一批最多 {most:,} 人。")
            batch = Batch.objects.create(scheme=of, county=county, year=of_year, asked_by=by)
            Premium.objects.unscoped().bulk_create(_premium(batch, one, share) for one, share in sorted(found.items()))
            note(by, "draw_up", "premiums", batch.pk, **_told(batch, len(found)))
    return batch


def approve(*, by: Officer, batch: UUID | str) -> Approved:
    """Another officer agrees: the premiums of the batch are paid, and nobody owes them any more.

    Whoever has died meanwhile, or is no longer owed a premium, is left out. Whoever dies while it is approved comes after it.

    Raises:
        Refused: out of reach, one's own, approved already, nobody left who is owed one, figures or a group that are other ones by now.
    """
    with one_deed():
        found = _waiting(by, batch)
        with everything():
            listed = [str(one) for one in _people(found)]
            hold_people(listed)
            gone = no_longer_due(found, listed)
            people = [one for one in listed if one not in gone]
            if not people:
                raise Refused("这一批里现在没有人还应当代缴：去世了、不再符合，或者已经缴了。请撤回这一批。")
            _check_as_drawn_up(by, found, people)
            Premium.objects.unscoped().filter(batch=found, person__among=Many(sorted(gone))).delete()
            found.approved_by, found.approved_at = by, timezone.now()
            found.save(update_fields=["approved_by", "approved_at"])
            note(by, "approve", "premiums", found.pk, **_told(found, len(people)), left_out=len(gone))
            changed("person", people)
    return Approved(found, sorted(gone))


def _check_as_drawn_up(by: Officer, batch: Batch, people: Sequence[str]) -> None:
    """Raise `Refused` where a premium would be another one if it were drawn up now: a figure was put right, or somebody's group."""
    now = shares_of(people, batch.year, shares(Scheme(batch.scheme), batch.county, batch.year))
    rows = Premium.objects.unscoped().filter(batch=batch, person__among=Many(people)).order_by("person_id")
    figures, others = dict[str, str](), list[tuple[str, str]]()
    for row in rows:
        was, share = Share(row.group, row.standard, row.state), now.get(str(row.person_id))
        if share is not None and share.group == was.group:
            if share != was:
                figures[was.group] = f"“{was.group}”照{_said(was)}提的，现在是{_said(share)}"
        else:
            told = f"现在是“{share.group}”" if share else "现在不知道按哪一类，或者那一类没有标准了"
            others.append((str(row.person_id), f"按“{was.group}”提的，{told}"))
    if figures or others:
        named = whom(by, [("person", one) for one, _ in others[:_most_told]], today())
        first = (
            f"{named['person', one].name if ('person', one) in named else '有一个人'}{told}"
            for one, told in others[:_most_told]
        )
        more = f"，一共 {len(others)} 人" if len(others) > _most_told else ""
        raise Refused(f"提出以后有变化：{'；'.join([*figures.values(), *first])}{more}。请撤回这一批，照现在的重新提。")


def _said(share: Share) -> str:
    return f"标准 {share.standard} 元、政府负担 {share.state} 元"


def withdraw(*, by: Officer, batch: UUID | str) -> None:
    """A batch that waits is given up; whoever stood in it is due again. Raises `Refused`."""
    with one_deed():
        found = _waiting(by, batch)
        with everything():
            people = len(_people(found))
            note(by, "withdraw", "premiums", found.pk, **_told(found, people))
            Premium.objects.unscoped().filter(batch=found).delete()
            Batch.objects.unscoped().filter(pk=found.pk).delete()


def _waiting(by: Officer, key: UUID | str) -> Batch:
    """A batch that waits, within the officer's reach, locked. Raises `Refused`."""
    found = batch_for(by, key)
    if found.approved_at is not None:
        raise Refused("这一批已经复核过了；没有到账、缴错了的，勾选以后退回。")
    return found


def batch_for(by: Officer, key: UUID | str) -> Batch:
    """A batch of a county for which one of the officer's posts pays, locked. Raises `Refused`."""
    seen = Batch.objects.visible_to(by, purpose=purpose).select_for_update(of=("self",))
    found = seen.filter(pk=key).first()
    if found is None:
        raise Refused(not_there)
    _check_pays(by, Scheme(found.scheme), found.county)
    return found


def _people(batch: Batch) -> list[UUID]:
    return list(
        Premium.objects.unscoped().filter(batch=batch).order_by("person_id").values_list("person_id", flat=True)
    )


def _check_pays(by: Officer, scheme: Scheme, county: str) -> None:
    if not pays_in(scopes_of(by), scheme, county):
        raise Refused("代缴由参保地的区县办，不在您的范围里。")


def _premium(batch: Batch, person: str, share: Share) -> Premium:
    return Premium(
        batch=batch,
        person_id=person,
        scheme=batch.scheme,
        year=batch.year,
        group=share.group,
        standard=share.standard,
        state=share.state,
        own=share.own,
    )


def _told(batch: Batch, people: int) -> dict[str, str | int]:
    return {"scheme": str(batch.scheme), "county": batch.county, "year": batch.year, "people": people}
