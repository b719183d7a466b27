"""Sources that are one file: a Peppol catalogue as XML, and a list as CSV or workbook (protocols, F.4)."""

import hashlib

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

EMPTY_CATALOGUE = b'<Catalogue xmlns="urn:oasis:names:specification:ubl:schema:xsd:Catalogue-2"/>'


class CatalogFile:
    """Serves at *path* what was put last, byte for byte; *media_type* is what its supplier says it is."""

    def __init__(self, name: str, path: str, media_type: str, content: bytes) -> None:
        self.name, self._path, self._media_type, self._content = name, path, media_type, content

    def routes(self) -> list[Route]:
        return [Route(self._path, self.file)]

    def replace(self, raw: bytes) -> int:
        """Return the lines of the file: rows of a list, but not of a catalogue or a workbook."""
        self._content = raw
        return raw.count(b"\n")

    async def file(self, request: Request) -> Response:
        tag = f'"{hashlib.sha256(self._content).hexdigest()[:16]}"'
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={"ETag": tag})
        return Response(self._content, media_type=self._media_type, headers={"ETag": tag})


def peppol() -> CatalogFile:
    return CatalogFile("peppol", "/catalogue.xml", "application/xml", EMPTY_CATALOGUE)


def sheet() -> CatalogFile:
    return CatalogFile("sheet", "/products", "text/csv", b"sku,nama,harga\n")
