"""What comes after a restore, on what is deployed (see infra/restore.md).

python -m infra.restore sums TABLE …        a line per kind of item: table, kind, how many, sha256 of them
python -m infra.restore replay STACK        tells every consumer of a stream again what lies in its table
"""

import sys
from pathlib import Path

import botocore.session

from infra.local.template import expanded
from infra.restore import deployed
from infra.restore.sums import sums

ROOT = Path(__file__).parents[2]


def main(arguments: list[str]) -> int:
    match arguments:
        case ["sums", _, *_]:
            _sums(arguments[1:])
        case ["replay", stack]:
            _replay(stack)
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


def _sums(tables: list[str]) -> None:
    dynamodb = botocore.session.get_session().create_client("dynamodb")
    for table in tables:
        for kind, found in sums(deployed.scan(dynamodb, table)).items():
            print(f"{table}\t{kind}\t{found.items}\t{found.sha256}")


def _replay(stack: str) -> None:
    aws = botocore.session.get_session().create_client
    named = deployed.names(aws("cloudformation"), stack)
    for function, records in deployed.replay(aws, named, expanded(ROOT / "template.yaml", {})):
        print(f"{function}\t{records}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
