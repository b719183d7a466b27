"""The page on which a rider takes trips and works through them: made for a small phone, without any script."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from lumbung.domain.courier import DELIVERED
from lumbung.domain.indonesian import rupiah
from lumbung.domain.people import OrderPrivate
from lumbung.domain.ride import REASONS
from lumbung.domain.rider import Rider
from lumbung.domain.trip import Stop, Trip
from lumbung.domain.village import IN_THE_MIDDLE

STYLE = (
    "body{font:18px/1.4 sans-serif;margin:0 auto;max-width:34em;padding:.5em}section{border:2px solid #333;"
    "border-radius:8px;margin:1em 0;padding:.6em}button,input,select{font:inherit;padding:.5em;margin:.2em 0;"
    "width:100%;box-sizing:border-box}button{background:#0a5c36;color:#fff;border:0;border-radius:6px}"
    ".other button{background:#777}.said{background:#fdd;padding:.6em}li{margin:.6em 0}"
)
STATUS = {
    "assigned": "Anda ambil; barang belum dibawa", "picked_up": "Barang sedang Anda antar",
    "returning": "Bawa kembali barang yang tidak terantar",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """What a rider sees: offers, own trips, and of these alone where to (by order) and what (by order and offer)."""

    rider: Rider
    offers: Sequence[Trip]
    own: Sequence[Trip]
    private: Mapping[str, OrderPrivate]
    names: Mapping[str, Mapping[str, str]]


def as_html(seen: Seen, *, path: str, said: str = "") -> str:
    """Return the page; its forms go to *path* and the trip's id. *said*: why the last step was refused."""
    body = f"<h1>{escape(seen.rider.name)}</h1>" + (f'<p class="said">{escape(said)}</p>' if said else "")
    own = "".join(_own(trip, seen, path) for trip in seen.own) or "<p>Belum ada.</p>"
    offers = "".join(_offer(trip, path) for trip in seen.offers) or "<p>Tidak ada tawaran.</p>"
    again = f'<p><a href="{escape(path)}">Muat ulang</a></p>'
    return _page(f"{body}{again}<h2>Perjalanan Anda</h2>{own}<h2>Tawaran</h2>{offers}")


def refusal(detail: str) -> str:
    """Return the page for whom the link does not let in."""
    return _page(f"<p>{escape(detail)}</p>")


def _page(body: str) -> str:
    return (
        '<!doctype html><html lang="id"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Pengantaran Lumbung</title><style>{STYLE}</style></head><body>{body}</body></html>\n"
    )


def _offer(trip: Trip, path: str) -> str:
    return f"<section>{_about(trip)}{_form(path, trip, 'claim', 'Ambil perjalanan ini')}</section>"


def _own(trip: Trip, seen: Seen, path: str) -> str:
    stops = "".join(f"<li>{_stop(trip, stop, seen, path)}</li>" for stop in trip.stops)
    forms = {
        "assigned": _form(path, trip, "pick_up", "Barang sudah saya bawa")
        + _form(path, trip, "release", "Lepas", kind="other"),
        "returning": _form(path, trip, "bring_back", "Barang sudah saya kembalikan"),
    }.get(trip.status, "")
    return f"<section><p><b>{escape(STATUS[trip.status])}</b></p>{_about(trip)}<ol>{stops}</ol>{forms}</section>"


def _about(trip: Trip) -> str:
    facts = [
        f"{len(trip.stops)} perhentian",
        f"{trip.distance_m / 1000:.1f} km".replace(".", ","),
        f"{trip.weight_g / 1000:g} kg".replace(".", ","),
        f"bayaran {rupiah(trip.cost)}",
    ]
    return f"<p>{escape(' · '.join(facts))}</p>"


def _stop(trip: Trip, stop: Stop, seen: Seen, path: str) -> str:
    outcome = trip.outcomes.get(stop.order_id)
    goods = ", ".join(f"{count} × {seen.names[stop.order_id][offer]}" for offer, count in stop.packs.items())
    lines = [*_where(seen.private.get(stop.order_id)), escape(goods)]
    lines += [escape(IN_THE_MIDDLE)] if stop.approximate else []
    if outcome:
        lines.append(f"<b>{escape('Sudah diterima' if outcome == DELIVERED else REASONS[outcome])}</b>")
    forms = _at_the_door(trip, stop, path) if trip.status in ("picked_up", "returning") and outcome != DELIVERED else ""
    return "<br>".join(lines) + forms


def _where(private: OrderPrivate | None) -> Iterable[str]:
    if private is None or private.address is None:
        return ["Alamat tidak ada lagi."]
    to = private.address
    phone, place = escape(to.phone), f"{to.lat:.6f},{to.lng:.6f}"
    lines = [
        f'{escape(to.recipient)} <a href="tel:{phone}">{phone}</a>',
        f'{escape(to.line)} <a href="https://maps.google.com/?q={place}" rel="noreferrer">peta</a>',
    ]
    return [*lines, escape(private.note)] if private.note else lines


def _at_the_door(trip: Trip, stop: Stop, path: str) -> str:
    order = f'<input type="hidden" name="order_id" value="{escape(stop.order_id)}">'
    received = (
        '<label>Nama penerima <input name="receiver" maxlength="100" required></label>'
        '<label>Kode pengambilan, enam angka <input name="code" inputmode="numeric" autocomplete="off" maxlength="20">'
        '</label><label>Bila tidak ada kode: nama atau nomor foto <input name="photo" maxlength="100"></label>'
    )
    options = "".join(f'<option value="{name}">{escape(text)}</option>' for name, text in REASONS.items())
    return _form(path, trip, "deliver", "Sudah diterima", order + received) + _form(
        path, trip, "fail", "Tidak terantar", f'{order}<select name="reason">{options}</select>', kind="other"
    )


def _form(path: str, trip: Trip, do: str, label: str, fields: str = "", kind: str = "") -> str:
    return (
        f'<form method="post" action="{escape(path)}/{escape(trip.id)}" class="{kind}">{fields}'
        f'<input type="hidden" name="do" value="{do}"><button>{escape(label)}</button></form>'
    )
