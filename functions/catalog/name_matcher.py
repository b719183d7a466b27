"""Which cooperatives a supplier may be by its name: a proposal for people, never a decision."""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz, process

from lumbung.domain.registry import Cooperative
from lumbung.domain.supplier import Proposal

LIKE_ENOUGH = 80  # per cent of the words' letters that are the same, in whatever order
MOST = 5
# What says what a business is and not which: "Koperasi Tani Mulus" and "KUD MULUS TANI" may be the same.
_FORM_WORDS = "koperasi kop kud ksu primkop produsen konsumen serba usaha unit desa pt cv ud pd tbk"
_FORMS = frozenset(_FORM_WORDS.split())


def closest(name: str, cooperatives: Sequence[Cooperative]) -> list[Proposal]:
    """Return the cooperatives whose names are most like *name*, the likeliest first; often none.

    KOPERASI TANI MULUS   Koperasi Tani Mulus 100, Koperasi Mulus Tani 100
    KUD Tani Mulus Jaya   Koperasi Tani Mulus 81
    PT Contoh Pangan      -
    Koperasi              -    nothing is left that tells it apart
    """
    wanted = words(name)
    if not wanted:
        return []
    names = {one.id: words(one.name) for one in cooperatives}
    found = process.extract(wanted, names, scorer=fuzz.token_sort_ratio, score_cutoff=LIKE_ENOUGH, limit=MOST)
    return [Proposal(id_, round(likeness)) for _, likeness, id_ in found]


def words(name: str) -> str:
    """Return the words that tell a business apart, in lower case."""
    return " ".join(word for word in re.findall(r"\w+", name.casefold()) if word not in _FORMS)
