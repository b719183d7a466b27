"""HTTP: the interface's own description, made from the code of all functions when they are built."""

from pathlib import Path

from lumbung.runtime import deps
from lumbung.runtime.answer import Answer
from lumbung.runtime.http import Api, Call

routes = Api(secret=deps.id_secret, earlier=deps.earlier)
DOCUMENT = Path(__file__).parent / "openapi.json"


@routes.get("/v1/openapi.json", returns=dict, cache_s=2)
def get_openapi(call: Call) -> Answer:
    return Answer(DOCUMENT.read_text())
