"""A world for each test module, put back to its beginning for each test."""

import logging
from collections.abc import Iterator

import pytest

from tests.faults.ordering_world import World, a_world


@pytest.fixture(scope="module")
def ordering() -> Iterator[World]:
    logging.disable(logging.CRITICAL)  # a line for each of ten thousand requests
    with a_world() as made:
        yield made
    logging.disable(logging.NOTSET)


@pytest.fixture
def world(ordering: World) -> Iterator[World]:
    again = ordering.keep()
    yield ordering
    again()
