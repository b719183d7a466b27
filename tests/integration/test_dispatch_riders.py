"""A drop-off's own riders: registered, offered trips, which they claim and work through on a page without scripts."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from dispatch import api, schedule
from lumbung.domain.errors import Stale
from lumbung.domain.moments import rfc3339
from lumbung.domain.pickup_code import pickup_code
from lumbung.domain.rider import EXPIRED, Pass
from lumbung.domain.trip import ASK_AGAIN, PATIENCE
from lumbung.runtime import deps, deps_dispatch
from tests.integration.conftest import ENVIRONMENTS, Http, Reply
from tests.integration.dispatch_world import NOW, OFFICE, PIC_ONE, PIC_TWO, World, member
from tests.integration.faults import Snapshot, rival, rival_points, seam
from tests.integration.test_dispatch_trips import arrive, delivery, dispatch, trips

OF = "/v1/dropoffs/drp_1/riders"
FORM = {"content-type": "application/x-www-form-urlencoded"}
JOKO = {"name": "Joko <b>", "phone": "081311112222", "plate": "B 1234 XYZ"}


@pytest.fixture
def world(http: Http) -> World:
    made = World()
    made.set_up()
    return made


class Phone:
    """One rider's phone: what it shows, and what is tapped on it."""

    def __init__(self, http: Http, **about: str) -> None:
        self._http = http
        made = http(api.handler, "POST", OF, JOKO | about, caller=PIC_ONE, key=f"rider {about}", at=NOW)
        assert made.status == 201, made.text
        self.id = made.json["id"]
        link = http(api.handler, "POST", f"{OF}/{self.id}/link", caller=PIC_ONE, at=NOW)
        self.path = link.json["path"]

    def shows(self, at=NOW) -> Reply:
        return self._http(api.handler, "GET", self.path, at=at)

    def tap(self, trip_id: str, do: str, *, at=NOW, **fields: str) -> Reply:
        body = urlencode({"do": do, **fields})
        return self._http(api.handler, "POST", f"{self.path}/{trip_id}", body, headers=FORM, at=at)


@pytest.fixture
def joko(world: World, http: Http) -> Phone:
    return Phone(http)


def offered(world: World, http: Http, orders: int = 1) -> tuple[list[str], str]:
    """Return the orders that share the one trip that is offered, and its id."""
    made = [world.order({"off_a5": 1}, courier=True, km=3 + n / 100) for n in range(orders)]
    arrive(world, http)
    dispatch(http)
    world.settle()
    [trip] = trips(http)
    return made, trip["id"]


def code_of(order_id: str) -> str:
    return pickup_code(deps.id_secret(), order_id)


def test_trips_of_a_drop_off_with_riders_are_offered_to_them_and_nobody_is_booked(world, http, joko):
    _, trip_id = offered(world, http, orders=3)
    [trip] = trips(http)
    page = joko.shows()

    assert (trip["courier"], trip["status"], len(trip["stops"])) == ("riders", "searching", 3)
    assert page.status == 200
    assert page.headers["content-type"].startswith("text/html")
    assert f"{joko.path}/{trip_id}" in page.text
    assert "Ambil perjalanan ini" in page.text
    assert "3 perhentian · 3,9 km · 15 kg · bayaran Rp10.200" in page.text
    assert "Salemba" not in page.text and "081298765432" not in page.text, "who has not claimed it sees no address"
    assert "Joko &lt;b&gt;" in page.text
    assert "<script" not in page.text
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_a_rider_works_through_a_trip(world, http, joko):
    (one, two), trip_id = offered(world, http, orders=2)
    taken = joko.tap(trip_id, "claim")

    assert (taken.status, taken.headers["location"]) == (303, joko.path)
    assert "Jl. Salemba 4" in joko.shows().text and 'href="tel:081298765432"' in joko.shows().text
    assert joko.tap(trip_id, "pick_up").status == 303
    assert joko.tap(trip_id, "deliver", order_id=one, code=code_of(one), receiver="Siti").status == 303
    assert (world.status(one), world.status(two)) == ("delivered", "dispatched"), "each at its own door"
    assert world.open_orders() == 1
    assert joko.tap(trip_id, "deliver", order_id=two, receiver="Bu Siti", photo="IMG_0042").status == 303
    assert (world.status(two), world.open_orders()) == ("delivered", 0)
    assert {stop["status"] for stop in trips(http)[0]["stops"]} == {"delivered"}
    assert trips(http)[0]["status"] == "delivered"
    assert "Salemba" not in joko.shows().text, "nothing is shown of what is over"
    fees = sum(order.courier_fee for order in world.orders)
    assert world.balances() == {
        f"courier:{joko.id}": -10_200, "delivery_difference": 10_200 - fees, "unearned:wav_1": fees,
    }  # fmt: skip


def test_what_could_not_be_handed_over_is_brought_back(world, http, joko):
    (one, two), trip_id = offered(world, http, orders=2)
    for do in ("claim", "pick_up"):
        joko.tap(trip_id, do)
    joko.tap(trip_id, "fail", order_id=one, reason="nobody_home")

    assert world.status(one) == "dispatched", "it is still on the motorcycle"
    assert [s["status"] for s in trips(http)[0]["stops"] if s["order_id"] == one] == ["failed"]
    assert "Tidak ada orang di rumah" in joko.shows().text
    joko.tap(trip_id, "deliver", order_id=two, receiver="Siti", code=code_of(two))
    assert trips(http)[0]["status"] == "returning"
    assert joko.tap(trip_id, "bring_back").status == 303
    assert (world.status(one), world.status(two)) == ("at_dropoff", "delivered")
    assert trips(http)[0]["status"] == "delivered"
    assert world.balances()[f"courier:{joko.id}"] == -10_200
    assert deps.orders().get(one).history[-2].event == "failed", "which its member is told"


def test_a_second_try_at_a_door_may_still_succeed(world, http, joko):
    [one], trip_id = offered(world, http)
    for do in ("claim", "pick_up"):
        joko.tap(trip_id, do)
    joko.tap(trip_id, "fail", order_id=one, reason="nobody_home")
    joko.tap(trip_id, "deliver", order_id=one, receiver="Tetangga", photo="7")

    assert world.status(one) == "delivered"


def test_nothing_delivered_is_a_returned_trip_and_can_be_sent_again(world, http, joko):
    [one], trip_id = offered(world, http)
    for do in ("claim", "pick_up"):
        joko.tap(trip_id, do)
    joko.tap(trip_id, "fail", order_id=one, reason="refused")
    joko.tap(trip_id, "bring_back")

    assert trips(http)[0]["status"] == "returned"
    again = http(api.handler, "POST", f"/v1/trips/{trip_id}/redispatch", caller=PIC_ONE, key="again", at=NOW)
    assert again.status == 200, again.text
    world.settle()
    new = next(trip for trip in trips(http) if trip["id"] == again.json["id"])
    assert (new["status"], new["rider_id"], new["stops"][0]["status"]) == ("searching", None, "under_way")


def test_a_trip_is_claimed_once_whoever_comes_between(world, http, joko):
    _, trip_id = offered(world, http)
    siti = Phone(http, name="Siti")
    with rival(0, lambda: None) as calls:
        joko.tap(trip_id, "claim")
    joko.tap(trip_id, "release")
    for at in range(1, len(calls) + 1):
        second: list[int] = []
        with rival(at, lambda got=second: got.append(siti.tap(trip_id, "claim").status)):
            first = joko.tap(trip_id, "claim").status
        second = second or [siti.tap(trip_id, "claim").status]
        owner = deps_dispatch.trips().get(trip_id).rider_id
        assert sorted([first, *second]) == [303, 409], f"at call {at}"
        assert (owner == joko.id) == (first == 303)
        (joko if first == 303 else siti).tap(trip_id, "release")


def test_a_step_may_be_tapped_twice(world, http, joko):
    [one], trip_id = offered(world, http)
    steps = [("claim", {}), ("pick_up", {}), ("deliver", {"order_id": one, "receiver": "Siti", "code": code_of(one)})]
    for do, fields in steps:
        assert [joko.tap(trip_id, do, **fields).status for _ in range(2)] == [303, 303]

    assert world.transfers() == 2, "what it costs and the member's fee"
    assert world.open_orders() == 0


def test_whatever_call_dies_the_step_is_taken_whole_by_the_next_tap(world, http, joko):
    [one], trip_id = offered(world, http)
    for do in ("claim", "pick_up"):
        joko.tap(trip_id, do)
    for at in range(1, 40):
        with seam(at, after=bool(at % 2)) as made:
            joko.tap(trip_id, "deliver", order_id=one, receiver="Siti", photo="7")
        if not made.crashed:
            break
        trip = deps_dispatch.trips().get(trip_id)
        assert trip.ended == (world.status(one) == "delivered") == (world.open_orders() == 0)
    joko.tap(trip_id, "deliver", order_id=one, receiver="Siti", photo="7")

    assert (world.status(one), world.transfers()) == ("delivered", 2)


@pytest.mark.parametrize(
    ("do", "fields", "status", "said"),
    [
        ("deliver", {"photo": "7"}, 422, "Isi nama penerima."),
        ("deliver", {"receiver": "Si\0ti", "photo": "7"}, 422, "Isi nama penerima."),
        ("deliver", {"receiver": "Siti"}, 422, "Isi kode pengambilan, atau nomor foto"),
        ("deliver", {"receiver": "Siti", "photo": "javascript:alert(1)"}, 422, "Isi nama atau nomor foto saja."),
        ("deliver", {"receiver": "Siti", "code": "no code"}, 403, "Kode pengambilan tidak cocok."),
        ("deliver", {"receiver": "Siti", "code": "no code", "photo": "7"}, 403, "Kode pengambilan tidak cocok."),
        ("fail", {"reason": "lazy"}, 422, "Pilih alasannya."),
        ("release", {}, 409, "Barang sudah dibawa"),
        ("bring_back", {}, 409, "Masih ada perhentian"),
        ("dance", {}, 422, "Langkah ini tidak dikenal."),
        ("deliver", {"order_id": "ord_99", "receiver": "Siti", "photo": "7"}, 404, "tidak ada dalam perjalanan ini"),
    ],
)
def test_what_cannot_be_is_refused_on_the_page(world, http, joko, do, fields, status, said):
    [one], trip_id = offered(world, http)
    for step in ("claim", "pick_up"):
        joko.tap(trip_id, step)

    refused = joko.tap(trip_id, do, **{"order_id": one, **fields})

    assert (refused.status, said in refused.text) == (status, True), refused.text
    assert "<form" in refused.text, "and the page is still there to go on with"
    assert world.status(one) == "dispatched"


def test_guessing_codes_is_locked_and_only_for_who_carries_the_order(world, http, joko):
    [one], trip_id = offered(world, http)
    siti = Phone(http, name="Siti")
    for do in ("claim", "pick_up"):
        joko.tap(trip_id, do)

    assert [siti.tap(trip_id, "deliver", order_id=one, code="0", receiver="X").status for _ in range(6)] == [409] * 6
    assert [joko.tap(trip_id, "deliver", order_id=one, code="0", receiver="X").status for _ in range(6)] == [
        403
    ] * 5 + [429]
    later = NOW + timedelta(minutes=16)
    assert joko.tap(trip_id, "deliver", order_id=one, code=code_of(one), receiver="Siti", at=later).status == 303


def test_a_link_lets_in_one_rider_for_a_day(world, http, joko):
    _, trip_id = offered(world, http)
    forged = Pass("drp_1", joko.id, NOW + timedelta(days=9)).sealed(b"another secret")
    moved = joko.path.replace(joko.id, "rdr_somebodyelse")

    assert joko.shows(NOW + timedelta(hours=23)).status == 200
    assert joko.shows(NOW + timedelta(hours=24)).status == 403
    for path in (f"/v1/rides/{forged}", moved, "/v1/rides/x", joko.path + "x"):
        refused = http(api.handler, "GET", path, at=NOW)
        assert (refused.status, EXPIRED in refused.text) == (403, True), path
    http(api.handler, "PATCH", f"{OF}/{joko.id}", {"active": False}, caller=PIC_ONE, key="off", at=NOW)
    assert joko.shows().status == joko.tap(trip_id, "claim").status == 403


def test_riders_are_the_drop_off_s_own(world, http, joko):
    for caller, status in ((PIC_TWO, 404), (member(1), 403), (OFFICE, 200), (PIC_ONE, 200)):
        assert http(api.handler, "GET", OF, caller=caller, at=NOW).status == status
    assert http(api.handler, "POST", f"{OF}/{joko.id}/link", caller=PIC_TWO, at=NOW).status == 404
    assert http(api.handler, "PATCH", f"{OF}/rdr_x", {"active": True}, caller=PIC_ONE, key="p", at=NOW).status == 404
    [shown] = http(api.handler, "GET", OF, caller=PIC_ONE, at=NOW).json["items"]
    assert shown == {**JOKO, "id": joko.id, "dropoff_id": "drp_1", "phone": "+6281311112222", "active": True}
    repeated = http(api.handler, "POST", OF, JOKO, caller=PIC_ONE, key="rider {}", at=NOW)
    assert (repeated.status, repeated.json["id"]) == (201, joko.id)


@pytest.mark.parametrize("wrong", [{"phone": "12345"}, {"plate": "<b>"}, {"name": ""}])
def test_a_rider_must_be_reachable_and_recognisable(world, http, wrong):
    assert http(api.handler, "POST", OF, JOKO | wrong, caller=PIC_ONE, key="k", at=NOW).status == 422


def test_a_person_in_charge_takes_a_trip_from_who_does_not_come(world, http, joko):
    _, trip_id = offered(world, http)
    joko.tap(trip_id, "claim")
    path = f"/v1/trips/{trip_id}/release"

    assert http(api.handler, "POST", path, caller=PIC_TWO, key="r", at=NOW).status == 404
    freed = http(api.handler, "POST", path, caller=PIC_ONE, key="r", at=NOW)
    assert (freed.json["status"], freed.json["rider_id"]) == ("searching", None)
    repeated = http(api.handler, "POST", path, caller=PIC_ONE, key="r", at=NOW)
    assert repeated.headers["idempotency-replayed"] == "true"
    assert joko.tap(trip_id, "pick_up").status == 409


def test_a_claimed_trip_may_be_called_off_until_it_was_picked_up(world, http, joko):
    [one], trip_id = offered(world, http)
    joko.tap(trip_id, "claim")
    called_off = http(api.handler, "POST", f"/v1/trips/{trip_id}/cancellation", caller=PIC_ONE, key="c", at=NOW)

    assert (called_off.status, called_off.json["status"]) == (200, "cancelled")
    assert world.status(one) == "at_dropoff"
    assert joko.tap(trip_id, "pick_up").status == 409


def test_couriers_may_still_be_asked_and_riders_only_where_there_are_some(world, http, joko):
    world.order({"off_a5": 1}, courier=True)
    arrive(world, http)
    path = "/v1/dropoffs/{}/dispatches"
    asked = [
        http(api.handler, "POST", path.format(dropoff), {"wave_id": "wav_1", "by": by}, caller=caller, key=by, at=NOW)
        for dropoff, by, caller in (("drp_1", "couriers", PIC_ONE), ("drp_2", "riders", PIC_TWO))
    ]

    assert [reply.status for reply in asked] == [202, 409]
    assert [message["riders"] for message in world.sent("PlanningQueue")] == [0]


def test_the_schedule_asks_nobody_about_riders_trips(world, http, joko):
    _, trip_id = offered(world, http)
    joko.tap(trip_id, "claim")
    for minutes in (11, 22):
        schedule.handler({"time": rfc3339(NOW + timedelta(minutes=minutes))}, None)

    trip = deps_dispatch.trips().get(trip_id)
    assert (trip.status, trip.ask_at) == ("assigned", NOW + timedelta(minutes=32))


def test_a_member_sees_their_order_on_the_way_and_nobody_else_s(world, http, joko):
    (one, _), trip_id = offered(world, http, orders=2)
    for do in ("claim", "pick_up"):
        joko.tap(trip_id, do)

    seen = delivery(http, one, caller=member(1))
    assert (seen["status"], seen["rider"]) == ("picked_up", {"name": "Joko", "plate": "B 1234 XYZ"})
    assert seen["proof"] is None


def test_the_one_who_rides_now_and_who_took_the_order_are_shown_to_its_member_alone(world, http, joko):
    (one, two), trip_id = offered(world, http, orders=2)
    joko.tap(trip_id, "claim")
    joko.tap(trip_id, "release")
    assert delivery(http, one)["rider"] is None
    siti = Phone(http, name="Siti Aminah", plate="B 5 S")
    for do in ("claim", "pick_up"):
        siti.tap(trip_id, do)
    siti.tap(trip_id, "deliver", order_id=one, receiver="Pak Budi", photo="IMG_0042.jpg")
    siti.tap(trip_id, "deliver", order_id=two, receiver="Bu Ani", code=code_of(two))

    first, second = (delivery(http, order_id) for order_id in (one, two))
    assert first["rider"] == second["rider"] == {"name": "Siti", "plate": "B 5 S"}
    assert first["proof"] == {"receiver": "Pak Budi", "at": rfc3339(NOW), "photo": "IMG_0042.jpg", "code": None}
    assert second["proof"] == {"receiver": "Bu Ani", "at": rfc3339(NOW), "photo": None, "code": "cocok"}


def wait_in_vain() -> None:
    schedule.handler({"time": rfc3339(NOW + PATIENCE)}, None)


def test_what_no_rider_claims_goes_to_a_courier_and_the_member_is_told(world, http, joko):
    [one], trip_id = offered(world, http)
    schedule.handler({"time": rfc3339(NOW + PATIENCE - ASK_AGAIN)}, None)
    assert [trip["status"] for trip in trips(http)] == ["searching"]
    wait_in_vain()

    told = {trip["courier"]: trip["status"] for trip in trips(http)}
    order = deps.orders().get(one)
    assert told == {"riders": "no_courier", "biteship": "planned"}
    assert (order.fulfilment_status, order.history[-1].event) == ("dispatched", "next_courier")
    assert [message["do"] for message in world.sent("BookingQueue")] == ["book"]
    assert "Tidak ada tawaran." in joko.shows().text
    assert joko.tap(trip_id, "claim").status == 409


def test_who_releases_a_trip_does_not_make_others_wait_anew(world, http, joko):
    _, trip_id = offered(world, http)
    for minutes in range(10, 45, 10):
        schedule.handler({"time": rfc3339(NOW + timedelta(minutes=minutes))}, None)
    joko.tap(trip_id, "claim", at=NOW + timedelta(minutes=41))
    joko.tap(trip_id, "release", at=NOW + timedelta(minutes=42))
    assert deps_dispatch.trips().get(trip_id).ask_at == NOW + PATIENCE
    wait_in_vain()

    assert {trip["courier"]: trip["status"] for trip in trips(http)} == {"riders": "no_courier", "biteship": "planned"}


def test_what_no_rider_claims_where_no_courier_serves_is_fetched_and_its_fee_goes_back(world, http, joko, monkeypatch):
    for variables in ENVIRONMENTS.values():
        variables.update({"COURIERS": ""} if "COURIERS" in variables else {})
    monkeypatch.setenv("COURIERS", "")
    [one], _ = offered(world, http)
    wait_in_vain()

    order = deps.orders().get(one)
    assert [trip["status"] for trip in trips(http)] == ["no_courier"]
    assert (order.fulfilment_status, order.fulfilment.method, order.courier_fee) == ("at_dropoff", "pickup", 0)
    assert "pickup_instead" in [happened.event for happened in order.history]
    assert order.refund_decided == 10_200


def test_a_rider_who_claims_while_it_is_given_up_has_it_or_the_courier_does(world, http, joko):
    _, trip_id = offered(world, http)
    before = Snapshot()
    with rival(0, lambda: None) as calls:
        wait_in_vain()
    owners = set()
    for at in rival_points(calls):
        before.restore()
        claimed: list[int] = []
        with rival(at, lambda got=claimed: got.append(joko.tap(trip_id, "claim").status)):
            wait_in_vain()
        claim = (claimed or [joko.tap(trip_id, "claim").status])[0]
        told = {trip["courier"]: trip["status"] for trip in trips(http)}
        rides = {"riders": "assigned"}
        assert told == (rides if claim == 303 else {"riders": "no_courier", "biteship": "planned"}), f"at call {at}"
        owners.add(claim)
    assert owners == {303, 409}, "either may be first"


def test_two_changes_of_a_rider_at_once_are_both_kept(world, http, joko):
    def patch(key: str, **change) -> int:
        return http(api.handler, "PATCH", f"{OF}/{joko.id}", change, caller=PIC_ONE, key=key, at=NOW).status

    with rival(0, lambda: None) as calls:
        patch("first", name="Joko")
    for at in range(1, len(calls) + 1):
        with rival(at, lambda n=at: patch(f"b{n}", plate=f"B {n} X")):
            status = patch(f"a{at}", name=f"Joko {at}")
        rider = deps_dispatch.riders().find("drp_1", joko.id)
        assert rider.plate == f"B {at} X"
        assert (rider.name == f"Joko {at}") == (status == 200), (
            f"at call {at}: who was not answered has changed nothing"
        )


def test_a_rider_is_not_written_over_by_a_new_one(world, http, joko):
    known = deps_dispatch.riders().find("drp_1", joko.id)

    with pytest.raises(Stale):
        world.commit(*deps_dispatch.riders().save(replace(known, version=0)))
