"""The HTTP interface, written down from the code: the template's routes and the OpenAPI document.

`python -m infra.interface` writes both; `--check` says whether they are what the code says.
"""

import importlib
import sys
from pathlib import Path

from infra.openapi import Operation, described

ROOT = Path(__file__).parents[1]
TEMPLATE = ROOT / "template.yaml"
DOCUMENT = ROOT / "functions" / "ordering" / "openapi.json"
CONTEXTS = ("ordering", "payments", "dispatch", "catalog")
# Webhooks have entry points of their own, so that they start without the plumbing of an API.
WEBHOOKS = {
    "POST /v1/webhooks/payments/midtrans": "payments_webhook",
    "POST /v1/webhooks/payments/xendit": "payments_xendit_webhook",
    "POST /v1/webhooks/payments/snap/v1.0/access-token/b2b": "payments_snap_token",
    "POST /v1/webhooks/payments/snap/v1.0/transfer-va/inquiry": "payments_snap_webhook",
    "POST /v1/webhooks/payments/snap/v1.0/transfer-va/payment": "payments_snap_webhook",
    "POST /v1/webhooks/couriers/biteship": "dispatch_webhook",
    "POST /v1/webhooks/couriers/lalamove": "dispatch_lalamove_webhook",
    "GET /v1/webhooks/couriers/lalamove": "dispatch_lalamove_webhook",  # an empty probe, when it is registered
    "POST /v1/webhooks/couriers/grab": "dispatch_grab_webhook",
    "POST /v1/webhooks/couriers/gosend/{secret}": "dispatch_gosend_webhook",
}
# The web client and its session: pages for people, so no part of the documented interface.
STOREFRONT = ("GET /", "GET /{proxy+}", "GET /session/start", "GET /session/return", "POST /session/renewal",
              "POST /session/end")  # fmt: skip
BEGIN, END = "          # routes begin\n", "          # routes end\n"


def pages() -> list[Operation]:
    return [Operation(path, method, "storefront", True) for method, path in map(str.split, STOREFRONT)]


def operations() -> list[Operation]:
    found = [
        Operation(path, method, name, True) for route, name in WEBHOOKS.items() for method, path in [route.split()]
    ]
    for context in CONTEXTS:
        for route in importlib.import_module(f"{context}.api").api.routes:
            found.append(Operation(route.path, route.method, context, route.public, route))
    return sorted(found, key=lambda operation: (operation.path, operation.method))


def template_routes() -> str:
    """Return the lines between the template's two markers."""
    lines: list[str] = []
    routes = [*pages(), *operations()]
    for path in sorted({operation.path for operation in routes}):
        lines.append(f"          {path}:")
        for operation in (o for o in routes if o.path == path):
            ref = f'{{$ref: "#/components/x-amazon-apigateway-integrations/{operation.integration}"}}'
            security = "" if operation.public else ", security: [{people: []}]"
            lines.append(
                f"            {operation.method.lower()}: {{x-amazon-apigateway-integration: {ref}{security}}}"
            )
    return "\n".join(lines) + "\n"


def template() -> str:
    text = TEMPLATE.read_text()
    before, rest = text.split(BEGIN)
    return before + BEGIN + template_routes() + END + rest.split(END)[1]


def main() -> int:
    wanted = {TEMPLATE: template(), DOCUMENT: described(operations())}
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text() != text]
    if "--check" in sys.argv:
        for path in stale:
            print(f"{path.name} is not what the code says: run `make interface`")
        return 1 if stale else 0
    for path in stale:
        path.write_text(wanted[path])
        print(f"wrote {path.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
