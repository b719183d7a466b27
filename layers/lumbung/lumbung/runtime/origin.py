"""That a request came through the edge: CloudFront sends a secret with each, and whoever calls the origin has none.

What is configured are digests of the secret, two of them while it is exchanged; they open nothing themselves.

    ORIGIN_DIGESTS        x-origin-secret    refused
    (none)                anything           no         a stage without an edge
    sha256(a)             a                  no
    sha256(a),sha256(b)   a, or b            no
    sha256(a)             none, or b         403
"""

import hashlib
import hmac
import os
from typing import Any

from lumbung.domain.errors import Forbidden
from lumbung.runtime import problems

HEADER = "x-origin-secret"


def refusal(event: dict[str, Any]) -> dict[str, Any] | None:
    """Return the gateway's answer to a request that did not come through the edge, None for all others."""
    digests = os.environ.get("ORIGIN_DIGESTS", "")
    if not digests:
        return None
    brought = hashlib.sha256(event.get("headers", {}).get(HEADER, "").encode()).hexdigest()
    if any(hmac.compare_digest(brought, digest) for digest in digests.split(",")):
        return None
    request_id = event["requestContext"]["requestId"]
    answer = problems.answer(Forbidden("Gunakan alamat resmi Lumbung."), instance=f"/v1/requests/{request_id}")
    return {
        "statusCode": answer.status,
        "headers": {"Content-Type": answer.media_type, "X-Request-Id": request_id, "Cache-Control": "no-store"},
        "body": answer.body,
        "isBase64Encoded": False,
    }
