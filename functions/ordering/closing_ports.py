"""What the steps of closing ask of the store that keeps their run."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol

from lumbung.domain.allocation import Rule
from lumbung.domain.purchase_order import PurchaseOrder
from lumbung.domain.registry import Cooperative
from ordering.ports import Write

Part = dict[str, Any]
Rules = Mapping[str, Rule]


class Run(Protocol):
    @property
    def wave_id(self) -> str: ...
    @property
    def step(self) -> str: ...
    @property
    def pending(self) -> frozenset[str]: ...
    @property
    def rules(self) -> Rules: ...
    @property
    def spare(self) -> Rules: ...
    @property
    def steps(self) -> tuple[tuple[str, datetime], ...]: ...


class Closings(Protocol):
    def find(self, wave_id: str) -> Any: ...
    def start(self, wave_id: str, step: str, dropoff_ids: Iterable[str]) -> tuple[Any, Write]: ...
    def cancel(self, wave_id: str, dropoff_ids: Iterable[str]) -> Write: ...
    def advance(
        self, run: Any, step: str, dropoff_ids: Iterable[str] = (), *,
        rules: Rules | None = None, spare: Rules | None = None,
    ) -> Any: ...  # fmt: skip
    def finish_part(self, run: Any, dropoff_id: str, part: Part, *also: Write) -> None: ...
    def parts(self, wave_id: str, step: str) -> Iterator[Part]: ...
    def confirm_supply(self, run: Any, cooperative_id: str, packs: Mapping[str, int], *also: Write) -> None: ...
    def supplies(self, wave_id: str) -> dict[str, dict[str, int]]: ...


class Cooperatives(Protocol):
    def get_many(self, ids: list[str]) -> Mapping[str, Cooperative]: ...


class PurchaseOrders(Protocol):
    def place(self, order: PurchaseOrder) -> bool: ...
