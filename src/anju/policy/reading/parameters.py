"""First pass: dated parameters."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

from anju.policy.markdown import Line
from anju.policy.model import Parameter
from anju.policy.reading.context import Reading

_county = re.compile(r"^(\d{6})?$")


def read_parameter(line: Line, clause: str, reading: Reading) -> None:
    """One row of ``## 参数``."""
    name, text = line["参数"].text, line["值"].text
    value: Fraction | date | None = None
    try:
        if text:
            value = date.fromisoformat(text) if text.count("-") == 2 else Fraction(text.replace(",", ""))
    except (ValueError, ZeroDivisionError):
        expected = "写一个数，或者 2025-05-01 这样的日期；由区县定、还没有值的空着"
        reading.report(line["值"].place, f"参数“{name}”的值写着“{text}”", expected, "参数")
        return
    if not line["依据"].text:
        reading.report(line["依据"].place, f"参数“{name}”没有依据", "写出处，没核对过写 待核，自己定的写 内控", "参数")
    if not _county.match(line.get("区县")):
        reading.report(line["区县"].place, f"区县写着“{line['区县'].text}”", "写六位代码，空着是各处都一样", "参数")
    since, until = reading.period(line)
    unit, source, place = line["单位"].text, line["依据"].text, line["参数"].place
    _add(Parameter(name, value, unit, since, until, source, line.get("区县"), clause, place), reading)


def _add(new: Parameter, reading: Reading) -> None:
    earlier = reading.parameters.setdefault(new.name, [])
    if earlier and (earlier[0].clause, earlier[0].unit) != (new.clause, new.unit):
        found = f"参数“{new.name}”在别处已经有了，或者单位不同"
        reading.report(new.place, found, "参数的名字全册只用一次，一个名字一个单位", "参数")
    if len({isinstance(p.value, date) for p in (*earlier, new) if p.value is not None}) > 1:
        reading.report(new.place, f"参数“{new.name}”有时是数、有时是日期", "一个参数只写一种值", "参数")
    for other in earlier:
        if other.county == new.county and _overlap(other, new):
            found = f"参数“{new.name}”同一天有两个值"
            reading.report(new.place, found, "前一行写上失效，和后一行的生效接上", "参数")
    earlier.append(new)


def _overlap(a: Parameter, b: Parameter) -> bool:
    starts_before = (b.until is None) or (a.since is None) or a.since < b.until
    ends_after = (a.until is None) or (b.since is None) or b.since < a.until
    return starts_before and ends_after
