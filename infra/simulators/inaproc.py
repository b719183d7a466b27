"""The government's data gateway INAPROC v1: lists in an envelope, paged by an opaque cursor (protocols, F.2)."""

import base64
import json
from collections import deque
from hmac import compare_digest
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.simulators.catalog_rows import fits, rows_in, says
from infra.simulators.clock import Clock, utc

TOKEN = "lumbung-local-inaproc"
PER_MINUTE = 1_000
# What a row is, by the fields that only it has; the first that fits.
KINDS = {
    "paket-e-purchasing": ("order_id", "total_qty"),
    "e-purchasing-by-produk": ("order_id", "nilai_transaksi"),
    "penyedia-detail": ("kode_penyedia", "nama_penyedia"),
    "list-kategori-produk": ("datamart_id",),
    "list-produk-penyedia": (),
}
ASKED = {
    "paket-e-purchasing": {"kode_klpd": "kode_klpd", "tahun": "fiscal_year"},
    "e-purchasing-by-produk": {"kode_klpd": "kode_klpd", "kd_product": "product_id", "status": "status"},
    "penyedia-detail": {"kode_penyedia": "kode_penyedia"},
    "list-kategori-produk": {},
    "list-produk-penyedia": {"kode_penyedia": "kode_penyedia"},
}


class Inaproc:
    name = "inaproc"

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock
        self._rows: dict[str, list[Any]] = {kind: [] for kind in KINDS}
        self._asked_at: deque[float] = deque()

    def routes(self) -> list[Route]:
        return [Route("/api/v1/ekatalog/{list}", self.page)]

    def replace(self, raw: bytes) -> int:
        """Serve these rows from now on: each in the list that it belongs to by its fields."""
        rows = rows_in(raw)
        self._rows = {kind: [] for kind in KINDS}
        for row in rows:
            self._rows[next(kind for kind, names in KINDS.items() if says(row, *names) or not names)].append(row)
        return len(rows)

    async def page(self, request: Request) -> Response:
        name, asked = request.path_params["list"], request.query_params
        if refused := self._refused(request):
            return refused
        if name not in KINDS:
            return JSONResponse({"error": "not found"}, 404)
        try:
            limit, start = int(asked.get("limit") or 10), _start(asked.get("cursor"))
        except (ValueError, KeyError):
            limit = start = -1
        if not 1 <= limit <= 1000 or start < 0:
            return JSONResponse({"success": False, "error": "invalid limit or cursor"}, 400)
        wanted = {field: asked.get(parameter) for parameter, field in ASKED[name].items()}
        rows = [row for row in self._rows[name] if fits(row, **wanted)]
        more = start + limit < len(rows)
        return JSONResponse(
            {
                "success": True,
                "data": [self._fetched(row) for row in rows[start : start + limit]],
                "meta": {"limit": limit, "has_more": more, "cursor": _cursor(start + limit) if more else None},
            }
        )

    def _refused(self, request: Request) -> Response | None:
        given = request.headers.get("authorization")
        if given is None:
            return JSONResponse({"error": "Authorization field missing"}, 401)
        if not compare_digest(given.encode(), f"Bearer {TOKEN}".encode()):
            return JSONResponse({"error": "invalid token"}, 401)
        now = self._clock().timestamp()
        while self._asked_at and self._asked_at[0] <= now - 60:
            self._asked_at.popleft()
        if len(self._asked_at) >= PER_MINUTE:
            wait = int(self._asked_at[0] + 60 - now) + 1
            return JSONResponse({"error": "rate limit exceeded"}, 429, headers={"Retry-After": str(wait)})
        self._asked_at.append(now)
        return None

    def _fetched(self, row: Any) -> Any:
        return {**row, "last_update_ref": utc(self._clock())} if isinstance(row, dict) else row


def _cursor(start: int) -> str:
    return base64.b64encode(json.dumps({"id": start}).encode()).decode()


def _start(cursor: str | None) -> int:
    return int(json.loads(base64.b64decode(cursor, validate=True))["id"]) if cursor else 0
