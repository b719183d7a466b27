"""What was built, held against Lambda's limits: a table, and the reasons why it cannot be deployed."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

MAX_UNPACKED = 250 * 1024 * 1024  # of a function with its layers (Lambda quotas)
# Packages that one function alone carries.
CARRIER = {
    "pyvrp": "DispatchPlanner", "numpy": "DispatchPlanner", "mt940": "PaymentsStatements", "rapidfuzz": "CatalogWorker",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Built:
    """One function's or layer's directory; sizes in bytes."""

    name: str
    directory: Path
    is_layer: bool

    @property
    def size(self) -> int:
        return sum(file.stat().st_size for file in self.directory.rglob("*") if file.is_file())

    @property
    def compiled(self) -> bool:
        """Whether every module has its compiled form beside it."""
        return all(
            any((source.parent / "__pycache__").glob(f"{source.stem}.cpython-313*.pyc"))
            for source in self.directory.rglob("*.py")
            if source.stat().st_size
        )

    def carries(self, package: str) -> bool:
        return (self.directory / package).is_dir()


class _Loader(yaml.SafeLoader):
    """Takes CloudFormation's short intrinsics as they are: only directories are read here."""


_Loader.add_multi_constructor("!", lambda loader, suffix, node: suffix)


def built(directory: Path) -> list[Built]:
    template: dict[str, Any] = yaml.load((directory / "template.yaml").read_text(), _Loader)  # noqa: S506 - a SafeLoader
    found = []
    for name, resource in template["Resources"].items():
        where = {"AWS::Serverless::Function": "CodeUri", "AWS::Serverless::LayerVersion": "ContentUri"}
        if field := where.get(resource["Type"]):
            code = directory / resource["Properties"][field]
            found.append(Built(name, code, is_layer=field == "ContentUri"))
    return found


def faults(everything: list[Built]) -> Iterator[str]:
    layers = sum(thing.size for thing in everything if thing.is_layer)
    if not any(thing.is_layer for thing in everything):
        yield "there is no layer"
    for thing in everything:
        total = thing.size if thing.is_layer else thing.size + layers
        if total > MAX_UNPACKED:
            yield f"{thing.name}: {_mb(total)} unpacked with its layers, more than {_mb(MAX_UNPACKED)}"
        if not thing.compiled:
            yield f"{thing.name}: modules without their compiled form"
        root = Built(thing.name, thing.directory / "python", True) if thing.is_layer else thing
        for package, carrier in CARRIER.items():
            if root.carries(package) is not (thing.name == carrier):
                yield f"{thing.name}: {'lacks' if thing.name == carrier else 'carries'} {package}"
        if thing.is_layer and not root.carries("lumbung"):
            yield f"{thing.name}: lacks lumbung"


def table(everything: list[Built]) -> str:
    """Return a line per function and layer; with its layers is what Lambda counts."""
    layers = sum(thing.size for thing in everything if thing.is_layer)
    lines = [f"{'':32}{'own':>10}{'unpacked':>12}"]
    for thing in sorted(everything, key=lambda t: (not t.is_layer, t.name)):
        total = thing.size if thing.is_layer else thing.size + layers
        lines.append(f"{thing.name:32}{_mb(thing.size):>10}{_mb(total):>12}")
    return "\n".join(lines)


def _mb(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MB"
