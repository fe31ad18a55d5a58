"""The authority's public files, the command line and the hourly renewal."""

import pytest
from click.testing import CliRunner
from cryptography import x509
from django.test import Client
from django.utils import timezone

from satuklik.spine.signing import actions, commands, queries, rules, tasks


@pytest.fixture
def today(db: None) -> None:
    """An authority that was set up just now."""
    actions.set_up_demo_authority(now=timezone.now())


@pytest.mark.parametrize("name", ["root", "issuing"])
def test_anyone_can_fetch_certificates_and_lists(today: None, client: Client, name: str) -> None:
    found = client.get(f"/ca/{name}.cer")
    assert (found.status_code, found["Content-Type"]) == (200, "application/pkix-cert")
    certificate = x509.load_der_x509_certificate(found.content)
    found = client.get(f"/crl/{name}.crl")
    assert (found.status_code, found["Content-Type"]) == (200, "application/pkix-crl")
    published = x509.load_der_x509_crl(found.content)
    assert published.issuer == certificate.subject
    assert published.is_signature_valid(certificate.public_key())


@pytest.mark.parametrize("path", ["/ca/lain.cer", "/crl/lain.crl", "/crl/root.pem"])
def test_other_names_are_not_found(today: None, client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_stale_list_is_renewed_on_the_way(db: None, client: Client) -> None:
    actions.set_up_demo_authority(now=timezone.now() - rules.CRL_LIFE)
    before = queries.crl("issuing")
    served = client.get("/crl/issuing.crl").content
    assert served != before
    assert x509.load_der_x509_crl(served).next_update_utc > timezone.now()
    assert client.get("/crl/issuing.crl").content == served


def test_the_hourly_task_renews_what_is_stale(db: None) -> None:
    actions.set_up_demo_authority(now=timezone.now() - rules.CRL_LIFE)
    tasks.renew_crls(0)
    assert {facts.name: facts.crl_number for facts in queries.authorities()} == {"root": 1, "issuing": 2}


def test_the_command_line(today: None) -> None:
    shown = CliRunner().invoke(commands.ca, ["show"])
    assert shown.exit_code == 0
    assert "SHA-256" in shown.output
    assert "tidak tersertifikasi" in shown.output
    renewed = CliRunner().invoke(commands.ca, ["renew-crl"])
    assert renewed.exit_code == 0
    assert "issuing" in renewed.output


def test_the_command_line_without_an_authority(db: None) -> None:
    shown = CliRunner().invoke(commands.ca, ["show"])
    assert shown.exit_code == 1
    assert "no authority" in shown.output
