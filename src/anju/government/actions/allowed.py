"""What every action here has around it: who may do it, one transaction, one entry in the journal, a sentence for a refusal."""

from collections.abc import Iterator
from contextlib import contextmanager

from anju.government.acting import acting
from anju.government.models import Officer
from anju.government.refusals import Refused, one_deed
from anju.journal.actions import record


@contextmanager
def allowed(
    by: Officer | None, duty: Officer.Duty = Officer.Duty.SECURITY, *, on_the_command_line: bool = False
) -> Iterator[None]:
    """One transaction of an officer with that duty. Raises `Refused`."""
    entitled = by is not None and Officer.objects.filter(pk=by.pk, is_active=True, duty=duty).exists()
    if not entitled and not on_the_command_line:
        raise Refused(f"只有{duty.label}能办这件事。")
    with one_deed():
        yield


def write(by: Officer | None, action: str, kind: str, key: object, /, *, purpose: str = "", **detail: str) -> None:
    """The entry of the deed."""
    record(actor=acting(by), action=action, object_kind=kind, object_id=str(key), purpose=purpose, detail=detail)
