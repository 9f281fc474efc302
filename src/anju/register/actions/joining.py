"""Two records of one person become one 并档: one officer asks, another one who sees both agrees (I15, docs/adr/0023)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from anju.government.models import Officer
from anju.government.queries import Scope, reaching
from anju.government.refusals import Refused, one_deed
from anju.government.second_wall import everything, looking_everywhere
from anju.register.actions import within
from anju.register.actions.relations import clauses
from anju.register.actions.taking_over import take_over
from anju.register.actions.within import check_plain, locked, not_there, open_scope, scopes_of
from anju.register.apart import Apart, reasons
from anju.register.changes import changed_together
from anju.register.models import Former, Joining, Membership, PartyLife, Person, Relation, Stage, Wish
from anju.register.models.joinings import Joinings
from anju.register.models.relations import Kind
from anju.register.provided import sites_of

stated: Mapping[str, str] = {"birth_date": "出生日期", "sex": "性别"}
"""What may differ between two records of one person, so that whoever asks has to say which of them is right."""
_longest = 300
_purpose = "并档"
_ends: Mapping[Any, tuple[str, ...]] = {Membership: ("until",), PartyLife: ("until",)}
_under: Sequence[Any] = (Relation, Wish, *_ends)
_faster = "这次并档刚刚有人处理过，请刷新再看。"
_lapsed = "等确认的期限已经过了，这次申请不再算数；还要并的话请重新申请。"


def ask_join(*, by: Officer, goes: str, stays: str, right: Mapping[str, str], because: str) -> Joining:
    """Ask for one record to be joined into another one of the same person.

    Args:
        right: of `stated` what differs → which record is right, "goes" or "stays".

    Raises:
        Refused: one of them is out of reach, no reason, a difference of which nobody says what is right, whatever keeps them apart.
    """
    with one_deed():
        scopes = scopes_of(by)
        gone, kept = _both(by, goes, stays)
        check_plain(because)
        if not because.strip():
            raise Refused("并档要写明凭什么说是同一个人。")
        _check(gone, kept, scopes)
        with everything():  # what nobody answered in time keeps nobody from asking anew
            late = Joining.objects.unscoped().filter(goes=gone, stage=Stage.WAITING, decide_by__lt=timezone.now())
            lapse(list(late.values_list("pk", flat=True)))
        unsaid = [stated[field] for field in differing(gone, kept) if right.get(field) not in ("goes", "stays")]
        if unsaid:
            raise Refused(f"两条的{'、'.join(unsaid)}不一样，请选哪一条的是对的。")
        joining = Joining(
            goes=gone,
            stays=kept,
            right={field: right[field] for field in differing(gone, kept)},
            because=because.strip()[:_longest],
            asked_by=by,
            decide_by=timezone.now() + timedelta(days=settings.ANJU_SECOND_OFFICER_DAYS),
        )
        open_scope(scopes)
        joining.save(force_insert=True)
        note(by, "ask_join", joining, because=joining.because)
    return joining


def join(*, by: Officer, joining: str | UUID, seen: str) -> Person:
    """Another officer agrees: the two are one record from now on. The one that stays.

    Args:
        seen: what the officer saw (`seen_of`); something else now means that one of the records was changed meanwhile.

    Raises:
        Refused: one of them is out of reach, one's own request, its days are over, somebody was faster, whatever keeps them apart by now.
    """
    with one_deed():
        scopes = scopes_of(by)
        found, gone, kept = _waiting(by, joining)
        if found.asked_by_id == by.pk:
            raise Refused("自己申请的并档自己不能确认，请另一位看得到两条的干部确认。")
        if seen != seen_of(gone, kept):
            raise Refused("有一条刚刚改过，请看过现在的再确认。")
        _check(gone, kept, scopes)
        if set(differing(gone, kept)) - set(found.right):
            raise Refused("申请以后有一条改过，两条又多了一处不一样：请重新申请，说明哪一条是对的。")
        with everything():
            _rows(found).update(stage=Stage.JOINED, decided_by=by, decided_at=timezone.now())
            homes = take_over(found, gone, kept)
            _let_go(gone)
        note(by, "join", found, asked_by=str(found.asked_by_id), because=found.because)
        changed_together({"person": [str(kept.pk), str(gone.pk)], "household": homes, "site": sites_of(homes)})
    return kept


def refuse_join(*, by: Officer, joining: str | UUID, because: str) -> None:
    """They are not joined: another officer who sees both says why, or who asked thinks better of it. Raises `Refused`."""
    with one_deed():
        scopes_of(by)
        check_plain(because)
        if not because.strip():
            raise Refused("不并要写明为什么。")
        found, _, _ = _waiting(by, joining)
        if found.asked_by_id == by.pk:
            values: dict[str, Any] = {"stage": Stage.LAPSED, "message": f"申请的人收回了：{because.strip()}"[:_longest]}
        else:
            told = {"decided_by": by, "decided_at": timezone.now(), "message": because.strip()[:_longest]}
            values = {"stage": Stage.REFUSED, **told}
        Joining.objects.visible_to(by, purpose=_purpose).filter(pk=found.pk).update(**values)
        note(by, "refuse_join", found, asked_by=str(found.asked_by_id), because=because.strip()[:_longest])


def _both(by: Officer, goes: str, stays: str) -> tuple[Person, Person]:
    """Both records, locked in one order; the one that goes and the one that stays. Raises `Refused`."""
    if goes == stays:
        raise Refused("要选两条不同的档。")
    found = {key: locked(Person, by, key) for key in sorted((goes, stays))}
    return found[goes], found[stays]


def seen_of(goes: Person, stays: Person) -> str:
    """What an officer has seen of two records: their own rows, and whatever lies under them, which changes no revision.

    It stands on a page that may be open to who does not see all of that, so that nobody can tell a number from it.
    """
    told: list[object] = [goes.revision, stays.revision]
    with looking_everywhere():
        for one in (goes, stays):
            for table in _under:
                rows = table._default_manager.unscoped().filter(person=one).order_by("pk")
                told.append(list(rows.values_list("pk", *_ends.get(table, ()))))
    return salted_hmac(f"{goes.pk}.{stays.pk}", ".".join(map(str, told)), algorithm="sha256").hexdigest()


def differing(goes: Person, stays: Person) -> list[str]:
    """What of `stated` both say, and not the same."""
    pairs = {field: (getattr(goes, field), getattr(stays, field)) for field in stated}
    return [field for field, (one, other) in pairs.items() if one and other and one != other]


def _check(goes: Person, stays: Person, scopes: Sequence[Scope]) -> None:
    """Raise `Refused` where the two are not to be joined."""
    if found := why_not(goes, stays, scopes):
        raise Refused(found[0])


def why_not(goes: Person, stays: Person, scopes: Sequence[Scope]) -> list[str]:
    """Why two records, which the officer has been found to see, are not to be joined so; of what other lines know only that it is."""
    found, apart = [], []
    if goes.number_index and stays.number_index and goes.number_index != stays.number_index:
        found.append("两条的证件号码不一样：填错了的那一个，先在“更正姓名、证件、电话”里去掉，再并。")
    if (goes.ended_on is None) != (stays.ended_on is None):
        found.append("一条已经注销，另一条没有：先把注销登记对，再并。")
    if _drawn_and_moved(goes, stays):
        drawn = "留下的那一条登记了领取养老待遇，要并掉的那一条换过养老参保地，领了就不能再换：请反过来并，留下换过的那一条。"
        apart.append(Apart(drawn, frozenset({clauses[Kind.PENSION]})))
    apart += reasons(str(stays.pk), str(goes.pk))
    near = reaching(scopes, goes.origin, goes.destination)
    return list(dict.fromkeys([*found, *(one.told(near) for one in apart)]))


def _drawn_and_moved(goes: Person, stays: Person) -> bool:
    """Whether a pension that has moved would be taken over by who was said to draw one: it would seem moved all the same (1.5-4)."""
    with looking_everywhere():
        steps = Relation.objects.unscoped().filter(kind=Kind.PENSION)
        if steps.filter(person=stays).exists():
            return False
        held = list(steps.filter(person=goes).order_by("since").values_list("holder", flat=True))
        former = Former.objects.filter(subject_kind="person", subject_id=str(stays.pk))
        said = [stays.facts, *former.values_list("facts", flat=True)]
    moved = any(one and other and one != other for one, other in pairwise(held))
    return moved and any(facts.get("pension_status") == "drawing" for facts in said)


def _waiting(by: Officer, key: str | UUID) -> tuple[Joining, Person, Person]:
    """A request that waits, and its two records: first these are locked, since whoever joins them ends what else was asked about them."""
    seen = Joining.objects.visible_to(by, purpose=_purpose).filter(pk=key)
    asked = seen.first()
    if asked is None:
        raise Refused(not_there)
    _check_waits(asked)
    try:
        gone, kept = _both(by, str(asked.goes_id), str(asked.stays_id))
    except Refused:
        _check_waits(seen.first())
        raise
    found = locked(Joining, by, key)
    _check_waits(found)
    return found, gone, kept


def _check_waits(joining: Joining | None) -> None:
    if joining is None or joining.stage not in (Stage.WAITING, Stage.LAPSED):
        raise Refused(_faster)
    if joining.stage == Stage.LAPSED or joining.decide_by < timezone.now():
        raise Refused(_lapsed)


def _rows(joining: Joining) -> Joinings:
    return Joining.objects.unscoped().filter(pk=joining.pk, stage=Stage.WAITING)


def _let_go(gone: Person) -> None:
    """What else was asked for about the record that is gone waits no longer."""
    others = Joining.objects.unscoped().filter(stage=Stage.WAITING)
    for waits in (others.filter(goes=gone), others.filter(stays=gone)):
        waits.update(stage=Stage.LAPSED, message="其中一条刚刚并掉了。")


def note(by: Officer | None, deed: str, joining: Joining, **detail: str) -> None:
    """The entry of a deed, at both records."""
    pair = {"goes": str(joining.goes_id), "stays": str(joining.stays_id)}
    for key in pair.values():
        told: dict[str, Any] = {**pair, **detail}
        within.note(by, deed, "person", key, **told)


def lapse(keys: Sequence[UUID]) -> int:
    """Requests for which nobody came wait no longer; acts for nobody, within a transaction that may write anywhere."""
    late = Joining.objects.unscoped().filter(pk__in=keys, stage=Stage.WAITING).select_for_update(of=("self",))
    found = list(late.order_by("pk"))
    for joining in found:
        _rows(joining).update(stage=Stage.LAPSED, message="到期没有人确认。")
        note(None, "lapse_join", joining)
    return len(found)
