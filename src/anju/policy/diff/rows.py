"""Which row of one table became which row of the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from anju.policy.diff.attributes import Attributes

_not_conditions = ("结论", "应办", "说明", "生效", "失效", "句", "当日")


def pair_rows(before: Sequence[Attributes], after: Sequence[Attributes]) -> Iterator[tuple[int | None, int | None]]:
    """Pairs of places; None where a row was added or removed. Rows keep the order of the later table.

    First those that test the same, then, most alike first, those of which more than half stayed as it was.
    """
    old, new = list(range(len(before))), list(range(len(after)))
    pairs: dict[int, int] = {}
    for at in new:
        same = next((was for was in old if _conditions(before[was]) == _conditions(after[at])), None)
        if same is not None:
            pairs[at] = same
            old.remove(same)
    alike = sorted(
        ((_likeness(before[was], after[at]), was, at) for was in old for at in new if at not in pairs),
        key=lambda found: (-found[0], found[1], found[2]),
    )
    for likeness, was, at in alike:
        if likeness > 0.5 and was in old and at not in pairs:
            pairs[at] = was
            old.remove(was)
    yield from ((was, None) for was in old)
    yield from ((pairs.get(at), at) for at in new)


def _conditions(says: Attributes) -> dict[str, str]:
    """What a row tests; a condition that it does not have is irrelevant."""
    return {label: text for label, text in says.items() if label not in _not_conditions and text != "-"}


def _likeness(one: Attributes, other: Attributes) -> float:
    """The share of tested conditions and of 结论, 应办 that two rows have in common."""
    old, new = _conditions(one), _conditions(other)
    labels = [*dict.fromkeys((*old, *new))]
    equal = sum(old.get(label) == new.get(label) for label in labels)
    results = sum(one.get(label) == other.get(label) for label in ("结论", "应办"))
    return (equal + results) / (len(labels) + 2)
