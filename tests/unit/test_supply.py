"""What we take from others is pinned, hashed and licensed; what is ours alone is not in the repository."""

import re
from pathlib import Path

import pytest

from infra.supply import leaks, licences

ROOT = Path(__file__).parents[2]
LOCKS = [*(ROOT / "infra" / "locks").glob("*.txt"), ROOT / "layers" / "lumbung" / "requirements.txt"]
BUILDS = [ROOT / "Makefile", *ROOT.glob("infra/build/*"), *ROOT.glob("*/Makefile"), *ROOT.glob("*/*/Makefile")]
# Put together here, so that they are not found in this file.
PLANTED = {
    "AWS Access Key": "key = 'AKIA" + "QYLPMN5HHHFPZAM2'",
    "Private Key": "-----BEGIN RSA " + "PRIVATE KEY-----",
    "GitHub Token": "ghp_" + "1234567890abcdefghijABCDEFGHIJ123456",
    "Key of a provider": "server_key: Mid-" + "server-9xQy7Lk2vB4nR8sT",
}


@pytest.mark.parametrize("build", [path for path in BUILDS if path.is_file()], ids=lambda p: str(p.relative_to(ROOT)))
def test_whatever_is_installed_to_build_with_is_held_to_its_hash(build):
    commands = re.sub(r"\\\n", " ", build.read_text()).splitlines()

    assert [line for line in commands if re.search(r"pip\W+install", line) and "--require-hashes" not in line] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda p: p.name)
def test_every_package_of_a_lock_is_one_version_with_hashes(lock):
    packages = re.split(r"^(?=[a-z0-9])", lock.read_text(), flags=re.MULTILINE)[1:]

    assert packages
    assert [p.splitlines()[0] for p in packages if "==" not in p or "--hash=sha256:" not in p] == []


def test_every_deployed_package_is_listed_under_a_licence_that_we_accept():
    known = licences.listed(licences.LIST.read_text())

    assert licences.written(known) == licences.LIST.read_text()
    assert len(known) > 15
    assert [name for name, licence in known.items() if not licences.accepted(licence)] == []


@pytest.mark.parametrize(
    ("licence", "good"),
    [
        ("MIT", True),
        ("MPL-2.0 AND MIT", True),
        ("GPL-3.0 OR MIT", True),
        ("MIT AND LGPL-3.0", False),
        ("UNKNOWN", False),
    ],
)
def test_licences_that_would_bind_what_is_ours_are_refused(licence, good):
    assert licences.accepted(licence) is good


def test_a_package_that_nobody_has_listed_is_not_passed_over():
    with pytest.raises(licences.Unknown):
        licences._installed("nobody-made-this 1.0")


def test_there_is_no_secret_in_the_repository():
    assert list(leaks.leaks()) == []


@pytest.mark.parametrize("kind", PLANTED)
def test_a_secret_that_is_put_in_is_found(tmp_path, kind):
    (tmp_path / "settings.py").write_text(f"one = 1\n{PLANTED[kind]}\n")

    assert {(leak.file, leak.kind) for leak in leaks.leaks(tmp_path)} == {("settings.py", kind)}


def test_nothing_is_listed_as_known_that_is_not_there(monkeypatch):
    known = set(leaks.KNOWN)
    monkeypatch.setattr(leaks, "KNOWN", {})

    assert {(leak.file, leak.kind) for leak in leaks.leaks(ROOT / "infra" / "simulators")} == {
        (Path(file).name, kind) for file, kind in known
    }
