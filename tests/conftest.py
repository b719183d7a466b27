"""What every test has in common."""

import gc
from collections.abc import Iterator

import pytest

pytest_plugins = ["tests.rights"]


@pytest.fixture(autouse=True, scope="module")
def what_stays() -> Iterator[None]:
    """Look no more at what a file leaves in memory: with a gigabyte of it, each collection takes a second."""
    yield
    gc.collect()
    gc.freeze()
