"""What came out, read back from the report, the ledger and the settlement, against what the press wrote."""

from dataclasses import dataclass
from typing import Any

from infra.replay.client import Actor

PUBLISHED = {"Gelombang I": (2_900_000, 31_900_000), "both waves": (4_400_000, 48_400_000)}  # grams, rupiah


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: where it was read, what it should be, what it is."""

    name: str
    expected: Any
    found: Any

    @property
    def right(self) -> bool:
        return bool(self.expected == self.found)


def figures(operator: Actor, waves: dict[str, str], cooperative_id: str) -> list[Figure]:
    """Return every figure that the replay must reproduce; *waves* maps a wave's name to its id."""
    reports = {name: operator.get(f"/v1/waves/{wave_id}/report") for name, wave_id in waves.items()}
    settled = {s["wave_id"]: s for s in operator.everything(f"/v1/cooperatives/{cooperative_id}/settlements")}
    found = [*_published(reports), *_settled(reports, settled, waves)]
    for name, wave_id in waves.items():
        found += _clean(operator, name, wave_id)
    balance = operator.get("/v1/ledger/trial-balance")
    found.append(Figure("trial balance: difference", 0, balance["difference"]))
    coop = operator.get(f"/v1/ledger/accounts/cooperative:{cooperative_id}")
    found.append(Figure("ledger: credited to the cooperative", PUBLISHED["both waves"][1], coop["credits"]))
    found.append(Figure("ledger: still owed to the cooperative", 0, coop["balance"]))
    return found


def _published(reports: dict[str, Any]) -> list[Figure]:
    first = reports["Gelombang I"]["totals"]["handed_over"]
    both = {
        field: sum(report["totals"]["handed_over"][field] for report in reports.values())
        for field in ("weight_g", "goods_value")
    }
    return [
        Figure("report, wave I: grams handed over", PUBLISHED["Gelombang I"][0], first["weight_g"]),
        Figure("report, wave I: rupiah", PUBLISHED["Gelombang I"][1], first["goods_value"]),
        Figure("report, both waves: grams handed over", PUBLISHED["both waves"][0], both["weight_g"]),
        Figure("report, both waves: rupiah", PUBLISHED["both waves"][1], both["goods_value"]),
    ]


def _settled(reports: dict[str, Any], settled: dict[str, Any], waves: dict[str, str]) -> list[Figure]:
    found = []
    for name, wave_id in waves.items():
        value = reports[name]["totals"]["handed_over"]["goods_value"]
        settlement = settled.get(wave_id, {})
        found.append(Figure(f"settlement, {name}: owed", value, settlement.get("amount")))
        found.append(Figure(f"settlement, {name}: paid", value, settlement.get("paid")))
    return found


def _clean(operator: Actor, name: str, wave_id: str) -> list[Figure]:
    stock = operator.get(f"/v1/waves/{wave_id}/stock")["items"]
    checked = operator.get("/v1/reconciliation", wave_id=wave_id)
    wave = operator.get(f"/v1/waves/{wave_id}")
    unearned = operator.get(f"/v1/ledger/accounts/unearned:{wave_id}")
    return [
        Figure(f"{name}: state", "completed", wave["state"]),
        Figure(f"{name}: stock difference", 0, sum(abs(line["difference"]) for line in stock)),
        Figure(f"{name}: packs left over", 0, sum(line["available"] for line in stock)),
        Figure(f"{name}: reconciliation findings", [], checked["findings"]),
        Figure(f"{name}: members' money not yet earned or given back", 0, unearned["balance"]),
    ]
