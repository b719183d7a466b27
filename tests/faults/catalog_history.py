"""A source's life at random: it changes, is read, held, approved; people set prices meanwhile, and give them back."""

from typing import Any

from tests.faults.catalog_scenarios import known
from tests.faults.catalog_world import QUEUE, SOURCE, CatalogWorld
from tests.faults.history import Act, History


class SourceHistory(History):
    def __init__(self, world: CatalogWorld, seed: int) -> None:
        super().__init__(world, seed)  # type: ignore[arg-type]  # all it needs of a world is its clock and containers
        self.catalog = world
        known(world)

    def live(self, steps: int = 40) -> list[str]:
        """Live it, let what waits be done, and return what was wrong."""
        for _ in range(steps):
            self._later(60)
            self._happen(*self._something())
        self._come_again()
        self.catalog.settle()
        return self.catalog.broken()

    def _something(self) -> tuple[str, Act]:
        acts = (self._change, self._start, self._work, self._decide, self._price, self._give_back, self._follow)
        return self.chance.choices(acts, weights=(4, 3, 12, 3, 3, 1, 2))[0]()

    def _change(self) -> tuple[str, Act]:
        """The source says something else: of a price, a little or a lot; of a pack, that it is gone, new, or broken."""
        sku = self.chance.choice(sorted(self.catalog.rows))
        name, kg, _ = self.catalog.rows[sku]
        price = kg * self.chance.choice((11_000, 11_300, 11_600, 30_000))
        said: Any = self.chance.choice((price, price, price, "gratis", None))

        def act() -> None:
            if said is None and len(self.catalog.rows) > 3:
                self.catalog.rows.pop(sku, None)
            elif said is not None:
                self.catalog.rows[sku] = (name, kg, said)

        return f"{sku} is {said} at its source", act

    def _start(self) -> tuple[str, Act]:
        key = self._key()

        def act() -> None:
            books = self.catalog.books()
            if not books.running.get(SOURCE) and all(run.status != "held" for run in books.runs.values()):
                self.catalog.before = books.sold
                self.catalog.approved = False
            self.catalog.post("/syncs", {"source": SOURCE}, key=key)

        return "a run starts", act

    def _work(self) -> tuple[str, Act]:
        """A message is taken; it is in the queue again unless it was done with, and sometimes also then."""
        again = self.chance.random() < 0.2

        def act() -> None:
            if message := self.catalog.aws.take(QUEUE):
                done = False
                try:
                    self.catalog.fresh()
                    self.catalog.work(message)
                    done = True
                finally:
                    if again or not done:
                        self.catalog.aws.queued.append((QUEUE, message))

        return "the run goes on", act

    def _decide(self) -> tuple[str, Act]:
        key, yes = self._key(), self.chance.random() < 0.7

        def act() -> None:
            for run in self.catalog.books().runs.values():
                if run.status == "held":
                    self.catalog.ids["run"] = run.id
                    self.catalog.approve(yes, key=f"{key} {run.id}")

        return "the office approves" if yes else "the office rejects", act

    def _price(self) -> tuple[str, Act]:
        kg, key = self.chance.randrange(1, 11), self._key()
        price = kg * self.chance.randrange(10_800, 11_800)
        return f"B{kg} is set to {price}", lambda: self.catalog.price(f"B{kg}", price, key=key)

    def _give_back(self) -> tuple[str, Act]:
        key, kg = self._key(), self.chance.randrange(1, 11)

        def act() -> None:
            path = f"/products/{self.catalog.ids['product']}/following"
            self.catalog.local.pop(f"B{kg}", None)  # asked for, it may happen although nobody is answered
            self.catalog.post(path, {"fields": [f"packs.B{kg}"]}, key=key)

        return f"B{kg} is given back", act

    def _follow(self) -> tuple[str, Act]:
        return "the stream tells", self.catalog.follow
