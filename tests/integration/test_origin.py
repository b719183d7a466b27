"""The API is reached through the edge only: every function behind it refuses who does not know the edge's secret."""

import hashlib
import importlib
import re

import pytest

from tests.integration.conftest import ENVIRONMENTS, ROOT, call, template

SECRET, NEXT = "the-edge-s-secret", "its-successor"
INTEGRATED = sorted(set(re.findall(r"functions/\$\{(\w+)\.Arn\}/invocations", (ROOT / "template.yaml").read_text())))


def digest(secret):
    return hashlib.sha256(secret.encode()).hexdigest()


def handler_of(function):
    name = template()["Resources"][function]["Properties"]["Handler"]
    return importlib.import_module(name.removesuffix(".handler")).handler


def ask(function, monkeypatch, digests, **headers):
    handler = handler_of(function)
    monkeypatch.setitem(ENVIRONMENTS[f"{handler.__module__}.handler"], "ORIGIN_DIGESTS", digests)
    return call(handler, "POST", "/v1/nowhere/payment", {}, headers=headers)


@pytest.mark.parametrize("function", INTEGRATED)
def test_who_does_not_come_through_the_edge_is_refused_before_anything_is_read(function, aws_env, monkeypatch):
    without = ask(function, monkeypatch, digest(SECRET))
    wrong = ask(function, monkeypatch, digest(SECRET), **{"x-origin-secret": "guessed"})
    right = ask(function, monkeypatch, digest(SECRET), **{"x-origin-secret": SECRET})

    assert [without.status, wrong.status] == [403, 403]
    assert without.json["detail"] == "Gunakan alamat resmi Lumbung."
    assert "Gunakan alamat resmi" not in right.text


def test_while_the_secret_is_exchanged_both_are_good(aws_env, monkeypatch):
    both = f"{digest(SECRET)},{digest(NEXT)}"

    answers = [ask("CatalogApi", monkeypatch, both, **{"x-origin-secret": secret}) for secret in (SECRET, NEXT, "no")]

    assert [answer.status for answer in answers] == [404, 404, 403]


def test_a_digest_opens_nothing(aws_env, monkeypatch):
    assert ask("CatalogApi", monkeypatch, digest(SECRET), **{"x-origin-secret": digest(SECRET)}).status == 403


def test_a_stage_without_an_edge_asks_for_nothing(aws_env, monkeypatch):
    assert ask("CatalogApi", monkeypatch, "").status == 404
