"""Officers of both counties."""

from __future__ import annotations

import pytest

from anju.government.models import Officer
from tests.documents.cast import county_clerk
from tests.register.cast import YUNYANG


@pytest.fixture
def by(db: None) -> Officer:
    """Who drafts, at 开州."""
    return county_clerk("drafter")


@pytest.fixture
def other(db: None) -> Officer:
    """Who countersigns, at 开州."""
    return county_clerk("second")


@pytest.fixture
def there(db: None) -> Officer:
    """Who gets the letter, at 云阳."""
    return county_clerk("there", YUNYANG)
