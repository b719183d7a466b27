"""From the cooperative's truck to the member's hands, and the cooperative's money."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from infra.replay.facts import WaveFacts
from infra.replay.market import AT_ONCE, Market
from infra.replay.office import Programme
from infra.replay.people import Person

DELIVERED = ("allocated", "picking_up", "picked", "dropping_off", "delivered")
NOBODY_HOME = ("allocated", "picking_up", "picked", "dropping_off", "on_hold", "return_in_transit", "returned")


class Handout:
    """What happens to one wave after its orders are in."""

    def __init__(self, programme: Programme, facts: WaveFacts, wave: dict[str, Any], market: Market) -> None:
        self._p, self._facts, self._wave, self._market = programme, facts, wave, market
        self._people = {person.order_id: person for person in market.people if person.order_id}
        self.failed_order: str | None = None

    # -- closing

    def confirm_supply(self) -> None:
        """The clock has frozen the wave: the cooperative brings what was ordered and paid."""
        wave = f"/v1/waves/{self._wave['id']}"
        self._p.stack.move_clock(self._facts.payment_due + timedelta(minutes=2))
        demand = self._p.cooperative.get(f"{wave}/demand")
        lines = [{"offer_id": offer, "packs": sums["packs"]} for offer, sums in demand["by_offer"].items()]
        self._p.cooperative.post(f"{wave}/supply", {"lines": lines})
        self._p.stack.idle()

    def hand_over_cash(self) -> None:
        """Each person in charge hands the cash to the programme office, which counts it."""
        for pic, dropoff_id in zip(self._p.pics, self._p.dropoff_ids, strict=True):
            cash = pic.get(f"/v1/dropoffs/{dropoff_id}/cash")
            if cash["on_hand"]:
                slip = {"amount": cash["on_hand"], "method": "setor tunai"}
                remittance = pic.post(f"/v1/dropoffs/{dropoff_id}/remittances", slip)
                self._p.operator.post(f"/v1/remittances/{remittance['id']}/acceptance", {"counted": cash["on_hand"]})

    # -- the day of hand-out

    def receive_goods(self) -> None:
        """The truck leaves Indramayu before dawn; each drop-off counts what it gets."""
        self._p.stack.move_clock(self._facts.departs)
        consignments = self._p.cooperative.everything(f"/v1/waves/{self._wave['id']}/consignments")
        for consignment in consignments:
            lot = {"vehicle": "E 8123 PQ", "lot": "panen-2020-03"}
            self._p.cooperative.post(f"/v1/consignments/{consignment['id']}/departure", lot)
        self._p.stack.move_clock(self._facts.departs + timedelta(hours=4))
        for consignment in consignments:
            pic = self._p.pics[self._p.dropoff_ids.index(consignment["dropoff_id"])]
            counted = [{"offer_id": li["offer_id"], "received": li["expected"], "damaged": 0}
                       for li in consignment["lines"]]  # fmt: skip
            pic.post(f"/v1/consignments/{consignment['id']}/receipt", {"lines": counted})
        self._p.stack.idle()

    def send_home(self) -> None:
        """Motorcycles bring what is to go home; at one door nobody opens."""
        for pic, dropoff_id in zip(self._p.pics, self._p.dropoff_ids, strict=True):
            pic.post(f"/v1/dropoffs/{dropoff_id}/dispatches", {"wave_id": self._wave["id"]})
        self._p.stack.idle()
        trips = list(self._trips())
        self.failed_order = trips[0]["stops"][0]["order_id"]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for outcome in [pool.submit(self._ride, trip) for trip in trips]:
                outcome.result()
        self._p.stack.idle()

    def _ride(self, trip: dict[str, Any]) -> None:
        nobody_home = self.failed_order in [stop["order_id"] for stop in trip["stops"]]
        for status in NOBODY_HOME if nobody_home else DELIVERED:
            self._p.stack.simulate("biteship", id=trip["id"], status=status, notify=1)

    def hand_out(self) -> None:
        """Members show their code at the desk; so does the one at whose door nobody opened."""
        self._p.stack.move_clock(self._facts.departs + timedelta(hours=6))
        orders = [order for dropoff_id in self._p.dropoff_ids for order in self._orders(dropoff_id)]
        waiting = [self._people[o["id"]] for o in orders if o["fulfilment_status"] == "at_dropoff"]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for outcome in [pool.submit(self._collect, person) for person in waiting]:
                outcome.result()
        self._p.stack.idle()

    def pay_cooperative(self) -> None:
        """The cooperative is paid for what was received, on the day of hand-out."""
        for settlement in self._settlements():
            self._p.operator.post(f"/v1/settlements/{settlement['id']}/payouts", {"reference": "RTGS-KOPERASI"})
        self._p.stack.idle()

    def _collect(self, person: Person) -> None:
        code = self._market.actor(person).get(f"/v1/orders/{person.order_id}/pickup-code")["code"]
        self._p.pics[person.dropoff].post(f"/v1/orders/{person.order_id}/handover", {"code": code})

    def _trips(self) -> Iterable[dict[str, Any]]:
        for pic, dropoff_id in zip(self._p.pics, self._p.dropoff_ids, strict=True):
            yield from pic.everything(f"/v1/dropoffs/{dropoff_id}/trips", wave_id=self._wave["id"])

    def _orders(self, dropoff_id: str) -> list[dict[str, Any]]:
        return self._p.operator.everything(f"/v1/dropoffs/{dropoff_id}/orders", wave_id=self._wave["id"])

    def _settlements(self) -> list[dict[str, Any]]:
        every = self._p.cooperative.everything(f"/v1/cooperatives/{self._p.cooperative_id}/settlements")
        return [settlement for settlement in every if settlement["wave_id"] == self._wave["id"]]
