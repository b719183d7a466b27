"""A world for each test module, put back to its beginning for each test."""

import logging
from collections.abc import Iterator

import pytest

from tests.faults.courier_world import CourierWorld, a_courier_world
from tests.faults.money_world import MoneyWorld, a_money_world
from tests.faults.ordering_world import World, a_world


@pytest.fixture(scope="module")
def ordering() -> Iterator[World]:
    logging.disable(logging.CRITICAL)  # a line for each of ten thousand requests
    with a_world(World) as made:
        yield made
    logging.disable(logging.NOTSET)


@pytest.fixture
def world(ordering: World) -> Iterator[World]:
    again = ordering.keep()
    yield ordering
    again()


@pytest.fixture(scope="module")
def money() -> Iterator[MoneyWorld]:
    logging.disable(logging.CRITICAL)
    with a_money_world() as made:
        yield made
    logging.disable(logging.NOTSET)


@pytest.fixture
def paying(money: MoneyWorld) -> Iterator[MoneyWorld]:
    again = money.keep()
    yield money
    again()


@pytest.fixture
def couriers() -> Iterator[CourierWorld]:
    logging.disable(logging.CRITICAL)
    with a_courier_world() as made:
        yield made
    logging.disable(logging.NOTSET)
