"""Every page behind the door says for whom it is; a page that says nothing would be there for nobody."""

import pytest
from django.urls import get_resolver

from anju.government.door import duties_of
from anju.government.models import Officer
from anju.government.residents import RESIDENT
from tests.check.pages.test_house import walk

BEHIND = {
    address: page
    for address, page in walk(get_resolver().url_patterns).items()
    if not page.__module__.startswith("anju.check.")
}


@pytest.mark.parametrize("address", BEHIND)
def test_a_page_says_for_which_duties_it_is(address: str) -> None:
    page = BEHIND[address]
    assert callable(page)
    assert duties_of(page), "say it with for_duties, for_handlers or for_everyone of anju.government.door"
    assert duties_of(page) == {RESIDENT} or duties_of(page) <= set(Officer.Duty.values)
