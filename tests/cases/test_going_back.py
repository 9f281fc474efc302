"""What an earlier version could not hold is not lost on the way back to it: the migration says what stands in the way."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.exceptions import IrreversibleError

from anju.cases.actions import keep_paper, open_case
from anju.cases.models import Paper, Scan
from anju.government.columns import new_id
from anju.government.residents import own_hand
from anju.government.second_wall import everything
from anju.register.facts import today
from anju.register.models import PartyLife
from anju.sealing.ciphertext import Opener
from anju.walls.wall import missing
from tests.cases.cast import Offices, step_on
from tests.cases.fitting import fit
from tests.register.cast import YUNYANG, clerk, household, zhang
from tests.register.test_party_lives import THEN, begin, ends, joined

CONTENT = b"%PDF-1.4\n%%EOF\n"


def handed_in() -> list[Paper]:
    """One proof that two cases share."""
    village, offices = clerk("village"), Offices()
    home, by = household(village), offices.at("human_resources", "county", YUNYANG)
    papers = []
    for name, order in (("张一", 21), ("张二", 22)):
        person = zhang(village, home, name=name, order=order, relation="之子")
        fit(str(person.pk), "transfer_pension")
        case = open_case(
            by=by, procedure="transfer_pension", subject=str(person.pk), applied_on=today(), how="本人到场"
        )
        papers.append(keep_paper(by=by, case=case.pk, kind="evidence", about=name, content=CONTENT))
    return papers


def by_hand() -> None:
    village, offices = clerk("village"), Offices()
    person = zhang(village, household(village))
    fit(str(person.pk), "transfer_pension")
    by = offices.at("human_resources", "county", YUNYANG)
    case = open_case(by=by, procedure="transfer_pension", subject=str(person.pk), applied_on=today(), how="本人到场")
    case = step_on(case, offices, "提交")
    paper = keep_paper(by=by, case=case.pk, kind="evidence", about="照片", content=CONTENT)
    with everything():
        own = Paper.objects.unscoped().get(pk=paper.pk)
        other = Scan(media=own.scan.media, size=1, digest="0" * 64)
        other.content = "x"
        other.save(force_insert=True)
        own.pk, own.scan, own.by, own.office = new_id(), other, None, own_hand
        own.save(force_insert=True)


def void() -> None:
    by = clerk("organiser", YUNYANG, "county", "organisation")
    ends(by, begin(by, joined(clerk("village"))), THEN)


def holds() -> None:
    by = clerk("organiser", YUNYANG, "county", "organisation")
    begin(by, joined(clerk("village")))


STANDS = {
    "本人交的材料": (by_hand, ("cases", "0013_residents_act"), "有 1 份材料是本人自己交的"),
    "作废的登记": (void, ("register", "0008_surnames_as_they_are_read"), "有 1 条参加组织生活的登记已经作废"),
}


@pytest.mark.parametrize(("fill", "back", "why"), STANDS.values(), ids=STANDS)
def test_what_stands_in_the_way(own_database: str, fill: Callable[[], None], back: tuple[str, str], why: str) -> None:
    fill()
    with pytest.raises(IrreversibleError, match=f"{why}.*恢复升级以前的备份"):
        call_command("migrate", *back, verbosity=0)
    call_command("migrate", verbosity=0)
    assert missing(connection) == []


def test_what_does_not(own_database: str) -> None:
    holds()
    for back in (("cases", "0013_residents_act"), ("register", "0008_surnames_as_they_are_read")):
        call_command("migrate", *back, verbosity=0)
    call_command("migrate", verbosity=0)
    assert missing(connection) == []
    with everything():
        assert PartyLife.objects.unscoped().count() == 1


def test_what_is_shared_lies_in_every_case_and_is_shared_again(own_database: str) -> None:
    papers = handed_in()
    call_command("migrate", "cases", "0014_papers_by_hand", verbosity=0)
    with everything(), connection.cursor() as cursor:
        cursor.execute("SELECT id, content, digest FROM cases_paper ORDER BY id")
        rows = cursor.fetchall()
    opened = Opener("cases_paper", "content")
    assert [opened.open(UUID(str(key)), bytes(content)) for key, content, _digest in rows] == [CONTENT, CONTENT]
    call_command("migrate", verbosity=0)
    assert missing(connection) == []
    with everything():
        assert Scan.objects.count() == 1
        for paper in papers:
            kept = Paper.objects.unscoped().get(pk=paper.pk)
            assert (kept.scan.content.reveal_bytes(), kept.about.reveal()) == (CONTENT, paper.about.reveal())
