"""Papers of the demo: letters at every stage, a bill settled and one taken back, premiums that wait, and who does the second step."""

from __future__ import annotations

from datetime import date

import pytest

from anju.demo.actions import make_city
from anju.demo.officers import account_of, seconds
from anju.demo.papers import lay_out
from anju.demo.under_way import set_to_work
from anju.documents.models import Letter, Receipt, State
from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.payments.actions import approve, close_month
from anju.payments.due import due, shares
from anju.payments.models import Batch, Closing, Did, Scheme, Settlement
from anju.register.verification import verify

TODAY = date.today()


@pytest.mark.django_db
def test_there_are_papers_at_every_stage() -> None:
    make_city(people=900, seed=1, on=TODAY)
    set_to_work(1, TODAY)
    written = lay_out(TODAY)
    with everything():
        letters = list(Letter.objects.unscoped())
        assert {letter.state for letter in letters} >= {State.DRAFT, State.CHECKING, State.ISSUED}
        assert Receipt.objects.unscoped().exists()
        settled = Settlement.objects.unscoped()
        assert settled.filter(did=Did.SETTLED).count() > settled.filter(did=Did.REVERSED).count() == 1
        assert len(letters) == written + 1, "and the slip of a bill"
        (batch,) = Batch.objects.unscoped()
        assert batch.approved_at is None
        assert not any(verify().values())
        for year in (TODAY.year, TODAY.year - 1):
            paid = shares(Scheme.MEDICAL, batch.county, year)
            own = {group: share.own for group, share in paid.items()}
            assert own == ({"特困": 0, "低保": 120, "贫困人员": 200} if year == TODAY.year else {})
        assert due(Scheme.MEDICAL, batch.county, TODAY.year).shares, "there is somebody to draw up"
        (closing,) = Closing.objects.unscoped()
    approve(by=Officer.objects.get(account=account_of(*seconds[1][::2], second=True)), batch=batch.pk)
    street = next(second for second in seconds if second[2] == closing.payer)
    close_month(by=Officer.objects.get(account=account_of(*street[::2], second=True)), closing=str(closing.pk))
