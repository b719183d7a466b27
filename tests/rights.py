"""What each function is seen to use of AWS, while any test runs it; held against its role once all tests have run.

Calls are looked at where botocore makes them. The function is the entry point that is running: the nearest
`handler` of functions/ among the callers. What journeys use, the local stack tells.
"""

import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from botocore.client import BaseClient

from infra.local.template import expanded
from infra.rights.asked import asked
from infra.rights.difference import differences
from infra.rights.record import Record, called_by_the_template

ROOT = Path(__file__).parents[1]
RECORD = Record()
Call = Callable[[Any, str, dict[str, Any]], Any]
_PRODUCT, _TESTS = (str(ROOT / "functions"), str(ROOT / "layers")), str(ROOT / "tests")
_FOUND = pytest.StashKey[list[str]]()


def watched(call: Call) -> Call:
    """Return *call*, which answers AWS clients, so that what it is asked for is noted."""

    def noted(client: Any, operation: str, params: dict[str, Any]) -> Any:
        if function := _running():
            RECORD.add(function, asked(client.meta.service_model.service_name, operation, params))
        return call(client, operation, params)

    return noted


def pytest_configure() -> None:
    BaseClient._make_api_call = watched(BaseClient._make_api_call)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Send the record to whoever directs; there, once everything has run and is well, hold it against the roles."""
    config = session.config
    if hasattr(config, "workeroutput"):
        config.workeroutput["rights"] = RECORD.told()
    elif exitstatus == pytest.ExitCode.OK and _is_everything(config):
        resources = expanded(ROOT / "template.yaml", {})
        record = Record()
        for function, asks in RECORD.used.items():
            record.add(function, (called_by_the_template(ask, _names()) for ask in asks))
        record.keep()
        config.stash[_FOUND] = differences(resources, record.used)
        if config.stash[_FOUND]:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    RECORD.merge(getattr(node, "workeroutput", {}).get("rights", {}))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    found = config.stash.get(_FOUND, None)
    if found is None:
        terminalreporter.write_line("roles were not held against what is used: not every test has run")
    for line in found or ():
        terminalreporter.write_line(f"FAILED rights: {line}", red=True)


def _is_everything(config: pytest.Config) -> bool:
    narrowed = config.option.keyword or config.option.markexpr or config.option.deselect or config.option.ignore
    return config.args_source is pytest.Config.ArgsSource.TESTPATHS and not narrowed


def _running() -> str | None:
    """Return the function whose entry point is nearest among the callers; None where a test is nearer."""
    frame: FrameType | None = sys._getframe(2)
    ours = False
    while frame:
        place = frame.f_code.co_filename
        if place.startswith(_PRODUCT):
            ours = True
            if frame.f_code.co_name == "handler":
                return _entry_points().get(place)
        elif ours and place.startswith(_TESTS):
            return None
        frame = frame.f_back
    return None


@cache
def _entry_points() -> dict[str, str]:
    """Return the template's functions by the file of their entry point."""
    from tests.integration.conftest import template

    return {
        str(ROOT / "functions" / Path(*resource["Properties"]["Handler"].split(".")[:-1]).with_suffix(".py")): name
        for name, resource in template()["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function"
    }


@cache
def _names() -> dict[str, str]:
    """Return what is called otherwise in tests than in the template."""
    from tests.integration.conftest import bucket, template

    return {bucket(name): name for name, r in template()["Resources"].items() if r["Type"] == "AWS::S3::Bucket"}
