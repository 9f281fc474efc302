"""What the tests of the language share: the real pages, read once."""

import pytest

from anju.policy.load import load
from anju.policy.model import Policy


@pytest.fixture(scope="session")
def chongqing() -> Policy:
    """The guideline that ships."""
    return load("chongqing")
