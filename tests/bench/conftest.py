"""The programme office on the local engine: what moto and memory cannot show, time that is spent on a real wire."""

import asyncio
import logging
from collections.abc import Iterator

import pytest

from infra.local.engine import Engine
from lumbung.runtime import clock
from tests.integration.conftest import call, create, forget_collaborators, template, use_environments
from tests.integration.office import Office, an_office


@pytest.fixture(scope="module")
def real_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    loop = asyncio.new_event_loop()
    engine = loop.run_until_complete(Engine.start(tmp_path_factory.mktemp("engine"), None))
    loop.run_until_complete(engine.answering())
    logging.disable(logging.CRITICAL)
    with pytest.MonkeyPatch.context() as monkeypatch:
        for name, value in {"ACCESS_KEY_ID": "test", "SECRET_ACCESS_KEY": "test", "DEFAULT_REGION": "x"}.items():
            monkeypatch.setenv(f"AWS_{name}", value)
        monkeypatch.setenv("AWS_ENDPOINT_URL", engine.url)
        forget_collaborators()
        use_environments(create(template()["Resources"]), monkeypatch)
        yield an_office(call)
        forget_collaborators()
        clock.use(None)
    logging.disable(logging.NOTSET)
    loop.run_until_complete(engine.stop())
