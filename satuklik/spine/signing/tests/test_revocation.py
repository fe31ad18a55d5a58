"""Certificates out of force, for a while and for good; what lists, events and queries say of them."""

from datetime import timedelta

import pytest
from cryptography import x509

from satuklik.base.agencies.models import Agency, Official
from satuklik.base.audit.queries import events_of
from satuklik.spine.signing import actions, queries, rules, tasks
from satuklik.spine.signing.errors import KeyOffline, NoAuthority, NoKey, NotSuspended
from satuklik.spine.signing.models import Authority, SigningKey
from satuklik.spine.signing.tests.conftest import NOW, PASSPHRASE

COMPROMISED = x509.ReasonFlags.key_compromise
LATER = NOW + timedelta(hours=1)


def listed(serial: str, authority: str = "issuing") -> x509.RevokedCertificate | None:
    """The entry of a certificate in the list that everybody can fetch."""
    published = x509.load_der_x509_crl(queries.crl(authority) or b"")
    return published.get_revoked_certificate_by_serial_number(int(serial, 16))


@pytest.fixture
def serial(authority: None, pak_lurah: Official) -> str:
    """The certificate of Pak Lurah."""
    return actions.issue_official_key(pak_lurah, PASSPHRASE, NOW, algorithm="P-256").serial


def test_a_suspended_key_signs_nothing_until_it_is_resumed(serial: str, pak_lurah: Official) -> None:
    actions.suspend(serial, now=NOW, by="official:7", note="Ponsel hilang")
    entry = listed(serial)
    assert entry is not None
    assert entry.extensions.get_extension_for_class(x509.CRLReason).value.reason.value == "certificateHold"
    assert queries.key_status(serial, NOW) == "suspended"
    with pytest.raises(NoKey):
        actions.unlock(pak_lurah, PASSPHRASE, NOW)
    actions.resume(serial, now=LATER, by="official:7")
    assert listed(serial) is None
    assert queries.key_status(serial, LATER) == "valid"
    actions.unlock(pak_lurah, PASSPHRASE, LATER).close()
    assert [(event.kind, event.actor) for event in events_of(f"key:{serial}")] == [
        ("key.suspended", "official:7"), ("key.resumed", "official:7"),
    ]  # fmt: skip


def test_a_suspended_seal_stops_at_once(sealed: actions.SignedPdf, kelurahan: Agency, pdf: bytes) -> None:
    actions.suspend(sealed.serial, now=NOW)
    with pytest.raises(NoKey):
        actions.seal(pdf, agency_id=kelurahan.pk, now=NOW)
    actions.resume(sealed.serial, now=NOW)
    assert actions.seal(pdf, agency_id=kelurahan.pk, now=NOW).serial == sealed.serial


def test_revoked_after_suspension_it_ended_on_the_day_of_suspension(serial: str) -> None:
    actions.suspend(serial, now=NOW)
    actions.revoke(serial, COMPROMISED, now=LATER)
    entry = listed(serial)
    assert entry is not None
    assert entry.revocation_date_utc == NOW
    assert entry.extensions.get_extension_for_class(x509.CRLReason).value.reason == COMPROMISED


def test_what_cannot_be_done_is_said(serial: str) -> None:
    with pytest.raises(NotSuspended):
        actions.resume(serial, now=NOW)
    with pytest.raises(ValueError, match="suspend"):
        actions.revoke(serial, x509.ReasonFlags.certificate_hold, now=NOW)
    actions.revoke(serial, COMPROMISED, now=NOW)
    with pytest.raises(NoKey):
        actions.suspend(serial, now=NOW)
    with pytest.raises(NotSuspended):
        actions.resume(serial, now=NOW)
    with pytest.raises(NoKey):
        actions.revoke("abc", COMPROMISED, now=NOW)


def test_the_list_of_whoever_issued_it_is_renewed(serial: str) -> None:
    old = Authority.objects.get(name="issuing")
    number = old.crl_number
    other = Authority.objects.create(
        name="issuing-2", certificate=old.certificate, wrapped_key=b"", parent=old.parent
    )
    actions.revoke(serial, COMPROMISED, now=NOW)
    old.refresh_from_db()
    other.refresh_from_db()
    assert (old.crl_number, other.crl_number) == (number + 1, 0)


def test_a_certificate_of_another_authority_is_marked_without_a_list(serial: str) -> None:
    SigningKey.objects.filter(serial=serial).update(issuer=None, backend="bsre")
    actions.revoke(serial, COMPROMISED, now=NOW)
    assert queries.key_status(serial, NOW) == "revoked"
    assert listed(serial) is None


def test_an_authority_in_the_safe_is_left_to_its_custodians(authority: None) -> None:
    Authority.objects.filter(name="root").update(wrapped_key=None)
    with pytest.raises(KeyOffline, match="root-crl"):
        actions.renew_crl("root", now=NOW)
    tasks.renew_crls(0)
    with pytest.raises(NoAuthority):
        actions.renew_crl("nobody", now=NOW)


def test_certificates_that_end_soon(serial: str, pak_lurah: Official) -> None:
    end = NOW + timedelta(days=730)
    assert queries.expiring(30, NOW) == []
    month_before = end - timedelta(days=29)
    (found,) = queries.expiring(30, month_before)
    assert (found.serial, found.holder, found.official_id) == (serial, pak_lurah.name, pak_lurah.pk)
    newer = actions.issue_official_key(pak_lurah, PASSPHRASE, month_before, algorithm="P-256")
    assert queries.expiring(30, month_before) == []
    assert [key.serial for key in queries.keys_of(pak_lurah, month_before)] == [newer.serial, serial]
    assert queries.key_status(serial, end + timedelta(days=1)) == "expired"
    assert queries.key_status("abc", NOW) is None


@pytest.mark.parametrize(
    ("at", "revoked", "reason", "status"),
    [
        (-1, None, "", "not_yet"),
        (0, None, "", "valid"),
        (10, None, "", "valid"),
        (11, None, "", "expired"),
        (5, 5, "superseded", "revoked"),
        (4, 5, "superseded", "valid"),
        (5, 5, "certificateHold", "suspended"),
        (11, 5, "superseded", "revoked"),
    ],
)
def test_where_a_certificate_stands(at: int, revoked: int | None, reason: str, status: str) -> None:
    def day(number: int) -> object:
        return NOW + timedelta(days=number)

    assert rules.key_status(
        not_before=NOW, not_after=day(10), revoked_at=None if revoked is None else day(revoked),
        reason=reason, now=day(at),
    ) == status  # fmt: skip
