"""Reads a SAM template and expands it to plain CloudFormation."""

import os
from pathlib import Path
from typing import Any

import yaml

from infra.local.settings import REGION
from infra.local.support import NotRunHere

_LOCAL = "s3://local/"
_CODE = ("CodeUri", "ContentUri")


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short tags."""


def _tagged(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    elif isinstance(node, yaml.MappingNode):
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _tagged)


def expanded(path: Path, parameters: dict[str, str]) -> dict[str, Any]:
    """Return the template at *path* after the SAM transform.

    The transform wants code in S3; local folders are named `s3://local/<folder>` on the way through
    and read back by `code_folder`.
    """
    os.environ.setdefault("AWS_DEFAULT_REGION", REGION)  # the transform asks for a region, and for nothing else
    from samtranslator.model.exceptions import InvalidDocumentException
    from samtranslator.parser.parser import Parser  # slow to import: only once the engine is starting
    from samtranslator.translator.translator import Translator

    source = yaml.load(path.read_text(), _Loader)  # noqa: S506  a SafeLoader with tags
    _name_code(source)
    values = {**_defaults(source), **{k: v for k, v in parameters.items() if k in source.get("Parameters", {})}}
    try:
        translated: dict[str, Any] = Translator({}, Parser()).translate(source, dict(values))
    except InvalidDocumentException as error:
        raise NotRunHere(f"{path.name}: " + "; ".join(cause.message for cause in error.causes)) from error
    translated["ParameterValues"] = values
    return translated


def code_folder(content: dict[str, str], root: Path) -> Path:
    """Return the folder that a function's `Code` or a layer's `Content` names."""
    return (root / content["S3Key"]).resolve()


def _name_code(source: dict[str, Any]) -> None:
    holders = [source.get("Globals", {}).get("Function", {})]
    holders += [resource.get("Properties", {}) for resource in source["Resources"].values()]
    for holder in holders:
        for key in _CODE:
            if isinstance(holder.get(key), str):
                holder[key] = _LOCAL + holder[key].removeprefix("./")


def _defaults(source: dict[str, Any]) -> dict[str, Any]:
    declared = source.get("Parameters", {})
    return {name: parameter["Default"] for name, parameter in declared.items() if "Default" in parameter}
