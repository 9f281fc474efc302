"""Links between our pages lead somewhere, and nothing is left "to do" without an owner."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.house.tracked import ROOT, name, text, tracked_files

PAGES = [path for path in tracked_files() if path.suffix == ".md"]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
SCREENSHOTS = ROOT / "docs" / "screenshots"  # taken by docs/screenshots.py, which needs a running site and Chromium
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
# A mark of unfinished work must say whose it is: the number of an issue follows it.
UNFINISHED = re.compile(r"\b(TO" + "DO|FIX" + "ME|XX" + r"X)\b(?!\(#\d+\))")


def anchors(page: Path) -> set[str]:
    """The anchors that a code host makes of the page's headings."""
    headings = re.findall(r"^#{1,6} +(.+?)\s*$", FENCE.sub("", text(page)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in LINK.findall(FENCE.sub("", text(page))):
        if re.match(r"[a-z]+:", link):
            continue
        target, _, anchor = unquote(link).partition("#")
        path = (page.parent / target).resolve() if target else page
        if path.parent == SCREENSHOTS:
            continue
        assert path.exists(), f"{name(page)}: {link}"
        assert not anchor or anchor in anchors(path), f"{name(page)}: {link}"


def test_unfinished_work_has_a_number() -> None:
    found = [
        f"{name(path)}:{number}: {line.strip()[:100]}"
        for path in tracked_files()
        if path != ROOT / "LICENSE"
        for number, line in enumerate(text(path).splitlines(), start=1)
        if UNFINISHED.search(line)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("line", "found"), [("# TO" + "DO later", True), ("# TO" + "DO(#12) later", False), ("METHO" + "DO", False)]
)
def test_the_mark_is_recognised(line: str, *, found: bool) -> None:
    assert bool(UNFINISHED.search(line)) is found
