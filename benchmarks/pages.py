"""How long an officer waits for a page of a large register, and until a fact is recorded: ``python -m benchmarks.pages``.

Whole pages, asked in the same process: door, questions, masks, template. Works on the database of ``ANJU_DATABASE_URL``, which must be
a migrated one for tests; an empty one is filled first, which takes some minutes. For both engines:

    ANJU_RUNTIME=$(mktemp -d) sh -c 'python -m anju migrate && python -m benchmarks.pages'
    ANJU_RUNTIME=$(mktemp -d) python -m tests.postgres sh -c 'python -m anju migrate && python -m benchmarks.pages'
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import time
from collections.abc import Iterator
from datetime import date
from uuid import UUID

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anju.config.settings")
django.setup()

# what needs the apps can only be imported now
from allauth.mfa.totp.internal.auth import TOTP  # noqa: E402 - see above
from django.test import Client  # noqa: E402 - see above

from anju.government.models import Officer, Post, PostHolding  # noqa: E402 - see above
from anju.government.second_wall import everything  # noqa: E402 - see above
from anju.register.actions import record_facts  # noqa: E402 - see above
from anju.register.models import Person  # noqa: E402 - see above
from benchmarks.register import make  # noqa: E402 - see above

_people, _rounds = 1_000_000, 40
_posts = {
    "city": (("500100000000", "city"), ("500200000000", "city")),
    "county": (("500235000000", "county"),),
    "township": (("500235105000", "township"), ("500154102000", "township")),
}
_lists = {
    "people": "/people/",
    "people, further on": "/people/?after=",
    "people who left": "/people/?side=out",
    "people who died": "/people/?ended=1",
    "people named 王": "/people/?text=王",
    "people named 王青": "/people/?text=王青",
    "people with zq": "/people/?text=zq",
    "people with zqs": "/people/?text=zqs",
    "people of a site": "/people/?site=",
    "households": "/households/",
    "households with a 王": "/households/?text=王",
    "households with a 王青山": "/households/?text=王青山",
    "sites": "/sites/",
}


def browser(name: str) -> Client:
    """An officer with these posts has come in."""
    who, new = Officer.objects.get_or_create(account=f"bench-{name}", defaults={"name": "李干部"})
    if new:
        who.set_unusable_password()
        who.save()
        TOTP.activate(who, "A" * 32)
        for region, level in _posts[name]:
            post = Post.objects.create(line="civil_affairs", level=level, region=region, since=date(2024, 1, 1))
            PostHolding.objects.create(officer=who, post=post, since=date(2024, 1, 1))
    inside = Client(SERVER_NAME="127.0.0.1")
    inside.force_login(who)
    return inside


def addresses(who: Client) -> Iterator[tuple[str, str]]:
    """What is asked, with the keys that only a page gives filled in."""
    first = who.get("/people/").content.decode()
    after = re.search(r"after=([\w-]+)", first)
    site = re.search(r'<option value="([0-9a-f-]{36})"', first)
    for title, address in _lists.items():
        if address.endswith("after=") and after:
            yield title, address + after[1]
        elif address.endswith("site=") and site:
            yield title, address + site[1]
        elif not address.endswith("="):
            yield title, address
    person = re.search(r'href="(/people/[0-9a-f-]{36}/)"', first)
    household = re.search(r'href="(/households/[0-9a-f-]{36}/)"', first)
    for title, found in (("one person", person), ("one household", household)):
        if found:
            yield title, found[1]


def measure(who: Client, address: str, rounds: int) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds."""
    taken = []
    for _ in range(rounds + 2):
        start = time.perf_counter()
        answer = who.get(address)
        taken.append((time.perf_counter() - start) * 1e3)
        assert answer.status_code == 200, (address, answer.status_code)
    kept = sorted(taken[2:])
    return statistics.median(kept), kept[min(len(kept) - 1, int(len(kept) * 0.95))]


def living(name: str, most: int) -> list[UUID]:
    """Some who live where an officer's first post is."""
    (region, level), *_ = _posts[name]
    head = region[: 4 if level == "city" else 6]
    with everything():
        people = Person.objects.unscoped().filter(destination__startswith=head, ended_on=None)
        return list(people.values_list("pk", flat=True)[:most])


def recorded(rounds: int) -> tuple[str, float, float]:
    """By whom, and median and 95th percentile in milliseconds of a fact recorded: the row, what its household owes, the journal.

    The county records; where so few live there as in a small register, the city.
    """
    name = next(name for name in ("county", "city") if len(living(name, 3)) == 3)
    by, people = Officer.objects.get(account=f"bench-{name}"), living(name, rounds + 2)
    taken = []
    for person in people:
        for helped in ("none", "dibao"):  # what changes nothing is over at once
            start = time.perf_counter()
            record_facts(by=by, kind="person", subject=str(person), facts={"assistance_kind": helped})
        taken.append((time.perf_counter() - start) * 1e3)
    kept = sorted(taken[2:])
    return name, statistics.median(kept), kept[int(len(kept) * 0.95)]


def main() -> None:
    """Print one line a page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=_people)
    parser.add_argument("--rounds", type=int, default=_rounds)
    asked = parser.parse_args()
    with everything():
        empty = not Person.objects.unscoped().exists()
    if empty:
        print(f"making {asked.people:,} people …", flush=True)
        print(make(asked.people))
    for name in _posts:
        who = browser(name)
        for title, address in addresses(who):
            middle, late = measure(who, address, asked.rounds)
            print(f"{name:<9} {title:<26} {middle:7.1f} ms, p95 {late:7.1f} ms", flush=True)
    name, middle, late = recorded(asked.rounds)
    print(f"{name:<9} {'a fact recorded':<26} {middle:7.1f} ms, p95 {late:7.1f} ms", flush=True)


if __name__ == "__main__":
    main()
