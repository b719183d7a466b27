"""A template as one stage deploys it: conditions decided, mappings looked up, resources called `<Name.Attribute>`."""

from pathlib import Path
from typing import Any

from infra.local.intrinsics import Resolver
from infra.local.template import expanded

Template = dict[str, Any]
# What every stage but dev must be given; see the template's Rules.
GIVEN = {
    "OriginDomain": "origin.lumbung.example.go.id",
    "OriginCertificate": "arn:aws:acm:ap-southeast-3:000000000000:certificate/00000000-0000-0000-0000-000000000000",
    "OriginDigests": "0" * 64,
    "AlarmEmail": "kantor@lumbung.example.go.id",
}


def resolved(path: Path, stage: str) -> Template:
    """Return the template at *path* as *stage* deploys it; resources that it leaves out are left out."""
    template = expanded(path, {**GIVEN, "Stage": stage})
    conditions = template.get("Conditions", {})
    resolver = Resolver(template["ParameterValues"], _called, conditions, template.get("Mappings", {}))
    deployed = {
        name: resource
        for name, resource in template["Resources"].items()
        if "Condition" not in resource or resolver.holds(resource["Condition"])
    }
    resources = resolver.resolve(deployed)
    return {"Resources": {**resources, **_routes(resources)}}


def _routes(resources: Template) -> Template:
    """Return what the API's Body says of each operation as a resource of its own: rules cannot ask keys of a map."""
    found: Template = {}
    for resource in resources.values():
        for path, operations in resource.get("Properties", {}).get("Body", {}).get("paths", {}).items():
            for method, operation in operations.items():
                guards = [name for requirement in operation.get("security", []) for name in requirement]
                route = f"{method.upper()} {path}"
                properties = {"Route": route, "Guards": guards or ["nobody"]}
                found[f"{method.upper()} {path.strip('/').replace('/', '.')}"] = {
                    "Type": "Lumbung::Route",
                    "Properties": properties,
                }
    return found


def _called(name: str, attribute: str) -> str:
    return f"<{name}>" if attribute == "Ref" else f"<{name}.{attribute}>"
