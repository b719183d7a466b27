"""What 5.6 million members in two days need: arithmetic over the calls and units that an order was seen to take.

The profile is that of office purchases: they peak at ten and at two, dip at noon, and few come at night. Before
that comes the rush in which the wave opens.
"""

from dataclasses import dataclass

from lumbung.domain.wave import shards_for

# Of a hundred orders of a working day, those from 0, 1, … 23 o'clock: five months of e-catalogue orders, by hour.
HOURS = (
    0.2,
    0.1,
    0.1,
    0.1,
    0.1,
    0.3,
    0.6,
    2.2,
    5.5,
    9.5,
    11.2,
    10.3,
    7.0,
    9.6,
    12.0,
    10.9,
    7.4,
    3.7,
    2.1,
    1.8,
    1.8,
    1.7,
    1.2,
    0.7,
)
OPENING_RATE, OPENING_S = 2_000, 600  # orders a second in the first minutes, by the programme's own estimate
WRITES = {"orders": 2 + 2 + 3, "people": 2, "keys": 2}  # units per order of one product: tests/bench/test_units.py
SECONDS_PER_ORDER, TRIES_PER_ORDER = 0.1, 1.3  # p99 of the time, and transactions asked for, in the opening model
NEW_TABLE = 4_000  # write units a second that a new on-demand table takes


@dataclass(frozen=True)
class Need:
    members: int
    opening_rate: float  # orders a second, as the next
    peak_hour_rate: float

    @property
    def peak(self) -> float:
        return max(self.opening_rate, self.peak_hour_rate)

    def table(self) -> str:
        shards = shards_for(None, rate=round(self.peak))
        lines = [
            f"{self.members:,} orders in two days",
            f"the first ten minutes    {self.opening_rate:,.0f} orders/s",
            f"busiest hour after that  {self.peak_hour_rate:,.0f} orders/s",
            f"concurrency              {self.peak * SECONDS_PER_ORDER:,.0f} functions at p99, reserve twice that",
            f"shards of one offer that all want: {shards}; of ten that share the demand: "
            f"{shards_for(None, rate=round(self.peak / 10))} each",
        ]
        for table, units in WRITES.items():
            need = self.peak * units * TRIES_PER_ORDER
            lines.append(f"{table + ' table':<25}{need:,.0f} write units/s; warmed beforehand: {need > NEW_TABLE}")
        return "\n".join(lines)


def in_two_days(members: int) -> Need:
    """Return what so many members need, if each orders once in two working days."""
    rest = (members - OPENING_RATE * OPENING_S) / 2
    busiest = rest * max(HOURS) / sum(HOURS) / 3_600
    return Need(members, OPENING_RATE, busiest)
