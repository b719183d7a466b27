"""A notice put into words: what is known about its order, filled into the text of its kind."""

from collections.abc import Mapping
from dataclasses import dataclass

from lumbung.domain.desk import left
from lumbung.domain.indonesian import day, moment, rupiah
from lumbung.domain.letter import Letter
from lumbung.domain.notice import Notice
from lumbung.domain.notice_texts import TEMPLATES
from lumbung.domain.order import Order
from lumbung.domain.order_parts import OrderLine
from lumbung.domain.people import Person
from lumbung.domain.registry import Dropoff
from lumbung.domain.uncollected import FORFEIT, REFUND, REFUND_IF_SOLD
from lumbung.domain.wave import Wave

RULE_WORDS = {
    REFUND: "uang Anda kami kembalikan",
    REFUND_IF_SOLD: "uang Anda kami kembalikan sebesar hasil penjualannya",
    FORFEIT: "uang Anda tidak kami kembalikan",
}
LINES_SHOWN = 6  # of an order's; a text must stay readable on a phone


@dataclass(frozen=True, slots=True)
class About:
    """What is known about the order of a notice. `pic`: who took the money, or ordered for somebody."""

    order: Order
    wave: Wave
    dropoff: Dropoff
    person: Person
    pic: str | None = None
    receipt: str | None = None


def letter(notice: Notice, about: About) -> Letter:
    """Return what *notice* says about its order as it is now."""
    template = TEMPLATES[notice.kind]
    facts = {name: _on_one_line(value) for name, value in _facts(notice, about).items()}
    return Letter(
        template=template.name,
        parameters=tuple(facts[name] for name in template.parameters),
        subject=template.subject,
        body=template.text.format_map(facts),
        tags={"kind": notice.kind, "order_id": notice.order_id, "number": str(notice.number)},
    )


def _facts(notice: Notice, about: About) -> Mapping[str, str]:
    order, wave, dropoff = about.order, about.wave, about.dropoff
    happened_at = order.history[notice.number].at
    return {
        "name": about.person.name or "Bapak/Ibu",
        "wave": wave.name,
        "order": order.id,
        "items": _goods([(line.quantity, line) for line in order.lines]),
        "granted": _goods([(line.granted, line) for line in order.lines if line.granted]),
        "left": _goods(_left(order)),
        "total": rupiah(order.total),
        "paid": rupiah(order.paid),
        "balance": rupiah(max(0, order.balance)),
        "amount": rupiah(notice.amount),
        "due": moment(order.payment_due_at, wave.time_zone),
        "when": moment(happened_at, wave.time_zone),
        "delivery": day(wave.delivery_date),
        "dropoff": dropoff.name,
        "address": dropoff.address,
        "hours": dropoff.opening_hours or "sesuai kabar dari penanggung jawab",
        "pic": about.pic or "penanggung jawab titik ambil",
        "receipt": about.receipt or order.id,
        **_waiting(notice, order, wave),
    }


def _waiting(notice: Notice, order: Order, wave: Wave) -> Mapping[str, str]:
    """Return until when the goods wait, and what becomes of their money then; only an order at the desk knows."""
    rule = wave.uncollected
    if rule is None or notice.kind not in ("collect_soon", "not_collected"):
        return {}
    return {"until": moment(rule.deadline(order), wave.time_zone), "rule": RULE_WORDS[rule.rule]}


def _left(order: Order) -> list[tuple[int, OrderLine]]:
    packs, lines = left(order), {line.offer_id: line for line in order.lines}
    return [(count, lines[offer_id]) for offer_id, count in sorted(packs.items())]


def _goods(packs: list[tuple[int, OrderLine]]) -> str:
    """
    lines                               text
    2 of 5 kg, 1 of 10 kg               2 × Beras 5 kg, 1 × Beras 10 kg
    none                                tidak ada
    eight                               …, dan 2 macam lagi
    """
    shown = [f"{count} × {line.name}" for count, line in packs[:LINES_SHOWN]]
    more = [f"dan {len(packs) - LINES_SHOWN} macam lagi"] if len(packs) > LINES_SHOWN else []
    return ", ".join(shown + more) or "tidak ada"


def _on_one_line(value: str) -> str:
    """WhatsApp takes no line breaks and no runs of spaces in a parameter, and none that is empty."""
    return " ".join(value.split()) or "-"
