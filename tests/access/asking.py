"""Asking every address as every role, and what an answer gives away."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver

from anju.exchange.models import Batch
from anju.government.models import Officer
from anju.payments.models import Batch as Premiums
from tests.access.world import Family, Role, lines, sees, sees_batch
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
    }
)
CASE_DATA = (
    "anju.desk.",
    "anju.cases.",
    "anju.documents.",
    "anju.exchange.",
    "anju.duties.",
    "anju.payments.",
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
    "1.5": frozenset({"human_resources", "committee"}),
    "1.6": frozenset({"medical_security", "committee"}),
    "1.7": frozenset({"civil_affairs"}),
    "2.3": frozenset({"civil_affairs", "committee"}),
}


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
        if self.route.startswith(("settlements/", "premiums/")):
            return not role.ended and "medical_security" in lines(role, replace(family, origin=family.destination))
        return (
            sees_batch(role, family)
            if self.route.startswith(("import/", "export/", "letters/"))
            else sees(role, family)
        )

    def case_of(self, family: Family) -> UUID:
        """The family's case that the page is about: one with a notice, one with a vote, or the first."""
        if "vote" in self.route:
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
            "<uuid:person>": str(family.person.pk if family else MISSING),
            "<uuid:case>": str(self.case_of(family) if family else MISSING),
            "<uuid:objection>": str(family.objection.pk if family else MISSING),
            "<uuid:paper>": str(family.paper.pk if family else MISSING),
            "<slug:rung>": "lead",
            "<slug:procedure>": "survey_hukou_wish",
            "<str:subject>": str(family.person.pk if family else MISSING),
            "<uuid:letter>": str(family.letter.pk if family else MISSING),
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
        """What is said to the role; what a press changes is undone."""
        with transaction.atomic():
            answer = (
                self.browser.post(address, form or {}) if method == "POST" else self.browser.generic(method, address)
            )
            said = content(answer)
            transaction.set_rollback(True)
        return said

    def said(self, address: str, method: str = "GET", form: Mapping[str, str] | None = None) -> str:
        """The same while nothing has been added to the world: asked once for all tests of the role."""
        asked = address, method, frozenset((form or {}).items() if method == "POST" else ())
        if asked not in self.answers:
            self.answers[asked] = self.ask(address, method, form)
        return self.answers[asked]


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
    return said.replace(asked, "ADDRESS").replace(str(key), "KEY")


def leaks(said: str, role: Role, family: Family, asked: str) -> set[str]:
    """The words of a family in an answer that the role may not read."""
    text = said.replace(asked, "")
    forbidden = set(family.sealed)
    if not sees(role, family):
        forbidden |= family.open | set(family.by_clause.values())
    else:
        forbidden |= {
            word for clause, word in family.by_clause.items() if not lines(role, family) & CLAUSE_LINES[clause]
        }
    return {word for word in forbidden if word in text}
