"""`python -m tests.cases.under_load prepare | step FILE | check FILE…`: cases under way, on the database of ``ANJU_DATABASE_URL``.

``step`` takes steps of whatever cases there are until somebody kills it, and puts down in its file, on the disk, what it was told is done:
case and number of the entry, a line each. ``check`` prints what is not as it should be, a line each.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import django

django.setup()

# what needs the apps can only be imported now
from django.db import Error, connection  # noqa: E402 - see above

from anju.cases.actions import open_case, take_step  # noqa: E402 - see above
from anju.cases.models import Case, Did, Entry, State, Turn  # noqa: E402 - see above
from anju.cases.procedures import Running, forward  # noqa: E402 - see above
from anju.government.models import Officer, PostHolding  # noqa: E402 - see above
from anju.government.refusals import Refused  # noqa: E402 - see above
from anju.government.second_wall import everything  # noqa: E402 - see above
from anju.journal.models import Entry as Noted  # noqa: E402 - see above
from anju.journal.verification import verify as verify_journal  # noqa: E402 - see above
from anju.register.actions import create_person  # noqa: E402 - see above
from anju.register.facts import today  # noqa: E402 - see above
from anju.register.models import Relation  # noqa: E402 - see above
from anju.register.verification import verify as verify_register  # noqa: E402 - see above
from tests.cases.cast import Offices, value_for  # noqa: E402 - see above
from tests.cases.fitting import SAME_COUNTY, fit  # noqa: E402 - see above
from tests.register.cast import DESTINATION, clerk, household, number  # noqa: E402 - see above

_procedure, _cases = "transfer_assistance_by_notice", 30


def prepare() -> None:
    """Cases that wait for the first of their steps, and an officer at each seat."""
    village = clerk("village")
    home = household(village, origin=SAME_COUNTY)
    offices = Offices().open_all(SAME_COUNTY, DESTINATION)
    opener = offices.at("civil_affairs", "township", f"{SAME_COUNTY[:9]}000")
    for order in range(1, _cases + 1):
        relation = "户主" if order == 1 else "之子"
        person = create_person(by=village, name="张青山", number=number(order), household=home, relation=relation)
        fit(str(person.pk), _procedure)
        open_case(by=opener, procedure=_procedure, subject=str(person.pk), applied_on=today(), how="本人到场")


def step_on(told: Path) -> None:
    """Take steps for ever; that somebody was faster, or that the server is gone, matters nothing."""
    chance = random.Random()
    with told.open("a", encoding="ascii") as lines:
        while True:
            try:
                done = _one_step(chance)
            except Refused:
                continue
            except Error:
                connection.close()
                time.sleep(0.1)
                continue
            lines.write(f"{done.pk} {done.entries}\n")
            lines.flush()
            os.fsync(lines.fileno())


def _one_step(chance: random.Random) -> Case:
    with everything():
        running = list(Case.objects.unscoped().filter(state=State.RUNNING))
        if not running:
            raise Refused("都办完了。")
        case = chance.choice(running)
        turn = chance.choice(list(Turn.objects.unscoped().filter(case=case, until_entry=None)))
        by, known = _seated(turn), Running.of(case)
        fields = {field.name: value_for(field) for field in known.fields(case.step)}
    action = next(move.action for move in known.step(case.step).moves if forward(known.step(case.step), move))
    return take_step(by=by, case=case.pk, seen=case.entries, action=action, fields=fields, key=uuid4())


def _seated(turn: Turn) -> Officer:
    held = PostHolding.objects.filter(post__line=turn.line, post__level=turn.level, post__region=turn.region)
    return held.select_related("officer").order_by("pk")[0].officer


def check(told: list[Path]) -> Iterator[str]:
    """What is lost, half done or untrue."""
    lines = {line for path in told for line in path.read_text(encoding="ascii").split("\n")[:-1]}
    entries = list(Entry.objects.unscoped().values_list("case_id", "seq", "did"))
    stored = {f"{case} {seq}" for case, seq, _ in entries}
    yield from (f"lost: {line}" for line in sorted(lines - stored))
    done = Counter(str(case) for case, *_ in entries)
    noted = Counter(Noted.objects.filter(action__startswith="cases.").values_list("object_id", flat=True))
    yield from (f"journal and entries differ: {case}" for case in sorted(done | noted) if done[case] != noted[case])
    ended = set(Case.objects.unscoped().filter(state=State.DONE).values_list("subject_id", flat=True))
    moved = {
        str(key) for key in Relation.objects.unscoped().filter(kind="assistance").values_list("person_id", flat=True)
    }
    yield from (f"half done: {person}" for person in sorted(ended ^ moved))
    yield from (f"{question}: {answer}" for question, answer in verify_register().items() if answer)
    yield from map(str, verify_journal().findings)
    sys.stderr.write(f"{len(lines)} told, {sum(did == Did.MOVED for *_, did in entries)} done, {len(ended)} ended\n")


if __name__ == "__main__":
    work, *files = sys.argv[1:]
    if work == "prepare":
        prepare()
    elif work == "step":
        step_on(Path(files[0]))
    else:
        with everything():
            sys.stdout.writelines(f"{wrong}\n" for wrong in check([Path(file) for file in files]))
