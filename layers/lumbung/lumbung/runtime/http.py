"""The plumbing of every HTTP entry point: routes, roles, bodies, idempotency, problems and paging.

A route is declared with its contract, and its function receives the `Call`:

    @api.post("/v1/orders/{order_id}/cancellation", roles=(MEMBER, PIC), replay=get_order)
    def post_cancellation(call: Call, order_id: str) -> OrderView: …

Refusals come in the contract's order because a function works in that order: the role is checked before it
is called (403), it finds what the caller may see (404), then `call.begin(Model)` reads the key (400) and the
body (422), and what the state forbids follows (409).
"""

import base64
import gzip
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from aws_lambda_powertools.event_handler.api_gateway import APIGatewayHttpResolver, Response
from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from lumbung.domain import ids, phone
from lumbung.domain.errors import (
    AlreadyDone,
    Conflict,
    Fault,
    Forbidden,
    Invalid,
    KeyRequired,
    KeyReused,
    Unauthenticated,
)
from lumbung.domain.moments import from_ms
from lumbung.domain.once import Once, request_hash
from lumbung.domain.people import Caller
from lumbung.runtime import origin, problems
from lumbung.runtime.answer import JSON, Answer
from lumbung.runtime.log import logger

Model = TypeVar("Model", bound=BaseModel)
Body = TypeVar("Body")
Earlier = Callable[[str], AlreadyDone | None]
PAGED = ("limit", "cursor")
Begin = Callable[[], None]
End = Callable[["Call", "Route"], None]
MAX_BODY = 256 * 1024
LARGE = 1024 * 1024  # an answer that is worth packing


@dataclass(frozen=True, slots=True)
class Route:
    method: str
    path: str
    function: Callable[..., Any]
    roles: tuple[str, ...] = ()  # nobody in particular: public
    body: type[BaseModel] | None = None
    returns: Any = None
    status: int = 200
    keyed: bool = False
    replay: Callable[["Call", str], Any] | None = None
    cache_s: int | None = None
    query: tuple[str, ...] = ()  # the parameters that it reads; those with a mark! are required
    media: tuple[str, ...] = ()  # what else than JSON it answers with, by `Accept` or always
    reads: tuple[str, ...] = ()  # what else than JSON it takes as its body
    refuses: tuple[int, ...] = ()  # statuses besides those that follow from its shape

    @property
    def parameters(self) -> frozenset[str]:
        return frozenset(name.removesuffix("!") for name in self.query)

    @property
    def public(self) -> bool:
        return not self.roles


class Call:
    """One request, seen by the function that answers it."""

    def __init__(self, event: dict[str, Any], route: Route, secret: Callable[[], bytes], earlier: Earlier) -> None:
        self._event, self._route, self._secret, self._earlier = event, route, secret, earlier
        self.notes: dict[str, Any] = {}
        self.reader: str | None = None  # who reads, where no token says so
        self._once: Once | None = None

    @cached_property
    def caller(self) -> Caller:
        claims = self._event["requestContext"].get("authorizer", {}).get("jwt", {}).get("claims", {})
        if claims.get("token_use") != "id":  # the gateway would let the pool's access tokens pass as well
            raise Unauthenticated("Token ini bukan token identitas.")
        if not claims.get("sub"):
            raise Unauthenticated("Token ini tidak menyebut pemiliknya.")
        return Caller(
            id=claims["sub"],
            roles=frozenset(claims.get("cognito:groups", "").strip("[]").replace(",", " ").split()),
            institution_id=claims.get("custom:institution_id") or None,
            name=claims.get("name") or None,
            phone=claims.get("phone_number") or None,
            email=claims.get("email") or None,
            person_id=self._person_id(claims),
        )

    def _person_id(self, claims: dict[str, str]) -> str | None:
        """Whom a verified phone stands for. One that is not verified would open anybody's orders to anybody."""
        number = phone.normal(claims.get("phone_number", ""))
        proven = claims.get("phone_number_verified") == "true"
        return phone.person_id(self._secret(), number) if number and proven else None

    @property
    def at(self) -> datetime:
        """When the request arrived, by the gateway's clock."""
        return from_ms(self._event["requestContext"]["timeEpoch"])

    @property
    def request_id(self) -> str:
        return str(self._event["requestContext"]["requestId"])

    @property
    def query(self) -> dict[str, str]:
        """What was asked, of what the route declares: nothing else can be read, so that the interface tells all."""
        given = self._event.get("queryStringParameters") or {}
        return {name: value for name, value in given.items() if name in self._route.parameters}

    def required_query(self, name: str) -> str:
        """Return a query parameter; Invalid when it is not given."""
        if value := self.query.get(name):
            return value
        raise Invalid(f"Parameter {name} wajib diisi.", [Fault(f"/query/{name}", "wajib diisi")])

    def header(self, name: str) -> str | None:
        value: str | None = self._event.get("headers", {}).get(name.lower())
        return value

    @property
    def key(self) -> str:
        """The Idempotency-Key; KeyRequired, Invalid."""
        key = self.header("idempotency-key")
        if not key:
            raise KeyRequired("Header Idempotency-Key wajib diisi.")
        if len(key) > 128 or not key.isascii() or not key.isprintable():
            raise Invalid(
                "Idempotency-Key: 1 sampai 128 karakter tercetak.", [Fault("/headers/idempotency-key", "tidak sah")]
            )
        return key

    @property
    def once(self) -> Once:
        """What the use case writes with its effect; known once `begin` was called."""
        if self._once is None:
            raise RuntimeError("begin() comes first")
        return self._once

    @property
    def body_hash(self) -> str:
        return request_hash(self._raw_body())

    def order_id(self) -> str:
        """The id of the order that this caller and key make for ever."""
        return ids.derive("ord_", self._secret(), self.caller.id, self.key)

    def new_id(self, prefix: str) -> str:
        """The id of the thing that this key makes."""
        return ids.derive(prefix, self._secret(), self.once.id)

    def begin(self, model: type[Model]) -> Model:
        """Return the body as *model*; from here on a repeat of the key answers as the first time.

        KeyRequired, Invalid with pointers, and AlreadyDone, which `Api` turns into the replayed answer.
        """
        return self._begin(lambda: self.parse(model))

    def begin_text(self) -> str:
        """As `begin`, for a body that is no JSON."""
        return self._begin(lambda: self.text)

    @property
    def text(self) -> str:
        """The body as it was sent."""
        return self._raw_body()

    def _begin(self, read: Callable[[], Body]) -> Body:
        self._once = Once(
            ids.derive("", self._secret(), self.caller.id, self._route.method, self._raw_path(), self.key),
            self.body_hash,
        )
        body = read()
        if earlier := self._earlier(self._once.id):
            raise earlier
        return body

    def done_meanwhile(self) -> AlreadyDone | None:
        """Return what this key named if a rival with the same key was faster: what refuses us is its own effect."""
        return self._earlier(self._once.id) if self._once else None

    def begin_empty(self) -> None:
        """As `begin`, for a request that has no body."""
        self.begin(Empty)

    def parse(self, model: type[Model]) -> Model:
        """Return the body as *model* without any key; Invalid with pointers."""
        raw = self._raw_body()
        if not raw and model is Empty:
            raw = "{}"
        try:
            return model.model_validate_json(raw)
        except ValidationError as wrong:
            raise _invalid(wrong, raw) from None

    def page(self) -> tuple[int, dict[str, Any] | None]:
        """Return (limit, key to start from) of a list request; Invalid."""
        raw = self.query.get("limit", "50")
        if not raw.isdecimal() or not 1 <= int(raw) <= 100:
            raise Invalid("limit: 1 sampai 100", [Fault("/query/limit", "1 sampai 100")])
        cursor = self.query.get("cursor")
        return int(raw), self._start_of(cursor) if cursor else None

    def listing(self, items: Sequence[Any], more: dict[str, Any] | None) -> dict[str, Any]:
        return {"items": list(items), "next_cursor": self._cursor(more) if more else None}

    def _cursor(self, start: dict[str, Any]) -> str:
        text = json.dumps(start, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(self._seal(text) + text).decode().rstrip("=")

    def _start_of(self, cursor: str) -> dict[str, Any]:
        try:
            raw = base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4))
        except ValueError:
            raw = b""
        seal, text = raw[:16], raw[16:]
        if not text or not hmac.compare_digest(seal, self._seal(text)):
            raise Invalid("cursor tidak dikenal", [Fault("/query/cursor", "tidak dikenal")])
        start: dict[str, Any] = json.loads(text)
        return start

    def _seal(self, text: bytes) -> bytes:
        """A cursor is believed only on the path that gave it out."""
        return hmac.new(self._secret(), self._raw_path().encode() + b"\0" + text, hashlib.sha256).digest()[:16]

    def _raw_path(self) -> str:
        return str(self._event["rawPath"])

    def _raw_body(self) -> str:
        body = self._event.get("body") or ""
        if self._event.get("isBase64Encoded"):
            body = base64.b64decode(body).decode("utf-8", errors="replace")
        if len(body) > MAX_BODY:
            raise problems.TooLarge("Isi permintaan melebihi 256 KB.")
        return body


class Empty(BaseModel, extra="forbid"):
    """No body."""


class Api:
    """The routes of one function."""

    def __init__(
        self, *, secret: Callable[[], bytes], earlier: Earlier,
        begin: Begin = lambda: None, end: End = lambda call, route: None,
    ) -> None:  # fmt: skip
        """*begin* and *end* surround each request that is answered; one that *end* refuses is not."""
        self._secret, self._earlier, self._begin, self._end = secret, earlier, begin, end
        self._resolver = APIGatewayHttpResolver()
        self.routes: list[Route] = []

    def get(self, path: str, **contract: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        return self._route("GET", path, **contract)

    def post(self, path: str, **contract: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        return self._route("POST", path, **{"keyed": True, **contract})

    def put(self, path: str, **contract: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        return self._route("PUT", path, **{"keyed": True, **contract})

    def patch(self, path: str, **contract: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        return self._route("PATCH", path, **{"keyed": True, **contract})

    def include(self, other: "Api") -> None:
        """Serve *other*'s routes as well."""
        for route in other.routes:
            self._add(route)

    def resolve(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        return origin.refusal(event) or self._resolver.resolve(event, context)

    def _route(self, method: str, path: str, **contract: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        def declare(function: Callable[..., Any]) -> Callable[..., Any]:
            self._add(Route(method, path, function, **contract))
            return function

        return declare

    def _add(self, route: Route) -> None:
        self.routes.append(route)

        def answer(**path: str) -> Response[Any]:
            event = self._resolver.current_event.raw_event
            return self._answer(route, Call(event, route, self._secret, self._earlier), path)

        self._resolver.route(route.path.replace("{", "<").replace("}", ">"), route.method)(answer)

    def _answer(self, route: Route, call: Call, path: dict[str, str]) -> Response[Any]:
        self._begin()
        try:
            answer = self._replayable(route, call, path)
            self._end(call, route)
        except problems.ANSWERED as refused:
            answer = problems.answer(refused, instance=f"/v1/requests/{call.request_id}")
            call.notes["code"] = refused.code
        response = _response(answer, route, call)
        logger.info(
            f"{route.method} {route.path}",
            status=response.status_code,
            request_id=call.request_id,
            replayed=answer.replayed or None,
            **call.notes,
        )
        return response

    def _replayable(self, route: Route, call: Call, path: dict[str, str]) -> Answer:
        if route.roles and not call.caller.has(*route.roles):
            raise Forbidden("Peran Anda tidak diizinkan untuk tindakan ini.")
        try:
            return _as_answer(route.function(call, **path))
        except (AlreadyDone, Conflict) as refused:
            earlier = refused if isinstance(refused, AlreadyDone) else call.done_meanwhile()
            if earlier is None:
                raise
            if route.replay is None:
                raise RuntimeError(f"{route.path} cannot replay") from refused
            if earlier.request_hash != call.body_hash:
                raise KeyReused("Idempotency-Key ini sudah dipakai untuk permintaan lain.") from None
            return replace(_as_answer(route.replay(call, earlier.thing)), status=route.status, replayed=True)


def _invalid(wrong: ValidationError, raw: str) -> Invalid:
    """Return what a model refused of the body *raw*, with a JSON pointer for each fault."""
    found = wrong.errors(include_url=False, include_context=False, include_input=False)
    body = None if found[0]["type"] == "json_invalid" else from_json(raw)
    return Invalid("Isi permintaan tidak sah.", [Fault(_pointer(fault["loc"], body), fault["msg"]) for fault in found])


def _pointer(loc: tuple[int | str, ...], body: Any) -> str:
    """Return where in *body* that is: without the words by which pydantic names one of several models."""
    pointer, inside = "", body
    for part in loc[:-1]:
        if _has(inside, part):
            pointer, inside = f"{pointer}/{part}", inside[part]
    return "".join([pointer, *(f"/{part}" for part in loc[-1:])])


def _has(body: Any, part: int | str) -> bool:
    return part in body if isinstance(body, dict) else isinstance(body, list) and isinstance(part, int)


def _as_answer(result: Any) -> Answer:
    return result if isinstance(result, Answer) else Answer(result)


def _response(answer: Answer, route: Route, call: Call) -> Response[Any]:
    status = answer.status or route.status
    headers = {"X-Request-Id": call.request_id, **answer.headers}
    if answer.replayed:
        headers["Idempotency-Replayed"] = "true"
    body = answer.body if isinstance(answer.body, str | bytes) else _to_json(answer.body)
    if route.cache_s is not None and status == 200:
        tag = f'"{hashlib.sha256(body if isinstance(body, bytes) else body.encode()).hexdigest()[:32]}"'
        headers |= {"ETag": tag, "Cache-Control": f"public, max-age={route.cache_s}"}
        if tag in (call.header("if-none-match") or ""):
            return Response(304, JSON, "", headers)
    elif "Cache-Control" not in headers:
        headers["Cache-Control"] = "no-store"
    return Response(status, answer.media_type, _packed(body, headers, call), headers)


def _packed(body: str | bytes, headers: dict[str, str], call: Call) -> str | bytes:
    """Return a large text packed, for who can unpack it: an answer of a Lambda function ends at 6 MB."""
    if not isinstance(body, str) or len(body) < LARGE or "gzip" not in (call.header("accept-encoding") or ""):
        return body
    headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return gzip.compress(body.encode(), compresslevel=6)


def _to_json(body: Any) -> str:
    if isinstance(body, BaseModel):
        return body.model_dump_json()
    return json.dumps(body, default=_model, ensure_ascii=False, separators=(",", ":"))


def _model(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    raise TypeError(f"{type(value).__name__} has no JSON form")
