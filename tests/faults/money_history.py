"""A wave's money at random: what members, people in charge, the office, treasurers and providers do to it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from infra.simulators.snap import CLIENT_KEY
from lumbung.domain.people import Caller, Person
from lumbung.providers.snap_signature import issue_token
from lumbung.runtime import deps
from tests.faults.history import Act, History
from tests.faults.money_world import OF_THE_BANK, SECOND, MoneyWorld, staff
from tests.integration.bank import Bank
from tests.integration.conftest import SECRETS
from tests.integration.office import OPERATOR, PIC, a_member

MEMBERS, PRICE, UNIT = 4, 55_000, "Biro Umum"
WAYS = ("virtual_account", "virtual_account", "bank", "qris", "qris", "gopay", "tpp")
STATES = ("settlement",) * 4 + ("pending", "expire", "deny", "cancel", "refund")
LIABLE = ("cooperative", "courier", "pic", "member", "programme")
CONSENT = {"unit": UNIT, "valid_from": "2020-04-01", "valid_until": "2020-12-31", "text_version": "2020-1"}
Choice = tuple[str, Act]


class MoneyHistory(History):
    world: MoneyWorld

    def __init__(self, world: MoneyWorld, seed: int) -> None:
        super().__init__(world, seed)
        for n in range(MEMBERS):
            deps.people().keep_first(Person(a_member(n).id, f"Siti {n}", nip=f"19870312201012100{n}"))
        world.publish(quotas={5: self.chance.choice((6, 30))}, orders_per_member=None)
        self._received = 0
        for _ in range(MEMBERS):
            self._place()[1]()

    def live(self, steps: int = 60) -> list[str]:
        """Live through *steps*, tell what was never told, let it come to rest, and return what was wrong."""
        for _ in range(steps):
            self._later(self.chance.choice((1, 20, 120, 400)))
            self._happen(*self._something())
        self._come_again()
        for payment_id, truth in self.world.truths.items():
            self.world.ids["last"] = payment_id
            self.world.told("last", truth.status)
        for _ in range(3):
            self.world.settle()
        self.wrong += self.world.broken()
        return self.wrong

    def _something(self) -> Choice:
        acts: dict[Callable[[], Choice | None], int] = {
            self._place: 10, self._ask: 16, self._be_paid: 16, self._pay_at_the_bank: 5, self._take_cash: 7,
            self._take_cash_offline: 5, self._cancel: 3, self._change: 4, self._decide: 6, self._by_hand: 12,
            self._hand_over: 4, self._accept: 4, self._receive: 3, self._arrive: 4, self._pay_out: 3,
            self._consent: 3, self._export: 3, self._answer: 4, self._apply: 10, self._clock: 10,
        }  # fmt: skip
        while True:  # some have nothing to be done to
            if found := self.chance.choices([*acts], weights=[*acts.values()])[0]():
                return found

    def _calls(self) -> int:
        return self.chance.choice((3, 8, 16))

    # -- orders and payments

    def _place(self) -> Choice:
        n, packs, key = self.chance.randrange(MEMBERS), self.chance.choice((1, 1, 2)), self._key()

        def act() -> None:
            placed = self.world.place(n, packs, key=key, dropoff=0)
            if placed.status == 201:
                self.world.ids[f"{n} {key} orders"] = placed.json["id"]

        return f"member {n} orders {packs}", act

    def _ask(self) -> Choice:
        name, way, key = self._some_order(), self.chance.choice(WAYS), self._key()
        bank = {"bank": OF_THE_BANK} if way == "bank" else {}
        method = "virtual_account" if way == "bank" else way
        by = staff(self.world, self._member(name)) if way == "tpp" else PIC
        return f"asks to pay {name} by {way}", lambda: self.world.ask(name, method, key=key, by=by, **bank)

    def _be_paid(self) -> Choice | None:
        """The provider moves it, and tells it never, once or more often."""
        known = sorted(self.world.truths)
        if not known:
            return None
        payment_id, status = self.chance.choice(known), self.chance.choice(STATES)
        times, wrong_amount = self.chance.choice((0, 1, 1, 3)), self.chance.random() < 0.05

        def act() -> None:
            truth = self.world.truths[payment_id]
            if wrong_amount and truth.status == "pending" and not truth.refunds:
                truth.amount -= 5_000
            self.world.ids[payment_id] = payment_id
            self.world.moves(payment_id, status)
            for _ in range(times):
                self.world.told(payment_id, status)

        return f"{payment_id} is {status}, told {times} times", act

    def _pay_at_the_bank(self) -> Choice | None:
        bills = sorted(item["partner"].strip() + item["customer"] for _, item in self.world.ledger().of("BILL"))
        if not bills:
            return None
        number, key = self.chance.choice(bills), self._key()

        def act() -> None:
            token = issue_token(CLIENT_KEY, SECRETS["SnapSecret"]["token_secret"], now=self.world.now)
            Bank(self.world, held=token).pay(number, PRICE, request_id=key, external=f"20200407{key[4:].zfill(12)}")

        return f"the bank is paid for {number}", act

    def _take_cash(self) -> Choice:
        name, key = self._some_order(), self._key()
        amount = self.chance.choice((PRICE, PRICE, 2 * PRICE))
        return f"{amount} in cash for {name}", lambda: self.world.take_cash(name, amount, key=key)

    def _take_cash_offline(self) -> Choice:
        name, number, amount = self._some_order(), f"R-{self.chance.randrange(4)}", self.chance.choice((PRICE, 60_000))
        took_at = (self.world.now - timedelta(minutes=self.chance.choice((0, 30, 180)))).isoformat()
        key, more = self._key(), {"receipt_number": number, "received_at": took_at}
        return (
            f"{amount} in cash for {name}, offline, {number}",
            lambda: self.world.take_cash(name, amount, key=key, **more),
        )

    def _cancel(self) -> Choice:
        name, key = self._some_order(), self._key()
        return f"cancels {name}", lambda: self.world.cancel(self.world.ids[name], self._member(name), key)

    def _change(self) -> Choice:
        name, packs, key = self._some_order(), self.chance.choice((1, 2, 3)), self._key()
        return (
            f"changes {name} to {packs}",
            lambda: self.world.edit(self.world.ids[name], self._member(name), packs, key=key),
        )

    # -- through people's hands

    def _decide(self) -> Choice:
        name, amount = self._some_order(), self.chance.choice((5_000, 33_000, PRICE))
        body = {"amount": amount, "reason": "Rusak", "liable": self.chance.choice(LIABLE)}
        return f"refund of {amount} for {name}, {body['liable']}", self._post(
            f"/orders/{self.world.ids[name]}/refunds", body
        )

    def _by_hand(self) -> Choice | None:
        step, body, by = self.chance.choice((
            ("transfer", {"bank_reference": "BRI-1"}, OPERATOR), ("transfer", {"bank_reference": "BRI-2"}, SECOND),
            ("cash", None, PIC), ("confirmation", None, OPERATOR), ("confirmation", None, SECOND),
            ("failure", {"reason": "Salah"}, SECOND),
        ))  # fmt: skip
        if not (refund := self._some("REFUND")):
            return None
        return (f"{step} of {refund} by {by.id}", self._post(f"/refunds/{refund}/{step}", body, by))

    def _hand_over(self) -> Choice:
        body = {"amount": self.chance.choice((20_000, PRICE, 165_000)), "method": "tunai"}
        return f"hands over {body['amount']}", self._post(f"/dropoffs/{self.world.dropoffs[0]}/remittances", body, PIC)

    def _accept(self) -> Choice | None:
        if not (slip := self._some("REMITTANCE")):
            return None
        body = {"counted": self.chance.choice((15_000, 20_000, PRICE))}
        by = self.chance.choice((OPERATOR, SECOND))
        return f"{body['counted']} of {slip} counted", self._post(f"/remittances/{slip}/acceptance", body, by)

    # -- goods

    def _receive(self) -> Choice:
        self._received += self.chance.choice((0, 1))  # told again, perhaps
        packs, n, moved_on = self.chance.randrange(3), self._received, self.chance.random() < 0.7
        return f"{packs} are received, {n}", lambda: self.world.receive(packs if n % 2 else 1, n=n, moved_on=moved_on)

    def _arrive(self) -> Choice:
        name = self._some_order()
        return f"goods of {name} arrive", lambda: self.world.arrive(name)

    def _pay_out(self) -> Choice | None:
        if not (settlement := self._some("SETTLEMENT")):
            return None
        return f"{settlement} is paid out", self._post(f"/settlements/{settlement}/payouts", {"reference": "BRI-9"})

    # -- deductions

    def _consent(self) -> Choice:
        n, amount, key = self.chance.randrange(MEMBERS), self.chance.choice((PRICE, 300_000)), self._key()
        by, path = staff(self.world, n), "/me/tpp-consent"
        if self.chance.random() < 0.3:
            return f"member {n} withdraws", lambda: self.world.money(f"{path}/withdrawal", key=key, by=by)
        body = CONSENT | {"max_amount": amount}
        return f"member {n} consents to {amount}", lambda: self.world.money(path, body, key=key, by=by, method="PUT")

    def _export(self) -> Choice:
        body = {"institution_id": self.world.office.institution, "unit": UNIT}
        return "a treasurer is asked", self._post("/tpp/batches", body)

    def _answer(self) -> Choice | None:
        exported = [(id_, item["batch"]) for id_, item in self.world.ledger().of("DEDUCTION") if "batch" in item]
        if not exported:
            return None
        payment_id, batch = self.chance.choice(exported)
        deducted = self.chance.choice((PRICE, PRICE, 20_000, 0, 60_000))
        body = {"lines": [{"payment_id": payment_id, "deducted": deducted}]}
        return f"{deducted} were deducted for {payment_id}", self._post(f"/tpp/batches/{batch}/results", body)

    # -- what runs by itself

    def _apply(self) -> Choice:
        return "the stream", self.world.stream

    def _clock(self) -> Choice:
        def act() -> None:
            self.world.minute()
            self.world.tick()

        return "the clock", act

    # -- helpers

    def _post(self, path: str, body: Any, by: Caller = OPERATOR) -> Act:
        key = self._key()
        return lambda: self.world.money(path, body, key=key, by=by)

    def _some_order(self) -> str:
        return self.chance.choice([name for name in self.world.ids if name.endswith(" orders")])

    def _some(self, kind: str) -> str | None:
        found = sorted(item["pk"].partition("#")[2] for item in self.world.items(kind))
        return self.chance.choice(found) if found else None

    def _member(self, name: str) -> int:
        return int(name[0])
