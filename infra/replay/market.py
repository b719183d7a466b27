"""Two days of ordering and paying: more is asked for than there is, and what is given up goes to others."""

import hashlib
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from infra.local.settings import SECRETS
from infra.replay.client import Actor, Refused, Stack
from infra.replay.facts import WaveFacts
from infra.replay.office import Programme
from infra.replay.people import Person, population

SLOT = timedelta(minutes=30)
AT_ONCE = 6


class Market:
    """One wave's people at work, half an hour at a time."""

    def __init__(self, programme: Programme, facts: WaveFacts, wave: dict[str, Any], seed: int) -> None:
        self._p, self._facts, self._wave = programme, facts, wave
        self._seed = seed
        self.people = population(facts, random.Random(seed))
        self._offers = {offer["weight_g"] // 1000: offer["id"] for offer in wave["offers"]}
        self._waiting: list[Person] = []
        self._owing: list[tuple[datetime, Person]] = []
        self._cancels = next(p for p in self.people if p.method == "qris" and not p.address and not p.forgets)
        self.happened: Counter[str] = Counter()

    def run(self) -> Iterator[datetime]:
        """Replay from opening until the last payment is due; yield each half hour when it is over."""
        slot = self._facts.opens
        coming = list(self.people)
        while slot < self._facts.payment_due:
            now_coming = [person for person in coming if person.comes < slot + SLOT]
            coming = coming[len(now_coming) :]
            if now_coming or self._due(slot) or self._waiting:
                self._p.stack.move_clock(slot + SLOT / 2)
                if slot < self._facts.closes:
                    self._each(now_coming, self._order)
                    self._serve_the_waiting()
                self._each(self._take_due(slot), self._pay)
                self._cancel_one(slot)
            slot += SLOT
            yield slot
        self._p.stack.idle()

    def actor(self, person: Person) -> Actor:
        return Actor(
            self._p.stack, person.sub, "member", name=person.name, phone=person.phone,
            institution_id=self._p.institution_ids[person.institution],
        )  # fmt: skip

    # -- ordering

    def _order(self, person: Person) -> None:
        try:
            order = self.actor(person).post("/v1/orders", self._asked(person))
        except Refused as refused:
            if refused.code != "sold_out":
                raise
            self.happened["sold out"] += 1
            self._waiting.append(person)
            return
        person.order_id = order["id"]
        self.happened["ordered"] += 1
        if person.forgets:
            self.happened["abandoned"] += 1
        else:
            self._owing.append((self._p.stack.now() + person.pays_after, person))

    def _asked(self, person: Person) -> dict[str, Any]:
        fulfilment: dict[str, Any] = {"method": "pickup"}
        if person.address:
            fulfilment = {"method": "courier", "address": person.address}
        return {
            "wave_id": self._wave["id"],
            "dropoff_id": self._p.dropoff_ids[person.dropoff],
            "lines": [{"offer_id": self._offers[kg], "quantity": packs} for kg, packs in person.wish.items()],
            "fulfilment": fulfilment,
        }

    def _serve_the_waiting(self) -> None:
        """Who found everything sold looks again, and takes what has come back."""
        if not self._waiting:
            return
        left = self._left()
        for person in self._waiting[:]:
            wish = {kg: min(packs, left[kg]) for kg, packs in person.wish.items() if left[kg]}
            if not wish:
                continue
            self._waiting.remove(person)
            person.wish, person.forgets = wish, person.forgets and self._may_forget()
            for kg, packs in wish.items():
                left[kg] -= packs
            self._order(person)

    def _left(self) -> dict[int, int]:
        wave = self._p.operator.get(f"/v1/waves/{self._wave['id']}")
        return {offer["weight_g"] // 1000: offer["remaining"] for offer in wave["offers"]}

    def _may_forget(self) -> bool:
        return self._p.stack.now() < self._facts.no_more_absent_minds

    def _cancel_one(self, slot: datetime) -> None:
        """One member who has paid takes the order back, and is given the money back by the provider."""
        person = self._cancels
        if self.happened["cancelled"] or not person.paid or slot >= self._facts.no_more_absent_minds:
            return
        self._p.stack.idle()
        self.actor(person).post(f"/v1/orders/{person.order_id}/cancellation")
        self.happened["cancelled"] += 1

    # -- paying

    def _due(self, slot: datetime) -> bool:
        return any(at < slot + SLOT for at, _ in self._owing)

    def _take_due(self, slot: datetime) -> list[Person]:
        due = [person for at, person in self._owing if at < slot + SLOT]
        self._owing = [(at, person) for at, person in self._owing if at >= slot + SLOT]
        return due

    def _pay(self, person: Person) -> None:
        if person.method == "cash":
            pic = self._p.pics[person.dropoff]
            order = pic.get(f"/v1/orders/{person.order_id}")
            number = f"KW-{person.sub}"
            receipt = {"amount": order["balance"], "receipt_number": number}
            pic.post(f"/v1/orders/{person.order_id}/cash-receipts", receipt)
        else:
            bank = {"bank": person.bank} if person.method == "virtual_account" else {}
            asked = {"method": person.method, **bank}
            payment = self.actor(person).post(f"/v1/orders/{person.order_id}/payments", asked)
            person.payment_id = payment["id"]
            self._settle(person, payment["amount"])
        person.paid = True
        self.happened["paid"] += 1

    def _settle(self, person: Person, amount: int) -> None:
        """The member has paid: the provider tells once, three times, or not at all, and old news comes late."""
        random_ = random.Random(f"{self._seed} {person.sub}")
        notify = random_.choices((1, 3, 0), (78, 17, 5))[0]
        asked = {"order_id": person.payment_id, "transaction_status": "settlement", "notify": notify}
        self._p.stack.simulate("midtrans", **asked)
        self.happened["repeated"] += notify == 3
        self.happened["not told"] += notify == 0
        if notify and random_.random() < 0.1:
            late_news(self._p.stack, str(person.payment_id), amount)
            self.happened["overtaken"] += 1

    def _each(self, people: Iterable[Person], act: Callable[[Person], None]) -> None:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for outcome in [pool.submit(act, person) for person in people]:
                outcome.result()


def late_news(stack: Stack, payment_id: str, amount: int) -> None:
    """Deliver, properly signed, the `pending` notification that was overtaken by the settlement."""
    gross = f"{amount}.00"
    signed = hashlib.sha512(f"{payment_id}201{gross}{SECRETS['lumbung/midtrans']['server_key']}".encode()).hexdigest()
    body = {
        "transaction_status": "pending",
        "transaction_id": f"late-{payment_id}",
        "status_message": "midtrans payment notification",
        "status_code": "201",
        "signature_key": signed,
        "order_id": payment_id,
        "gross_amount": gross,
        "fraud_status": "accept",
        "currency": "IDR",
    }
    answer = stack.http.post("/v1/webhooks/payments/midtrans", json=body, headers={"user-agent": "Veritrans"})
    answer.raise_for_status()
