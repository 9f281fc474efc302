"""Editions of the pages that cases began with before what they are about took effect on the way: it moved only at their end."""

from __future__ import annotations

import re

from anju.cases.procedures import Running, takes_effect
from anju.policy.load import read
from anju.policy.model import Policy
from anju.register.guideline import guideline


def before_force(code: str, *also: tuple[str, str]) -> Policy:
    """The pages with what a procedure moves under 办结 instead of 生效, and with what else was otherwise."""
    pages = guideline()
    procedure, sources = pages.procedures[code], {page.file: page.source for page in pages.pages}
    heading = f"## 生效：{procedure.name}\n"
    (file,) = (name for name, source in sources.items() if heading in source)
    head, _, rest = sources[file].partition(heading)
    table, gap, tail = rest.partition("\n## ")
    rows = [re.split(r"\s*\|\s*", line.strip("| ")) for line in table.splitlines() if line.startswith("| ")][1:]
    moves, facts = [], []
    for step, action, what, becomes in rows:
        if takes_effect(Running(pages, procedure), (step, action)):
            moves.append(f"| {what} | {becomes} |\n")
        else:
            facts.append(f"| {step} | {action} | {what} | {becomes} |\n")
    end = f"## 办结：{procedure.name}\n\n| 改什么 | 成为 |\n|---|---|\n{''.join(moves)}"
    way = f"{heading}\n| 环节 | 动作 | 改什么 | 成为 |\n|---|---|---|---|\n{''.join(facts)}\n" if facts else ""
    page = f"{head}{way}{end}{gap}{tail}"
    for now, then in also:
        assert page.count(now) == 1, now
        page = page.replace(now, then)
    return read({**sources, file: page}, pages.name)
