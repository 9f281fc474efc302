"""A letter is drafted, changed while it is a draft, and made void."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import connection
from django.utils import timezone

from anju.documents.actions.within import check_content, not_there, note, own, purpose, put
from anju.documents.content import Content
from anju.documents.forms import form_of
from anju.documents.models import Addressee, Letter, Matter, State
from anju.documents.offices import Office, head_of, writes_for
from anju.government.models import Officer
from anju.government.queries import visible_regions
from anju.government.refusals import Refused, one_deed
from anju.government.second_wall import ranges_of, tell
from anju.journal.plain_numbers import has_id_number


@dataclass(frozen=True, slots=True)
class Kind:
    """What the pages call a letter: its code, its name, its 文种, its clause; and the lines that may know of it (none: all)."""

    code: str
    name: str
    form: str
    clause: str
    lines: frozenset[str] = frozenset()


def draft(
    *,
    by: Officer,
    office: Office,
    kind: Kind,
    content: Content,
    to: Sequence[Office] = (),
    choices: Sequence[Sequence[Office]] = (),
    matters: Iterable[tuple[str, str]] = (),
    answers: UUID | str | None = None,
    key: UUID | None = None,
) -> Letter:
    """Draft a letter of an office.

    Args:
        to: the offices that it is for; they see it once it is issued.
        choices: offices that it is for as well, of each of which groups one is enough.
        matters: what it is about, as kind and key of whoever asks.
        answers: the issued letter that it answers.
        key: the sender's; what was sent twice makes one letter.

    Raises:
        Refused: no post of the office, no such form, a content that may not be, a letter to answer that is not there.
    """
    with one_deed():
        today = timezone.localdate()
        tell(connection, ranges_of(visible_regions(by, today)))
        if key is not None and (before := _sent_before(by, key)):
            return before
        form = form_of(kind.form)
        if not writes_for(by, office, today):
            raise Refused("您在这个单位没有岗位，不能替它拟文书。")
        check_content(content)
        letter = Letter(
            kind=kind.code,
            name=kind.name,
            form=form.name,
            clause=kind.clause,
            lines=f" {' '.join(sorted(kind.lines))} " if kind.lines else "",
            formal=form.formal,
            line=office.line,
            level=office.level,
            region=office.region,
            office=head_of(office, today).name,
            rows=len(content.rows),
            drafted_by=by,
            key=key,
            answers=_answered(by, answers),
        )
        letter.content = content.sealed()
        letter.save(force_insert=True)
        offices: dict[Office, int | None] = dict.fromkeys(to)
        for choice, some in enumerate(choices, start=1):
            offices = {**dict.fromkeys(some, choice if len(some) > 1 else None), **offices}
        for one, group in offices.items():
            seat = {"line": one.line, "level": one.level, "region": one.region}
            name = head_of(one, today).name
            Addressee.objects.create(letter=letter, **seat, issuer=office.region, name=name, choice=group)
        asked = [Matter(letter=letter, kind=named, key=key) for named, key in dict.fromkeys(matters)]
        Matter.objects.bulk_create(asked)
        note(by, "draft", letter, to=[f"{one.line} {one.region}" for one in offices], matters=len(asked))
    return letter


def revise(
    *, by: Officer, letter: UUID | str, seen: int, title: str, to: str, text: str, copies_to: str | None = None
) -> Letter:
    """Other words in a draft; who else gets it stays where nothing is said of it. Raises `Refused`."""
    with one_deed():
        found = own(by, letter, State.DRAFT, seen=seen)
        content = replace(Content.of(found.content.reveal()), title=title.strip(), to=to.strip(), text=text.strip())
        if copies_to is not None:
            content = replace(content, copies_to=copies_to.strip())
        check_content(content)
        found.content = content.sealed()
        put(by, found, content=found.content, revision=found.revision + 1, revised_by=by)
        note(by, "revise", found, revision=found.revision)
    return found


def void(*, by: Officer, letter: UUID | str, because: str) -> Letter:
    """A letter no longer counts, and its number stays used. Raises `Refused`."""
    with one_deed():
        found = own(by, letter, State.DRAFT, State.CHECKING, State.ISSUED)
        if not because.strip():
            raise Refused("作废要写明为什么。")
        if has_id_number(because):
            raise Refused("这里不能写证件号码。")
        found.because = because.strip()[:500]
        put(by, found, state=State.VOID, voided_by=by, voided_at=timezone.now(), because=found.because)
        note(by, "void", found)
    return found


def _sent_before(by: Officer, key: UUID) -> Letter | None:
    return Letter.objects.visible_to(by, purpose=purpose).filter(drafted_by=by, key=key).first()


def _answered(by: Officer, letter: UUID | str | None) -> Letter | None:
    if letter is None:
        return None
    found = Letter.objects.visible_to(by, purpose=purpose).filter(pk=letter, state=State.ISSUED).first()
    if found is None:
        raise Refused(not_there)
    return found
