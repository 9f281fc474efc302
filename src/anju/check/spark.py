"""``--engine spark``: the same evaluator on Apache Spark, for more people than one machine should hold.

Rows travel as Parquet; every partition is answered by `anju.policy.frames.Batch` on Arrow batches (``mapInArrow``), so
that there is one meaning. Spark is an extra (``pip install anju[spark]``) and needs a Java. The cluster is the one that
``ANJU_SPARK_MASTER`` names (``spark://host:7077``), by default all cores of this machine.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

import polars as pl

from anju.check.settings import UsageError
from anju.policy.edition import Edition
from anju.policy.frames import Batch

if find_spec("pyspark"):
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession
if TYPE_CHECKING:
    import pyarrow as pa

_number = "#"
_types: Mapping[type[pl.DataType], str] = {
    pl.Boolean: "boolean",
    pl.Int64: "bigint",
    pl.Float64: "double",
    pl.UInt8: "smallint",
}


def on_spark(frame: pl.DataFrame, edition: Edition, decisions: Sequence[str]) -> pl.DataFrame:
    """The answers' columns for a frame of facts, row by row in its order, as `Batch.select` gives them.

    Raises `UsageError` where Spark or Java is missing, or the cluster did not answer.
    """
    _installed()
    try:
        return _evaluate(frame, edition, decisions)
    except (PySparkException, Py4JError) as error:
        kind = type(error).__name__
        raise UsageError(f"Spark 没有算成（{kind}）：检查 ANJU_SPARK_MASTER 和集群，或者去掉 --engine spark") from None


def _evaluate(frame: pl.DataFrame, edition: Edition, decisions: Sequence[str]) -> pl.DataFrame:
    wanted = Batch(edition, decisions, frame.columns).select(frame.head(0).lazy()).collect_schema()
    facts = frame.select(name for name in frame.columns if not name.startswith("@")).with_row_index(_number)
    session = _session()
    with tempfile.TemporaryDirectory(prefix="anju-spark-") as folder:
        source, answers = Path(folder, "facts.parquet"), Path(folder, "answers")
        _packed(facts).write_parquet(source)
        schema = ", ".join(f"`{_travelling(n)}` {_types.get(type(t), 'string')}" for n, t in wanted.items())
        answered = session.read.parquet(source.as_uri()).mapInArrow(
            _answer(edition, tuple(decisions)), f"`{_number}` bigint, {schema}"
        )
        answered.write.parquet(answers.as_uri())
        out = pl.read_parquet(answers / "*.parquet").sort(_number)
    return out.select(pl.col(_travelling(name)).cast(dtype).alias(name) for name, dtype in wanted.items())


def _installed() -> None:
    """Raises `UsageError` where something is missing."""
    if not find_spec("pyspark"):
        raise UsageError("这台机器没有装 Spark：pip install 'anju[spark]'，或者去掉 --engine spark")
    if not os.environ.get("JAVA_HOME") and not which("java"):
        raise UsageError("Spark 要 Java 17 以上：apt-get install default-jre-headless，或者装好后设 JAVA_HOME")


def _session() -> SparkSession:
    """A session on the cluster."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master(os.environ.get("ANJU_SPARK_MASTER", "local[*]")).appName("anju check")
    quiet = {
        "spark.ui.enabled": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": os.environ.get("ANJU_SPARK_DRIVER", "127.0.0.1"),
        "spark.log.level": "ERROR",
        "spark.ui.showConsoleProgress": "false",
    }
    for name, value in quiet.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def _answer(
    edition: Edition, decisions: tuple[str, ...]
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """What a worker does with the Arrow batches of its partition."""

    def answer(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        compiled: Batch | None = None
        for rows in batches:
            frame = pl.DataFrame(pl.from_arrow(rows)).rename(_home)
            compiled = compiled or Batch(edition, decisions, frame.columns)
            answers = compiled.evaluate(frame.lazy()).select(_number, *compiled.answer_columns()).collect()
            yield from _packed(answers).to_arrow(compat_level=pl.CompatLevel.oldest()).to_batches()

    return answer


def _packed(frame: pl.DataFrame) -> pl.DataFrame:
    """A frame in types and names that Spark has: no enumerations, nothing unsigned, no dots."""
    casts = {pl.Enum: pl.String, pl.UInt32: pl.Int64, pl.UInt8: pl.Int16}
    return frame.select(
        pl.col(name).cast(casts.get(type(dtype), dtype)).alias(_travelling(name))
        for name, dtype in frame.schema.items()
    )


def _travelling(name: str) -> str:
    return name.replace(".", "·")


def _home(name: str) -> str:
    return name.replace("·", ".")
