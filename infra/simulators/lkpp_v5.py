"""A supplier's feed as LKPP's fifth e-catalogue pulled it from vendors (protocols, section F.3)."""

from collections.abc import Awaitable, Callable
from hmac import compare_digest
from math import ceil
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.simulators.catalog_rows import rows_in

SECRET = "lumbung-local-secretkey"
PER_PAGE = 500

Handler = Callable[[Request], Awaitable[Response]]


class LkppV5:
    name = "lkpp_v5"

    def __init__(self) -> None:
        self._products: list[Any] = []

    def routes(self) -> list[Route]:
        return [
            Route("/lkpp/v1/all_produk", _guarded(self.all_products)),
            Route("/lkpp/v1/updated_produk", _guarded(self.updated_products)),
            Route("/lkpp/v1/produk", _guarded(self.product)),
        ]

    def replace(self, raw: bytes) -> int:
        """Serve the products in *raw* from now on, broken ones as they are; return how many."""
        self._products = rows_in(raw)
        return len(self._products)

    async def all_products(self, request: Request) -> Response:
        return _page(request, self._products)

    async def updated_products(self, request: Request) -> Response:
        """Only products whose own date is known and lies between the two given (days count whole)."""
        start = request.query_params.get("start_date", "")
        end = request.query_params.get("end_date", "") or "9999"
        end = f"{end} 23:59:59" if len(end) == len("2026-10-05") else end
        chosen = [p for p in self._products if (at := _updated(p)) and start <= at <= end]
        return _page(request, chosen)

    async def product(self, request: Request) -> Response:
        number = request.query_params.get("no_produk_penyedia")
        if not number:
            return _error("invalid_request", "Invalid Request", 401)
        for product in self._products:
            if _about(product).get("no_produk_penyedia") == number:
                return JSONResponse({"produk": product})
        return _error("product_not_found", "Product Not Found!", 404)


def _page(request: Request, products: list[Any]) -> Response:
    asked = request.query_params
    try:
        page, size = int(asked.get("page") or 1), int(asked.get("per_page") or PER_PAGE)
    except ValueError:
        page = size = 0
    if page < 1 or size < 1:
        return _error("rest_invalid_param", "Invalid parameter(s): page, per_page", 400)
    if asked.get("order_by") == "updated_date":
        products = sorted(products, key=_updated, reverse=asked.get("sort") != "asc")
    return JSONResponse(
        {
            "total": len(products),
            "current_page": page,
            "per_page": size,
            "total_page": ceil(len(products) / size),
            "produk": products[(page - 1) * size : page * size],
        }
    )


def _about(product: Any) -> dict[str, Any]:
    about = product.get("informasi") if isinstance(product, dict) else None
    return about if isinstance(about, dict) else {}


def _updated(product: Any) -> str:
    return str(_about(product).get("tanggal_update") or "")


def _guarded(handler: Handler) -> Handler:
    async def guarded(request: Request) -> Response:
        if not compare_digest(request.query_params.get("secretkey", "").encode(), SECRET.encode()):
            return _error("invalid_secret", "Invalid secret Key", 403)
        return await handler(request)

    return guarded


def _error(code: str, message: str, status: int) -> Response:
    return JSONResponse({"code": code, "message": message, "data": {"status": status}}, status)
