"""Asking every address as every role, and what an answer gives away."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import quote_plus
from uuid import UUID

from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver

from anju.exchange.models import Batch
from anju.government.models import Officer
from anju.government.residents import RESIDENT
from anju.payments.models import Batch as Premiums
from tests.access.world import DESTINATION, Family, Role, lines, sees, sees_batch
from tests.government.pages.officer import Browser

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

MISSING = UUID("01900000-0000-7000-8000-000000000000")
SUBJECTS = frozenset(
    {
        "people",
        "households",
        "sites",
        "counties",
        "import",
        "export",
        "cases",
        "letters",
        "payments",
        "settlements",
        "premiums",
        "rents",
        "api",
        "comparisons",
        "reassessments",
        "my",
    }
)
CASE_DATA = (
    "anju.desk.",
    "anju.cases.",
    "anju.documents.",
    "anju.exchange.",
    "anju.duties.",
    "anju.payments.",
    "anju.portal.",
    "anju.register.",
)
"""Pages of these apps show people, households, sites, duties, cases, letters, months, imports or exports."""

# The lines of the clauses that words belong to (guideline.md: 一（一）公安, 民政, 党委政府, 村居; 一（二）组织, 村居;
# 一（五）人社, 村居; 一（六）医保, 村居;
# 一（七）民政).
CLAUSE_LINES: Mapping[str, frozenset[str]] = {
    "1.1": frozenset({"public_security", "civil_affairs", "government", "committee"}),
    "1.2": frozenset({"organisation", "committee"}),
    "1.3": frozenset({"agriculture", "collective", "committee"}),
    "1.4": frozenset({"agriculture", "rural_revitalisation", "committee"}),
    "1.5": frozenset({"human_resources", "committee"}),
    "1.6": frozenset({"medical_security", "committee"}),
    "1.7": frozenset({"civil_affairs"}),
    "2.3": frozenset({"civil_affairs", "committee"}),
}


# What stands on a resident's own page: how a wish was said, which unit holds a relation, how a case began. Not who objected to a notice,
# nor why somebody is checked.
TOLD_TO_RESIDENTS = frozenset({"1.1", "1.2", "1.5", "1.6"})


@dataclass(frozen=True, slots=True)
class Address:
    """An address of the site with places to fill in."""

    route: str
    name: str

    @property
    def about_somebody(self) -> bool:
        """Whether the page is one subject's own."""
        return self.route.split("/")[0] in SUBJECTS and "<" in self.route and "templates" not in self.route

    def seen_by(self, role: Role, family: Family) -> bool:
        """Whether the page of a family is there for a role: its batch, export or letter for those whose post covers the region, what is
        settled or paid for it for the insurer's own line.
        """
        if self.route.startswith("api/"):  # what waits for its seat, and no session opens it
            client = not role.ended and role.duty == Officer.Duty.CLIENT
            return client and ("<uuid:case>" not in self.route or family.waits_for(role))
        if "<uuid:bundle>" in self.route:  # whoever sent it, and nobody else
            return False
        if role.duty == Officer.Duty.CLIENT or self.route.startswith("my/"):
            return self.is_own(role, family)
        if self.route.startswith(("settlements/", "premiums/", "comparisons/")):
            return not role.ended and "medical_security" in lines(role, replace(family, origin=family.destination))
        if self.route.startswith("rents/"):
            here = lines(role, replace(family, origin=family.destination))
            return not role.ended and "new" not in self.route and "committee" in here
        return (
            sees_batch(role, family)
            if self.route.startswith(("import/", "export/", "letters/"))
            else sees(role, family)
        )

    def is_own(self, role: Role, family: Family) -> bool:
        """Whether the page is a resident's own: that of a case about the resident, and of no letter, since none was issued."""
        return is_home_of(role, family) and self.route.startswith("my/cases/")

    def case_of(self, family: Family) -> UUID:
        """The family's case that the page is about: one with a notice, one with a vote, or the first."""
        if "vote" in self.route or self.route.startswith("api/"):
            return family.voting.pk
        return family.noticed.pk if "notice" in self.route or "objections" in self.route else family.case.pk

    def batch_of(self, family: Family) -> Batch | Premiums:
        """The family's batch that the page is about: of premiums, or of an import."""
        return family.premiums if self.route.startswith("premiums/") else family.batch

    def of(self, family: Family | None, clause: str = "1.1", kind: str = "hukou") -> str:
        """The address of a family's own page; of nobody's without one."""
        subject = {
            "people": family and family.person.pk,
            "payments": family and family.person.pk,
            "households": family and family.household.pk,
            "reassessments": family and family.household.pk,
            "sites": family and family.site.pk,
        }
        key = str(subject.get(self.route.split("/")[0]) or MISSING)
        county = family.county if family else "500999000000"
        words = {
            "<uuid:key>": key,
            "<str:code>": county,
            "<str:clause>": {"households": "2.5", "sites": "2.2", "counties": "3.1"}.get(
                self.route.split("/")[0], clause
            ),
            "<slug:kind>": {"import": "people", "cases": "pension_transfer_application"}.get(
                self.route.split("/")[0], kind
            ),
            "<slug:field>": "number",
            "<int:value>": "0",
            "<uuid:batch>": str(self.batch_of(family).pk if family else MISSING),
            "<uuid:settlement>": str(family.settlement.pk if family else MISSING),
            "<uuid:grant>": str(family.rent.pk if family else MISSING),
            "<uuid:comparison>": str(family.comparison.pk if family else MISSING),
            "<uuid:person>": str(family.person.pk if family else MISSING),
            "<uuid:case>": str(self.case_of(family) if family else MISSING),
            "<uuid:notice>": str(family.objection.notice_id if family else MISSING),
            "<uuid:objection>": str(family.objection.pk if family else MISSING),
            "<uuid:paper>": str(family.paper.pk if family else MISSING),
            "<slug:rung>": "lead",
            "<slug:procedure>": "move_hukou" if self.route.startswith("my/") else "survey_hukou_wish",
            "<str:subject>": str(family.person.pk if family else MISSING),
            "<uuid:letter>": str(family.letter.pk if family else MISSING),
            "<path:rest>": f"v1/people/{family.person.pk if family else MISSING}/",
            "<uuid:bundle>": str(family.bundle.pk if family else MISSING),
            "<uuid:other>": str(family.joining.goes_id if family else MISSING),
            "<uuid:joining>": str(family.joining.pk if family else MISSING),
            "<uuid:export>": str(family.export.pk if family else MISSING),
        }
        filled = self.route
        for word, text in words.items():
            filled = filled.replace(word, text)
        return f"/{filled}"


@dataclass(frozen=True, slots=True)
class World:
    """Two families, one who belongs to both, and a browser of the role."""

    own: Family
    far: Family
    lodger: Family
    role: Role
    officer: Officer
    browser: Browser
    answers: dict[tuple[str, str, frozenset[tuple[str, str]]], str] = field(default_factory=dict)

    def ask(self, address: str, method: str = "GET", form: Mapping[str, str] | None = None) -> str:
        """What is said to the role; what a press changes is undone, in the browser too."""
        kept = deepcopy(self.browser.cookies)
        with transaction.atomic():
            answer = asked_by(self.browser, address, method, form)
            said = content(answer)
            transaction.set_rollback(True)
        self.browser.cookies = kept
        return said

    def said(self, address: str, method: str = "GET", form: Mapping[str, str] | None = None) -> str:
        """The same while nothing has been added to the world: asked once for all tests of the role."""
        asked = address, method, frozenset((form or {}).items() if method == "POST" else ())
        if asked not in self.answers:
            self.answers[asked] = self.ask(address, method, form)
        return self.answers[asked]


def asked_by(browser: Browser, address: str, method: str, form: Mapping[str, str] | None = None) -> Response:
    """The answer to a browser or to another office's system, which sends the form's ``body`` under a number of its own."""
    if method != "POST":
        return browser.generic(method, address)
    if address.startswith("/api/"):
        headers = {"Idempotency-Key": str(MISSING)}
        return browser.post(address, (form or {}).get("body", "{}"), "application/json", headers=headers)
    return browser.post(address, form or {})


def case_addresses() -> list[Address]:
    """Every address of a page that shows case data."""
    return sorted(_walk(get_resolver().url_patterns, "", ""), key=lambda address: address.route)


def _walk(patterns: list[URLPattern | URLResolver], before: str, space: str) -> Iterator[Address]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route, f"{pattern.namespace}:" if pattern.namespace else space)
        elif pattern.callback.__module__.startswith(CASE_DATA):
            yield Address(route, f"{space}{pattern.name}")


def content(answer: Response) -> str:
    """Everything that an answer says: status, headers and body; files are unpacked, tokens, senders' keys and the asked key taken out."""
    streamed = getattr(answer, "streaming_content", None)
    body = answer.content if streamed is None else b"".join(streamed)
    text = unpacked(body) if body[:4] == b"PK\x03\x04" else body.decode("utf-8", "replace")
    text = re.sub(r'name="(csrfmiddlewaretoken|key)" value="[^"]+"', "", text)
    headers = "\n".join(
        f"{name}: {value}" for name, value in sorted(answer.headers.items()) if name != "Content-Length"
    )
    return f"{answer.status_code}\n{headers}\n{text}"


def unpacked(body: bytes) -> str:
    with zipfile.ZipFile(BytesIO(body)) as archive:
        told = (name for name in archive.namelist() if not name.startswith("docProps/"))  # when it was made
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in told)


def alike(said: str, asked: str, key: object) -> str:
    """What was said without the address that was asked, so that two refusals can be compared byte for byte."""
    return without(said, asked).replace(str(key), "KEY")


def without(said: str, asked: str) -> str:
    """What was said without the address that was asked, which the way to the door repeats."""
    return said.replace(quote_plus(asked), "ADDRESS").replace(asked, "ADDRESS")


def is_home_of(role: Role, family: Family) -> bool:
    """Whether the family is that of the resident who asks; whoever lodges elsewhere is somebody else."""
    return role.duty == RESIDENT and family.destination == DESTINATION and family.person.name == "麃青山"


def leaks(said: str, role: Role, family: Family, asked: str) -> set[str]:
    """The words of a family in an answer that the role may not read."""
    text = without(said, asked)
    forbidden = set(family.sealed)
    if is_home_of(role, family):
        forbidden |= family.open - {family.person.name, str(family.person.pk)} | set(family.by_clause.values())
        forbidden -= {word for clause, word in family.by_clause.items() if clause in TOLD_TO_RESIDENTS}
    elif not sees(role, family):
        forbidden |= family.open | set(family.by_clause.values())
    else:
        forbidden |= {
            word for clause, word in family.by_clause.items() if not lines(role, family) & CLAUSE_LINES[clause]
        }
    return {word for word in forbidden if word in text}
