"""HTTP: a member says whether, and how far, their allowance (TPP) may be drawn on."""

from functools import partial

from lumbung.domain.errors import InvalidState, NotEligible, NotFound
from lumbung.domain.people import MEMBER, PIC
from lumbung.runtime import deps, deps_payments
from lumbung.runtime.http import Api, Call
from payments.consent_to_deduct import give_consent, stop_deductions, withdraw_consent
from payments.settle_payment import settle_payment
from payments.tpp_schemas import ConsentRequest, ConsentView

routes = Api(secret=deps.id_secret, earlier=deps.earlier)


def consent_view(call: Call, member_id: str) -> ConsentView:
    consent = deps_payments.consents().find(member_id)
    if consent is None:
        raise NotFound("Belum ada persetujuan pemotongan TPP.")
    return ConsentView.of(consent, at=call.at)


@routes.get("/v1/me/tpp-consent", roles=(MEMBER, PIC), returns=ConsentView, refuses=(404,))
def get_consent(call: Call) -> ConsentView:
    return consent_view(call, call.caller.id)


@routes.put("/v1/me/tpp-consent", roles=(MEMBER, PIC), body=ConsentRequest, returns=ConsentView, replay=consent_view)
def put_consent(call: Call) -> ConsentView:
    """For the institution that the caller is staff of; what was not handed over under an earlier consent is stopped."""
    request = call.begin(ConsentRequest)
    if call.caller.institution_id is None:
        raise NotEligible("Potongan TPP hanya untuk pegawai instansi.")
    person = deps.people().get(call.caller.id)
    if person is None or not person.nip:
        raise InvalidState("Lengkapi NIP Anda terlebih dahulu.")
    given = give_consent(
        request.to_domain(call.caller.id, call.caller.institution_id, at=call.at),
        once=call.once,
        remember=deps.remember,
        decide=deps_payments.decisions(),
        consents=deps_payments.consents(),
    )
    _stop(given.open)
    call.notes["text_version"] = given.text_version
    return ConsentView.of(given, at=call.at)


@routes.post(
    "/v1/me/tpp-consent/withdrawal", roles=(MEMBER, PIC), returns=ConsentView, replay=consent_view, refuses=(404,)
)
def post_withdrawal(call: Call) -> ConsentView:
    """Stops every deduction that no treasurer has yet."""
    call.begin_empty()
    withdrawn = withdraw_consent(
        call.caller.id,
        at=call.at,
        once=call.once,
        remember=deps.remember,
        decide=deps_payments.decisions(),
        consents=deps_payments.consents(),
    )
    _stop(withdrawn.open)
    return ConsentView.of(withdrawn, at=call.at)


def _stop(payment_ids: frozenset[str]) -> None:
    stop_deductions(
        payment_ids,
        payments=deps_payments.payments(),
        provider=deps_payments.providers(),
        settle=partial(settle_payment, **deps_payments.money()),
    )
