"""New keys for old ones: what was signed stays provable, and whatever stops a rotation leaves a house that works."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography import x509
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from satuklik.base.agencies.models import Agency, Official
from satuklik.base.audit.queries import events_of
from satuklik.spine.signing import actions, commands, queries, vault
from satuklik.spine.signing.errors import KeyOffline, VaultFailed, WrongPassphrase
from satuklik.spine.signing.keys import SEALS
from satuklik.spine.signing.models import Authority, SigningKey
from satuklik.spine.signing.tests.conftest import NOW, PASSPHRASE

LATER = NOW + timedelta(days=40)
COMPROMISED = x509.ReasonFlags.key_compromise


@pytest.fixture(autouse=True)
def small(settings: Any) -> None:
    settings.SATUKLIK_ROOT_KEY_BITS = 2048
    settings.SATUKLIK_PASSPHRASE_KIB, settings.SATUKLIK_PASSPHRASE_PASSES = 1024, 1


def offices(count: int) -> list[Agency]:
    return [
        Agency.objects.create(
            code=f"desa-{number}", kind="desa", name=f"Pemerintah Desa Contoh {number}", short_name="x",
            head_title="Kepala Desa", number_code=f"X{number}", address="x",
        )
        for number in range(count)
    ]  # fmt: skip


def ca(*arguments: object, typed: str = "") -> Any:
    return CliRunner().invoke(commands.ca, [str(one) for one in arguments], input=typed)


def listed(serial: str, authority: str) -> bool:
    published = x509.load_der_x509_crl(queries.crl(authority) or b"")
    return published.get_revoked_certificate_by_serial_number(int(serial, 16)) is not None


def test_a_new_issuing_authority_and_the_list_of_the_old_one(
    sealed: actions.SignedPdf, kelurahan: Agency, pdf: bytes
) -> None:
    made = actions.new_issuing(None, now=NOW, bits=3072)
    assert made.name == "issuing-2"
    old = Authority.objects.get(name="issuing")
    assert old.retired_at == NOW
    actions.rotate_seals([kelurahan], now=NOW, algorithm="P-256", again=True)
    newer = actions.seal(pdf, agency_id=kelurahan.pk, now=NOW)
    certificate = x509.load_der_x509_certificate(
        bytes(SigningKey.objects.get(serial=newer.serial).certificate)
    )
    certificate.verify_directly_issued_by(x509.load_der_x509_certificate(bytes(made.certificate)))
    points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    assert points[0].full_name[0].value.endswith("/crl/issuing-2.crl")
    assert made.certificate != old.certificate
    assert "Issuing CA 2" in certificate.issuer.rfc4514_string()
    # Letters of both seals are trusted; a certificate of the retired authority is revoked in its own list.
    for letter in (sealed.pdf, newer.pdf):
        assert queries.verify(letter).verdict == "valid"
    actions.revoke(sealed.serial, COMPROMISED, now=NOW)
    assert listed(sealed.serial, "issuing")
    assert not listed(sealed.serial, "issuing-2")
    actions.revoke(newer.serial, COMPROMISED, now=NOW)
    assert listed(newer.serial, "issuing-2")
    assert [event.kind for event in events_of("ca")] == ["ca.rotated"]


def test_on_the_command_line_the_root_comes_from_the_safe_or_the_vault(authority: None) -> None:
    done = ca("rotate", "issuing", "--bits", "3072")
    assert done.exit_code == 0, done.output
    assert "issuing-2 issues from now on" in done.output
    Authority.objects.filter(name="root").update(wrapped_key=None)
    with pytest.raises(KeyOffline):
        actions.new_issuing(None, now=NOW)
    assert "--root-file" in ca("rotate", "issuing").output


def test_seals_rotate_and_a_broken_off_rotation_goes_on(
    authority: None, kelurahan: Agency, pdf: bytes
) -> None:
    many = [kelurahan, *offices(20)]
    first = actions.issue_seal_keys(many, now=NOW, algorithm="P-256")

    class Stopped(Exception):
        """Somebody pulls the plug after the first few."""

    def stop(done: int, _of: int) -> None:
        raise Stopped(done)

    with pytest.raises(Stopped):
        actions.rotate_seals(many, now=LATER, algorithm="P-256", progress=stop)
    for office in (many[0], many[-1]):
        SEALS.forget(office.pk)
        assert actions.seal(pdf, agency_id=office.pk, now=LATER)
    seen: list[tuple[int, int]] = []
    rest = actions.rotate_seals(
        many, now=LATER, algorithm="P-256", progress=lambda done, of: seen.append((done, of))
    )
    assert (len(rest), seen[-1]) == (5, (5, 5))
    assert SigningKey.objects.filter(kind="seal").count() == 2 * len(many)
    # Old ones are still in force: letters closed with them carry them.
    assert queries.key_status(first[0].serial, LATER) == "valid"
    assert actions.end_superseded("seal", now=LATER, overlap=timedelta(days=30)) == []
    ended = actions.end_superseded(
        "seal", now=LATER + timedelta(days=31), overlap=timedelta(days=30), by="user:1"
    )
    assert sorted(ended) == sorted(key.serial for key in first)
    assert listed(first[0].serial, "issuing")
    assert SigningKey.objects.get(serial=first[0].serial).revocation_reason == "superseded"
    assert SigningKey.objects.filter(kind="seal", revoked_at=None).count() == len(many)


def test_seals_on_the_command_line(db: None, kelurahan: Agency) -> None:
    assert "hold a key ceremony" in ca("rotate", "seal").output
    actions.set_up_demo_authority(now=timezone.now())
    done = ca("rotate", "seal", "--algorithm", "P-256")
    assert done.output.splitlines()[-1].startswith("1 new seals; 0 were younger")
    assert ca("rotate", "seal").output.splitlines()[-1].startswith("0 new seals; 1 were younger")
    assert "1 of 1 new seals" in ca("rotate", "seal", "--agency", kelurahan.code, "--again").output
    assert ca("rotate", "seal", "--agency", "tidak-ada").exit_code == 1
    assert "0 old seals" in ca("rotate", "seal", "--finish").output
    SigningKey.objects.order_by("pk").update(not_before=timezone.now() - timedelta(days=31))
    assert ca("rotate", "seal", "--algorithm", "P-256").exit_code == 0
    assert "2 old seals are revoked" in ca("rotate", "seal", "--finish", "--overlap-days", 0).output


def test_an_official_renews_with_the_passphrase(authority: None, pak_lurah: Official) -> None:
    old = actions.issue_official_key(pak_lurah, PASSPHRASE, NOW, algorithm="P-256")
    with pytest.raises(WrongPassphrase):
        actions.renew_official_key(pak_lurah, "bukan itu", now=LATER)
    newer = actions.renew_official_key(
        pak_lurah, PASSPHRASE, now=LATER, new_passphrase="yang baru sekali", algorithm="P-256"
    )
    with actions.unlock(pak_lurah, "yang baru sekali", LATER) as key:
        assert key.identity.serial == newer.serial
    with pytest.raises(WrongPassphrase):
        actions.unlock(pak_lurah, PASSPHRASE, LATER)
    assert queries.key_status(old.serial, LATER) == "valid"


def test_an_official_renews_at_the_terminal(db: None, pak_lurah: Official) -> None:
    now = timezone.now()
    actions.set_up_demo_authority(now=now)
    actions.issue_official_key(pak_lurah, PASSPHRASE, now, algorithm="P-256")
    Official.objects.filter(pk=pak_lurah.pk).update(nip="196812311990031005")
    assert "no official" in ca("rotate", "official", "1").output
    wrong = ca("rotate", "official", "196812311990031005", typed="salah\n\n")
    assert "attempts left" in wrong.output
    done = ca("rotate", "official", "196812311990031005", typed=f"{PASSPHRASE}\n\n")
    assert done.exit_code == 0, done.output
    assert PASSPHRASE not in done.output
    assert SigningKey.objects.filter(official=pak_lurah).count() == 2


def test_services_get_new_keys(db: None) -> None:
    assert "hold a key ceremony" in ca("rotate", "tsa").output or "set one up" in ca("rotate", "tsa").output
    actions.set_up_demo_authority(now=timezone.now())
    done = ca("rotate", "tsa")
    assert done.exit_code == 0, done.output
    for kind in ("timestamp", "responder"):
        assert SigningKey.objects.filter(kind=kind).count() == 2
        assert f"{kind}: {SigningKey.objects.filter(kind=kind).latest('pk').serial}" in done.output


OLD, NEW = "rahasia brankas yang lama", "rahasia brankas yang baru"


def test_the_vault_under_a_new_secret(authority: None, kelurahan: Agency, pdf: bytes, settings: Any) -> None:
    settings.SATUKLIK_VAULT_KEY = OLD
    _under_old(settings)
    actions.issue_seal_key(kelurahan, NOW, algorithm="P-256")
    settings.SATUKLIK_VAULT_KEY, settings.SATUKLIK_OLD_VAULT_KEYS = NEW, [OLD]
    SEALS.forget(kelurahan.pk)
    assert actions.seal(pdf, agency_id=kelurahan.pk, now=NOW)  # the old one opens it meanwhile
    assert actions.vault_state() == actions.VaultState(current=0, old=5, lost=[])
    done = ca("rotate", "vault")
    assert done.exit_code == 0, done.output
    assert "All 5 rows open with today's key" in done.output
    settings.SATUKLIK_OLD_VAULT_KEYS = []
    SEALS.forget(kelurahan.pk)
    assert actions.seal(pdf, agency_id=kelurahan.pk, now=NOW)
    actions.renew_crl("root", now=NOW)
    assert "All 5 rows" in ca("rotate", "vault").output


def test_what_other_backends_keep_is_wrapped_anew_too(
    authority: None, kelurahan: Agency, pak_lurah: Official, settings: Any
) -> None:
    """Which key on which token with its PIN (PKCS #11), and whom to ask (BSrE), lie under the same secret."""
    _under_old(settings)
    kept = {}
    for backend, owner in (("pkcs11", {"agency": kelurahan}), ("bsre", {"official": pak_lurah})):
        serial = f"{backend}:uji"
        kept[serial] = f'{{"{backend}": "rahasia"}}'.encode()
        SigningKey.objects.create(
            kind="seal" if "agency" in owner else "official", backend=backend, serial=serial, certificate=b"",
            wrapped_key=vault.wrap_by_secret(kept[serial], serial), not_before=NOW, not_after=LATER, **owner,
        )  # fmt: skip
    settings.SATUKLIK_VAULT_KEY, settings.SATUKLIK_OLD_VAULT_KEYS = NEW, [OLD]
    assert actions.rewrap_vault(now=NOW).old == 0
    settings.SATUKLIK_OLD_VAULT_KEYS = []
    for serial, content in kept.items():
        stored = SigningKey.objects.get(serial=serial)
        assert bytes(vault.plain_by_secret(bytes(stored.wrapped_key), serial)) == content


def test_a_vault_that_does_not_open_is_left_alone(authority: None, settings: Any) -> None:
    before = list(Authority.objects.order_by("pk").values_list("wrapped_key", flat=True))
    with override_settings(SATUKLIK_VAULT_KEY=NEW, SATUKLIK_OLD_VAULT_KEYS=["yang salah"]):
        with pytest.raises(VaultFailed, match="Nothing was changed"):
            actions.rewrap_vault(now=NOW)
        assert ca("rotate", "vault").exit_code == 1
    after = list(Authority.objects.order_by("pk").values_list("wrapped_key", flat=True))
    assert [bytes(one) for one in before] == [bytes(one) for one in after]


KILLED = """
import os, signal, django
django.setup()
from django.utils import timezone
from satuklik.spine.signing import actions
def progress(done, of):
    if done == 2:
        os.kill(os.getpid(), signal.SIGKILL)
actions.rewrap_vault(now=timezone.now(), progress=progress)
"""


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_everything_opens_and_it_goes_on(
    kelurahan: Agency, pdf: bytes, settings: Any, tmp_path: Path
) -> None:
    settings.SATUKLIK_VAULT_KEY = OLD
    actions.set_up_demo_authority(now=NOW)
    many = [kelurahan, *offices(3)]
    actions.issue_seal_keys(many, now=NOW, algorithm="P-256")
    parameters = connection.get_connection_params()
    environment = os.environ | {
        "DATABASE_URL": f"postgresql://postgres@/{parameters['dbname']}?host={parameters['host']}",
        "SATUKLIK_VAULT_KEY": NEW, "SATUKLIK_OLD_VAULT_KEYS": OLD, "SATUKLIK_VAR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "satuklik.settings",
    }  # fmt: skip
    killed = subprocess.run([sys.executable, "-c", KILLED], env=environment, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()[-2000:]
    settings.SATUKLIK_VAULT_KEY, settings.SATUKLIK_OLD_VAULT_KEYS = NEW, [OLD]
    assert actions.vault_state() == actions.VaultState(current=2, old=6, lost=[])
    for office in many:
        SEALS.forget(office.pk)
        assert actions.seal(pdf, agency_id=office.pk, now=NOW)
    finished = subprocess.run(
        [sys.executable, "-m", "satuklik.cli", "ca", "rotate", "vault"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert finished.returncode == 0, finished.stderr
    assert "8 of 8 rows" in finished.stdout
    settings.SATUKLIK_OLD_VAULT_KEYS = []
    for office in many:
        SEALS.forget(office.pk)
        assert actions.seal(pdf, agency_id=office.pk, now=NOW)


def _under_old(settings: Any) -> None:
    """The authority of the fixture, as if it had been made under OLD."""
    settings.SATUKLIK_VAULT_KEY, settings.SATUKLIK_OLD_VAULT_KEYS = OLD, [settings.SECRET_KEY]
    actions.rewrap_vault(now=NOW)
    settings.SATUKLIK_OLD_VAULT_KEYS = []
    root = Authority.objects.get(name="root")
    assert vault.is_current(bytes(root.wrapped_key), "authority:root")
