"""HTTP entry point: the web client's files, and the session that it may not keep itself."""

import base64
import json
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from typing import Any

from lumbung.domain.errors import ProviderUnavailable, Unauthenticated
from lumbung.runtime import deps_storefront, origin, problems
from lumbung.runtime.log import logger
from storefront import keep_session, pages
from storefront.keep_session import Jar, Moved

Event = dict[str, Any]
Response = dict[str, Any]

# Nothing of another origin is loaded, nothing inline runs, nobody frames us, and of a device only its camera is used.
SECURITY = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; media-src 'self' blob:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
}


def handler(event: Event, context: Any) -> Response:
    answer = SESSION.get(event["routeKey"], show_page)
    return origin.refusal(event) or answer(event)


def show_page(event: Event) -> Response:
    """Answer with the file that the path names, the page, or the gateway's own words for nothing."""
    headers = event.get("headers", {})
    file = pages.find(event["rawPath"], headers.get("accept-encoding", ""))
    if file is None:
        return _json(404, {"message": "Not Found"})
    sent = {"ETag": file.tag, "Cache-Control": file.cache, "Vary": "Accept-Encoding", **SECURITY}
    if file.tag in headers.get("if-none-match", ""):
        return {"statusCode": 304, "headers": sent}
    sent |= {"Content-Type": file.kind, **({"Content-Encoding": file.coding} if file.coding else {})}
    return {
        "statusCode": 200,
        "headers": sent,
        "body": base64.b64encode(file.body).decode(),
        "isBase64Encoded": True,
    }


def get_session_start(event: Event) -> Response:
    back_to = (event.get("queryStringParameters") or {}).get("to", "/")
    return _moved(keep_session.start(deps_storefront.user_pool(), _jar(), back_to))


def get_session_return(event: Event) -> Response:
    query = event.get("queryStringParameters") or {}
    try:
        moved = keep_session.come_back(deps_storefront.user_pool(), _jar(), _cookies(event), query)
    except (Unauthenticated, ProviderUnavailable) as refused:
        logger.warning("sign-in refused", code=refused.code, request_id=event["requestContext"]["requestId"])
        return _moved(Moved("/?masuk=gagal", ()))
    logger.info("signed in", request_id=event["requestContext"]["requestId"])
    return _moved(moved)


def post_session_renewal(event: Event) -> Response:
    try:
        renewed = keep_session.renew(deps_storefront.user_pool(), _jar(), _cookies(event))
    except (Unauthenticated, ProviderUnavailable) as refused:
        return _refused(refused, event)
    return _json(200, {"id_token": renewed.id_token, "expires_in": renewed.expires_in}, *renewed.cookies)


def post_session_end(event: Event) -> Response:
    """Sign out, and say where the pool does the same."""
    try:
        moved = keep_session.end(deps_storefront.user_pool(), _jar(), _cookies(event))
    except (Unauthenticated, ProviderUnavailable) as refused:
        return _refused(refused, event)
    return _json(200, {"to": moved.to}, *moved.cookies)


SESSION: dict[str, Callable[[Event], Response]] = {
    "GET /session/start": get_session_start,
    "GET /session/return": get_session_return,
    "POST /session/renewal": post_session_renewal,
    "POST /session/end": post_session_end,
}


def _jar() -> Jar:
    return Jar(secure=deps_storefront.home().startswith("https:"))


def _cookies(event: Event) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie("; ".join(event.get("cookies", []))).items()}
    except CookieError:
        return {}  # not of our making


def _moved(moved: Moved) -> Response:
    headers = {"Location": moved.to, "Cache-Control": "no-store", **SECURITY}
    return {"statusCode": 303, "headers": headers, "cookies": list(moved.cookies)}


def _refused(refused: Unauthenticated | ProviderUnavailable, event: Event) -> Response:
    made = problems.answer(refused, instance=f"/session/requests/{event['requestContext']['requestId']}")
    over = [_jar().session("", 0)] if isinstance(refused, Unauthenticated) else []
    headers = {"Content-Type": made.media_type, "Cache-Control": "no-store", **SECURITY}
    return {"statusCode": made.status, "headers": headers, "cookies": over, "body": made.body}


def _json(status: int, body: dict[str, Any], *cookies: str) -> Response:
    headers = {"Content-Type": "application/json", "Cache-Control": "no-store", **SECURITY}
    return {"statusCode": status, "headers": headers, "cookies": list(cookies), "body": json.dumps(body)}
