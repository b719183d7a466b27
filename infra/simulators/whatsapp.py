"""WhatsApp's Cloud API as a business sends approved templates through it (see providers/whatsapp.py)."""

import json
import re
from base64 import b64encode
from collections import deque
from hmac import compare_digest
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.simulators import read
from infra.simulators.clock import Clock, utc
from infra.simulators.journal import KEPT

TOKEN = "lumbung-local-whatsapp"
PHONE_NUMBER_ID = "620000000000001"
REGISTERED = Path(__file__).parents[1] / "whatsapp" / "templates.json"


class Refused(Exception):
    def __init__(self, status: int, code: int, title: str, details: str = "") -> None:
        super().__init__(title)
        self.status, self.code, self.title, self.details = status, code, title, details


class WhatsApp:
    """Approved is what is registered; nobody answers, so that only templates may be sent."""

    name = "whatsapp"

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock
        self._approved = {
            (entry["name"], entry["language"]): entry["components"][0]["text"]
            for entry in json.loads(REGISTERED.read_text())
        }
        self._strangers: set[str] = set()
        self._sent: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._number = 0

    def routes(self) -> list[Route]:
        return [Route("/{version}/{phone_number_id}/messages", self.send, methods=["POST"])]

    async def send(self, request: Request) -> Response:
        try:
            _must_be_known(request)
            message = _message(await request.body())
            return JSONResponse(self._take(message))
        except Refused as refused:
            return JSONResponse(_error(refused), refused.status)

    async def simulate(self, request: Request) -> Response:
        """Let a number be on WhatsApp, or not."""
        asked = await read.fields(request)
        to, is_on = read.text(asked, "to"), asked.get("on_whatsapp") is not False
        (self._strangers.discard if is_on else self._strangers.add)(to)
        return JSONResponse({"to": to, "on_whatsapp": is_on})

    async def messages(self, request: Request) -> Response:
        """Return what was sent, oldest first, as its readers see it."""
        return JSONResponse({"items": list(self._sent)})

    def _take(self, message: dict[str, Any]) -> dict[str, Any]:
        to, template = str(message["to"]), message["template"]
        body = self._body(template)
        if to in self._strangers:
            raise Refused(400, 131026, "Message undeliverable", "Message Undeliverable.")
        self._number += 1
        id_ = "wamid." + b64encode(f"{to}:{self._number}".encode()).decode()
        self._sent.append({
            "id": id_,
            "to": to,
            "template": template["name"],
            "body": body,
            "tags": message.get("biz_opaque_callback_data"),
            "sent_at": utc(self._clock()),
        })  # fmt: skip
        return {
            "messaging_product": "whatsapp",
            "contacts": [{"input": to, "wa_id": to}],
            "messages": [{"id": id_, "message_status": "accepted"}],
        }

    def _body(self, template: dict[str, Any]) -> str:
        name, language = template.get("name"), template.get("language", {}).get("code")
        text = self._approved.get((name, language))
        if text is None:
            title = "Template name does not exist in the translation"
            raise Refused(404, 132001, title, f"template name ({name}) does not exist in {language}")
        given = [p["text"] for part in template.get("components", []) for p in part["parameters"]]
        expected = len(re.findall(r"{{\d+}}", text))
        if len(given) != expected:
            title = "Number of parameters does not match the expected number of params"
            details = f"body: number of localizable_params ({len(given)}) does not match the expected ({expected})"
            raise Refused(400, 132000, title, details)
        if any(not value or re.search(r"[\n\t]| {5,}", value) for value in given):
            title = "There's an issue with the parameters in your template"
            details = "Param text cannot be empty or have new-line/tab characters or more than 4 consecutive spaces"
            raise Refused(400, 132018, title, details)
        return re.sub(r"{{(\d+)}}", lambda match: str(given[int(match.group(1)) - 1]), text)


def _must_be_known(request: Request) -> None:
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    if not compare_digest(token.encode(), TOKEN.encode()):
        raise Refused(401, 190, "Invalid OAuth access token - Cannot parse access token")
    if request.path_params["phone_number_id"] != PHONE_NUMBER_ID:
        raise Refused(400, 100, "Unsupported post request. Object does not exist, or lacks permissions")


def _message(raw: bytes) -> dict[str, Any]:
    try:
        message = json.loads(raw)
    except ValueError:
        message = None
    if not isinstance(message, dict) or message.get("messaging_product") != "whatsapp":
        raise Refused(400, 100, "(#100) The parameter messaging_product is required.")
    if not re.fullmatch(r"\+?\d{8,15}", str(message.get("to", ""))):
        raise Refused(400, 100, "(#100) Invalid parameter", "to is no phone number")
    if message.get("type") != "template" or not isinstance(message.get("template"), dict):
        raise Refused(400, 131047, "Re-engagement message", "More than 24 hours have passed since the last reply")
    return message


def _error(refused: Refused) -> dict[str, Any]:
    error: dict[str, Any] = {
        "message": refused.title if refused.title.startswith("(#") else f"(#{refused.code}) {refused.title}",
        "type": "OAuthException",
        "code": refused.code,
        "fbtrace_id": "AlocalLumbungTrace000000",
    }
    if refused.details:
        error["error_data"] = {"messaging_product": "whatsapp", "details": refused.details}
    return {"error": error}
