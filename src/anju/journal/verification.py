"""Reading the whole journal again: what was edited, deleted, reordered, cut off or written anew."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import F, OuterRef, Subquery

from anju.journal.anchors import Anchor
from anju.journal.chain import digest_of, genesis
from anju.journal.models import Entry, Head, shards
from anju.sealing.keys import KeysRefused

_at_once = 5_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was written; the chain can be trusted up to the entry before."""

    shard: int
    seq: int
    says: str

    def __str__(self) -> str:
        return f"第 {self.shard} 链第 {self.seq} 条：{self.says}"


@dataclass(frozen=True, slots=True)
class Verified:
    """How much was read, what was found, and how many entries no anchor covers yet."""

    entries: int
    findings: Sequence[Finding]
    after_anchor: int


@dataclass(slots=True)
class _Walk:
    """One chain, entry by entry."""

    shard: int
    wanted: Mapping[int, Collection[str]]
    seq: int = 0
    digest: str = ""
    findings: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.digest = genesis(self.shard)

    def step(self, entry: Entry) -> None:
        """Compare one entry with the one before it, with its own digest and with the anchors."""
        self.seq += 1
        if entry.seq != self.seq:
            gap = f"少了 {entry.seq - self.seq} 条日志" if entry.seq > self.seq else "编号不该有"
            self.say(gap)
            self.seq = entry.seq
        elif entry.previous != self.digest:
            self.say("和上一条接不上，前后有日志被改动、删除或调换")
        if _true_digest(entry) != entry.digest:
            self.say("内容被改动过")
        self.digest = entry.digest
        if not {entry.digest}.issuperset(self.wanted.get(entry.seq, ())):
            self.say("和锚定的不一样，这条和它之前的日志被人整个重写过")

    def end(self, head: Head | None) -> None:
        """Compare the end with the head and with the last anchor."""
        if head is None or (head.seq, head.digest) != (self.seq, self.digest):
            self.say("链尾和登记的不一样，末尾有日志被删除或添加")
        cut = max(self.wanted, default=0)
        if cut > self.seq:
            self.say(f"锚定时有 {cut} 条，末尾少了 {cut - self.seq} 条")

    def say(self, sentence: str) -> None:
        """Add a finding at the present place."""
        self.findings.append(Finding(self.shard, self.seq, sentence))


def verify(anchors: Sequence[Anchor] = ()) -> Verified:
    """Walk every chain from its first entry and compare it with its head and with the anchors.

    Entries that are written meanwhile do no harm: each chain is read up to the head that it had before.
    """
    heads = {head.shard: head for head in Head.objects.all()}
    findings: list[Finding] = []
    read = covered = 0
    for shard in sorted({*range(shards), *heads, *(s for anchor in anchors for s in anchor.heads)}):
        wanted = vouched(anchors, shard)
        walk, head = _Walk(shard, wanted), heads.get(shard)
        for entry in _chain(shard, head.seq if head else 0):
            walk.step(entry)
            read += 1
        walk.end(head)
        findings += walk.findings
        covered += min(max(wanted, default=0), walk.seq)
    findings += _beyond_heads()
    return Verified(read, findings, read - covered)


def vouched(anchors: Sequence[Anchor], shard: int) -> Mapping[int, Collection[str]]:
    """What anchors say of a chain, by the number of the entry: its digest, and another one where two of them contradict.

    What was lost when a backup was restored they vouch for no more.
    """
    wanted: dict[int, set[str]] = {}
    for anchor in anchors:
        if anchor.restored and shard in anchor.restored.lost:
            kept, _ = anchor.restored.lost[shard]
            wanted = {seq: digests for seq, digests in wanted.items() if seq <= kept}
        seq, digest = anchor.heads.get(shard, (0, ""))
        if seq:
            wanted.setdefault(seq, set()).add(digest)
    return wanted


def _chain(shard: int, last: int) -> Iterator[Entry]:
    """The entries of one chain in order, a few thousand at a time."""
    after = 0
    while batch := list(Entry.objects.filter(shard=shard, seq__gt=after, seq__lte=last).order_by("seq")[:_at_once]):
        yield from batch
        after = batch[-1].seq


def _true_digest(entry: Entry) -> str:
    try:
        return digest_of(entry)
    except KeysRefused:
        return ""


def _beyond_heads() -> Iterable[Finding]:
    """Entries behind the end of their chain, asked in one statement so that nobody writes in between."""
    end = Head.objects.filter(shard=OuterRef("shard")).values("seq")
    strange = Entry.objects.annotate(end=Subquery(end)).exclude(seq__lte=F("end"))[:100]
    return [Finding(entry.shard, entry.seq, "不是从这里写进去的") for entry in strange]
