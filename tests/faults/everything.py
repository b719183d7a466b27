"""Every world with all its scenarios: what the crash matrix and the rival matrix run over, as one."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import Any

from tests.faults import (
    catalog_scenarios,
    courier_scenarios,
    deduction_scenarios,
    desk_scenarios,
    dispatch_scenarios,
    dispatch_world,
    goods_scenarios,
    hand_scenarios,
    notice_scenarios,
    ordering_scenarios,
    paying_scenarios,
)
from tests.faults.catalog_world import a_catalog_world
from tests.faults.courier_world import a_courier_world
from tests.faults.desk_world import a_desk
from tests.faults.money_world import a_money_world
from tests.faults.notice_world import a_notice_world
from tests.faults.ordering_world import World, a_world
from tests.faults.scenario import Phase

MONEY = (*paying_scenarios.PHASES, *hand_scenarios.PHASES, *goods_scenarios.PHASES, *deduction_scenarios.PHASES)


@dataclass(frozen=True)
class Part:
    """*anew*: what is in it cannot be put back, so that each phase begins in a world of its own."""

    name: str
    world: Callable[[], AbstractContextManager[Any]]
    phases: tuple[Phase, ...]
    anew: bool = False


PARTS = (
    Part("ordering", partial(a_world, World), ordering_scenarios.PHASES),
    Part("payments", a_money_world, MONEY),
    Part("riders", dispatch_world.a_world, dispatch_scenarios.PHASES),
    Part("desk", a_desk, desk_scenarios.PHASES),
    Part("couriers", a_courier_world, courier_scenarios.PHASES, anew=True),
    Part("catalogue", a_catalog_world, catalog_scenarios.PHASES),
    Part("notices", a_notice_world, notice_scenarios.PHASES),
)
