"""Refusals as RFC 9457 problems: the one place where an error becomes an HTTP status."""

import json
from typing import Any

from lumbung.domain import errors
from lumbung.domain.errors import Invalid, LumbungError, Refusal, TooMany
from lumbung.runtime.answer import Answer

ANSWERED = (
    Refusal,
    errors.Unauthenticated,
    errors.Unauthentic,
    errors.ProviderUnavailable,
)  # anything else is a bug, and a 500
MEDIA_TYPE = "application/problem+json"


class TooLarge(Invalid):
    """A body of more than 256 KB."""


_STATUS: dict[type[LumbungError], int] = {
    errors.NotFound: 404,
    errors.Forbidden: 403,
    errors.Conflict: 409,
    errors.KeyRequired: 400,
    TooLarge: 413,
    errors.Invalid: 422,
    errors.TooMany: 429,
    errors.Malformed: 400,
    errors.Unauthenticated: 401,
    errors.Unauthentic: 401,
    errors.ProviderUnavailable: 503,
}
_TITLE = {
    400: "Permintaan tidak lengkap",
    401: "Tidak dikenali",
    403: "Tidak diizinkan",
    404: "Tidak ditemukan",
    409: "Tidak dapat dilakukan sekarang",
    413: "Terlalu besar",
    422: "Permintaan tidak sah",
    429: "Terlalu sering",
    503: "Layanan sedang tidak tersedia",
}


def status_of(error: LumbungError) -> int:
    return next(_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS)


def answer(error: Any, *, instance: str) -> Answer:
    """Return the problem document for *error*: nothing internal is in it."""
    status = status_of(error)
    problem: dict[str, Any] = {
        "type": f"urn:lumbung:problem:{error.code}",
        "title": _TITLE[status],
        "status": status,
        "detail": error.detail,
        "instance": instance,
        "code": error.code,
    }
    if isinstance(error, Refusal) and (error.faults or status == 422):
        problem["errors"] = [{"pointer": f.pointer, "message": f.message} for f in error.faults]
    headers = {"Retry-After": str(error.retry_after_s)} if isinstance(error, TooMany) else {}
    return Answer(json.dumps(problem, ensure_ascii=False), status, MEDIA_TYPE, headers)
