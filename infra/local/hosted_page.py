"""The page on which people sign in at the local issuer: a list of who is there, and a form for anybody else."""

from collections.abc import Mapping
from html import escape
from urllib.parse import urlencode

from infra.local.ready_people import PEOPLE, ROLES, ReadyPerson

_STYLE = """
:root{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif}body{max-width:34rem;margin:2rem auto;padding:0 1rem}
h2{font-size:1rem;margin:1.5rem 0 .25rem}a.person{display:block;padding:.75rem 1rem;margin:.25rem 0;border-radius:.5rem;
border:1px solid #8888;text-decoration:none;color:inherit}a.person:hover,a.person:focus{border-color:currentColor}
small{display:block;opacity:.8}label{display:block;margin:.5rem 0}input,select,button{font:inherit;padding:.5rem;
width:100%;box-sizing:border-box;margin-top:.25rem}
"""


def sign_in_page(flow: Mapping[str, str], institutions: Mapping[str, str]) -> str:
    """Return the page; *flow* is what the client asked with, *institutions* are names by code."""
    groups = "".join(
        f"<h2>{escape(label)}</h2>" + "".join(_person(person, flow) for person in PEOPLE if person.role == role)
        for role, label in ROLES.items()
    )
    return (
        '<!doctype html><html lang="id"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Masuk · Lumbung</title><style>{_STYLE}</style><main><h1>Masuk sebagai siapa?</h1>"
        "<p>Ini halaman masuk mesin Anda sendiri; pada layanan sesungguhnya orang masuk dengan kata sandinya.</p>"
        f"{groups}{_anybody(flow, institutions)}</main></html>"
    )


def _person(person: ReadyPerson, flow: Mapping[str, str]) -> str:
    asked = urlencode({**flow, "sub": person.sub, "name": person.name, "role": person.role,
                       "phone": person.phone or "", "institution": person.institution or ""})  # fmt: skip
    return (
        f'<a class="person" href="/oauth2/person?{escape(asked)}">{escape(person.name)}'
        f"<small>{escape(person.about)}</small></a>"
    )


def _anybody(flow: Mapping[str, str], institutions: Mapping[str, str]) -> str:
    hidden = "".join(f'<input type="hidden" name="{escape(k)}" value="{escape(v)}">' for k, v in flow.items())
    roles = "".join(f'<option value="{role}">{escape(label)}</option>' for role, label in ROLES.items())
    offices = "".join(f'<option value="{escape(c)}">{escape(name)}</option>' for c, name in institutions.items())
    return (
        f'<h2>Orang lain</h2><form action="/oauth2/person">{hidden}<label>Nama<input name="name" required></label>'
        f'<label>Nomor telepon<input name="phone" type="tel" placeholder="+6281…"></label>'
        f'<label>Peran<select name="role">{roles}</select></label>'
        f'<label>Instansi<select name="institution"><option value="">tidak ada</option>{offices}</select></label>'
        "<button>Masuk</button></form>"
    )
