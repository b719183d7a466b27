"""A wave's life at random: what members, their person in charge and the clock do."""

from datetime import timedelta
from typing import Any

from lumbung.domain.wave import Wave
from lumbung.runtime import deps
from tests.faults.history import Act, History
from tests.faults.ordering_world import FROZEN, QUEUE, Accepting, World
from tests.integration.conftest import Reply
from tests.integration.office import CLOSES

MEMBERS = 12
LATER = "2020-04-08T09:00:00+07:00"  # an hour later than was said
POLICIES = ("first_come", "pro_rata", "equal_rounds")
ACCEPTING: tuple[Accepting, ...] = ({}, {}, {1: {"instead": [(0, 2)]}}, {0: {"instead": [(1, 1)], "more": 3}})


class WaveHistory(History):
    def __init__(self, world: World, seed: int) -> None:
        super().__init__(world, seed)
        quotas = {5: self.chance.choice((7, 40, 90)), 10: self.chance.choice((3, 20))}
        limits = [limit for limit in (2, 5, 15) if limit <= min(quotas.values())]
        world.publish(
            quotas=quotas,
            max_per_member=self.chance.choice((None, *limits)),
            orders_per_member=self.chance.choice((1, 1, 2, None)),
            allocation_policy=self.chance.choice(POLICIES),
            minimum_weight_g=self.chance.choice((None, None, None, 100_000)),
        )

    def live(self, steps: int = 30) -> list[str]:
        """Live the wave from opening to allocation, and return what was wrong."""
        for _ in range(steps):
            self._later(self.chance.choice((1, 40, 600, 3000)))
            self._happen(*self._something())
        self._come_again()
        self.world.at(FROZEN)
        self._close()
        self.wrong += self.world.broken()
        self._ask_again()
        return self.wrong

    # -- what may happen

    def _something(self) -> tuple[str, Act]:
        acts = (
            self._place, self._edit, self._cancel, self._pay, self._expire, self._repeat, self._close_early,
            self._extend, self._call_off,
        )  # fmt: skip
        return self.chance.choices(acts, weights=(80, 40, 24, 60, 24, 12, 2, 2, 1))[0]()

    def _place(self) -> tuple[str, Act]:
        n, key = self.chance.randrange(MEMBERS), self._key()
        packs, accepting = self._packs(), self.chance.choice(ACCEPTING)
        fresh, by_pic = self.chance.random() < 0.5, self.chance.random() < 0.2

        def act() -> None:
            placed = self.world.place(n, *packs, key=key, fresh=fresh, accepting=accepting, by_pic=by_pic)
            self._must_be_gone(placed, packs)

        return f"{'the PIC for ' if by_pic else ''}member {n} orders {packs} accepting {accepting}", act

    def _edit(self) -> tuple[str, Act]:
        order, key, packs, accepting = self._some_order(), self._key(), self._packs(), self.chance.choice(ACCEPTING)
        body = {"lines": self.world.lines(packs, accepting)}
        return (
            f"changes {self._name(order)} to {packs}",
            lambda: order and self._send(order, f"/v1/orders/{order.order_id}", body, key, "PATCH"),
        )

    def _cancel(self) -> tuple[str, Act]:
        order, key = self._some_order(), self._key()
        return (
            f"cancels {self._name(order)}",
            lambda: order and self._send(order, f"/v1/orders/{order.order_id}/cancellation", None, key),
        )

    def _send(self, order: Any, path: str, body: Any, key: str, method: str = "POST") -> Reply:
        return self.world.post(path, body, key=key, by=order.member, method=method)

    def _pay(self) -> tuple[str, Act]:
        order, key = self._some_order(), self._key()
        return f"pays {self._name(order)}", lambda: order and self.world.cash(order.order_id, key)

    def _repeat(self) -> tuple[str, Act]:
        order = self._some_order()
        return f"repeats {self._name(order)}", lambda: order and self._same(order)

    def _expire(self) -> tuple[str, Act]:
        return "the clock", self.world.tick

    def _close_early(self) -> tuple[str, Act]:
        key = self._key()
        return "the operator closes", lambda: self.world.close(key)

    def _extend(self) -> tuple[str, Act]:
        key = self._key()
        return "the operator extends", lambda: self._of_wave("extension", {"closes_at": LATER}, key)

    def _call_off(self) -> tuple[str, Act]:
        key = self._key()
        return "the operator calls it off", lambda: self._of_wave("cancellation", {"reason": "Banjir"}, key)

    def _of_wave(self, action: str, body: Any, key: str) -> Reply:
        return self.world.post(f"/v1/waves/{self.world.wave['id']}/{action}", body, key=key)

    def _supply(self) -> tuple[str, Act]:
        packs, key = (self.chance.randrange(30), self.chance.randrange(6)), self._key()
        return f"supply of {packs}", lambda: self.world.supply(*packs, key=key)

    # -- how it ends

    def _close(self) -> None:
        """Freeze, count, supply and allocate; messages are lost to crashes, and come again, late and twice."""
        for _ in range(200):
            wave = deps.waves().get(self.world.wave["id"])
            if wave.status == "frozen" and not self.world.frozen:
                self.world.note_frozen()
            if self._is_over(wave):
                return
            self._later(20)
            self._step_of_closing()
        self.wrong.append("the wave does not come to its end")

    def _is_over(self, wave: Wave) -> bool:
        run = deps.closings().find(wave.id)
        if wave.status == "cancelled":
            return run is not None and run.step == "cancelled"
        return wave.status not in ("published", "frozen")

    def _step_of_closing(self) -> None:
        message = self.world.aws.take(QUEUE)
        if message:
            again = not self._happen(str(message["step"]), lambda: self.world.work(message))
            if again or self.chance.random() < 0.2:
                self.world.aws.queued.insert(self._place_in_queue(), (QUEUE, message))
            self._unanswered.clear()  # the queue has it
            return
        run = deps.closings().find(self.world.wave["id"])
        waits = run is not None and run.step == "supply"
        self._happen(*(self._supply() if waits and self.chance.random() < 0.7 else self._something_late()))

    def _something_late(self) -> tuple[str, Act]:
        if self.chance.random() < 0.3:
            return self._something()
        at = self.world.now.replace(minute=self.world.now.minute // 10 * 10) + timedelta(minutes=10)
        self.world.at(at)  # when the clock looks for stuck closings
        return self._expire()

    # -- what must be so

    def _must_be_gone(self, reply: Reply, packs: tuple[int, ...]) -> None:
        """1, no undersell: who is told that packs are gone is told the truth (a rival may have brought some back)."""
        if self._alone and reply.status == 409 and reply.json["code"] == "sold_out":
            self.log.append("  sold out")
            offers = self.world.wave["offers"]
            left = [sum(deps.shards().look(_offer(self.world, offer["id"])).values()) for offer in offers]
            if all(wanted <= there for wanted, there in zip(packs, left, strict=False)):
                self.wrong.append(f"1: {packs} were refused as sold out, and left are {left}")

    def _same(self, order: Any) -> None:
        """2: the same key is the same order, whenever it is asked."""
        reply = self.world.post("/v1/orders", order.body, key=order.key, by=order.member)
        if (reply.status, reply.json.get("id")) != (201, order.order_id):
            self.wrong.append(f"2: {order.order_id} was repeated and answered with {reply.status} {reply.text[:200]}")

    def _ask_again(self) -> None:
        for order in list(self.world.accepted.values()):
            self._same(order)
        late = self.world.place(MEMBERS, 1, key="late")
        if late.status == 201 or self.world.now < CLOSES:
            self.wrong.append("3: an order was taken after closing")

    # -- helpers

    def _packs(self) -> tuple[int, ...]:
        return self.chance.choice(((1,), (2,), (1, 1), (0, 2), (11,), (3, 1)))

    def _some_order(self) -> Any:
        return self.chance.choice(list(self.world.accepted.values())) if self.world.accepted else None

    def _name(self, order: Any) -> str:
        return f"{order.order_id[:8]} of {order.member.id}" if order else "nothing"

    def _place_in_queue(self) -> int:
        return self.chance.randrange(len(self.world.aws.queued) + 1)


def _offer(world: World, offer_id: str) -> Any:
    return deps.waves().recent(world.wave["id"]).offers_by_id[offer_id]
