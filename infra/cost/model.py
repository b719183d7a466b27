"""What is used, and what that costs: pure sums over measured units (measured.py) and assumed prices (prices.py)."""

from dataclasses import astuple, dataclass

from infra.cost import prices

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Use:
    """What something uses once. `seconds` are of a function, at `FUNCTION_GB` of memory; `logged` is in bytes."""

    writes: float = 0
    reads: float = 0
    requests: float = 0
    invocations: float = 0
    seconds: float = 0
    messages: float = 0
    logged: float = 0

    def times(self, n: float) -> "Use":
        return Use(*(value * n for value in astuple(self)))

    def __add__(self, other: "Use") -> "Use":
        return Use(*(one + two for one, two in zip(astuple(self), astuple(other), strict=True)))


FUNCTION_GB = 0.75  # between the 512 MB of most functions and the 1,024 MB of those that take orders


def rupiah(use: Use) -> dict[str, float]:
    """Return what *use* costs, by what AWS charges for it.

    1,000,000 writes at 0.71 dollars of 16,500 rupiah    11,715
    """
    dollars = {
        "DynamoDB": (use.writes * prices.MILLION_WRITES + use.reads * prices.MILLION_READS) / MILLION,
        "Lambda": use.invocations * prices.MILLION_INVOCATIONS / MILLION
        + use.seconds * FUNCTION_GB * prices.GIGABYTE_SECOND,
        "API Gateway": use.requests * prices.MILLION_REQUESTS / MILLION,
        "CloudFront, WAF": use.requests
        * (prices.MILLION_EDGE_REQUESTS + prices.MILLION_FIREWALL_REQUESTS) / MILLION,
        "SQS": use.messages * prices.MILLION_MESSAGES / MILLION,
        "Log": use.logged * prices.GIGABYTE_LOGGED / 1e9,
    }  # fmt: skip
    return {name: amount * prices.RUPIAH_PER_DOLLAR for name, amount in dollars.items()}


def total(use: Use) -> float:
    return sum(rupiah(use).values())
