"""What people allow and forbid, and that everybody who writes to them keeps to it."""

from typing import Any

import pytest

from lumbung.domain.people import Caller
from lumbung.domain.permission import EMAIL, PURPOSES, REMINDERS, WHATSAPP
from ordering import api
from tests.integration.conftest import Reply
from tests.integration.office import DURING, Office, a_member, office
from tests.integration.test_notices import Mailroom, mailroom
from tests.integration.test_ordering_identity import for_siti

__all__ = ["mailroom", "office"]

SITI = a_member(1, email="siti@kemenkop.go.id")
TEXT = PURPOSES[WHATSAPP].text_version


def say(office: Office, purpose: str, granted: bool, key: str = "k", by: Caller = SITI, text: str = TEXT) -> Reply:
    body = {"granted": granted, "text_version": text}
    return office.http(api.handler, "PUT", f"/v1/me/consents/{purpose}", body, caller=by, key=key, at=DURING)


def test_each_purpose_is_told_with_its_text_and_what_was_said_of_it(office: Office) -> None:
    before = office.get("/v1/me/consents", SITI).json["items"]
    say(office, WHATSAPP, False)
    after = say(office, WHATSAPP, True, "again").json

    assert [(one["purpose"], one["granted"], one["history"]) for one in before] == [(p, None, []) for p in PURPOSES]
    assert all(one["text"] and one["text_version"] for one in before)
    assert (after["granted"], after["granted_text_version"], after["at"]) == (True, TEXT, "2020-04-07T03:00:00Z")
    assert [one["granted"] for one in after["history"]] == [False, True]
    assert next(one for one in office.get("/v1/me/consents", SITI).json["items"] if one["purpose"] == WHATSAPP) == after


@pytest.mark.parametrize(
    ("purpose", "granted", "text", "status"),
    [
        pytest.param(WHATSAPP, True, "2019-01-01", 422, id="allowing what one was not shown"),
        pytest.param(WHATSAPP, False, "2019-01-01", 200, id="forbidding, whatever one was shown"),
        pytest.param("marketing", False, TEXT, 404, id="a use that there is not"),
    ],
)
def test_only_what_was_read_is_allowed(office: Office, purpose: str, granted: bool, text: str, status: int) -> None:
    assert say(office, purpose, granted, text=text).status == status


@pytest.mark.parametrize(
    ("forbidden", "whatsapp", "email", "state"),
    [
        pytest.param([], 1, 0, "sent", id="nothing"),
        pytest.param([WHATSAPP], 0, 1, "sent", id="WhatsApp: the next way is taken"),
        pytest.param([EMAIL], 1, 0, "sent", id="e-mail"),
        pytest.param([WHATSAPP, EMAIL], 0, 0, "unreachable", id="both: nobody is written to"),
    ],
)
def test_whoever_forbids_a_way_is_not_written_to_by_it(
    mailroom: Mailroom, forbidden: list[str], whatsapp: int, email: int, state: str
) -> None:
    order = mailroom.placed(member=SITI)
    messages = mailroom.take_in(order)
    for purpose in forbidden:
        say(mailroom.office, purpose, False, key=purpose)  # after the message went into the queue

    assert mailroom.tell(*messages) == []

    assert (len(mailroom.whatsapp.sent), len(mailroom.email.sent)) == (whatsapp, email)
    assert [told[1] for told in mailroom.states(order)] == [state]


def test_whoever_forbids_reminders_hears_of_their_order_and_is_not_reminded(mailroom: Mailroom) -> None:
    order = mailroom.placed(member=SITI)
    say(mailroom.office, REMINDERS, False)
    due: dict[str, Any] = {"order_id": order, "kind": "payment_due", "number": 0, "amount": 0}

    assert mailroom.tell(due, *mailroom.take_in(order)) == []
    assert mailroom.whatsapp.kinds == ["placed"]

    say(mailroom.office, REMINDERS, True, key="again")
    mailroom.tell(due)
    assert mailroom.whatsapp.kinds == ["placed", "payment_due"]


def test_it_holds_for_what_is_ordered_for_somebody_s_phone(mailroom: Mailroom) -> None:
    say(mailroom.office, WHATSAPP, False)
    order = for_siti(mailroom.office, mailroom.office.wave()).json["id"]

    mailroom.tell(*mailroom.take_in(order))

    assert mailroom.whatsapp.sent == []


def test_a_name_is_kept_from_the_token_also_after_something_was_forbidden(office: Office) -> None:
    say(office, WHATSAPP, False)

    assert office.get("/v1/me", SITI).json["name"] == SITI.name
    assert office.get("/v1/me/consents", SITI).json["items"][0]["granted"] is False
