"""Nothing leaks: canaries are planted with all that people may say, and looked for wherever they do not belong."""

import base64
import hashlib
import json
from typing import Any
from urllib.parse import quote

import pytest

from dispatch import api as dispatch
from lumbung.domain.people import Caller
from lumbung.runtime import clock, deps
from lumbung.runtime.log import logger
from ordering import api
from payments import api as payments
from tests.canaries import CANARIES, NATIONAL, PHONES, Watch, watched
from tests.integration.conftest import SECRETS, Reply, call
from tests.integration.office import DURING, OPERATOR, PIC, Office, a_member, office
from tests.integration.test_notices import Mailroom, mailroom
from tests.integration.test_ordering_edits import BY_COURIER
from tests.people import kept

__all__ = ["mailroom", "office"]

NAME, PHONE, NIP, STREET, MAIL, TOKEN, NOTE, ACCOUNT = (CANARIES[kind][0] for kind in CANARIES)
KENARI = Caller("mem-77", frozenset({"member"}), None, NAME, PHONE, MAIL)
HOME = BY_COURIER["address"] | {"line": STREET, "recipient": NAME, "phone": PHONES[2]}
SECRET = [value for of in SECRETS.values() for value in of.values() if value.startswith(("SB-", "ids"))]
WITH_SECRETS = {**CANARIES, "secret": SECRET}


class Life:
    """What Kenari does and has done to them; who is answered what is heard where they are not told of themselves."""

    def __init__(self, post: Mailroom, watch: Watch) -> None:
        self.post, self.office, self.watch = post, post.office, watch
        self.acts = 0

    def do(self, handler: Any, method: str, path: str, body: Any = None, *, by: Caller = KENARI, ok: int = 2) -> Reply:
        self.acts += 1
        headers = {"authorization": f"Bearer {TOKEN}"}
        reply = call(handler, method, path, body, caller=by, key=f"k{self.acts}", at=DURING, headers=headers)
        assert reply.status // 100 == ok, f"{method} {path}: {reply.text}"
        if ok != 2:
            self.watch.heard(f"refusal of {method} {path}", reply.text)
        return reply

    def live(self) -> str:
        office, institution = self.office, self.office.institution
        self.do(api.handler, "POST", f"/v1/institutions/{institution}/staff-imports", {"nips": [NIP]}, by=OPERATOR)
        self.do(api.handler, "POST", "/v1/me/institution", {"institution_id": institution, "nip": NIP})
        self.do(api.handler, "PUT", "/v1/me", {"name": NAME, "phone": PHONES[1], "nip": NIP, "addresses": [HOME]})
        self.do(api.handler, "GET", "/v1/me")
        made = self.do(api.handler, "POST", "/v1/orders", self.order(office.wave()))
        order = str(made.json["id"])
        for spelling in PHONES:
            self.for_somebody(spelling)
        self.do(dispatch.handler, "PUT", f"/v1/orders/{order}/proxy", {"proxy": {"name": NAME, "phone": PHONES[2]}})
        self.do(payments.handler, "PUT", "/v1/me/refund-account",
                {"bank": "bri", "account_number": ACCOUNT, "account_name": NAME})  # fmt: skip
        self.do(payments.handler, "POST", f"/v1/orders/{order}/cash-receipts", {"amount": made.json["total"]}, by=PIC)
        self.post.tell(*self.post.take_in(order))
        self.do(api.handler, "GET", f"/v1/dropoffs/{office.dropoff}/orders?wave_id={made.json['wave_id']}", by=PIC)
        self.do(dispatch.handler, "POST", f"/v1/dropoffs/{office.dropoff}/riders",
                {"name": NAME, "phone": PHONES[3], "plate": "B 1234 XYZ"}, by=PIC)  # fmt: skip
        self.refused(order)
        self.do(api.handler, "POST", f"/v1/orders/{order}/cancellation")
        return order

    def refused(self, order: str) -> None:
        """Say it all where it cannot be taken: what is answered and logged then repeats nothing of it."""
        nonsense = {"name": NAME, "phone": f"{NATIONAL}!", "nip": f"{NIP}0", "email": f"{MAIL} {STREET}"}
        self.do(api.handler, "PUT", "/v1/me", nonsense | {"addresses": [HOME | {"lat": STREET}]}, ok=4)
        self.do(api.handler, "PATCH", f"/v1/orders/{order}", {"note": NOTE * 20, "lines": NAME}, ok=4)
        self.do(dispatch.handler, "PUT", f"/v1/orders/{order}/proxy", {"proxy": {"name": NAME, "phone": MAIL}}, ok=4)
        self.do(payments.handler, "PUT", "/v1/me/refund-account", {"bank": NAME, "account_number": STREET}, ok=4)
        self.do(api.handler, "GET", f"/v1/orders/{order}", by=a_member(9), ok=4)

    def order(self, wave: Any, **more: Any) -> Any:
        line = {"offer_id": wave["offers"][0]["id"], "quantity": 1}
        place = {"wave_id": wave["id"], "dropoff_id": self.office.dropoff, "lines": [line]}
        return place | {"fulfilment": {"method": "courier", "address": HOME}, "note": NOTE} | more

    def for_somebody(self, spelling: str) -> None:
        """The person in charge orders for the number as it was told to them."""
        person = {"name": NAME, "phone": spelling, "nip": NIP, "institution_id": self.office.institution}
        wave = self.office.wave(name=f"Gelombang {PHONES.index(spelling)}")
        answer = call(api.handler, "POST", "/v1/orders", self.order(wave, on_behalf_of=person), caller=PIC,
                      key=str(PHONES.index(spelling)), at=DURING)  # fmt: skip
        assert answer.status == 201, answer.text


def test_nothing_that_people_say_is_found_where_it_does_not_belong(mailroom: Mailroom) -> None:
    clock.use(lambda: DURING)
    with watched(WITH_SECRETS) as watch:
        order = Life(mailroom, watch).live()

    assert watch.found() == []
    assert len(watch.let_out) > 200, "it has heard something"
    assert NAME in mailroom.whatsapp.sent[0][1].body, "who it is about is told"
    assert (kept({"pk": f"ORDER#{order}", "sk": "PRIVATE"}) or {})["note"] == NOTE, "and it is kept, sealed"


def test_who_was_forgotten_is_found_nowhere_however_one_reads(mailroom: Mailroom) -> None:
    clock.use(lambda: DURING)
    watch = Watch(CANARIES)
    life = Life(mailroom, watch)
    life.live()
    own = Caller(**{name: getattr(KENARI, name) for name in ("id", "roles", "name", "phone", "email")})
    as_the_platform_reads(watch)
    assert {name for name, _ in watch.found()} >= {"name", "nip", "address", "note", "account"}, "a search that finds"

    for order in call(api.handler, "GET", "/v1/orders", caller=own).json["items"]:
        if order["status"] == "placed":
            life.do(api.handler, "POST", f"/v1/orders/{order['id']}/cancellation")
    for refund in call(payments.handler, "GET", "/v1/refunds?status=decided", caller=OPERATOR).json["items"]:
        path = f"/v1/refunds/{refund['id']}"
        life.do(payments.handler, "POST", f"{path}/transfer", {"bank_reference": "TRX-1"}, by=OPERATOR)
        life.do(payments.handler, "POST", f"{path}/confirmation", by=Caller("op-2", frozenset({"operator"})))
    [rider] = deps.db().query(deps.table("people"), "pk = :d", {":d": f"RIDERS#{mailroom.office.dropoff}"})
    deps.db().commit(*deps.personal().destroy_key(rider["sk"], at=DURING))  # rides no more
    done = life.do(api.handler, "POST", "/v1/me/erasure").json
    assert done["waiting_for"] == []

    after = Watch(CANARIES)
    as_the_platform_reads(after)
    assert after.found() == []


def as_the_platform_reads(watch: Watch) -> None:
    for name in ("orders", "payments", "deliveries", "catalog", "people", "keys"):
        items = list(deps.db().scan(deps.table(name)))
        for item in deps.personal().open(items) if name == "people" else items:
            watch.heard(f"{name} {item['pk']} {item['sk']}", item)


@pytest.mark.parametrize(
    "leak",
    [
        pytest.param(lambda: logger.info("told", about={"who": NAME}), id="in a log line"),
        pytest.param(lambda: logger.info(f"called {PHONES[4]}"), id="a phone, spelled out"),
        pytest.param(lambda: logger.info(quote(MAIL)), id="URL-encoded"),
        pytest.param(lambda: logger.info(base64.b64encode(f"x{STREET} RT 3".encode()).decode()), id="base64 of more"),
        pytest.param(lambda: logger.info(hashlib.sha256(NIP.encode()).hexdigest()), id="hashed without a salt"),
        pytest.param(lambda: deps.queue("NOTICE_QUEUE").send(order_id=hashlib.md5(NIP.encode()).hexdigest()),  # noqa: S324 - what is looked for
                     id="in a queue"),
        pytest.param(lambda: logger.info(json.dumps({"authorization": f"Bearer {TOKEN}"})), id="a token"),
    ],
)  # fmt: skip
def test_the_watch_finds_what_is_planted(office: Office, leak: Any) -> None:
    with watched() as watch:
        leak()

    assert watch.found()
