"""Everything that somebody asks for whom all is open: pages, forms that are pressed, and functions that no page asks in this world."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db import connection, transaction
from django.utils import timezone

from anju.government.asking import Asking
from anju.government.models import Officer
from anju.government.queries import visible_regions
from anju.government.refusals import Refused
from anju.payments.months import shifted, text_of
from anju.register.models.subjects import new_id
from tests.access.asking import asked_by, case_addresses, content
from tests.access.calls import Call, Strangers, watched
from tests.access.posting import posted
from tests.access.world import Family, closing_month
from tests.government.pages.officer import Browser

_key = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\b")  # in the order of time
_writes = re.compile(r'^(INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')
BY_HAND, SYSTEM = "本人", "系统"
"""The browsers of a resident and of another office's system; the others are of officers."""


@dataclass(frozen=True, slots=True)
class Open:
    """Two families, and who sees both: a keeper and a colleague with the same posts; a resident, another office's system."""

    own: Family
    far: Family
    keeper: Officer
    other: Officer
    browsers: Mapping[str, Browser]
    strangers: Strangers

    @property
    def asking(self) -> Asking:
        """The keeper, with all posts."""
        today = timezone.localdate()
        return Asking(self.keeper, visible_regions(self.keeper, today), today)


class Question(Protocol):
    """What can be asked of an open world; whatever it changes is undone."""

    def answer(self, of: Open) -> str | None:
        """What is said and what is written; None where it breaks, which says nothing."""


@dataclass(frozen=True, slots=True)
class Page:
    """An address that is asked, or with a form pressed."""

    browser: str
    path: str
    form: Mapping[str, str] | None = field(default=None, hash=False)

    def answer(self, of: Open) -> str | None:
        """The page without its own address and the key of what a press made."""
        browser = of.browsers[self.browser]
        before, cookies = str(new_id()), deepcopy(browser.cookies)
        with transaction.atomic(), _writing() as wrote:
            answer = asked_by(browser, self.path, "GET" if self.form is None else "POST", self.form)
            said = content(answer).replace(self.path, "ADDRESS")
            transaction.set_rollback(True)
        browser.cookies = cookies
        if answer.status_code >= 500:
            return None
        return _without_new(said, before) + "\n".join(wrote)


@dataclass(frozen=True, slots=True)
class Asked:
    """A function that is asked for somebody for whom all is open."""

    ask: Callable[[Open], object]

    def answer(self, of: Open) -> str | None:
        """What it gives, or why it refuses."""
        before = str(new_id())
        with transaction.atomic(), _writing() as wrote:
            try:
                with transaction.atomic():
                    said = repr(self.ask(of))
            except Refused as refused:
                said = f"refused: {refused}"
            except Exception:  # noqa: BLE001 - a function that breaks says nothing about what it gives
                return None
            finally:
                transaction.set_rollback(True)
        return _without_new(said, before) + "\n".join(wrote)


def _without_new(said: str, before: str) -> str:
    """What was said without the keys of what came after one, or in its millisecond, in which keys are in no order."""
    moment = len("01a2311d-2a31")
    return _key.sub(lambda key: "NEW" if key[0][:moment] >= before[:moment] else key[0], said)


def holds(question: Question, call: Call, of: Open) -> bool:
    """Whether a call alone changes what is answered when it is asked for a stranger, and everything else for whom all is open."""
    with watched(of.strangers, call):
        astray = question.answer(of)
    if astray is None:
        return False
    with watched(of.strangers):
        first = question.answer(of)
        return first not in (None, astray) and question.answer(of) == first


def pages(of: Open) -> list[Page]:
    """Each once: every page and form of both families, and the lists narrowed to them."""
    asked: dict[tuple[object, ...], Page] = {}
    for browser in of.browsers:
        for one in (of.own, of.far):
            for page in _pages(browser, one):
                asked[browser, page.path, frozenset((page.form or {}).items()), page.form is None] = page
    return list(asked.values())


def _pages(browser: str, of: Family) -> Iterator[Page]:
    for address in case_addresses():
        by_system, by_hand = (address.route.startswith(first) for first in ("api/", "my/"))
        if by_system == (browser == SYSTEM) and by_hand == (browser == BY_HAND):
            yield Page(browser, address.of(of))
            yield Page(browser, address.of(of), posted(address, of))
    if browser not in (SYSTEM, BY_HAND):
        yield from (Page(browser, f"/{listed}") for listed in _lists(of))


def _lists(of: Family) -> Iterator[str]:
    """Lists that are narrowed to a family."""
    yield from (f"{listed}/?site={of.site.pk}" for listed in ("people", "households"))
    yield from (f"cases/?list={listed}" for listed in ("elsewhere", "passed", "all"))
    for name in ("", of.person.name, f"{of.person.name[0]}旧"):
        yield f"cases/?list=all&text={name}"
        yield f"cases/?list=all&subject={of.person.pk}&text={name}"
    for later in range(3):
        month = text_of(shifted(closing_month, later))
        yield from (f"payments/?show={show}&month={month}" for show in ("", "double", "stray"))
        yield f"payments/households/?month={month}&office={of.origin[:9]}000"
    yield from (f"{listed}?county={of.county}" for listed in ("rents/", "rents/list.xlsx", "premiums/", "settlements/"))


@contextmanager
def _writing() -> Iterator[list[str]]:
    """What is written meanwhile: each statement by its table, with how many rows it changed."""
    wrote: list[str] = []

    def noted(execute: Callable[..., Any], sql: str, params: object, many: bool, context: Mapping[str, Any]) -> Any:
        done = execute(sql, params, many, context)
        if statement := _writes.match(sql):
            wrote.append(f"{statement[1]} {statement[2]} {context['cursor'].rowcount}")
        return done

    with connection.execute_wrapper(noted):
        yield wrote
