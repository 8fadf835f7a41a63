"""The service of the tests as it is without changes, registered once for all tests that only read it."""

import pytest

from ..conftest import Engine, run_program
from .example import service


@pytest.fixture(scope="package", params=[False, True], ids=["update", "preview"])
def web(request: pytest.FixtureRequest) -> Engine:
    """What `service()` registers, in an update and in a preview."""
    return run_program(service, preview=request.param)
