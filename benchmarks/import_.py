"""A ledger from .xlsx into the register with its duties, stage by stage: ``python -m benchmarks.import_ [--rows 250000]``.

Works on the database of ``ANJU_DATABASE_URL``, which must be a migrated one without people, and on an `anju` of its own:

    ANJU_RUNTIME=$(mktemp -d) sh -c 'python -m anju migrate && python -m benchmarks.import_'
    ANJU_RUNTIME=$(mktemp -d) python -m tests.postgres sh -c 'python -m anju migrate && python -m benchmarks.import_ --no-bare'

Beside it stands the least that has to be done by whoever does it: reading the workbook with calamine, and inserting the rows that the
import wrote into the same tables, as they are. ``--again`` hands the same file in once more.
"""

from __future__ import annotations

import argparse
import inspect
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
import polars as pl
from rustpy_xlsxwriter import write_worksheets

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anju.config.settings")
django.setup()

# what needs the apps can only be imported now
from django.db import connection  # noqa: E402 - see above

from anju.exchange import jobs, kinds, merging, reading, staging, storage  # noqa: E402 - see above
from anju.exchange.actions import accept, hand_in  # noqa: E402 - see above
from anju.exchange.models import Batch, State  # noqa: E402 - see above
from anju.exchange.writing import ops  # noqa: E402 - see above
from anju.government.lines import Line  # noqa: E402 - see above
from anju.government.models import Officer, Post, PostHolding, always  # noqa: E402 - see above
from anju.government.second_wall import everything  # noqa: E402 - see above
from anju.jobs.models import Job  # noqa: E402 - see above
from anju.tables import reading as tables_reading  # noqa: E402 - see above
from anju.walls.wall import build, take_down  # noqa: E402 - see above
from benchmarks import ledger  # noqa: E402 - see above
from benchmarks.child import peak  # noqa: E402 - see above

_region = "500154000000"
_surnames = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_given = "伟芳秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂春文华建国红玉成林海山云"
_weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_days = 26_000
spent: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
"""Stage → seconds by the clock, and of this process."""
_inside: list[str] = []


def write_ledger(path: Path, rows: int) -> None:
    """``rows`` made-up people in 30 columns, with ID numbers, phones and names as people have them."""
    key = pl.Series(range(rows))
    births = pl.Series("birth", pl.date_range(pl.date(1945, 1, 1), pl.date(2018, 1, 1), eager=True)).gather(
        key * 7919 % _days
    )
    numbers = _numbers(births, key // _days + 1)
    many, few = len(_given), len(_surnames)
    names = pl.Series(
        _surnames[n % few] + _given[n // few % many] + _given[n // few // many % many]
        for n in (7 * at for at in range(rows))
    )
    frame = ledger.made_up(rows).drop("人编号", "行政村", "姓名", "出生年月日")
    frame = frame.with_columns(
        pl.Series("姓名", names),
        pl.Series("证件号码", numbers),
        pl.Series("联系电话", "138" + key.cast(pl.String).str.zfill(8)),
        pl.Series("出生年月日", births),
    )
    write_worksheets([("人员台账", frame)], str(path), datetime_format="yyyy-mm-dd")


def _numbers(births: pl.Series, order: pl.Series) -> pl.Series:
    """ID numbers of a region that does not exist, with true check digits."""
    body = "500999" + births.dt.to_string("%Y%m%d") + order.cast(pl.String).str.zfill(3)
    products = [body.str.slice(at, 1).cast(pl.Int32) * weight for at, weight in enumerate(_weights)]
    rest = sum(products[1:], products[0]) % 11
    return body + rest.replace_strict(list(range(11)), list("10X98765432"), return_dtype=pl.String)


@contextmanager
def stage(name: str) -> Iterator[None]:
    """What happens inside counts for the stage alone, not for the one around it."""
    clock, processor = time.perf_counter(), time.process_time()
    _inside.append(name)
    try:
        yield
    finally:
        _inside.pop()
        took = time.perf_counter() - clock, time.process_time() - processor
        for at, seconds in enumerate(took):
            spent[name][at] += seconds
            if _inside:
                spent[_inside[-1]][at] -= seconds


def watched(module: Any, name: str, title: str) -> None:
    """Let calls of a function count for a stage."""
    whole: Callable[..., Any] = getattr(module, name)

    def timed(*args: Any, **kwargs: Any) -> Any:
        with stage(title):
            return whole(*args, **kwargs)

    setattr(module, name, timed)


def watch() -> None:
    """The stages of an import."""
    watched(tables_reading, "open_table", "2 read the workbook (child process)")
    watched(reading, "read_ledger", "3 cells to facts")
    watched(staging, "read", "3 cells to facts")
    watched(kinds.shaping, "people", "4 places, who is who in the file")
    watched(kinds.people, "compare", "5 compare with the register")
    watched(kinds.households, "compare", "5 compare with the register")
    watched(staging, "keep", "6 keep the staged rows")
    watched(jobs, "keep", "6 keep the staged rows")
    watched(merging, "taken_up", "7 take the staged rows up")
    watched(kinds, "write_people", "8 documents and rows")
    watched(ops.Ops, "write", "9 seal and insert")
    watched(storage, "keep_frame", "6 keep the staged rows")
    watched(merging, "tell", "a duties")


def officers() -> tuple[Officer, Officer]:
    """Two officers with all lines of the county."""
    found = []
    for account in ("one", "two"):
        who = Officer.objects.create(account=account, name=account)
        for line in Line.values:
            post, _ = Post.objects.get_or_create(line=line, level="county", region=_region, defaults={"since": always})
            PostHolding.objects.create(officer=who, post=post, since=always)
        found.append(who)
    return found[0], found[1]


def work(batch: Batch) -> Batch:
    """Do what a batch waits for."""
    with everything():
        found = Batch.objects.unscoped().get(pk=batch.pk)
    task = {State.READING: jobs.read_file, State.MERGING: jobs.merge_batch}[State(found.state)]
    inspect.unwrap(task.func)(Job.objects.get(pk=str(found.job)))
    with everything():
        return Batch.objects.unscoped().get(pk=batch.pk)


def imported(path: Path, by: Officer, second: Officer) -> Batch:
    """The file handed in, read, accepted and merged."""
    with stage("1 keep the file"):
        batch = hand_in(by=by, kind="people", region=_region, path=path, file_name=path.name)
    with stage("z else"):
        batch = work(batch)
    print(f"  {batch.state}: {batch.counts} {batch.message}", flush=True)
    if batch.counts["person"].keys() <= {"same"}:
        return batch
    with stage("z else"), everything():
        accept(by=second, batch=batch.pk, revision=batch.revision)
    with stage("z else"):
        batch = work(batch)
    print(f"  {batch.state}: {batch.counts} {batch.message}", flush=True)
    return batch


def bare(path: Path) -> tuple[float, float]:
    """Seconds for reading the workbook alone, and for inserting what the import wrote alone."""
    begun = time.perf_counter()
    pl.read_excel(path, engine="calamine")
    read = time.perf_counter() - begun
    rows: dict[str, pl.DataFrame] = {}
    with everything(), connection.cursor() as cursor:
        for name, table in ops.tables.items():
            columns = ", ".join(f'"{f.column}"' for f in table._meta.concrete_fields)
            cursor.execute(f"SELECT {columns} FROM {table._meta.db_table}")
            rows[name] = cursor.fetchall()
    inserted = 0.0
    take_down(connection, ("register",))  # nothing else lets go of what is never rewritten
    with everything(), connection.cursor() as cursor:
        for name in reversed(ops.tables):
            cursor.execute(f"DELETE FROM {ops.tables[name]._meta.db_table}")
    build(connection)
    with everything():
        begun = time.perf_counter()
        for name, table in ops.tables.items():
            if rows[name]:
                bare_insert(table, rows[name])
        inserted = time.perf_counter() - begun
    return read, inserted


def bare_insert(table: Any, rows: list[tuple[Any, ...]]) -> None:
    """executemany, or COPY into a temporary table and INSERT from there."""
    names = [f'"{f.column}"' for f in table._meta.concrete_fields]
    columns, target = ", ".join(names), table._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            places = ", ".join(["%s"] * len(names))
            cursor.executemany(f"INSERT INTO {target} ({columns}) VALUES ({places})", rows)
            return
        cursor.execute(f"CREATE TEMPORARY TABLE bare AS SELECT {columns} FROM {target} WITH NO DATA")
        with cursor.copy(f"COPY bare ({columns}) FROM STDIN") as pipe:
            for row in rows:
                pipe.write_row(row)
        cursor.execute(f"INSERT INTO {target} ({columns}) SELECT {columns} FROM bare")
        cursor.execute("DROP TABLE bare")


def told(title: str, total: float) -> None:
    """One line a stage."""
    print(
        f"{title}: {total:.1f} s, {sum(cpu for _, cpu in spent.values()):.1f} s of this process, peak {peak():.0f} MB"
    )
    for name in sorted(spent):
        clock, processor = spent[name]
        print(f"  {name:<40} {clock:7.1f} s  {processor:7.1f} s of this process")
    spent.clear()


def main() -> None:
    """Print the stages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=250_000)
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--no-bare", action="store_true")
    asked = parser.parse_args()
    watch()
    with everything():
        by, second = officers()
    with tempfile.TemporaryDirectory(prefix="anju-bench-") as folder:
        path = Path(folder) / "ledger.xlsx"
        write_ledger(path, asked.rows)
        print(f"{connection.vendor}: {asked.rows:,} people, {path.stat().st_size / 2**20:.0f} MB")
        begun = time.perf_counter()
        imported(path, by, second)
        total = time.perf_counter() - begun
        told("import", total)
        if asked.again:
            begun = time.perf_counter()
            imported(path, by, second)
            told("the same again", time.perf_counter() - begun)
        if not asked.no_bare:
            read, inserted = bare(path)
            print(
                f"bare: read {read:.1f} s + insert {inserted:.1f} s; the import takes {total / (read + inserted):.1f} times that"
            )


if __name__ == "__main__":
    main()
