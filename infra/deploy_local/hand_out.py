"""From a confirmed order to goods in a member's hands and a cooperative that is paid, on what was deployed.

The wave is closed by the clock: its schedule is told a time at which everything is due, as no hour is waited for here.
Then whatever else runs by the clock runs once, and every consumer of a stream is told again of what lies in its table.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from infra.deploy_local.deployment import Deployment
from infra.deploy_local.journey import Confirmed, Off
from infra.restore import deployed
from lumbung.domain.moments import rfc3339
from lumbung.runtime import clock

ALL_DUE = timedelta(hours=3)
ELSE_BY_THE_CLOCK = (
    "PaymentsSchedule", "DispatchSchedule", "NoticesSchedule", "CatalogSchedule", "PaymentsNightly",
)  # fmt: skip


def run(deployment: Deployment, confirmed: Confirmed, say: Callable[[str], None]) -> None:
    """Go on from *confirmed*; Off where it ends early."""
    _tick(deployment, "OrderingSchedule")
    _supply(confirmed)
    say("closed, counted, supplied and allocated")
    _receive(confirmed)
    say("departed, received, and moved to the drop-off")
    _hand_over(confirmed)
    say("handed over by its pick-up code")
    _pay_out(confirmed)
    say("the cooperative is paid for what was received, and the ledger balances")
    for function in ELSE_BY_THE_CLOCK:
        _tick(deployment, function)
    say(f"by the clock: {', '.join(ELSE_BY_THE_CLOCK)}")
    told = dict(deployed.replay(deployment.aws, deployment.names, deployment.template))
    _balanced(confirmed)
    say(f"told again: {sum(told.values())} records to {len(told)} consumers of streams; the ledger balances")


def _supply(confirmed: Confirmed) -> None:
    wave, token = f"/v1/waves/{confirmed.wave}", confirmed.token("cooperative")
    demand = confirmed.web.granted(f"{wave}/demand", token=token)
    lines = [{"offer_id": offer, "packs": sums["packs"]} for offer, sums in demand["by_offer"].items()]
    confirmed.web.must("POST", f"{wave}/supply", {"lines": lines}, token=token)


def _receive(confirmed: Confirmed) -> None:
    web, farmer = confirmed.web, confirmed.token("cooperative")
    [lot] = web.until(f"/v1/waves/{confirmed.wave}/consignments", lambda c: c["items"], token=farmer)["items"]
    path = f"/v1/consignments/{lot['id']}"
    web.must("POST", f"{path}/departure", {"vehicle": "E 8123 PQ"}, token=farmer)
    counted = [{"offer_id": li["offer_id"], "received": li["expected"], "damaged": 0} for li in lot["lines"]]
    web.must("POST", f"{path}/receipt", {"lines": counted}, token=confirmed.token("pic"))
    order = f"/v1/orders/{confirmed.order}"
    web.until(order, lambda o: o["fulfilment_status"] == "at_dropoff", token=confirmed.token("member"))


def _hand_over(confirmed: Confirmed) -> None:
    web, order, member = confirmed.web, f"/v1/orders/{confirmed.order}", confirmed.token("member")
    code = web.must("GET", f"{order}/pickup-code", token=member)["code"]
    web.must("POST", f"{order}/handover", {"code": code}, token=confirmed.token("pic"))
    web.until(order, lambda o: o["fulfilment_status"] == "collected", token=member)
    web.until(f"/v1/waves/{confirmed.wave}", lambda w: w["state"] == "completed", token=member)


def _pay_out(confirmed: Confirmed) -> None:
    web, office = confirmed.web, confirmed.token("operator")
    path = f"/v1/cooperatives/{confirmed.cooperative}/settlements"
    [owed] = web.until(path, lambda s: s["items"], token=office)["items"]
    web.must("POST", f"/v1/settlements/{owed['id']}/payouts", {"reference": "RTGS-1"}, token=office, status=201)
    web.until(path, lambda s: s["items"][0]["status"] == "paid", token=office)
    _balanced(confirmed)


def _balanced(confirmed: Confirmed) -> None:
    balance: Any = confirmed.web.must("GET", "/v1/ledger/trial-balance", token=confirmed.token("operator"))
    if balance["difference"]:
        raise Off(f"the ledger says {balance}")


def _tick(deployment: Deployment, function: str) -> None:
    """Let the scheduler's time come for *function*."""
    event = {"time": rfc3339(clock.now() + ALL_DUE)}
    name = deployment.names[function]
    answer = deployment.aws("lambda").invoke(FunctionName=name, Payload=json.dumps(event).encode())
    if answer.get("FunctionError"):
        raise Off(f"{function}: {answer['Payload'].read().decode()}")
