"""What the local stack decides by itself: account, parameters, secrets, sizes."""

import json
from pathlib import Path

from infra.simulators.snap_key import PUBLIC_KEY

REPOSITORY = Path(__file__).resolve().parents[2]
REGION = "ap-southeast-3"
ACCOUNT = "000000000000"
STACK_NAME = "lumbung"

POOL_ID = f"{REGION}_lumbung"
CLIENT_ID = "lumbung-local-client"

API_WORKERS = 4
"""Most worker processes of a function that answers HTTP."""
EVENT_WORKERS = 2
"""Most worker processes of a function that queues, streams and schedules call."""

DRAIN_SECONDS = 60.0
"""How long a drain may take before the source that holds it up is named."""
THIN_MINUTES = 15
"""On a moved clock a frequent schedule fires once in so many minutes of the way."""

SECRETS: dict[str, dict[str, str]] = {
    "lumbung/midtrans": {"server_key": "SB-Mid-server-lumbung-local"},
    "lumbung/xendit": {
        "api_key": "xnd_development_lumbung-local",
        "callback_token": "lumbung-local-callback-token",
    },
    "lumbung/snap": {
        "client_key": "lumbung-local-bank",
        "public_key": PUBLIC_KEY,
        "client_secret": "lumbung-local-snap-secret",
        "token_secret": "lumbung-local-snap-tokens",
    },
    "lumbung/biteship": {
        "api_key": "biteship_test.lumbung-local",
        "webhook_secret": "lumbung-local-biteship",
    },
    "lumbung/lalamove": {"api_key": "pk_test_lumbung-local", "api_secret": "sk_test_lumbung-local"},
    "lumbung/grab": {
        "client_id": "lumbung-local-grab",
        "client_secret": "lumbung-local-grab-secret",
        "webhook_authorization": "lumbung-local-grab-webhook",
        "webhook_authorization_id": "lumbung-local-grab-webhook-id",
    },
    "lumbung/gosend": {
        "client_id": "lumbung-local-gosend",
        "pass_key": "lumbung-local-gosend-pass-key",
        "webhook_path": "lumbung-local-gosend-address",
    },
    "lumbung/whatsapp": {"access_token": "lumbung-local-whatsapp", "phone_number_id": "620000000000001"},
    "lumbung/lkpp-v5": {"secretkey": "lumbung-local-secretkey"},
    "lumbung/inaproc": {"token": "lumbung-local-inaproc"},
    "lumbung/isb": {"api_key": "lumbung-local-isb", "purchases": "2001", "products": "2002", "suppliers": "2003"},
    "lumbung/lkpp-feed": {"secretkey": "lumbung-local-secretkey"},
    "lumbung/ids": {"secret": "lumbung-local-ids-5f0c1e7a9b3d4826"},
}


class UnknownSecret(LookupError):
    """A secret of the template has no local value here."""


def parameters(url: str, simulators: str) -> dict[str, str]:
    """Return the template parameters that differ on this machine; *url*: the stack's own, *simulators*: theirs."""
    return {
        "StorefrontUrl": url,
        "SignInUrl": url,
        "MidtransBaseUrl": f"{simulators}/midtrans",
        "XenditBaseUrl": f"{simulators}/xendit",
        "BiteshipBaseUrl": f"{simulators}/biteship",
        "LalamoveBaseUrl": f"{simulators}/lalamove",
        "GrabBaseUrl": f"{simulators}/grab/grab-express-sandbox",
        "GrabTokenUrl": f"{simulators}/grab/grabid/v1/oauth2/token",
        "GosendBaseUrl": f"{simulators}/gosend",
        "CourierProviders": "*=biteship,lalamove,grab,gosend",
        "LkppV5BaseUrl": f"{simulators}/lkpp_v5",
        "InaprocBaseUrl": f"{simulators}/inaproc/api/v1",
        "IsbBaseUrl": f"{simulators}/isb/isb-2/api",
        "PeppolUrl": f"{simulators}/peppol/catalogue.xml",
        "SheetUrl": f"{simulators}/sheet/products",
        "WhatsAppBaseUrl": f"{simulators}/whatsapp",
    }


def secret_value(name: str) -> str:
    """Return the fixed value of the secret called *name*, as Secrets Manager would hand it out."""
    if name not in SECRETS:
        raise UnknownSecret(f"secret {name} has no local value in {Path(__file__).name}")
    return json.dumps(SECRETS[name])
