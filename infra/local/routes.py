"""The HTTP API's routes, read from its `Body`, and how a request finds its own."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from infra.local.blueprint import function_name
from infra.local.issuer import Trust
from infra.local.resources import Resources
from infra.local.support import NotRunHere

_ANY = "x-amazon-apigateway-any-method"
_INTEGRATION = "x-amazon-apigateway-integration"
_PARAMETER = re.compile(r"\{(\w+)(\+?)\}")


@dataclass(frozen=True, slots=True)
class Route:
    key: str
    """As API Gateway names it: `GET /v1/orders/{id}`."""
    method: str
    pattern: re.Pattern[str]
    rank: tuple[int, ...]
    """Literal segments come before parameters, parameters before `{proxy+}`."""
    function: str
    timeout_s: float
    trust: Trust | None
    """None: public."""
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cors:
    origins: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    exposed: tuple[str, ...] = ()
    max_age: int | None = None
    credentials: bool = False


@dataclass(frozen=True, slots=True)
class Api:
    routes: tuple[Route, ...]
    trust: Trust | None
    cors: Cors | None

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """Return the most specific route for a request, with its path parameters."""
        for route in self.routes:
            if route.method in (method, "ANY") and (match := route.pattern.fullmatch(path)):
                return route, match.groupdict()
        return None


def api(resources: Resources) -> Api:
    """Return the template's HTTP API; there is one at most."""
    declared = list(resources.of("AWS::ApiGatewayV2::Api"))
    if len(declared) > 1:
        raise NotRunHere(f"{declared[1].id}: the local stack serves one HTTP API")
    for stage in resources.of("AWS::ApiGatewayV2::Stage"):
        if stage.properties["StageName"] != "$default":
            raise NotRunHere(f"{stage.id}: the local stack serves the stage $default only")
    body = declared[0].properties["Body"] if declared else {"paths": {}}
    trusts = _trusts(body)
    cors = body.get("x-amazon-apigateway-cors")
    return Api(routes_of(body, trusts), next(iter(trusts.values()), None), _cors(cors) if cors else None)


def routes_of(body: Mapping[str, Any], trusts: Mapping[str, Trust]) -> tuple[Route, ...]:
    """Return the routes of an OpenAPI document, the most specific first."""
    return tuple(sorted(_routes(body, trusts), key=lambda route: route.rank))


def _routes(body: Mapping[str, Any], trusts: Mapping[str, Trust]) -> Iterator[Route]:
    for path, methods in body["paths"].items():
        for verb, operation in methods.items():
            if verb == "parameters":
                continue
            integration = _referred(operation[_INTEGRATION], body)
            method = "ANY" if verb == _ANY else verb.upper()
            key = "$default" if path == "/$default" else f"{method} {path}"
            if integration["type"] != "aws_proxy" or integration["payloadFormatVersion"] != "2.0":
                raise NotRunHere(f"{key}: the local stack runs functions with payload 2.0 only")
            trust, scopes = _authorizer(key, operation.get("security", []), trusts)
            yield Route(
                key=key,
                method=method,
                pattern=_pattern(path),
                rank=_rank(path, method),
                function=function_name(integration["uri"]),
                timeout_s=integration.get("timeoutInMillis", 30_000) / 1000,
                trust=trust,
                scopes=scopes,
            )


def _referred(value: Mapping[str, Any], body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow a reference within the document, where there is one: `{"$ref": "#/components/…"}`."""
    if "$ref" not in value:
        return value
    found: Any = body
    for step in str(value["$ref"]).removeprefix("#/").split("/"):
        found = found[step]
    return _referred(found, body)


def _authorizer(
    key: str, security: list[Mapping[str, list[str]]], trusts: Mapping[str, Trust]
) -> tuple[Trust | None, tuple[str, ...]]:
    for requirement in security:
        for name, scopes in requirement.items():
            if name == "NONE":
                continue
            if name not in trusts:
                raise NotRunHere(f"{key}: the local stack knows no authorizer {name}")
            return trusts[name], tuple(scopes)
    return None, ()


def _trusts(body: Mapping[str, Any]) -> dict[str, Trust]:
    trusts = {}
    for name, scheme in body.get("components", {}).get("securitySchemes", {}).items():
        authorizer = scheme.get("x-amazon-apigateway-authorizer", {})
        source = authorizer.get("identitySource")
        if authorizer.get("type") != "jwt" or source not in ("$request.header.Authorization", None):
            raise NotRunHere(f"authorizer {name}: the local stack runs JWT authorizers of the Authorization header")
        jwt = authorizer["jwtConfiguration"]
        trusts[name] = Trust(jwt["issuer"], tuple(jwt["audience"]))
    return trusts


def _pattern(path: str) -> re.Pattern[str]:
    if path == "/$default":
        return re.compile(".*", re.DOTALL)
    parts, end = [], 0
    for match in _PARAMETER.finditer(path):
        parts.append(re.escape(path[end : match.start()]))
        parts.append(f"(?P<{match.group(1)}>{'.+' if match.group(2) else '[^/]+'})")
        end = match.end()
    return re.compile("".join(parts) + re.escape(path[end:]), re.DOTALL)


def _rank(path: str, method: str) -> tuple[int, ...]:
    if path == "/$default":
        return (9,)
    segments = [2 if "+}" in part else 1 if "{" in part else 0 for part in path.strip("/").split("/")]
    return (*segments, method == "ANY")


def _cors(declared: Mapping[str, Any]) -> Cors:
    return Cors(
        origins=tuple(declared.get("allowOrigins", ())),
        methods=tuple(declared.get("allowMethods", ())),
        headers=tuple(declared.get("allowHeaders", ())),
        exposed=tuple(declared.get("exposeHeaders", ())),
        max_age=declared.get("maxAge"),
        credentials=bool(declared.get("allowCredentials", False)),
    )
