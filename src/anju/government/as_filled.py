"""A page with one of its forms as somebody had filled it: written into the answer, so that it takes no script and nothing of any page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

Given = Mapping[str, str | None]

_not_typed = {"hidden", "file", "password", "submit", "button", "image", "reset"}
"""What stays as the page has it: what it makes anew (what is seen, a key against sending twice), and what no page may fill."""


def as_filled(page: str, at: str, path: str, fields: Mapping[str, Sequence[str]], said: str) -> str | None:
    """The page at an address, with ``fields`` in its form that sends to ``path``; None if it has no such form.

    The form is unfolded, and ``said`` (HTML) stands at its head.
    """
    filler = _Filler(at, path, fields, said)
    filler.feed(page)
    filler.close()
    return "".join(filler.out) if filler.filled else None


class _Filler(HTMLParser):
    """Writes a page down again as it reads it."""

    def __init__(self, at: str, path: str, fields: Mapping[str, Sequence[str]], said: str) -> None:
        super().__init__(convert_charrefs=False)
        self.at, self.path, self.said = at, path, said
        self.fields = {name: list(values) for name, values in fields.items()}
        self.out: list[str] = []
        self.filled = self.inside = self.silent = False
        self.folded: list[tuple[int, Given]] = []
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        text, given = self.get_starttag_text() or "", dict(attrs)
        if tag == "details":
            self.folded.append((len(self.out), given))
        elif tag == "form" and not self.filled and self._is_it(given):
            self.filled = self.inside = True
            for place, of in self.folded:
                self.out[place] = _written("details", {**of, "open": None})
            text += self.said
        elif self.inside:
            text = self._field(tag, given) or text
        self.out.append(text)

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag: str) -> None:
        if tag == "details" and self.folded:
            self.folded.pop()
        elif tag == "form":
            self.inside = False
        elif tag in ("textarea", "select"):
            self.silent, self.select = False, ""
        self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.out.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.out.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.out.append(f"<!{decl}>")

    def _is_it(self, form: Given) -> bool:
        to = urlsplit(urljoin(self.at, form.get("action") or self.at)).path
        return (form.get("method") or "").lower() == "post" and to == self.path

    def _field(self, tag: str, given: Given) -> str:
        """The tag of a field as it was filled; empty where it stays as it is."""
        name, kind = given.get("name") or "", (given.get("type") or "text").lower()
        if tag == "select":
            self.select = name
        elif tag == "option" and self.select in self.fields:
            return _chosen(tag, given, "selected", given.get("value") in self.fields[self.select])
        elif tag == "input" and kind in ("checkbox", "radio"):
            return _chosen(tag, given, "checked", given.get("value", "on") in self.fields.get(name, ()))
        elif tag == "input" and kind not in _not_typed and self.fields.get(name):
            return _written(tag, {**given, "value": self.fields[name].pop(0)})
        elif tag == "textarea" and self.fields.get(name):
            self.silent = True
            return f"{_written(tag, given)}\n{escape(self.fields[name].pop(0))}"
        return ""


def _chosen(tag: str, given: Given, how: str, so: bool) -> str:
    others = {name: value for name, value in given.items() if name != how}
    return _written(tag, {**others, how: None} if so else others)


def _written(tag: str, given: Given) -> str:
    told = (f" {name}" if value is None else f' {name}="{escape(value)}"' for name, value in given.items())
    return f"<{tag}{''.join(told)}>"
