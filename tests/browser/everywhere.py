"""Every page of the site as whoever sees most of it, in a small city of the demo with two families beside it.

An address that shows no page has to say why by its answer: it is pressed, sends a file or a part of a page, or leads on. One that nobody
here is let in to stands in ``ELSEWHERE``, with the test that looks at it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.urls import Resolver404, get_resolver, resolve
from django.utils import timezone

from anju.cases.models import Turn
from anju.demo.actions import make_city
from anju.demo.cast import cast
from anju.demo.insured import compare_lists
from anju.demo.papers import lay_out
from anju.demo.under_way import set_to_work, sitting
from anju.government.models import Client as System
from anju.government.models import Officer, PostHolding
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.journal.models import Entry
from anju.register.models import Person
from tests.access.asking import Address
from tests.access.posting import posted
from tests.access.world import (
    DESTINATION,
    FAR_DESTINATION,
    FAR_ORIGIN,
    ORIGIN,
    ROLES,
    account,
    entangled,
    family,
    system,
    villages,
)
from tests.check.pages.test_house import walk
from tests.check.pages.visitor import Visitor
from tests.government.cast import with_password
from tests.government.pages.officer import Browser, confirmed_now, signed_in
from tests.portal.cast import at_home

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

PEOPLE = 150
"""So many live in the city."""
SEATS = (
    "迁入村村居", "迁出村村居", "迁入镇民政", "迁入县组织", "迁入县医保", "迁入县公安", "系统管理员", "安全管理员", "审计员",
)  # fmt: skip
BY_ROUTE: Mapping[str, Mapping[str, str]] = {
    "samples": {"<slug:name>": "people"},
    "templates": {"<slug:subject>": "person"},
    "language": {"<slug:code>": "en"},
    "regions": {"<slug:code>": f"{DESTINATION[:6]}000000"},
    "villages": {"<slug:code>": DESTINATION},
    "check": {"<int:part>": "0", "<int:at>": "0", "<slug:decision>": "pension_route", "<slug:kind>": "xlsx"},
}
"""What stands in an address that begins with a word."""
SIDES: Mapping[str, tuple[str, ...]] = {
    "cases/": ("list=elsewhere", "list=passed", "list=all"),
    "payments/": ("show=double", "show=stray"),
    "guideline/<str:clause>/try/": ("subject=person",),
}
"""What else an address is asked for."""
ELSEWHERE: Mapping[str, str] = {
    "sign-in/by/<slug:provider_id>/": "tests/government/pages/test_single_sign_on.py",
    "sign-in/by/<slug:provider_id>/back/": "tests/government/pages/test_single_sign_on.py",
    "account/confirm/passkey/": "tests/government/pages/test_addresses.py",
    "cases/answers/list/": "tests/cases/test_answers.py",
    "my/cases/<uuid:case>/papers/<uuid:paper>/": "tests/portal/test_papers.py",
    "my/letters/<uuid:letter>/": "tests/portal/test_own_page.py",
}
"""An address that is for nobody here, and the test that looks at it."""
DOORS = ("/sign-in/", "/account/password/", "/account/code/", "/account/confirm/", "/my/")
"""Where those are led to who may not come in."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A whole page: whose browser asked for it, how, and what was answered. ``form``: what was sent, None where it was asked for."""

    route: str
    who: str
    path: str
    form: Mapping[str, str] | None
    headers: Mapping[str, str]
    body: bytes
    template: str

    def __str__(self) -> str:
        return f"{'GET' if self.form is None else 'POST'} {self.path} ({self.who}, {self.template})"

    @property
    def text(self) -> str:
        """What one reads there."""
        return re.sub(r"<[^>]*>|\s", "", self.body.decode())


class Everywhere:
    """The city, its browsers, and what each address says to them."""

    def __init__(self) -> None:
        today = timezone.localdate()
        make_city(people=PEOPLE, seed=1, on=today)
        set_to_work(1, today)
        compare_lists(1, today)
        lay_out(today)
        villages()
        self.own, *_ = entangled(family("麃", 1, ORIGIN, DESTINATION), family("彧", 2, FAR_ORIGIN, FAR_DESTINATION))
        system(ROLES["接口迁入村村居"])
        self.officers = {name: account(ROLES[name]) for name in SEATS}
        self.officers["县农业"] = sitting("agriculture", "county", f"{DESTINATION[:6]}000000")
        self.officers["登记员"] = self.own.export.officer
        self.officers["登记员"].set_unusable_password()
        self.officers["登记员"].save()
        self.browsers = {name: inside(who) for name, who in self.officers.items()}
        self.browsers["有口令的干部"] = signed_in(with_password("own"), confirmed=False)
        self.browsers["头一回来的干部"] = Browser()
        self.browsers["头一回来的干部"].force_login(with_password("new"))
        self.browsers |= dict(self.residents())
        visitor = Visitor()
        visitor.browser = self.browsers["生人"] = Browser()
        self.visit = visitor.try_sample("people").split("/")[2]
        self.said: dict[str, dict[str, str]] = {}

    def residents(self) -> Iterator[tuple[str, Browser]]:
        """The one of the family, and those of the city whom the demo tells of."""
        yield "居民", at_home(self.own.person)
        with everything():
            named = Person.objects.unscoped().filter(name__in=[one.name for one in cast().residents])
            yield from ((f"居民{one.name}", at_home(one)) for one in named)

    def path(self, route: str) -> str:
        """The address with this city's keys in it."""
        held = PostHolding.objects.get(officer=self.officers["迁入村村居"])
        entry = Entry.objects.latest("pk")
        words = {
            "<slug:token>": self.visit,
            "<slug:provider_id>": "city",
            "<uuid:officer>": str(held.officer_id),
            "<slug:deed>": "disable",
            "<int:holding>": str(held.pk),
            "<int:post>": str(held.post_id),
            "<uuid:client>": str(System.objects.get().pk),
            "<int:shard>/<int:seq>": f"{entry.shard}/{entry.seq}",
            **BY_ROUTE.get(route.split("/", maxsplit=1)[0], {}),
        }
        filled = route
        for word, text in words.items():
            filled = filled.replace(word, text)
        return Address(filled, "").of(self.own)

    def pages(self) -> Iterator[Shown]:
        """What is shown when it is asked for, and then what is shown when something is sent that is not carried out."""
        routes = sorted(walk(get_resolver().url_patterns))
        asked: dict[str, list[Shown]] = {}
        for route in routes:
            path = self.path(route)
            sides = (path, *(f"{path}?{side}" for side in SIDES.get(route, ())))
            whose = [who for who in self.browsers if who == "生人" or who.startswith("居民") == route.startswith("my/")]
            asked[route] = [page for at in sides for page in self.most(route, whose, at)]
            yield from asked[route]
        yield from self.followed(
            {route for route in routes if not asked[route]}, [*chain.from_iterable(asked.values())]
        )
        yield from self.waiting()
        read = {page.text for pages in asked.values() for page in pages}
        for route in routes:
            pressed = {page.who for page in asked[route]} or {
                who for who, said in self.said[route].items() if said.startswith(("405", "302 /"))
            }
            form = posted(Address(route, ""), self.own)
            for given in (form, {}) if form else ({},):
                for page in self.most(route, pressed, self.path(route), given):
                    if page.text not in read:
                        read.add(page.text)
                        yield page

    def followed(self, missing: set[str], pages: Iterable[Shown]) -> Iterator[Shown]:
        """The first link to each of some addresses, as who was shown it."""
        for page in pages:
            for path in re.findall(rb'href="(/[^"?#]*)', page.body):
                try:
                    route = resolve(path.decode()).route
                except Resolver404:
                    continue
                if route in missing and (found := self.shown(route, page.who, path.decode(), None)):
                    missing.discard(route)
                    yield found

    def waiting(self) -> Iterator[Shown]:
        """A case at each step of each procedure, as who sits there: its page, and its step for many."""
        with everything():
            turns = Turn.objects.unscoped().filter(until_entry=None).select_related("case").order_by("pk")
            firsts = {(turn.case.procedure, turn.case.step): turn for turn in turns}
        for turn in firsts.values():
            try:
                who = sitting(turn.line, turn.level, turn.region)
            except Refused:  # the seat of a resident
                continue
            if who.account not in self.browsers:
                self.browsers[who.account] = inside(who)
            yield from self.most("cases/<uuid:case>/", [who.account], f"/cases/{turn.case_id}/")
            yield from self.most(
                "cases/bulk/", [who.account], "/cases/bulk/", {"chosen": f"{turn.case_id}.{turn.case.entries}"}
            )

    def most(self, route: str, whose: Iterable[str], path: str, form: Mapping[str, str] | None = None) -> list[Shown]:
        """The longest of the pages by each template."""
        found = [page for who in whose if (page := self.shown(route, who, path, form))]
        return list({page.template: page for page in sorted(found, key=lambda page: len(page.body))}.values())

    def shown(
        self, route: str, who: str, path: str, form: Mapping[str, str] | None, language: str = "zh-hans"
    ) -> Shown | None:
        """A whole page, or None."""
        answer = self.answer(who, path, form, language)
        kind = answer.headers.get("Content-Type", "").partition(";")[0]
        if form is None:
            at = answer.headers.get("Location", "").partition("?")[0]
            self.said.setdefault(route, {})[who] = f"{answer.status_code} {at or kind}"
        if answer.status_code not in (200, 422) or kind != "text/html" or b"</html>" not in answer.content:
            return None
        names = [template.name for template in answer.templates if template.name]
        return Shown(route, who, path, form, dict(answer.headers), answer.content, names[0])

    def answer(self, who: str, path: str, form: Mapping[str, str] | None = None, language: str = "zh-hans") -> Response:
        """What is answered; what is changed is undone."""
        browser = self.browsers[who]
        cookies = deepcopy(browser.cookies)
        browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        with transaction.atomic():
            answer = browser.get(path) if form is None else browser.post(path, form)
            transaction.set_rollback(True)
        browser.cookies = cookies
        return answer


def inside(who: Officer) -> Browser:
    """The browser of an officer who has come in; those of the city have an app already."""
    if not Authenticator.objects.filter(user=who).exists():
        return signed_in(who)
    browser = Browser()
    browser.force_login(who)
    return confirmed_now(browser, who)
