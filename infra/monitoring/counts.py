"""What is counted in the log, and which lines it is counted in. A test holds the words to those that functions say."""

from infra.monitoring.alarm import Counted


def _said(*messages: str, also: str = "") -> str:
    either = " || ".join(f'($.message = "{message}")' for message in messages)
    return f"{{ ({either}){f' && {also}' if also else ''} }}"


_HOMELESS = '(($.outcome = "unknown_payment") || ($.outcome = "unknown_to_provider") || ($.outcome = "not_understood"))'

ORDERS_PLACED = Counted("OrdersPlaced", _said("POST /v1/orders", also="$.status = 201"))
ORDERS_REFUSED = Counted("OrdersRefused", _said("POST /v1/orders", also="$.status >= 400"))
PAYMENTS_APPLIED = Counted(
    "PaymentsApplied", _said("notification applied", "looked after", also='($.outcome = "applied")')
)
HANDED_OVER = Counted("OrdersHandedOver", _said("POST /v1/orders/{order_id}/handover", also="$.status = 200"))
NOTICES_SENT = Counted("NoticesSent", _said("notice", also='($.outcome = "sent")'))

EVENTS_PARKED = Counted("EventsParked", _said("notification applied", "looked after", also=_HOMELESS))
EVENTS_NOT_STORED = Counted("EventsNotStored", _said("event not stored"))
EVENTS_REFUSED = Counted("EventsRefused", _said("event refused", "bank refused"))
COURIER_EVENTS_LOST = Counted("CourierEventsLost", _said("a courier's event found no home"))
INCIDENTS = Counted("Incidents", _said("incident"))
FINDINGS = Counted("ReconciliationFindings", _said("reconciled"), value="$.findings")
RECONCILED = Counted("Reconciliations", _said("reconciled"))
SYNCS_HELD = Counted("SyncsHeld", _said("sync moved on", also='($.status = "held")'))
RECORDS_FAILED = Counted("RecordsFailed", _said("record failed", "could not be looked after"))
SIGN_INS_BLIND = Counted("SignInsBlind", _said("institution not known"))
UNREACHABLE = Counted("PeopleUnreachable", _said("notice", also='($.outcome = "unreachable")'))

COUNTS = (
    ORDERS_PLACED, ORDERS_REFUSED, PAYMENTS_APPLIED, HANDED_OVER, NOTICES_SENT, EVENTS_PARKED, EVENTS_NOT_STORED,
    EVENTS_REFUSED, COURIER_EVENTS_LOST, INCIDENTS, FINDINGS, RECONCILED, SYNCS_HELD, RECORDS_FAILED, SIGN_INS_BLIND,
    UNREACHABLE,
)  # fmt: skip
