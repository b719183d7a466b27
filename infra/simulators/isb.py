"""LKPP's older service bus: bare arrays without pages, the key in the address (protocols, F.1)."""

from hmac import compare_digest
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.simulators.catalog_rows import fits, rows_in, says

KEY = "lumbung-local-isb"
CODES = {"Ecat-PaketEPurchasing": "2001", "Ecat-ProdukDetail": "2002", "Ecat-PenyediaDetail": "2003"}


class Isb:
    name = "isb"

    def __init__(self) -> None:
        self._rows: list[Any] = []

    def routes(self) -> list[Route]:
        return [Route("/isb-2/api/{key}/json/{code}/{service}/tipe/{types}/parameter/{given}", self.answer)]

    def replace(self, raw: bytes) -> int:
        """Serve these rows from now on: purchases (with `kd_paket`), suppliers (without `kd_produk`), product details.

        Without any purchase, every product counts as bought once: else nobody could ask for it.
        """
        self._rows = rows_in(raw)
        return len(self._rows)

    async def answer(self, request: Request) -> Response:
        path = request.path_params
        if not compare_digest(path["key"].encode(), KEY.encode()) or CODES.get(path["service"]) != path["code"]:
            return JSONResponse({"message": "unauthorized"}, 401)
        if path["service"] == "Ecat-ProdukDetail":
            return JSONResponse([row for row in self._products() if fits(_lowered(row), kd_produk=path["given"])])
        if path["service"] == "Ecat-PenyediaDetail":
            suppliers = [row for row in self._rows if _is_supplier(row)]
            return JSONResponse([row for row in suppliers if fits(_lowered(row), kd_penyedia=path["given"])])
        year, _, institution = path["given"].partition(":")
        bought = [row for row in self._rows if says(_lowered(row), "kd_paket")]
        if not bought:
            bought = [
                {"kd_produk": _lowered(row)["kd_produk"]}
                for row in self._products()
                if says(_lowered(row), "kd_produk")
            ]
        return JSONResponse([row for row in bought if fits(_lowered(row), tahun_anggaran=year, kd_klpd=institution)])

    def _products(self) -> list[Any]:
        return [row for row in self._rows if not says(_lowered(row), "kd_paket") and not _is_supplier(row)]


def _is_supplier(row: Any) -> bool:
    return says(_lowered(row), "kd_penyedia") and not says(_lowered(row), "kd_produk")


def _lowered(row: Any) -> dict[str, Any]:
    return {name.lower(): value for name, value in row.items()} if isinstance(row, dict) else {}
