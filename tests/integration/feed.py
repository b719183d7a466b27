"""The supplier feed's simulator in a process of its own, and rows for it."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import urllib3

ROOT = Path(__file__).parents[2]


class FeedSimulator:
    def __init__(self, port: int) -> None:
        self.base_url = f"http://127.0.0.1:{port}/lkpp_v5"
        self._root = f"http://127.0.0.1:{port}"
        self._http = urllib3.PoolManager()
        self._send("POST", "/clock", {"now": "2020-04-07T03:00:00Z"})

    def serve(self, *rows: Any, source: str = "lkpp_v5") -> None:
        self._send("PUT", f"/catalog/{source}", list(rows))

    def serve_file(self, source: str, content: bytes) -> None:
        self._send("PUT", f"/catalog/{source}", content)

    def fail(self, mode: str, requests: int, source: str = "lkpp_v5") -> None:
        self._send("POST", "/faults", {"provider": source, "mode": mode, "requests": requests})

    def asked(self, source: str = "lkpp_v5") -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self._http.request("GET", f"{self._root}/requests?provider={source}").json()[
            "items"
        ]
        return items

    def environment(self) -> dict[str, str]:
        """Where the catalogue's functions find every source."""
        return {
            "LKPP_V5_BASE_URL": self.base_url,
            "INAPROC_BASE_URL": f"{self._root}/inaproc/api/v1",
            "ISB_BASE_URL": f"{self._root}/isb/isb-2/api",
            "PEPPOL_URL": f"{self._root}/peppol/catalogue.xml",
            "SHEET_URL": f"{self._root}/sheet/products",
        }

    def _send(self, method: str, path: str, body: Any) -> None:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        answer = self._http.request(method, f"{self._root}{path}", body=raw)
        assert answer.status == 200, answer.data


@contextmanager
def running() -> Iterator[FeedSimulator]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "infra.simulators", "--port", str(port), "--stack", "http://127.0.0.1:9"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert "http" in process.stdout.readline()
            yield FeedSimulator(port)
        finally:
            process.terminate()


def a_produk(
    sku: str = "TM-B5", name: str = "Beras Premium 5 kg", price: Any = 55_000, active: int = 1, **about: Any
) -> dict[str, Any]:
    """One row as the protocol's example writes it."""
    return {
        "informasi": {
            "nama_produk": name,
            "no_produk_penyedia": sku,
            "kuantitas_stok": 500,
            "tanggal_update": "2020-04-01 08:00:00",
            "tkdn_produk": 40,
            "produk_aktif": active,
            "apakah_produk_lokal": 1,
            **about,
        },
        "spesifikasi": {"item": [{"label": "Asal", "deskripsi": "Indramayu"}]},
        "harga": {"harga_retail": 68_000, "harga_pemerintah": price, "kurs_id": 1},
    }


RICE = (
    a_produk("TM-B5", "Beras Premium 5 kg", 55_000),
    a_produk("TM-B10", "Beras Premium 10 kg", 110_000),
    a_produk("TM-B20", "Beras Premium 20 kg", 220_000),
)
