"""E-mail through Amazon SES (API v2, `SendEmail`)."""

from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, ConnectTimeoutError, EndpointConnectionError
from botocore.exceptions import ReadTimeoutError as NoAnswer

from lumbung.domain.errors import InDoubt, ProviderUnavailable, Undeliverable
from lumbung.domain.letter import Letter
from lumbung.domain.people import Person

NAME = "email"
UNDELIVERABLE = frozenset({"BadRequestException"})  # no address; whatever else SES refuses is our own affair
NOT_SENT = (ConnectTimeoutError, EndpointConnectionError)


class Email:
    """*client* makes one of `sesv2` that does not try again by itself; *domain*: whose name is proven to SES."""

    name = NAME

    def __init__(self, client: Callable[[], Any], domain: str) -> None:
        self._client, self._from = client, f"Lumbung <pesan@{domain}>"

    def address_of(self, person: Person) -> str | None:
        return person.email

    def send(self, address: str, letter: Letter) -> str:
        """Send once and return SES' own id; Undeliverable, InDoubt, ProviderUnavailable."""
        try:
            answer = self._client().send_email(
                FromEmailAddress=self._from,
                Destination={"ToAddresses": [address]},
                Content={"Simple": {"Subject": _text(letter.subject), "Body": {"Text": _text(letter.body)}}},
                EmailTags=[{"Name": name, "Value": value} for name, value in letter.tags.items()],
            )
        except ClientError as refused:
            code = refused.response["Error"]["Code"]
            if code in UNDELIVERABLE:
                raise Undeliverable(f"SES: {code}") from None
            raise ProviderUnavailable(f"SES: {code}") from None
        except NOT_SENT as failure:
            raise ProviderUnavailable(f"SES cannot be asked: {type(failure).__name__}") from None
        except NoAnswer:
            raise InDoubt("SES does not answer in time") from None
        except BotoCoreError as failure:
            raise ProviderUnavailable(f"SES: {type(failure).__name__}") from None
        return str(answer["MessageId"])


def _text(data: str) -> dict[str, str]:
    return {"Data": data, "Charset": "UTF-8"}
