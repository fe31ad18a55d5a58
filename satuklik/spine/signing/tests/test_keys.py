"""Keys at rest and in memory: who opens them, how often one may try, and what is left behind."""

import logging
import pickle
import threading
import traceback
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from django.db import connection, transaction
from django.test import override_settings
from django.views.debug import ExceptionReporter

from satuklik.base.agencies.models import Agency, Official
from satuklik.spine.signing import actions, keygen, queries, rules, vault
from satuklik.spine.signing.errors import (
    KeyClosed,
    KeyLocked,
    NoAuthority,
    NoKey,
    VaultFailed,
    WrongPassphrase,
)
from satuklik.spine.signing.keys import SEALS, UnlockedKey
from satuklik.spine.signing.models import SigningKey
from satuklik.spine.signing.tests.conftest import NOW, PASSPHRASE

WRONG = "bukan-kata-sandi-yang-benar"


def everything_in_the_database() -> str:
    """Every row of every table as text; bytes as hexadecimal and as they are."""
    parts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'select t::text from "{table}" t')
            parts += [row[0] for row in cursor.fetchall()]
    return "\n".join(parts)


@pytest.fixture
def with_key(authority: None, pak_lurah: Official) -> Official:
    """Pak Lurah, who has a key."""
    actions.issue_official_key(pak_lurah, PASSPHRASE, NOW)
    return pak_lurah


def test_the_right_passphrase_opens(with_key: Official) -> None:
    with actions.unlock(with_key, PASSPHRASE, NOW) as key:
        assert key.identity.signer == with_key.name
    with pytest.raises(KeyClosed):
        _ = key.signer


def test_five_wrong_passphrases_lock_the_key(with_key: Official) -> None:
    for left in (4, 3, 2, 1):
        with pytest.raises(WrongPassphrase) as wrong:
            actions.unlock(with_key, WRONG, NOW)
        assert wrong.value.left == left
    with pytest.raises(KeyLocked) as locked:
        actions.unlock(with_key, WRONG, NOW)
    assert locked.value.until == NOW + rules.LOCK
    with pytest.raises(KeyLocked):
        actions.unlock(with_key, PASSPHRASE, NOW + rules.LOCK - timedelta(seconds=1))
    actions.unlock(with_key, PASSPHRASE, NOW + rules.LOCK).close()
    assert SigningKey.objects.get(official=with_key).failures == 0


def test_success_forgives_earlier_failures(with_key: Official) -> None:
    for _ in range(3):
        with pytest.raises(WrongPassphrase):
            actions.unlock(with_key, WRONG, NOW)
    actions.unlock(with_key, PASSPHRASE, NOW).close()
    with pytest.raises(WrongPassphrase) as wrong:
        actions.unlock(with_key, WRONG, NOW)
    assert wrong.value.left == 4


@pytest.mark.django_db(transaction=True)
def test_the_count_survives_the_callers_rollback(pak_lurah: Official) -> None:
    actions.set_up_demo_authority(now=NOW)
    actions.issue_official_key(pak_lurah, PASSPHRASE, NOW)
    for _ in range(2):
        with pytest.raises(WrongPassphrase), transaction.atomic():
            actions.unlock(pak_lurah, WRONG, NOW)
    assert SigningKey.objects.get(official=pak_lurah).failures == 2
    with transaction.atomic():
        actions.unlock(pak_lurah, PASSPHRASE, NOW).close()
        transaction.set_rollback(True)
    assert SigningKey.objects.get(official=pak_lurah).failures == 0


@pytest.mark.django_db(transaction=True)
def test_guesses_side_by_side_are_counted_exactly(pak_lurah: Official) -> None:
    actions.set_up_demo_authority(now=NOW)
    actions.issue_official_key(pak_lurah, PASSPHRASE, NOW)
    outcomes: list[str] = []
    start = threading.Barrier(12)

    def guess() -> None:
        start.wait()
        try:
            actions.unlock(pak_lurah, WRONG, NOW)
        except (WrongPassphrase, KeyLocked) as error:
            outcomes.append(f"{type(error).__name__} {getattr(error, 'left', '')}".strip())
        finally:
            connection.close()

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["KeyLocked"] * 8 + [f"WrongPassphrase {left}" for left in (1, 2, 3, 4)]
    stored = SigningKey.objects.get(official=pak_lurah)
    assert stored.failures == rules.ATTEMPTS
    assert stored.locked_until == NOW + rules.LOCK


def test_no_passphrase_is_left_anywhere(
    with_key: Official, pdf: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    wrong = "rahasia-yang-salah-7781"
    with actions.unlock(with_key, PASSPHRASE, NOW) as key:
        signed = actions.sign(pdf, key=key, now=NOW)
        assert "…" in repr(key.signer._key)
        assert PASSPHRASE not in repr(key) + repr(vars(key))
        with pytest.raises(TypeError):
            pickle.dumps(key)
    traces = []
    for _ in range(5):
        try:
            actions.unlock(with_key, wrong, NOW)
        except (WrongPassphrase, KeyLocked) as error:
            traces.append("".join(traceback.format_exception(error)) + repr(error))
            frames = ExceptionReporter(None, type(error), error, error.__traceback__).get_traceback_frames()
            inside = [frame for frame in frames if "signing/actions/" in frame["filename"]]
            assert inside
            # This very test's frame holds the word; the room's own frames must not show it.
            traces.append(repr([frame["vars"] for frame in inside]))
    assert len(traces) == 10
    for secret in (PASSPHRASE, wrong):
        text = everything_in_the_database() + caplog.text + "".join(traces) + repr(signed.facts())
        assert secret not in text
        assert secret.encode().hex() not in text


def test_private_keys_are_not_in_the_database_in_the_clear(with_key: Official) -> None:
    stored = SigningKey.objects.get(official=with_key)
    key = vault.unwrap_by_passphrase(bytes(stored.wrapped_key), PASSPHRASE, stored.serial)
    assert isinstance(key, rsa.RSAPrivateKey)
    assert keygen.private_der(key)[-100:-60].hex() not in everything_in_the_database()


def test_a_blob_copied_to_another_row_does_not_open(with_key: Official) -> None:
    stored = SigningKey.objects.get(official=with_key)
    assert vault.unwrap_by_passphrase(bytes(stored.wrapped_key), PASSPHRASE, "another") is None


def test_the_cost_is_stored_with_the_key(with_key: Official) -> None:
    with override_settings(SATUKLIK_PASSPHRASE_KIB=128, SATUKLIK_PASSPHRASE_PASSES=2):
        actions.unlock(with_key, PASSPHRASE, NOW).close()


def test_an_unlocked_key_closes_by_itself(with_key: Official, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("satuklik.spine.signing.keys.UNLOCKED_FOR", timedelta(milliseconds=30))
    key = actions.unlock(with_key, PASSPHRASE, NOW)
    key._timer.join(5)
    with pytest.raises(KeyClosed):
        _ = key.signer


def test_who_has_no_key(authority: None, pak_lurah: Official, kelurahan: Agency, pdf: bytes) -> None:
    with pytest.raises(NoKey):
        actions.unlock(pak_lurah, PASSPHRASE, NOW)
    with pytest.raises(NoKey):
        actions.seal(pdf, agency_id=kelurahan.pk, now=NOW)


def test_without_an_authority(db: None, kelurahan: Agency) -> None:
    with pytest.raises(NoAuthority):
        actions.issue_seal_key(kelurahan, NOW)


def test_expired_and_not_yet_valid_keys_sign_nothing(
    sealed: actions.SignedPdf, kelurahan: Agency, pdf: bytes
) -> None:
    for moment in (NOW + timedelta(days=731), NOW - timedelta(days=1)):
        with pytest.raises(NoKey):
            actions.seal(pdf, agency_id=kelurahan.pk, now=moment)


def test_a_revoked_seal_stops_and_is_published(
    sealed: actions.SignedPdf, kelurahan: Agency, pdf: bytes
) -> None:
    actions.revoke(sealed.serial, x509.ReasonFlags.key_compromise, now=NOW)
    published = x509.load_der_x509_crl(queries.crl("issuing") or b"")
    found = published.get_revoked_certificate_by_serial_number(int(sealed.serial, 16))
    assert found is not None
    assert found.revocation_date_utc == NOW
    with pytest.raises(NoKey):
        actions.seal(pdf, agency_id=kelurahan.pk, now=NOW)
    with pytest.raises(NoKey):
        actions.revoke(sealed.serial, x509.ReasonFlags.key_compromise, now=NOW)


def test_a_newer_seal_takes_over(sealed: actions.SignedPdf, kelurahan: Agency, pdf: bytes) -> None:
    newer = actions.issue_seal_key(kelurahan, NOW + timedelta(days=1))
    assert actions.seal(pdf, agency_id=kelurahan.pk, now=NOW + timedelta(days=1)).serial == newer.serial


def test_another_secret_does_not_open_seals(sealed: actions.SignedPdf, kelurahan: Agency, pdf: bytes) -> None:
    SEALS.forget(kelurahan.pk)
    with (
        override_settings(SATUKLIK_VAULT_KEY="another"),
        pytest.raises(VaultFailed, match="SATUKLIK_VAULT_KEY"),
    ):
        actions.seal(pdf, agency_id=kelurahan.pk, now=NOW)


def test_acting_heads_sign_under_the_offices_title(unlocked: UnlockedKey, pdf: bytes) -> None:
    assert actions.sign(pdf, key=unlocked, now=NOW, acting_as="Plt").position == "Plt. Lurah Kisaran Naga"
    camat = actions.sign(pdf, key=unlocked, now=NOW, acting_as="Plh", head_title="Camat Kisaran Timur")
    assert camat.position == "Plh. Camat Kisaran Timur"


def test_revocation_lists_are_renewed_when_stale(authority: None) -> None:
    first = queries.crl("issuing")
    assert actions.renew_crl("issuing", now=NOW, only_if_stale=True) == first
    later = NOW + rules.CRL_LIFE / 2
    assert actions.renew_crl("issuing", now=later, only_if_stale=True) != first
    numbers = {facts.name: facts.crl_number for facts in queries.authorities()}
    assert numbers == {"root": 1, "issuing": 2}


def test_setting_up_twice_changes_nothing(authority: None) -> None:
    before = queries.authority_certificate("root")
    actions.set_up_demo_authority(now=NOW)
    assert queries.authority_certificate("root") == before


def test_many_seals_at_once(authority: None, kelurahan: Agency) -> None:
    offices = [
        Agency.objects.create(
            code=f"desa-{number}",
            kind="desa",
            name=f"Pemerintah Desa Contoh {number}",
            short_name="x",
            head_title="Kepala Desa",
            number_code="x",
            address="x",
            parent=kelurahan,
        )
        for number in range(keygen.FEW + 3)
    ]
    seen: list[tuple[int, int]] = []
    made = actions.issue_seal_keys(offices, now=NOW, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (len(offices), len(offices))
    assert len({key.serial for key in made}) == len(offices)


def test_the_position_and_name_of_a_certificate(with_key: Official) -> None:
    stored = SigningKey.objects.get(official=with_key)
    certificate = x509.load_der_x509_certificate(bytes(stored.certificate))
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.digital_signature, usage.content_commitment, usage.key_encipherment) == (True, True, False)
    assert "BSrE" not in certificate.issuer.rfc4514_string()
    assert "tidak tersertifikasi" in certificate.issuer.rfc4514_string()
    assert with_key.position in certificate.subject.rfc4514_string()
