"""Writes the texts of notices as WhatsApp templates, as they are registered with Meta and approved there.

    python -m infra.whatsapp            writes templates.json
    python -m infra.whatsapp --check    fails if that would change it

Each entry is the body of one `POST /{version}/{business_account_id}/message_templates`. A changed text has to be
approved before the code that sends it is deployed.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from lumbung.domain.notice_texts import LANGUAGE, TEMPLATES, Template

TARGET = Path(__file__).with_name("templates.json")
SAMPLES = {  # Meta's reviewers see them in place of the parameters
    "name": "Siti Rahayu",
    "wave": "Gelombang I",
    "order": "ord_ab12cd34",
    "items": "2 × Beras Premium 5 kg",
    "granted": "1 × Beras Premium 5 kg",
    "left": "1 × Beras Premium 5 kg",
    "until": "Jumat, 17 April 2020 pukul 10.30 WIB",
    "rule": "uang Anda kami kembalikan sebesar hasil penjualannya",
    "total": "Rp110.000",
    "paid": "Rp55.000",
    "balance": "Rp55.000",
    "amount": "Rp55.000",
    "due": "Rabu, 8 April 2020 pukul 16.00 WIB",
    "when": "Selasa, 7 April 2020 pukul 10.30 WIB",
    "delivery": "Jumat, 10 April 2020",
    "dropoff": "Gedung Kementerian Koperasi",
    "address": "Jl. H.R. Rasuna Said Kav. 3-4",
    "hours": "09.00-15.00",
    "pic": "Ibu Rini",
    "receipt": "KW-0001",
}


def registration(template: Template) -> dict[str, Any]:
    example = {"body_text": [[SAMPLES[name] for name in template.parameters]]}
    return {
        "name": template.name,
        "language": LANGUAGE,
        "category": "UTILITY",
        "components": [{"type": "BODY", "text": template.numbered, "example": example}],
    }


def document() -> str:
    made = [registration(template) for template in TEMPLATES.values()]
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m infra.whatsapp")
    parser.add_argument("--check", action="store_true", help="write nothing, fail if something would change")
    made = document()
    if not parser.parse_args().check:
        TARGET.write_text(made)
    elif TARGET.read_text() != made:
        sys.exit("infra/whatsapp/templates.json is not what the code says; run `make interface`")


if __name__ == "__main__":
    main()
