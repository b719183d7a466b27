"""Who serves which way of paying, as the configuration says it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lumbung.domain import ledger
from lumbung.domain.errors import InvalidState, ProviderUnavailable
from lumbung.domain.payment import Payment
from lumbung.domain.payment_provider import Impatient, Providers, serving


class Named:
    """A provider that offers what it is told to, and answers its own name."""

    def __init__(self, name: str, *offers: tuple[str, str | None]) -> None:
        self.name, self._offers = name, offers

    def longest(self, method: str, bank: str | None) -> timedelta | None:
        return timedelta(days=1) if (method, bank) in self._offers else None

    def status(self, payment: Payment) -> Any:
        return self.name


def a_payment(provider: str) -> Payment:
    return Payment("pay_1", "ord_1", "wav_1", "drp_1", provider, "qris", 100, datetime(2020, 4, 7, tzinfo=UTC))


def the_providers(text: str, *known: Named) -> Providers:
    by_name: Any = {provider.name: provider for provider in known}
    return Providers(by_name.__getitem__, serving(text))


def test_the_configuration_names_who_serves_what() -> None:
    told = serving(" qris = midtrans, xendit ;gopay=midtrans; ")

    assert told == {"qris": ("midtrans", "xendit"), "gopay": ("midtrans",)}


@pytest.mark.parametrize(
    "text",
    ["qris", "qris=", "qris=midtrans,", "cheque=midtrans", "qris=midtrans;qris=xendit", "qris=midtrans,midtrans"],
)
def test_a_configuration_that_cannot_be_meant_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        serving(text)


def test_they_are_offered_in_their_order_as_far_as_they_serve_the_bank() -> None:
    midtrans = Named("midtrans", ("virtual_account", "bca"), ("virtual_account", "bni"))
    snap = Named("snap", ("virtual_account", "bca"))
    providers = the_providers("virtual_account=snap,midtrans", midtrans, snap)

    assert [p.name for p in providers.offering("virtual_account", "bca")] == ["snap", "midtrans"]
    assert [p.name for p in providers.offering("virtual_account", "bni")] == ["midtrans"]
    for method, bank in (("virtual_account", "cimb"), ("qris", None)):
        with pytest.raises(InvalidState):
            providers.offering(method, bank)


def test_a_payment_is_asked_about_where_it_is() -> None:
    providers = the_providers("", Named("midtrans"), Named("xendit"))

    assert providers.status(a_payment("xendit")) == "xendit"  # type: ignore[comparison-overlap]  # it answers its name


def test_all_products_of_a_company_have_one_account() -> None:
    assert ledger.gateway("xendit.invoice") == ledger.gateway("xendit") == "gateway:xendit"


def test_within_one_run_a_silent_provider_is_asked_once_and_the_others_still() -> None:
    asked: list[str] = []

    class Silent(Named):
        def status(self, payment: Payment) -> Any:
            asked.append(self.name)
            raise ProviderUnavailable(self.name)

    run = Impatient(the_providers("", Silent("midtrans"), Named("xendit")))

    for _ in range(2):
        with pytest.raises(ProviderUnavailable):
            run.status(a_payment("midtrans"))
        assert run.status(a_payment("xendit")) == "xendit"  # type: ignore[comparison-overlap]  # it answers its name
    assert asked == ["midtrans"]
