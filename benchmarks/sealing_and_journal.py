"""How fast values are sealed and entries written: ``python -m benchmarks.sealing_and_journal``.

Works on the database of ``ANJU_DATABASE_URL``, which must be a migrated one for tests: its journal grows by what is measured. For
both engines:

    ANJU_RUNTIME=$(mktemp -d) sh -c 'python -m anju migrate && python -m benchmarks.sealing_and_journal'
    ANJU_RUNTIME=$(mktemp -d) python -m tests.postgres sh -c 'python -m anju migrate && python -m benchmarks.sealing_and_journal'
"""

from __future__ import annotations

import argparse
import os
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import django
from django.db import connection, transaction

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anju.config.settings")
django.setup()

# what needs the apps can only be imported now
from anju.journal.actions import Actor, record  # noqa: E402 - see above
from anju.journal.verification import verify  # noqa: E402 - see above
from anju.sealing.blind_index import blind_index  # noqa: E402 - see above
from anju.sealing.ciphertext import Place, seal, unseal  # noqa: E402 - see above

_number = "11010519491231002X"


def each(title: str, what: Callable[[], object], values: int) -> None:
    """Time one call of so many, best of three."""
    best = min(_time(what, values) for _ in range(3))
    print(f"{title:<28} {best * 1e6:8.1f} µs {1 / best:12,.0f} a second")


def _time(what: Callable[[], object], values: int) -> float:
    start = time.perf_counter()
    for _ in range(values):
        what()
    return (time.perf_counter() - start) / values


def write_until(end: float, office: str) -> int:
    """Entries of one office, each in a transaction of its own, until the time is over."""
    written = 0
    actor = Actor(officer="1", name="李经办", organisation=office)
    while time.perf_counter() < end:
        with transaction.atomic():
            record(actor=actor, action="register.move_person", object_kind="person", object_id=str(written))
        written += 1
    connection.close()
    return written


def writers(count: int, offices: int, seconds: float) -> None:
    """So many writers at once, in threads with connections of their own."""
    end = time.perf_counter() + seconds
    with ThreadPoolExecutor(count) as lanes:
        total = sum(lanes.map(lambda lane: write_until(end, f"office {lane % offices}"), range(count)))
    print(f"{connection.vendor}, {count} writers, {offices} offices: {total / seconds:,.0f} entries a second")


def main() -> None:
    """Print one line a figure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--values", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=4.0)
    asked = parser.parse_args()
    place = Place("person", "id_number", uuid.uuid4())
    sealed = seal(_number, place)
    each("seal", lambda: seal(_number, place), asked.values)
    each("unseal", lambda: unseal(sealed, place), asked.values)
    each("blind index", lambda: blind_index(_number), asked.values)
    for count, offices in ((1, 1), (16, 1), (16, 40)):
        writers(count, offices, asked.seconds)
    start = time.perf_counter()
    verified = verify()
    taken = time.perf_counter() - start
    print(f"verify: {verified.entries / taken:,.0f} entries a second, {len(verified.findings)} findings")


if __name__ == "__main__":
    main()
