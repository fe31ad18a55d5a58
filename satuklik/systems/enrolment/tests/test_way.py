"""The way of an official: each step by whoever may take it, with what is wrong said, and with a history."""

from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509

from satuklik.spine.cases.attachments import Upload
from satuklik.spine.signing import queries as signing
from satuklik.spine.signing.errors import KeyLocked, NotSuspended, WrongPassphrase
from satuklik.systems.enrolment import rules
from satuklik.systems.enrolment.errors import (
    Incomplete,
    MayNot,
    NotNow,
    ReasonNeeded,
    SealBroken,
    WeakPassphrase,
)
from satuklik.systems.enrolment.tests.conftest import (
    LOGIN,
    NIK,
    PASSPHRASE,
    brought,
    enrol,
    hand_in,
    make_official,
    picture,
    verify,
)
from tests.people import NOW


def kinds(row: Any) -> list[str]:
    from satuklik.systems.enrolment import queries

    return [event.kind.removeprefix("enrolment.") for event in queries.history(row.pk)]


def titles(official: Any) -> list[str]:
    from satuklik.spine.messaging.queries import inbox

    return [message.title for message in inbox(official.user)]


def test_the_whole_way(bu_kabid: Any, verifikator: Any) -> None:
    from satuklik.base.audit.queries import verify as verify_log
    from satuklik.spine.signing import actions as keys

    row = brought(bu_kabid, rules.ACTIVE, verifikator)
    assert (row.stage, row.moved_by, row.since) == (rules.ACTIVE, "system", NOW)
    assert kinds(row) == [
        "registered", "document_kept", "document_kept", "submitted", "verified", "issued", "first_signature",
    ]  # fmt: skip
    with keys.unlock(bu_kabid, PASSPHRASE, NOW) as key:
        assert key.identity.serial == row.serial
    assert titles(verifikator) == ["Berkas TTE menunggu verifikasi Anda"]
    assert titles(bu_kabid) == ["Berkas TTE Anda sudah diverifikasi"]
    assert verify_log().holds


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"email": ""}, {"email": "missing"}),
        ({"email": "melati@gmail.example"}, {"email": "wrong_domain"}),
        ({"nik": "1234"}, {"nik": "bad_nik"}),
        ({"nik": ""}, {"nik": "missing"}),
        ({"recommendation_number": " "}, {"recommendation_number": "missing"}),
        ({"uploads": {}}, {"recommendation": "missing", "identity_card": "missing"}),
        ({"uploads": {"recommendation": Upload("a.png", picture()), "identity_card": Upload("k.exe", b"MZ\0\0")}},
         {"identity_card": "wrong_type"}),
        ({"uploads": {"recommendation": Upload("a.png", picture()[:40]), "identity_card": Upload("k.png", picture())}},
         {"recommendation": "not_readable"}),
        ({"uploads": {"recommendation": Upload("a.png", b""), "identity_card": Upload("k.png", picture())}},
         {"recommendation": "empty"}),
        ({"uploads": {"recommendation": Upload("a.pdf", b"%PDF-1.7" + b"0" * 5_000_001 + b"%%EOF"),
                      "identity_card": Upload("k.png", picture())}}, {"recommendation": "too_large"}),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_and_what_is_right_is_kept(
    bu_kabid: Any, changes: dict[str, Any], fields: dict[str, str]
) -> None:
    row = enrol(bu_kabid)
    problem = hand_in(bu_kabid, **changes)
    assert problem.fields == fields
    row.refresh_from_db()
    assert row.stage == rules.REGISTERED
    kept = set(row.documents.values_list("kind", flat=True))
    assert kept == {"recommendation", "identity_card"} - set(fields) or "uploads" not in changes
    assert hand_in(bu_kabid) is None


def test_a_nik_belongs_to_one_official(bu_kabid: Any, bu_admin: Any) -> None:
    enrol(bu_kabid)
    enrol(bu_admin)
    hand_in(bu_kabid)
    assert hand_in(bu_admin).fields == {"nik": "other_nik"}


def test_documents_lie_encrypted_and_each_look_is_noted(
    bu_kabid: Any, verifikator: Any, pak_lain: Any, settings: Any
) -> None:
    from satuklik.base.files.queries import path_of
    from satuklik.systems.enrolment import actions, queries

    row = brought(bu_kabid, rules.DOCUMENTS, verifikator)
    card = row.documents.get(kind="identity_card")
    assert picture() not in path_of(card.file_id).read_bytes()
    assert NIK.encode() not in bytes(row.nik)
    assert queries.nik_of(row) == NIK
    assert actions.read(card.pk, bu_kabid, reason="", now=NOW)[1] == picture()
    assert "document_read" not in kinds(row)
    with pytest.raises(MayNot):
        actions.read(card.pk, pak_lain, reason="ingin tahu", now=NOW)
    with pytest.raises(ReasonNeeded):
        actions.read(card.pk, verifikator, reason=" ", now=NOW)
    assert actions.read(card.pk, verifikator, reason="Verifikasi", now=NOW)[1] == picture()
    last = queries.history(row.pk)[-1]
    assert (last.kind, last.actor, last.data["reason"]) == (
        "enrolment.document_read", f"official:{verifikator.pk}", "Verifikasi",
    )  # fmt: skip
    settings.SATUKLIK_VAULT_KEY = "another"
    with pytest.raises(SealBroken):
        queries.nik_of(row)
    settings.SATUKLIK_OLD_VAULT_KEYS = [settings.SECRET_KEY]
    assert queries.nik_of(row) == NIK
    assert (actions.reseal(NOW), actions.reseal(NOW)) == (1, 0)
    settings.SATUKLIK_OLD_VAULT_KEYS = []
    row.refresh_from_db()
    assert queries.nik_of(row) == NIK
    assert actions.read(card.pk, bu_kabid, reason="", now=NOW)[1] == picture()


def test_ppid_sees_the_board_but_no_identity_card(bu_kabid: Any, verifikator: Any) -> None:
    from satuklik.systems.enrolment import actions, queries

    ppid = make_official("diskominfo", "Pe Pei De", "PPID", 950, role="ppid")
    row = brought(bu_kabid, rules.DOCUMENTS, verifikator)
    scope = queries.scope_of(ppid, NOW)
    assert scope.sees(bu_kabid.agency_id)
    with pytest.raises(MayNot):
        actions.read(row.documents.first().pk, ppid, reason="audit", now=NOW)


def test_four_eyes(bu_kabid: Any, verifikator: Any, pak_lain: Any, bu_admin: Any) -> None:
    from satuklik.systems.enrolment import actions

    mine = brought(verifikator, rules.DOCUMENTS, bu_admin)
    for who in (verifikator, pak_lain, bu_kabid):
        with pytest.raises(MayNot):
            verify(mine, who)
        with pytest.raises(MayNot):
            actions.give_back(mine.pk, by=who, reason="tidak", now=NOW)
    assert verify(mine, bu_admin).stage == rules.VERIFIED


def test_an_appointment_that_is_over_verifies_nobody(bu_kabid: Any, verifikator: Any, bu_admin: Any) -> None:
    from satuklik.systems.enrolment import actions, queries

    row = brought(bu_kabid, rules.DOCUMENTS, verifikator)
    appointment = queries.verifiers(NOW)[0]
    with pytest.raises(MayNot):
        actions.end_appointment(appointment.pk, last_day=NOW.date(), by=verifikator, now=NOW)
    actions.end_appointment(appointment.pk, last_day=NOW.date(), by=bu_admin, now=NOW)
    with pytest.raises(MayNot):
        verify(row, verifikator, at=NOW + timedelta(days=1))
    assert verify(row, verifikator).stage == rules.VERIFIED  # on the last day still


def test_a_return_has_a_reason_and_the_official_reads_it(bu_kabid: Any, verifikator: Any) -> None:
    from satuklik.systems.enrolment import actions

    row = brought(bu_kabid, rules.DOCUMENTS, verifikator)
    with pytest.raises(ReasonNeeded):
        actions.give_back(row.pk, by=verifikator, reason="  ", now=NOW)
    row = actions.give_back(row.pk, by=verifikator, reason="Foto KTP buram.", now=NOW)
    assert (row.stage, row.returned_reason) == (rules.REGISTERED, "Foto KTP buram.")
    assert titles(bu_kabid)[0] == "Berkas TTE Anda dikembalikan"
    with pytest.raises(NotNow):
        actions.give_back(row.pk, by=verifikator, reason="lagi", now=NOW)
    assert hand_in(bu_kabid, uploads={}, nik="") is None  # what was right the first time is still there
    row.refresh_from_db()
    assert row.returned_reason == ""


def test_only_what_was_seen_is_verified(bu_kabid: Any, verifikator: Any) -> None:
    from satuklik.systems.enrolment import actions

    row = brought(bu_kabid, rules.DOCUMENTS, verifikator)
    checks = dict.fromkeys(actions.CHECKS, True)
    seen = dict(row.documents.values_list("kind", "sha256"))
    with pytest.raises(NotNow):
        actions.verify(
            row.pk, by=verifikator, checks=checks, seen=seen | {"identity_card": "0" * 64}, now=NOW
        )
    with pytest.raises(Incomplete):
        actions.verify(row.pk, by=verifikator, checks=checks | {"person": False}, seen=seen, now=NOW)


@pytest.mark.parametrize(
    ("passphrase", "problem"), [("pendek", "short"), (LOGIN, "login"), ("password12345", "common"),
                                ("Melati Harahap 12", "personal")],
)  # fmt: skip
def test_weak_passphrases_make_no_certificate(
    bu_kabid: Any, verifikator: Any, passphrase: str, problem: str
) -> None:
    from satuklik.systems.enrolment import actions

    brought(bu_kabid, rules.VERIFIED, verifikator)
    with pytest.raises(WeakPassphrase) as refused:
        actions.choose_passphrase(bu_kabid, passphrase, now=NOW)
    assert problem in refused.value.problems
    assert passphrase not in str(refused.value)
    assert signing.keys_of(bu_kabid, NOW) == []


def test_one_certificate_for_one_verification(bu_kabid: Any, verifikator: Any) -> None:
    from satuklik.systems.enrolment import actions, queries

    enrol(bu_kabid)
    with pytest.raises(NotNow):
        actions.choose_passphrase(bu_kabid, PASSPHRASE, now=NOW)
    hand_in(bu_kabid)
    verify(queries.enrolment_of(bu_kabid), verifikator)
    actions.choose_passphrase(bu_kabid, PASSPHRASE, now=NOW)
    with pytest.raises(NotNow):
        actions.choose_passphrase(bu_kabid, PASSPHRASE, now=NOW)
    assert len(signing.keys_of(bu_kabid, NOW)) == 1


def test_suspension_by_the_holder_and_by_the_verifikator(
    bu_kabid: Any, verifikator: Any, pak_lain: Any
) -> None:
    from satuklik.systems.enrolment import actions

    row = brought(bu_kabid, rules.ISSUED, verifikator)

    def state() -> str | None:
        return signing.key_status(row.serial, NOW + timedelta(minutes=1))

    with pytest.raises(MayNot):
        actions.suspend(row.pk, by=pak_lain, reason="iseng", now=NOW)
    actions.suspend(row.pk, by=bu_kabid, reason="Ponsel hilang", now=NOW)
    assert state() == "suspended"
    assert titles(verifikator)[0] == f"Sertifikat TTE {bu_kabid.name} dibekukan"
    actions.resume(row.pk, by=bu_kabid, reason="Ketemu", now=NOW)
    assert state() == "valid"
    with pytest.raises(NotSuspended):
        actions.resume(row.pk, by=bu_kabid, reason="Ketemu", now=NOW)
    actions.suspend(row.pk, by=verifikator, reason="Pemeriksaan", now=NOW)
    with pytest.raises(MayNot):
        actions.resume(row.pk, by=bu_kabid, reason="saya mau", now=NOW)
    actions.resume(row.pk, by=verifikator, reason="Selesai", now=NOW)
    assert state() == "valid"


def test_a_compromise_revokes_at_once_and_needs_eyes_again(bu_kabid: Any, verifikator: Any) -> None:
    from satuklik.systems.enrolment import actions, queries

    row = brought(bu_kabid, rules.ACTIVE, verifikator)
    old = row.serial
    actions.revoke(row.pk, by=bu_kabid, why="key_compromise", reason="Sandi diketahui orang", now=NOW)
    row.refresh_from_db()
    assert row.stage == rules.DOCUMENTS
    assert int(old, 16) in {
        entry.serial_number for entry in x509.load_der_x509_crl(signing.crl("issuing") or b"")
    }
    verify(row, verifikator)
    actions.choose_passphrase(bu_kabid, "pohon sungai garam embun", now=NOW)
    row = queries.enrolment_of(bu_kabid)
    assert row is not None
    assert (row.stage, row.serial == old) == (rules.ISSUED, False)


def test_a_forgotten_passphrase_and_its_successor(bu_kabid: Any, verifikator: Any) -> None:
    from satuklik.systems.enrolment import actions, queries

    row = brought(bu_kabid, rules.ACTIVE, verifikator)
    old = row.serial
    actions.ask_new_key(bu_kabid, why="forgot", now=NOW)
    verify(queries.enrolment_of(bu_kabid), verifikator)
    actions.choose_passphrase(bu_kabid, "pohon sungai garam embun", now=NOW)
    found = queries.enrolment_of(bu_kabid)
    assert found is not None
    assert found.serial != old
    assert queries.history(row.pk)[-1].data["before"] == old
    assert (
        signing.key_status(old, NOW) == "valid"
    )  # nobody can open it; letters that it signed keep their proof


@pytest.mark.django_db(transaction=True)
def test_renewal(bu_kabid: Any, verifikator: Any) -> None:
    from satuklik.systems.enrolment import actions, queries

    row = brought(bu_kabid, rules.ACTIVE, verifikator)
    old, new = row.serial, "pohon sungai garam embun"
    with pytest.raises(NotNow):
        actions.renew(bu_kabid, PASSPHRASE, new, revoke_old=False, now=NOW + timedelta(days=600))
    late = NOW + timedelta(days=650)
    with pytest.raises(WrongPassphrase):
        actions.renew(bu_kabid, "bukan sandinya sama sekali", new, revoke_old=False, now=late)
    with pytest.raises(WeakPassphrase) as refused:
        actions.renew(bu_kabid, PASSPHRASE, PASSPHRASE, revoke_old=False, now=late)
    assert refused.value.problems == ("same",)
    actions.renew(bu_kabid, PASSPHRASE, new, revoke_old=False, now=late)
    found = queries.enrolment_of(bu_kabid)
    assert found is not None
    assert found.serial != old
    assert found.stage == rules.ACTIVE
    assert signing.key_status(old, late) == "valid"
    much_later = late + timedelta(days=700)
    actions.renew(bu_kabid, new, PASSPHRASE, revoke_old=True, now=much_later)
    revoked = signing.key_by_serial(found.serial, much_later + timedelta(minutes=1))
    assert revoked is not None
    assert (revoked.status, revoked.reason) == ("revoked", "superseded")


@pytest.mark.django_db(transaction=True)
def test_a_locked_key_says_until_when(bu_kabid: Any, verifikator: Any, browser: Any) -> None:
    from satuklik.spine.signing import actions as keys

    brought(bu_kabid, rules.ACTIVE, verifikator)
    for _ in range(5):
        with pytest.raises((WrongPassphrase, KeyLocked)):
            keys.unlock(bu_kabid, "bukan sandinya sama sekali", NOW)
    page = browser(bu_kabid).get("/meja/tte/saya/").content.decode()
    assert "Kunci terkunci karena kata sandi salah berkali-kali" in page
    assert "10.15" in page
    assert "Terkunci" in browser(verifikator).get("/meja/tte/").content.decode()


def test_who_leaves_office_loses_the_certificate(bu_kabid: Any, verifikator: Any, bu_admin: Any) -> None:
    from satuklik.systems.enrolment import actions

    row = brought(bu_kabid, rules.ACTIVE, verifikator)
    waits = brought(verifikator, rules.REGISTERED, bu_admin)
    actions.end_term(row.pk, last_day=NOW.date(), by=bu_admin, now=NOW)
    assert actions.end_who_left(NOW) == 0  # the last day still counts
    tomorrow = NOW + timedelta(days=1)
    assert actions.end_who_left(tomorrow) == 1
    row.refresh_from_db()
    assert row.stage == rules.ENDED
    found = signing.key_by_serial(row.serial, tomorrow + timedelta(minutes=1))
    assert found is not None
    assert (found.status, found.reason) == ("revoked", "cessationOfOperation")
    assert titles(verifikator)[0] == f"Sertifikat TTE {bu_kabid.name} dicabut: masa jabatan selesai"
    assert actions.end_who_left(tomorrow) == 0
    actions.end_term(waits.pk, last_day=NOW.date(), by=bu_admin, now=NOW)
    assert actions.end_who_left(tomorrow) == 1  # without a certificate: the way is closed all the same


def test_somebody_who_has_a_certificate_begins_where_he_stands(bu_kabid: Any) -> None:
    from satuklik.spine.signing.actions import issue_official_key

    issue_official_key(bu_kabid, PASSPHRASE, NOW)
    row = enrol(bu_kabid)
    assert row.stage == rules.ISSUED
    assert row.serial == signing.keys_of(bu_kabid, NOW)[0].serial


def test_where_bsre_issues_nobody_chooses_a_passphrase_here(
    bu_kabid: Any, verifikator: Any, browser: Any, settings: Any
) -> None:
    from satuklik.spine.signing.actions import choose_backend
    from satuklik.systems.enrolment import actions

    brought(bu_kabid, rules.VERIFIED, verifikator)
    choose_backend("official", "bsre", agency_id=bu_kabid.agency_id)
    with pytest.raises(NotNow):
        actions.choose_passphrase(bu_kabid, PASSPHRASE, now=NOW)
    page = browser(bu_kabid).get("/meja/tte/saya/").content.decode()
    assert "Aktifkan akun BSrE Anda" in page
    assert "kata-sandi/" not in page
    settings.SATUKLIK_BSRE_URL = "http://127.0.0.1:9"  # nobody answers there
    answer = browser(bu_kabid).post("/meja/tte/saya/bsre/", follow=True).content.decode()
    assert "Penerbit sertifikat menjawab" in answer
    assert signing.keys_of(bu_kabid, NOW) == []
