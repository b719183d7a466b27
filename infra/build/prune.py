"""Leave out of botocore's data what no function uses: 19 MB become half a megabyte, and loading gets faster."""

import shutil
import sys
from pathlib import Path

SERVICES = frozenset(
    {"dynamodb", "kms", "s3", "secretsmanager", "sesv2", "sqs"}
)  # what `deps.aws` is asked for; a test holds them together


def prune(site: Path) -> None:
    """Remove other services' models from the botocore in *site*; files for all services stay."""
    data = site / "botocore" / "data"
    for service in data.iterdir():
        if service.is_dir() and service.name not in SERVICES:
            shutil.rmtree(service)


if __name__ == "__main__":
    prune(Path(sys.argv[1]))
