"""People who are there to sign in as on the local stack: one of each role, those of the programme's first waves."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadyPerson:
    """Somebody with a role; `institution` is the code of a member's, as in the government's list."""

    sub: str
    name: str
    role: str
    phone: str | None = None
    institution: str | None = None
    about: str = ""


ROLES = {
    "member": "Anggota",
    "pic": "Penanggung jawab",
    "cooperative": "Koperasi",
    "operator": "Kantor program",
}
PEOPLE = (
    ReadyPerson("siti-aminah", "Siti Aminah", "member", "+6281211112001", "K48", "Kementerian Koperasi dan UKM"),
    ReadyPerson("budi-santoso", "Budi Santoso", "member", "+6281211112002", "K25", "Kementerian PPN/Bappenas"),
    ReadyPerson("dewi-lestari", "Dewi Lestari", "member", "+6281211112003", "K63", "Kementerian Desa"),
    ReadyPerson("pic-setiabudi", "Ibu Rini", "pic", "+6281211110001", "K48", "Gedung Kementerian Koperasi dan UKM"),
    ReadyPerson("pic-lenteng", "Pak Tono", "pic", "+6281211110002", "K48", "Lenteng Agung"),
    ReadyPerson("coop-tani-mulus", "Koperasi Tani Mulus", "cooperative", about="Kabupaten Indramayu"),
    ReadyPerson("op-kantor", "Kantor Program", "operator", about="gelombang, katalog, uang"),
)  # fmt: skip
