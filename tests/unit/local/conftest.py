"""What the tests of the stand-in share."""

from pathlib import Path

import pytest

from local.standin.account import Account, Resources
from local.standin.memory import Memory
from local.standin.place import Place


@pytest.fixture
def account(tmp_path: Path) -> Account:
    """Return an account in which there is nothing yet."""
    return Account(Place("eu-west-1"), Memory(), Resources(tmp_path))
