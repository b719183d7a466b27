"""A day of hand-out at random: people, devices and the clock; a device tells what it noted until it is heard."""

from typing import Any

from lumbung.domain.uncollected import RULES, Uncollected
from tests.faults.desk_world import DeskWorld
from tests.faults.history import Act, History
from tests.integration.dispatch_world import FARMER, member

POLICIES = ("first_come", "pro_rata", "equal_rounds")
OFFERS = {"off_a5": "cop_1", "off_b5": "cop_2"}


class DeskHistory(History):
    world: DeskWorld

    def __init__(self, world: DeskWorld, seed: int) -> None:
        super().__init__(world, seed)
        self._noted: dict[str, list[dict[str, Any]]] = {"hp-1": [], "hp-2": []}
        world.begin(self.chance.choice(POLICIES), Uncollected(8, self.chance.choice(RULES)))
        for _ in range(self.chance.randrange(2, 6)):
            packs = {"off_a5": self.chance.randrange(1, 4), "off_b5": self.chance.choice((0, 0, 1, 2))}
            world.order({o: n for o, n in packs.items() if n}, courier=self.chance.random() < 0.15)
        world.here.lay_out()
        if self.chance.random() < 0.7:
            self._receive_all()

    def live(self, steps: int = 25) -> list[str]:
        """Live the day, and what comes after it, and return what is wrong in the end."""
        for _ in range(steps):
            self._later(self.chance.choice((60, 1_200, 5_400)))
            self._happen(*self._something())
        self._come_again()
        for device in self._noted:
            self.world.upload(*self._noted[device], device=device) if self._noted[device] else None
        self._later(600)  # by then the clock finds what was lost
        self.world.settle()
        return self.world.broken()

    def _something(self) -> tuple[str, Act]:
        acts = (
            self._depart, self._count, self._work, self._tick, self._hand_over, self._note, self._tell, self._let_go,
            self._name,
        )  # fmt: skip
        return self.chance.choices(acts, weights=(3, 14, 16, 6, 20, 12, 10, 10, 3))[0]()

    def _depart(self) -> tuple[str, Act]:
        cooperative, step = self.chance.choice(("cop_1", "cop_2")), self.chance.choice(("departure", "arrival"))
        key = self._key()
        by = {"by": FARMER} if step == "departure" else {}
        return f"{step} of {cooperative}", lambda: self._of(cooperative, step, {} if by else None, key, **by)

    def _count(self) -> tuple[str, Act]:
        offer_id = self.chance.choice((*OFFERS, "off_a5"))
        good, bad, final = self.chance.randrange(5), self.chance.choice((0, 0, 1)), self.chance.random() < 0.4
        lines, key = [{"offer_id": offer_id, "received": good, "damaged": bad}], self._key()
        return (
            f"count {good} + {bad} of {offer_id}{', the last' if final else ''}",
            lambda: self._of(OFFERS[offer_id], "receipt", {"lines": lines, "final": final}, key),
        )

    def _of(self, cooperative: str, step: str, body: Any, key: str, **by: Any) -> None:
        items = self.world.get("/v1/waves/wav_1/consignments").json["items"]
        for item in items:
            if item["cooperative_id"] == cooperative:
                self.world.post(f"/v1/consignments/{item['id']}/{step}", body, key=key, **by)

    def _work(self) -> tuple[str, Act]:
        message = self.world.aws.take("BookingQueue")
        if message and self.chance.random() < 0.3:
            self.world.aws.queued.append(("BookingQueue", message))
        return f"the worker: {message}", lambda: message and self.world.work(message)

    def _tick(self) -> tuple[str, Act]:
        return "the clock", self.world.tick

    def _hand_over(self) -> tuple[str, Act]:
        order_id, said, key = self._order(), self._taking(), self._key()
        code = "x" if self.chance.random() < 0.1 else None
        return f"hand over {order_id} {said}", lambda: self.world.hand_over(order_id, key=key, code=code, **said)

    def _note(self) -> tuple[str, Act]:
        """A device hands over without a network: nobody hears of it yet."""
        device, order_id = self.chance.choice(tuple(self._noted)), self._order()
        noted = self._noted[device]
        noted.append(self.world.entry(order_id, len(noted) + 1, **self._taking()))
        return f"{device} notes a hand-over of {order_id}", lambda: None

    def _tell(self) -> tuple[str, Act]:
        device = self.chance.choice(tuple(self._noted))
        told = list(self._noted[device])
        return f"{device} tells of {len(told)}", lambda: told and self.world.upload(*told, device=device)

    def _let_go(self) -> tuple[str, Act]:
        order_id, way, key = self._order(), self.chance.choice(("sold", "given", "spoiled")), self._key()
        return f"{order_id}: one is {way}", lambda: self.world.leftovers(order_id, way, 1, key=key)

    def _name(self) -> tuple[str, Act]:
        order_id, key, named = self._order(), self._key(), self.chance.random() < 0.7
        body = {"proxy": {"name": "Budi"} if named else None}
        by = member(int(order_id.removeprefix("ord_")))
        path = f"/v1/orders/{order_id}/proxy"
        return f"{order_id} names a proxy", lambda: self.world.post(path, body, key=key, by=by, method="PUT")

    def _receive_all(self) -> None:
        """Most days begin with goods that are there, as good as all of them."""
        for item in self.world.get("/v1/waves/wav_1/consignments").json["items"]:
            short = {line["offer_id"]: self.chance.choice((0, 0, 1)) for line in item["lines"]}
            counts = {li["offer_id"]: (max(0, li["expected"] - short[li["offer_id"]]), 0) for li in item["lines"]}
            self.world.receipt(item["cooperative_id"], key=self._key(), **counts)
        self.world.settle()

    def _calls(self) -> int:
        return 8

    # -- helpers

    def _order(self) -> str:
        return self.chance.choice(self.world.here.orders).id

    def _taking(self) -> dict[str, Any]:
        one = {"offer_id": "off_a5", "packs": 1}
        refused = {**one, "reason": "damaged", "liable": self.chance.choice(("cooperative", "pic", "programme"))}
        return self.chance.choice(({}, {}, {"lines": [one]}, {"refused": [refused]}, {"taken_by": "proxy"}))
