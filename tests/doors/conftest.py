"""One world for each test module; a test that changes something puts it back."""

from collections.abc import Iterator

import pytest

from tests.doors.world import World, a_world


@pytest.fixture(scope="module")
def doors() -> Iterator[World]:
    with a_world() as made:
        yield made


@pytest.fixture
def world(doors: World) -> Iterator[World]:
    again = doors.keep()
    yield doors
    again()
