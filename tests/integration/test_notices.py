"""What happens to orders is told to people: once each, under redelivery, crashes and what providers do."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from lumbung.domain.errors import InDoubt, LumbungError, ProviderUnavailable, Stale, Undeliverable
from lumbung.domain.letter import Letter
from lumbung.domain.notice import Notice
from lumbung.domain.people import Person
from lumbung.domain.telling import LEASE, Claim, Record
from lumbung.runtime import clock, deps, deps_notices
from lumbung.store.order_items import to_item
from lumbung.store.table import to_wire
from notices import schedule, stream, worker
from tests.faults.seam import Crash, crash_points, seam
from tests.integration.conftest import SESSION
from tests.integration.faults import Snapshot
from tests.integration.office import DURING, PIC, Office, a_member, office

__all__ = ["office"]

SITI, PHONE = "Siti 1", "+6281234567801"


@dataclass
class ScriptedChannel:
    """Sends what it is told to, or goes wrong: `goes` is taken up one by one, None for what goes well."""

    name: str
    address_of: Callable[[Person], str | None]
    sent: list[tuple[str, Letter]] = field(default_factory=list)
    goes: list[BaseException | None] = field(default_factory=list)
    asked: int = 0

    def send(self, address: str, letter: Letter) -> str | None:
        self.asked += 1
        if self.goes and (wrong := self.goes.pop(0)):
            raise wrong
        self.sent.append((address, letter))
        return f"{self.name}-{len(self.sent)}"

    @property
    def kinds(self) -> list[str]:
        return [letter.tags["kind"] for _, letter in self.sent]


@dataclass
class Mailroom:
    office: Office
    whatsapp: ScriptedChannel
    email: ScriptedChannel

    def placed(self, *, key: str = "k", member: Any = None, **changes: Any) -> str:
        wave = changes.pop("wave", None) or self.office.wave()
        return str(self.office.order(wave, key=key, member=member, **changes).json["id"])

    def take_in(self, order_id: str, before: Any = None) -> list[dict[str, Any]]:
        """Hand the order's change to the stream's consumer, and return the messages that it sends."""
        change = {"SequenceNumber": "1", "NewImage": to_wire(to_item(deps.orders().get(order_id)))}
        if before:
            change["OldImage"] = to_wire(to_item(before))
        assert stream.handler({"Records": [{"dynamodb": change}]}, None) == {"batchItemFailures": []}
        return self.messages()

    def messages(self) -> list[dict[str, Any]]:
        """Take everything out of the queue."""
        sqs, url = SESSION.create_client("sqs"), queue_url()
        taken: list[dict[str, Any]] = []
        while received := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            taken += [json.loads(message["Body"]) for message in received]
            for message in received:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return taken

    def tell(self, *messages: dict[str, Any]) -> list[str]:
        """Hand *messages* to the worker in one batch, and return those that are to come again."""
        records = [{"messageId": str(n), "body": json.dumps(message)} for n, message in enumerate(messages)]
        answer = worker.handler({"Records": records}, None)
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]

    def records(self, order_id: str) -> list[Record]:
        return deps_notices.notices().of_order(order_id)

    def states(self, order_id: str) -> list[tuple[str, str, str | None]]:
        return [(record.notice.kind, record.state, record.channel) for record in self.records(order_id)]


def queue_url() -> str:
    return str(SESSION.create_client("sqs").get_queue_url(QueueName="NoticeQueue")["QueueUrl"])


def later(by: timedelta) -> None:
    at = clock.now() + by
    clock.use(lambda: at)


@pytest.fixture
def mailroom(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailroom]:
    whatsapp = ScriptedChannel("whatsapp", lambda person: person.phone)
    email = ScriptedChannel("email", lambda person: person.email)
    monkeypatch.setattr(deps_notices, "channels", lambda: (whatsapp, email))
    worker.look_up.cache_clear()
    yield Mailroom(office, whatsapp, email)
    worker.look_up.cache_clear()


def test_an_order_is_told_to_its_member(mailroom: Mailroom):
    order = mailroom.placed(packs=2)
    messages = mailroom.take_in(order)

    assert messages == [{"order_id": order, "kind": "placed", "number": 0, "amount": 0}]
    assert mailroom.tell(*messages) == []
    [(address, letter)] = mailroom.whatsapp.sent
    assert address == PHONE
    assert letter.body == (
        f"Halo {SITI}, pesanan Anda di Gelombang I sudah kami terima: 2 × Beras Premium 5 kg. Totalnya Rp110.000, "
        "mohon dibayar paling lambat Selasa, 7 April 2020 pukul 12.00 WIB. Pesanan yang belum dibayar pada waktu "
        f"itu batal dengan sendirinya. Nomor pesanan {order}, simpan sampai barang Anda terima."
    )
    assert mailroom.states(order) == [("placed", "sent", "whatsapp")]


def test_whoever_is_ordered_for_is_told_and_the_person_in_charge_is_not(mailroom: Mailroom):
    mailroom.office.get("/v1/me", PIC)
    budi = {"name": "Budi", "phone": "081298765432", "institution_id": mailroom.office.institution}
    order = mailroom.placed(member=PIC, on_behalf_of=budi)

    mailroom.tell(*mailroom.take_in(order))

    [(address, letter)] = mailroom.whatsapp.sent
    assert address == "+6281298765432"
    assert letter.body.startswith("Halo Budi, untuk Anda telah dipesankan oleh Ibu Rini di Gelombang I")


def test_cash_is_acknowledged_with_a_receipt(mailroom: Mailroom):
    from payments import api

    mailroom.office.get("/v1/me", PIC)
    order = mailroom.placed()
    before = deps.orders().get(order)
    body = {"amount": 55_000, "receipt_number": "KW-7"}
    mailroom.office.http(api.handler, "POST", f"/v1/orders/{order}/cash-receipts", body, caller=PIC, key="c", at=DURING)
    messages = mailroom.take_in(order, before)

    assert messages == [{"order_id": order, "kind": "paid_cash", "number": 1, "amount": 55_000}]
    assert mailroom.tell(*messages) == []
    assert mailroom.whatsapp.sent[0][1].body == (
        f"Kuitansi nomor KW-7 atas nama {SITI}. Uang tunai Rp55.000 untuk pesanan {order} diterima oleh Ibu Rini di "
        "Gedung Kementerian pada Selasa, 7 April 2020 pukul 10.00 WIB. Yang masih harus dibayar Rp0. Simpan pesan ini "
        "sebagai bukti pembayaran Anda."
    )


def test_what_comes_again_is_not_told_again(mailroom: Mailroom):
    order = mailroom.placed()
    messages = mailroom.take_in(order) + mailroom.take_in(order)

    assert len(messages) == 2
    assert mailroom.tell(*messages) == []
    assert mailroom.tell(*messages) == []
    assert mailroom.whatsapp.kinds == ["placed"]


def test_a_crash_at_any_call_tells_once_and_in_doubt_twice(mailroom: Mailroom):
    """Before the provider was asked nothing is lost; after it was asked nobody knows, and it goes out once more."""
    order = mailroom.placed()
    messages = mailroom.take_in(order)
    clean = Snapshot()
    with seam() as counted:
        mailroom.tell(*messages)

    for crash_at in crash_points(len(counted.calls)):
        for after in (False, True):
            clean.restore()
            mailroom.whatsapp.sent.clear()
            with seam(crash_at, after=after):
                mailroom.tell(*messages)
            asked = len(mailroom.whatsapp.sent)
            later(LEASE)
            assert mailroom.tell(*messages) == []
            ended = mailroom.states(order)
            mailroom.tell(*messages)

            where = f"{'after' if after else 'before'} call {crash_at}"
            told = asked and not (after and crash_at == len(counted.calls))
            assert len(mailroom.whatsapp.sent) == (2 if told else 1), where
            assert ended == mailroom.states(order) == [("placed", "sent", "whatsapp")], where


def test_a_crash_of_the_provider_s_call_itself_is_a_doubt(mailroom: Mailroom):
    order = mailroom.placed()
    messages = mailroom.take_in(order)
    mailroom.whatsapp.goes = [Crash(), Crash()]

    for _ in range(2):
        with suppress(Crash):
            mailroom.tell(*messages)
        assert mailroom.tell(*messages) == ["0"], "somebody may be at it"
        later(LEASE)
    assert mailroom.tell(*messages) == []

    assert mailroom.whatsapp.asked == 2
    assert mailroom.states(order) == [("placed", "in_doubt", None)]


@pytest.mark.parametrize(
    ("goes", "again", "asked", "state"),
    [
        pytest.param([ProviderUnavailable("503")], True, 2, "sent", id="not sent: it comes again"),
        pytest.param([ProviderUnavailable("503")] * 5, True, 6, "sent", id="… as often as it takes"),
        pytest.param([InDoubt("time-out")], True, 2, "sent", id="nobody knows: it is sent once more"),
        pytest.param([InDoubt("time-out")] * 2, True, 2, "in_doubt", id="… and not a third time"),
        pytest.param([InDoubt("time-out"), ProviderUnavailable("503")], True, 3, "sent",
                     id="what was surely not sent is no doubt"),
        pytest.param([Undeliverable("131026")], False, 1, "unreachable", id="never: nothing else is known"),
    ],
)  # fmt: skip
def test_a_provider_that(mailroom: Mailroom, goes: list[LumbungError], again: bool, asked: int, state: str):
    order = mailroom.placed()
    messages = mailroom.take_in(order)
    mailroom.whatsapp.goes = list(goes)

    assert bool(mailroom.tell(*messages)) is again
    while mailroom.tell(*messages):
        later(timedelta(minutes=15))

    assert mailroom.whatsapp.asked == asked
    assert mailroom.states(order) == [("placed", state, "whatsapp" if state == "sent" else None)]


def test_whom_whatsapp_does_not_reach_gets_a_mail(mailroom: Mailroom):
    order = mailroom.placed(member=a_member(email="siti@example.go.id"))
    mailroom.whatsapp.goes = [Undeliverable("WhatsApp 131026: not on WhatsApp")]

    mailroom.tell(*mailroom.take_in(order))

    [record] = mailroom.records(order)
    assert [address for address, _ in mailroom.email.sent] == ["siti@example.go.id"]
    assert (record.state, record.channel, record.reference) == ("sent", "email", "email-1")
    assert record.refused == ("WhatsApp 131026: not on WhatsApp",)


def test_whoever_has_only_an_address_gets_a_mail_and_whoever_has_nothing_is_unreachable(mailroom: Mailroom):
    wave = mailroom.office.wave()
    by_mail = mailroom.placed(wave=wave, key="a", member=a_member(1, phone=None, email="siti@example.go.id"))
    nobody = mailroom.placed(wave=wave, key="b", member=a_member(2, phone=None))

    assert mailroom.tell(*mailroom.take_in(by_mail), *mailroom.take_in(nobody)) == []

    assert mailroom.states(by_mail) == [("placed", "sent", "email")]
    assert mailroom.states(nobody) == [("placed", "unreachable", None)]


def test_a_profile_s_own_address_has_the_last_word(mailroom: Mailroom):
    from ordering import api

    member = a_member(phone=None, email="token@example.go.id")
    order = mailroom.placed(member=member)
    body = {"email": "siti.rahayu@example.go.id"}
    changed = mailroom.office.http(api.handler, "PUT", "/v1/me", body, caller=member, key="me", at=DURING)
    refused = mailroom.office.http(api.handler, "PUT", "/v1/me", {"email": "siti@"}, caller=member, key="x", at=DURING)

    mailroom.tell(*mailroom.take_in(order))

    assert (changed.status, changed.json["email"]) == (200, "siti.rahayu@example.go.id")
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/email")
    assert [address for address, _ in mailroom.email.sent] == ["siti.rahayu@example.go.id"]


def test_what_has_been_overtaken_is_not_told(mailroom: Mailroom):
    order = mailroom.placed()
    messages = mailroom.take_in(order)
    mailroom.office.post(f"/v1/orders/{order}/cancellation", key="c", caller=a_member())

    assert mailroom.tell(*messages) == []
    assert mailroom.whatsapp.sent == []
    assert mailroom.records(order) == []


def test_one_that_fails_does_not_hold_up_its_neighbours(mailroom: Mailroom):
    wave = mailroom.office.wave()
    orders = [mailroom.placed(wave=wave, key=str(n), member=a_member(n)) for n in range(3)]
    messages = [message for order in orders for message in mailroom.take_in(order)]
    mailroom.whatsapp.goes = [None, ProviderUnavailable("503"), None]

    assert mailroom.tell(messages[0], {"order_id": "ord_nobody", "kind": "placed"}, {"x": 1}, *messages[1:]) == [
        "1", "2", "3",
    ]  # fmt: skip
    assert len(mailroom.whatsapp.sent) == 2


def test_a_bug_in_one_does_not_make_its_neighbours_go_out_twice(mailroom: Mailroom):
    wave = mailroom.office.wave()
    orders = [mailroom.placed(wave=wave, key=str(n), member=a_member(n)) for n in range(2)]
    messages = [message for order in orders for message in mailroom.take_in(order)]
    mailroom.whatsapp.goes = [None, KeyError("bug")]

    with pytest.raises(KeyError):
        mailroom.tell(*messages)
    assert mailroom.tell(*messages) == ["1"]
    assert [mailroom.states(order)[0][1] for order in orders] == ["sent", "sending"]
    assert len(mailroom.whatsapp.sent) == 1


def test_a_rival_that_has_claimed_it_is_left_alone(mailroom: Mailroom):
    order = mailroom.placed()
    messages = mailroom.take_in(order)
    notice, other, records = Notice(order, "placed"), Notice(order, "paid", 1), deps_notices.notices()
    [claim] = records.claim([notice], now=clock.now()).values()

    assert records.claim([other, notice], now=clock.now()) == {
        other: Claim(Record(other, "sending", clock.now()), new=True),
        notice: Claim(claim.record, new=False),
    }
    assert mailroom.tell(*messages) == ["0"]
    assert mailroom.whatsapp.asked == 0


def test_a_record_that_was_taken_over_is_not_written_by_who_had_it_before(mailroom: Mailroom):
    records, notice = deps_notices.notices(), Notice("ord_1", "placed")
    record = records.claim([notice], now=clock.now())[notice].record
    records.save([(record, record.again(clock.now() + LEASE))])

    with pytest.raises(Stale):
        records.save([(record, replace(record, state="sent"))])
    records.save([(record.again(clock.now() + LEASE), replace(record, state="sent"))])
    with pytest.raises(Stale):
        records.save([(record.again(clock.now() + LEASE), replace(record, state="waiting"))])


def test_a_record_that_cannot_be_read_does_not_keep_others_from_being_told(mailroom: Mailroom):
    wave = mailroom.office.wave()
    images = [
        to_wire(to_item(deps.orders().get(mailroom.placed(wave=wave, key=str(n), member=a_member(n)))))
        for n in range(2)
    ]
    records = [
        {"dynamodb": {"SequenceNumber": "1", "NewImage": images[0]}},
        {"dynamodb": {"SequenceNumber": "2", "NewImage": {"kind": {"S": "ORDER"}}}},
        {"dynamodb": {"SequenceNumber": "3", "NewImage": images[1]}},
    ]

    assert stream.handler({"Records": records}, None) == {"batchItemFailures": [{"itemIdentifier": "2"}]}
    assert [message["kind"] for message in mailroom.messages()] == ["placed"]


def test_many_happenings_are_sent_ten_a_call(mailroom: Mailroom):
    image = to_wire(to_item(deps.orders().get(mailroom.placed())))
    records = [{"dynamodb": {"SequenceNumber": str(n), "NewImage": image}} for n in range(25)]

    with seam() as counted:
        stream.handler({"Records": records}, None)

    assert counted.calls == ["SendMessageBatch"] * 3


def test_ten_notices_cost_four_reads_and_two_writes(mailroom: Mailroom):
    wave = mailroom.office.wave()
    orders = [mailroom.placed(wave=wave, key=str(n), member=a_member(n)) for n in range(10)]
    messages = [message for order in orders for message in mailroom.take_in(order)]

    with seam() as counted:
        mailroom.tell(*messages)

    reads = [call for call in counted.calls if call != "TransactWriteItems"]
    assert reads == ["BatchGetItem"] * 4, "orders, drop-offs, people and their keys; the wave is remembered"
    assert counted.calls[4:] == ["TransactWriteItems"] * 2, "all are claimed, and what came of all is noted"


def test_nothing_personal_is_in_messages_records_or_logs(mailroom: Mailroom, caplog: pytest.LogCaptureFixture):
    member = a_member(name="Kenari Kuning", phone="+6281299988877", email="kenari@example.go.id")
    order = mailroom.placed(member=member)
    mailroom.whatsapp.goes = [ProviderUnavailable("503"), Undeliverable("WhatsApp 131026: not on WhatsApp")]
    messages = mailroom.take_in(order)
    mailroom.tell(*messages)
    mailroom.tell(*messages)

    stored = [item for item in deps.db().scan(deps.table("orders")) if item.get("kind") == "NOTICE"]
    logged = [vars(record) for record in caplog.records]
    seen = json.dumps([messages, stored]) + str(logged)
    assert '"state": "sent"' in seen and "'outcome': 'sent'" in seen
    for personal in ("Kenari", "81299988877", "kenari@"):
        assert personal not in seen


# -- reminders


def remind(at: datetime) -> None:
    schedule.handler({"time": at.isoformat()}, None)


def due_messages(mailroom: Mailroom) -> list[str]:
    return [message["order_id"] for message in mailroom.messages() if message["kind"] == "payment_due"]


def test_whoever_has_not_paid_is_reminded_once_before_it_is_due(mailroom: Mailroom):
    order = mailroom.placed()
    due = deps.orders().get(order).payment_due_at
    looks = [due - timedelta(minutes=minutes) for minutes in (120, 90, 60, 30, 0)]

    reminded = []
    for look in looks:
        remind(look)
        reminded.append(due_messages(mailroom))
    mailroom.tell({"order_id": order, "kind": "payment_due", "number": 0, "amount": 0})

    assert reminded == [[], [], [order], [], []]
    assert mailroom.whatsapp.sent[0][1].body == (
        f"Halo {SITI}, pesanan {order} di Gelombang I belum lunas. Mohon bayar Rp55.000 paling lambat Selasa, 7 April "
        "2020 pukul 12.00 WIB. Setelah waktu itu pesanan batal dengan sendirinya, dan barangnya dapat dipesan orang "
        "lain."
    )


def test_a_long_window_is_reminded_of_hours_before(mailroom: Mailroom):
    order = mailroom.placed(wave=mailroom.office.wave(payment_window_s=None))
    due = deps.orders().get(order).payment_due_at

    reminded = []
    for hours in (12, 6, 3, 1):
        remind(due - timedelta(hours=hours))
        reminded.append(due_messages(mailroom))

    assert reminded == [[], [order], [], []]


def test_an_outage_is_caught_up_with_and_what_is_due_already_is_not_reminded_of(mailroom: Mailroom):
    wave = mailroom.office.wave()
    early = mailroom.placed(wave=wave, key="a", member=a_member(1))
    late_at = DURING + timedelta(minutes=90)
    late = mailroom.placed(wave=wave, key="b", member=a_member(2), at=late_at)
    remind(DURING)

    remind(deps.orders().get(early).payment_due_at + timedelta(minutes=70))

    assert due_messages(mailroom) == [late]


def test_a_look_that_comes_late_finds_nothing_that_a_later_one_has_not_seen(mailroom: Mailroom):
    order = mailroom.placed(wave=mailroom.office.wave(payment_window_s=None))
    due = deps.orders().get(order).payment_due_at
    remind(due - timedelta(hours=6))
    assert due_messages(mailroom) == [order]

    remind(due - timedelta(hours=12))
    remind(due - timedelta(hours=6))

    assert due_messages(mailroom) == []


def test_nobody_who_has_paid_is_reminded(mailroom: Mailroom):
    order = mailroom.placed()
    due = deps.orders().get(order).payment_due_at
    deps.orders().change(order, lambda o: (o.pay(55_000, method="qris", at=DURING, by="clock"), []))

    remind(due - timedelta(minutes=45))
    assert due_messages(mailroom) == []
    assert mailroom.tell({"order_id": order, "kind": "payment_due", "number": 0, "amount": 0}) == []
    assert mailroom.whatsapp.sent == []


def test_many_who_are_due_at_once_are_taken_page_by_page(mailroom: Mailroom, monkeypatch: pytest.MonkeyPatch):
    from notices import remind_unpaid

    monkeypatch.setattr(remind_unpaid, "PAGE", 2)
    wave = mailroom.office.wave(quotas={5: 40})
    orders = {mailroom.placed(wave=wave, key=str(n), member=a_member(n)) for n in range(12)}
    due = deps.orders().get(next(iter(orders))).payment_due_at

    monkeypatch.setattr(remind_unpaid, "PAGES", 1)
    remind(due - timedelta(minutes=50))
    first = due_messages(mailroom)
    monkeypatch.setattr(remind_unpaid, "PAGES", 9)
    remind(due - timedelta(minutes=49))
    rest = due_messages(mailroom)

    assert len(first) <= 8, "two of each of four buckets"
    assert {*first, *rest} == orders
    assert len(first) + len(rest) == 12


def test_a_quiet_look_costs_one_read_and_a_query_per_bucket_and_lead(mailroom: Mailroom):
    with seam() as counted:
        remind(DURING)

    assert counted.calls == ["GetItem"] + ["Query"] * 8
