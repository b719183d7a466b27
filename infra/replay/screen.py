"""What the replay shows while it runs, and the report that stays at the end."""

from typing import Any

from rich.console import Console
from rich.table import Table

from infra.replay.findings import Figure

console = Console()


def rupiah(amount: int) -> str:
    """Return e.g. ``Rp48.400.000``."""
    return f"Rp{amount:,}".replace(",", ".")


def show_wave(name: str, report: dict[str, Any], happened: dict[str, int]) -> None:
    totals = report["totals"]
    handed = totals["handed_over"]
    title = f"{name}: {handed['weight_g'] / 1000:,.0f} kg, {rupiah(handed['goods_value'])} handed over"
    table = Table(title=title, title_justify="left")
    for column in ("by", "who", "orders", "packs", "kg", "goods"):
        table.add_column(column, justify="left" if column in ("by", "who") else "right")
    for group in ("by_institution", "by_dropoff", "by_cooperative", "by_product"):
        for row in report[group]:
            table.add_row(
                group.removeprefix("by_"), row["name"] or "–", str(row["orders"]), str(row["packs"]),
                f"{row['weight_g'] / 1000:,.0f}", rupiah(row["goods_value"]),
            )  # fmt: skip
    console.print(table)
    methods = ", ".join(f"{name} {rupiah(paid)}" for name, paid in sorted(report["payments_by_method"].items()))
    console.print(f"paid by {methods}; courier fees {rupiah(totals['courier_fees'])}, "
                  f"refunded {rupiah(totals['refunded'])}")  # fmt: skip
    console.print("on the way: " + ", ".join(f"{count} {event}" for event, count in happened.items()), "\n")


def show_figures(figures: list[Figure]) -> None:
    table = Table(title="Read back from report, ledger and settlement", title_justify="left")
    table.add_column("figure")
    table.add_column("expected", justify="right")
    table.add_column("found", justify="right")
    table.add_column("")
    for figure in figures:
        mark = "[green]✓[/]" if figure.right else "[red]✗ off[/]"
        table.add_row(figure.name, _plain(figure.expected), _plain(figure.found), mark)
    console.print(table)


def _plain(value: Any) -> str:
    return f"{value:,}".replace(",", ".") if isinstance(value, int) else str(value)
