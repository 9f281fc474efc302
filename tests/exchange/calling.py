"""Another office's system at work: the pension office of the origin, where nobody of the system sits, and a case that waits for it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.test import Client as Http

from anju.cases.actions import open_case, take_step
from anju.cases.models import Case, Entry
from anju.government.models import Client, Officer
from anju.government.second_wall import everything
from anju.register.facts import today
from anju.register.models import Household, Person
from tests.cases.cast import Offices
from tests.cases.fitting import fit
from tests.government.cast import client
from tests.register.cast import DESTINATION, KAIZHOU, YUNYANG, clerk, household, zhang

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

PAPER = {"户口迁移证明或新户口簿": True}
GOOD: Mapping[str, Any] = {"action": "审批并划转", "fields": {"个人账户储存额": 1234.5, "缴费年限": "7"}}


class System(Http):
    """A program with a secret, or without."""

    def __init__(self, secret: str | None = None) -> None:
        super().__init__(headers={"Authorization": f"Bearer {secret}"} if secret else None, enforce_csrf_checks=True)

    def ask(self, path: str) -> Any:
        """What is told, as JSON."""
        answer = self.get(f"/api/v1/{path}")
        assert answer.status_code == 200, answer.content.decode()
        return json.loads(answer.content)

    def send(self, path: str, body: object, key: UUID | str | None = None) -> Response:
        """Send a body with a number of its own, unless one is given."""
        headers = {"Idempotency-Key": str(key or uuid4())}
        text = body if isinstance(body, (str, bytes)) else json.dumps(body, ensure_ascii=False)
        return self.post(f"/api/v1/{path}", text, content_type="application/json", headers=headers)

    def answer(self, case: Case | UUID, body: object, key: UUID | str | None = None) -> Response:
        """Answer a step."""
        return self.send(f"steps/{case.pk if isinstance(case, Case) else case}/answer/", body, key)


def offices() -> tuple[Officer, Officer, Officer]:
    """The destination's village, township and county."""
    here = Offices()
    town = here.at("human_resources", "township", "500235104000")
    return clerk("village"), town, here.at("human_resources", "county", YUNYANG)


def family(village: Officer) -> tuple[Household, list[Person]]:
    """Two who moved from 开州 to 云阳."""
    home = household(village)
    return home, [zhang(village, home), zhang(village, home, name="李碧水", order=2, relation="配偶")]


def at_origin(village: Officer, town: Officer, county: Officer, person: Person) -> Case:
    """A pension transfer that waits for the origin's county."""
    fit(str(person.pk), "transfer_pension")
    case = open_case(
        by=county, procedure="transfer_pension", subject=str(person.pk), applied_on=today(), how="本人到场"
    )
    for by, action, fields in ((village, "提交", PAPER), (town, "受理", {}), (county, "发接收函", {})):
        case = take_step(by=by, case=case.pk, seen=case.entries, action=action, fields=fields)
    return case


def pension_office(region: str = KAIZHOU, line: str = "human_resources", **more: Any) -> tuple[Client, System]:
    """The system of a county's office."""
    made, secret = client(region, "county", line, name="开州人社系统", **more)
    return made, System(secret)


def entries_of(case: Case) -> list[Entry]:
    """What was done in a case."""
    with everything():
        return list(Entry.objects.unscoped().filter(case=case).order_by("seq"))


__all__ = [
    "DESTINATION", "GOOD", "KAIZHOU", "YUNYANG", "System", "at_origin", "entries_of", "family", "offices",
    "pension_office",
]  # fmt: skip
