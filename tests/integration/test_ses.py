"""SES' adapter against moto, and against what goes wrong on the way."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError
from moto.ses import ses_backends

from lumbung.domain.errors import InDoubt, LumbungError, ProviderUnavailable, Undeliverable
from lumbung.domain.letter import Letter
from lumbung.domain.people import Person
from lumbung.providers.ses import Email
from lumbung.runtime import deps
from tests.integration.conftest import SESSION

DOMAIN = "lumbung.example.go.id"
LETTER = Letter("t", (), "Pesanan Anda dibatalkan", "Halo Siti, …", {"kind": "cancelled", "order_id": "ord_1"})


def email() -> Email:
    return Email(lambda: deps.aws("sesv2", tries=1), DOMAIN)


def test_a_letter_is_a_mail_of_plain_text(aws_env: None) -> None:
    SESSION.create_client("ses").verify_domain_identity(Domain=DOMAIN)

    id_ = email().send("siti@example.go.id", LETTER)

    [mail] = ses_backends["123456789012"]["ap-southeast-3"].sent_messages
    assert id_ == mail.id
    assert (mail.source, mail.destinations) == (f"Lumbung <pesan@{DOMAIN}>", {"ToAddresses": ["siti@example.go.id"]})
    assert (mail.subject, mail.body) == ("Pesanan Anda dibatalkan", "Halo Siti, …")


def test_a_sender_that_is_not_proven_yet_is_our_affair_not_the_reader_s(aws_env: None) -> None:
    with pytest.raises(ProviderUnavailable, match="MessageRejected"):
        email().send("siti@example.go.id", LETTER)


class Broken:
    def __init__(self, error: Exception) -> None:
        self.error, self.asked = error, 0

    def send_email(self, **asked: Any) -> None:
        self.asked += 1
        raise self.error


def refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": ""}}, "SendEmail")


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        pytest.param(refused("BadRequestException"), Undeliverable, id="no address"),
        pytest.param(refused("TooManyRequestsException"), ProviderUnavailable, id="too many at once"),
        pytest.param(refused("SendingPausedException"), ProviderUnavailable, id="paused"),
        pytest.param(EndpointConnectionError(endpoint_url="x"), ProviderUnavailable, id="nobody there: not sent"),
        pytest.param(ReadTimeoutError(endpoint_url="x"), InDoubt, id="no answer: nobody knows"),
    ],
)
def test_what_goes_wrong(wrong: Exception, error: type[LumbungError]) -> None:
    broken = Broken(wrong)

    with pytest.raises(LumbungError) as raised:
        Email(lambda: broken, DOMAIN).send("siti@example.go.id", LETTER)

    assert (type(raised.value), broken.asked) == (error, 1)


def test_its_client_does_not_try_again_by_itself(aws_env: None) -> None:
    assert deps.aws("sesv2", tries=1).meta.config.retries["total_max_attempts"] == 1
    assert deps.aws("sqs").meta.config.retries["total_max_attempts"] == 3


def test_only_whoever_has_an_address_gets_mail() -> None:
    assert email().address_of(Person("m", email="siti@example.go.id")) == "siti@example.go.id"
    assert email().address_of(Person("m", phone="081234567890")) is None
