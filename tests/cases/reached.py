"""How far games got: what was done and refused, which cases ended, and which ways out of steps were gone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tests.cases.stage import PAGES


@dataclass
class Reached:
    """How far games got."""

    steps: int = 0
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    opened: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    furthest: Counter[str] = field(default_factory=Counter)
    ways: set[tuple[str, int, str]] = field(default_factory=set)
    why: Counter[str] = field(default_factory=Counter)

    def share(self) -> float:
        """How many of all ways out of steps were gone."""
        every = [len(step.moves) for one in PAGES.procedures.values() for step in one.steps]
        return len(self.ways) / sum(every)

    def report(self) -> str:
        """A line for each procedure, and what was done and refused."""
        lines = []
        for code, one in PAGES.procedures.items():
            every = {(code, step.number, move.action) for step in one.steps for move in step.moves}
            far = "办结" if self.ended[code] else f"第 {self.furthest[code]} 步"
            gone = f"{len(every & self.ways)}/{len(every)} 条路"
            told = (
                f"立 {self.opened[code]:4} 件，办结 {self.ended[code]:4} 件，最远{far}，共 {len(one.steps)} 步，{gone}"
            )
            never = "、".join(f"{number} {action}" for _, number, action in sorted(every - self.ways))
            lines.append(f"{one.name}：{told}{'；没走过：' + never if never else ''}")
        done = "、".join(f"{name} {n}/{self.refused[name]}" for name, n in sorted(self.done.items()))
        return "\n".join([*lines, f"办成的步 {self.steps}，走过 {self.share():.0%} 的路；办成/被拒：{done}"])
