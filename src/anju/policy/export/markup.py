"""XML by hand: elements with prefixed names, their diagram shapes, and the file's text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree import ElementTree

Element = ElementTree.Element

exporter = "Anju"
"""What the files name as their program."""


@dataclass(frozen=True, slots=True)
class Box:
    """Where something is drawn, in pixels from the upper left corner."""

    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> int:
        """The x of its centre."""
        return self.x + self.width // 2

    @property
    def centre(self) -> int:
        """The y of its centre."""
        return self.y + self.height // 2

    @property
    def right(self) -> int:
        """The x of its right side."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """The y of its lower side."""
        return self.y + self.height


Path = tuple[tuple[int, int], ...]
"""The corners of a drawn line."""


def add(parent: Element, tag: str, text: str = "", /, **attributes: str) -> Element:
    """A child element with its text. An attribute name may end in ``_`` where Python reserves the word."""
    child = ElementTree.SubElement(parent, tag, {name.rstrip("_"): value for name, value in attributes.items()})
    if text:
        child.text = text
    return child


def add_bounds(parent: Element, box: Box) -> None:
    """The ``dc:Bounds`` of a shape."""
    add(parent, "dc:Bounds", x=str(box.x), y=str(box.y), width=str(box.width), height=str(box.height))


def add_waypoints(parent: Element, path: Path) -> None:
    """The ``di:waypoint`` of an edge."""
    for x, y in path:
        add(parent, "di:waypoint", x=str(x), y=str(y))


def document(root: Element) -> str:
    """The file's text, indented, in the order in which the elements were added."""
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def sentences(parts: Iterable[str]) -> str:
    """The parts that say something, one a line."""
    return "\n".join(part for part in parts if part)
