"""The declared table of all headers of real ledgers, and how a header is recognised.

`headers.csv` is the one place where a header is declared: its aliases, what it gives, how its cells are read, further
labels, and a sentence of help. The terms of the policy are accepted by name or code without being declared.
"""

import csv
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from anju.policy.model import Policy, Term

_brackets = re.compile(r"[(\[【〔][^()\[\]【】〔〕]*[)\]】〕]$")
_unseen = re.compile(r"[\s\u200b-\u200f\u2060\ufeff*＊:：]+")
_only = "仅："


@dataclass(frozen=True, slots=True)
class Header:
    """One declared header.

    `gives` is a term's code, an identity column (`@name`), a source that a derivation reads (`~dibao`), or "-" for a
    header that is known and not used. `reads` names the way its cells are read. `labels` maps further labels to value
    codes (是/否 for a 是否); with `only_labels` they are the only ones. In a sheet that gives `unless` the cells are plain text:
    nothing is made of them there, so that none of them can be wrong.
    """

    name: str
    aliases: tuple[str, ...]
    gives: str
    reads: str
    labels: Mapping[str, str]
    only_labels: bool
    help: str
    unless: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A recognised header: what it gives, and the term if it gives one."""

    header: Header
    term: Term | None


@cache
def declared() -> tuple[Header, ...]:
    """All declared headers in the order of the table."""
    text = files("anju.tables").joinpath("headers.csv").read_text(encoding="utf-8")
    return tuple(_header(row) for row in csv.DictReader(text.splitlines()))


def folded(text: str) -> str:
    """A header as it is compared: half width, lower case, without spaces, line breaks, stars and colons."""
    return _unseen.sub("", unicodedata.normalize("NFKC", text)).lower()


def vocabulary(policy: Policy, also: Sequence[Header] = ()) -> dict[str, Known]:
    """Every recognised header text, folded, for one policy; ``also`` are headers of one kind of file, before all others.

    Headers that give a term which the policy does not have are known and not used, and so are the policy's results:
    they are answers, not facts of a ledger.
    """
    words: dict[str, Known] = {}
    for term in policy.terms.values():
        fact = term.source == "ledger" and term.code != "key"
        gives, reads = (term.code, "术语") if fact else ("-", "不读")
        given = Header(term.name, (), gives, reads, labels_of(term.code), only_labels=False, help="")
        words[folded(term.name)] = words[folded(term.code)] = Known(given, term)
    # Declared headers come last: under a term's own name they add their labels to it.
    for header in (*declared(), *also):
        known = Known(header, policy.terms.get(header.gives))
        for text in (header.name, *header.aliases):
            words[folded(text)] = known
    words["key"] = words[folded("编号")]
    return words


@cache
def labels_of(code: str) -> Mapping[str, str]:
    """The further labels that any header declares for a term, so that they hold under the term's own name too."""
    return {
        label: value
        for header in declared()
        if header.gives == code and not header.only_labels
        for label, value in header.labels.items()
    }


def recognise(text: str, words: Mapping[str, Known]) -> Known | None:
    """The known header that a text names; a bracketed unit or hint at its end does not matter."""
    word = folded(text)
    while word:
        known = words.get(word)
        if known is not None:
            return known
        shorter = _brackets.sub("", word)
        if shorter == word:
            return None
        word = shorter
    return None


def _header(row: Mapping[str, str]) -> Header:
    text = row["取值"]
    pairs = [pair for pair in text.removeprefix(_only).split("、") if pair]
    return Header(
        name=row["表头"],
        aliases=tuple(alias for alias in row["别名"].split("、") if alias),
        gives=row["给出"],
        reads=row["读法"],
        labels=dict(_pair(pair) for pair in pairs),
        only_labels=text.startswith(_only),
        help=row["说明"],
    )


def _pair(text: str) -> tuple[str, str]:
    label, _, value = text.partition("=")
    return label, value
