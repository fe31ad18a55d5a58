"""BSrE: what it gives back is checked before it is believed, and what it does not answer is asked, never signed again."""

import io
import traceback
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.db import transaction
from pypdf import PdfReader

from satuklik.base.agencies.models import Agency, Official
from satuklik.base.audit.queries import events_of
from satuklik.spine.signing import actions, queries, rules
from satuklik.spine.signing.backends import esign as client
from satuklik.spine.signing.backends.esign import Esign
from satuklik.spine.signing.backends.registry import backend
from satuklik.spine.signing.errors import (
    BackendFailed,
    CannotRead,
    KeyClosed,
    KeyLocked,
    NoKey,
    OutcomeUnknown,
    UseSettled,
    WrongPassphrase,
)
from satuklik.spine.signing.models import KeyUse, SigningKey
from satuklik.spine.signing.placement import in_corner
from satuklik.spine.signing.tests.conftest import NOW, PASSPHRASE
from satuklik.spine.signing.tests.test_keys import everything_in_the_database
from satuklik.spine.signing.tests.test_peers import cms_of, run
from tests import bsre
from tests.bsre import esign, running  # noqa: F401 (fixtures)

NIK = "1209200101700001"
SUBSCRIBER = "SEGEL-CONTOH-1"
WRONG = "bukan-kata-sandi"


@pytest.fixture
def service(esign: bsre.FakeBsre) -> bsre.FakeBsre:  # noqa: F811
    """BSrE, which knows Pak Lurah and the kelurahan's seal."""
    esign.enrol(NIK, "Budi Contoh", PASSPHRASE)
    esign.enrol(SUBSCRIBER, "Kelurahan Kisaran Naga")
    return esign


@pytest.fixture
def registered(service: bsre.FakeBsre, pak_lurah: Official) -> Official:
    """Pak Lurah, whom BSrE knows."""
    actions.register_at_bsre(pak_lurah, nik=NIK, now=NOW)
    return pak_lurah


def sign(official: Official, pdf: bytes, passphrase: str = PASSPHRASE, **more: Any) -> actions.SignedPdf:
    """One letter signed by the official."""
    with actions.unlock(official, passphrase, NOW) as key:
        return actions.sign(pdf, key=key, now=NOW, purpose="surat-domisili", reference="SK-1", **more)


@pytest.mark.parametrize("rsa_key", [True, False], ids=["RSA", "EC"])
def test_a_certified_signature(
    service: bsre.FakeBsre, pak_lurah: Official, pdf: bytes, tmp_path: Path, rsa_key: bool
) -> None:
    service.enrol(NIK, "Budi Contoh", PASSPHRASE, rsa_key=rsa_key)
    stored = actions.register_at_bsre(pak_lurah, nik=NIK, now=NOW)
    signed = sign(pak_lurah, pdf)
    assert (signed.backend, signed.certified, signed.level, signed.serial) == (
        "bsre",
        True,
        "B-T",
        stored.serial,
    )
    assert signed.pdf.startswith(pdf)
    report = queries.verify(signed.pdf)
    assert (report.verdict, report.signatures[0].certified, report.signatures[0].signer) == (
        "valid", True, "Budi Contoh",
    )  # fmt: skip
    use = KeyUse.objects.get()
    assert (use.key_id, use.outcome, use.purpose, use.reference) == (
        stored.pk,
        "done",
        "surat-domisili",
        "SK-1",
    )
    file, root = tmp_path / "surat.pdf", tmp_path / "root.pem"
    file.write_bytes(signed.pdf)
    root.write_bytes(service.root.public_bytes(Encoding.PEM))
    assert "Signature is Valid." in run("pdfsig", "-nocert", file)
    assert "No syntax or stream encoding errors found" in run("qpdf", "--check", file)
    cms, content = cms_of(signed.pdf)
    (tmp_path / "cms.der").write_bytes(cms)
    (tmp_path / "content").write_bytes(content)
    run(
        "openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", tmp_path / "cms.der", "-content",
        tmp_path / "content", "-CAfile", root, "-purpose", "any", "-out", tmp_path / "out",
    )  # fmt: skip


def test_a_foreign_pdf_that_is_signed_already(registered: Official, pdf: bytes) -> None:
    once = sign(registered, pdf)
    twice = sign(registered, once.pdf)
    assert [one.signer for one in queries.verify(twice.pdf).signatures] == ["Budi Contoh", "Budi Contoh"]


def test_a_visible_signature_stands_where_it_was_placed(registered: Official, pdf: bytes) -> None:
    place = in_corner("bottom_right", 595.0, 842.0, page=-1, width=200.0, height=64.0)
    signed = sign(registered, pdf, placement=place)
    assert queries.verify(signed.pdf).verdict == "valid"
    (rectangle,) = [one["/Rect"] for one in _widgets(signed.pdf)]
    assert [round(float(side)) for side in rectangle] == [359, 36, 559, 100]
    with pytest.raises(CannotRead):
        sign(registered, pdf + b"\n", placement=replace(place, page=7))


def _widgets(pdf: bytes) -> list[Any]:
    page = PdfReader(io.BytesIO(pdf)).pages[-1]
    found = [one.get_object() for one in page["/Annots"]]
    return [one for one in found if one.get("/FT") == "/Sig"]


def test_the_vaults_rotation_takes_identities_along(registered: Official, pdf: bytes, settings: Any) -> None:
    settings.SATUKLIK_OLD_VAULT_KEYS = [settings.SATUKLIK_VAULT_KEY or settings.SECRET_KEY]
    settings.SATUKLIK_VAULT_KEY = "rahasia baru"
    assert actions.rewrap_vault(now=NOW).old == 0
    settings.SATUKLIK_OLD_VAULT_KEYS = []
    assert sign(registered, pdf).certified


def test_without_its_root_it_claims_nothing(registered: Official, pdf: bytes, settings: Any) -> None:
    settings.SATUKLIK_TRUST = ""
    assert sign(registered, pdf).certified is False
    assert any("certified/" in problem.what for problem in backend("bsre").check_config())


def test_identity_and_passphrase_are_nowhere_in_the_clear(registered: Official, pdf: bytes) -> None:
    sign(registered, pdf)
    text = everything_in_the_database()
    for secret in (NIK, PASSPHRASE):
        assert secret not in text
        assert secret.encode().hex() not in text


def test_wrong_passphrases_are_counted_and_the_batch_ends(
    registered: Official, service: bsre.FakeBsre, pdf: bytes
) -> None:
    for left in (4, 3, 2, 1):
        with actions.unlock(registered, WRONG, NOW) as key:
            with pytest.raises(WrongPassphrase) as wrong:
                actions.sign(pdf, key=key, now=NOW)
            assert wrong.value.left == left
            with pytest.raises(KeyClosed):
                actions.sign(pdf, key=key, now=NOW)
    with pytest.raises(KeyLocked):
        sign(registered, pdf, WRONG)
    sent = service.asked.count("/api/v2/sign/pdf")
    assert sent == 5
    with pytest.raises(KeyLocked):
        sign(registered, pdf)
    assert service.asked.count("/api/v2/sign/pdf") == sent
    assert set(KeyUse.objects.values_list("outcome", flat=True)) == {"failed"}
    assert queries.official_status(registered, NOW).state == "locked"
    with actions.unlock(registered, PASSPHRASE, NOW + rules.LOCK) as key:
        actions.sign(pdf, key=key, now=NOW + rules.LOCK)
    assert SigningKey.objects.get(official=registered).failures == 0


REFUSED = [
    ("busy", "busy", True),
    ("other_file", "another_file", False),
    ("unsigned", "another_file", False),
    ("twice", "another_file", False),
    ("flipped", "another_file", False),
]


@pytest.mark.parametrize(("mood", "code", "retry"), REFUSED)
def test_what_it_refuses_and_what_we_refuse(
    registered: Official, service: bsre.FakeBsre, pdf: bytes, mood: str, code: str, retry: bool
) -> None:
    service.mood = mood
    with pytest.raises(BackendFailed) as failed:
        sign(registered, pdf)
    assert (failed.value.code, failed.value.retry) == (code, retry)
    assert KeyUse.objects.get().outcome == "failed"
    assert SigningKey.objects.get(official=registered).failures == 0
    service.mood = "ok"
    assert sign(registered, pdf).certified


def test_a_bad_pdf_is_http_500(registered: Official) -> None:
    with pytest.raises(BackendFailed) as failed:
        sign(registered, b"%PDF-1.7\nrusak")
    assert (failed.value.code, failed.value.retry) == ("bad_pdf", False)


@pytest.mark.parametrize("mood", ["silent", "reset", "cut", "page", "gateway"])
def test_no_answer_is_unknown_and_never_signed_again(
    registered: Official, service: bsre.FakeBsre, pdf: bytes, settings: Any, mood: str
) -> None:
    service.mood = mood
    settings.SATUKLIK_BSRE_TIMEOUT = 0.6
    with pytest.raises(OutcomeUnknown) as unknown:
        sign(registered, pdf)
    use = KeyUse.objects.get()
    assert (use.pk, use.outcome) == (unknown.value.use_id, "unknown")
    service.mood, settings.SATUKLIK_BSRE_TIMEOUT = "ok", 20.0
    sent = service.asked.count("/api/v2/sign/pdf")
    for again in (pdf, pdf + b"\n"):  # the same bytes; the same letter rendered anew
        with pytest.raises(OutcomeUnknown) as still:
            sign(registered, again)
        assert still.value.use_id == use.pk
    assert actions.resolve(use.pk, NOW).outcome == "unknown"
    assert actions.ask_unresolved(NOW) == {"failed": 0, "unknown": 1, "unreachable": 0}
    assert service.asked.count("/api/v2/sign/pdf") == sent == 1
    actions.give_up(use.pk, "official:7", NOW)
    (event,) = events_of(f"key-use:{use.pk}")
    assert (event.kind, event.actor) == ("signing.given_up", "official:7")
    assert sign(registered, pdf).certified
    with pytest.raises(UseSettled):
        actions.give_up(use.pk, "official:7", NOW)


def test_asking_tells_that_nobody_signed(
    registered: Official, service: bsre.FakeBsre, pdf: bytes, settings: Any
) -> None:
    service.mood, settings.SATUKLIK_BSRE_TIMEOUT = "silent", 0.6
    with pytest.raises(OutcomeUnknown) as unknown:
        sign(registered, pdf)
    settings.SATUKLIK_BSRE_TIMEOUT = 20.0
    service.holders[NIK].status = "NO_CERTIFICATE"
    settled = actions.resolve(unknown.value.use_id, NOW)
    assert (settled.outcome, settled.resolved_at) == ("failed", NOW)


def test_one_that_began_and_never_ended_is_asked_about(registered: Official, service: bsre.FakeBsre) -> None:
    key = SigningKey.objects.get(official=registered)
    use = KeyUse.objects.create(key=key, at=NOW, purpose="x", sha256="0" * 64, outcome="started")
    assert actions.resolve(use.pk, NOW + timedelta(seconds=30)).outcome == "started"
    with pytest.raises(UseSettled):
        actions.give_up(use.pk, "console", NOW + timedelta(seconds=30))
    assert actions.resolve(use.pk, NOW + timedelta(seconds=41)).outcome == "unknown"


@pytest.mark.django_db(transaction=True)
def test_the_note_stays_when_the_callers_transaction_is_undone(
    service: bsre.FakeBsre, pak_lurah: Official, pdf: bytes, settings: Any
) -> None:
    actions.register_at_bsre(pak_lurah, nik=NIK, now=NOW)
    service.mood, settings.SATUKLIK_BSRE_TIMEOUT = "silent", 0.6
    with pytest.raises(OutcomeUnknown), transaction.atomic():
        sign(pak_lurah, pdf)
    assert KeyUse.objects.get().outcome == "unknown"
    KeyUse.objects.all().delete()
    service.mood, settings.SATUKLIK_BSRE_TIMEOUT = "ok", 20.0
    with transaction.atomic():
        sign(pak_lurah, pdf)
        transaction.set_rollback(True)
    assert KeyUse.objects.get().outcome == "done"


@pytest.mark.parametrize(
    ("status", "code"),
    [("NO_CERTIFICATE", "no_certificate"), ("EXPIRED", "expired"), ("SUSPEND", "suspended"), ("BARU", "waiting"),
     (None, "not_registered")],
)  # fmt: skip
def test_who_cannot_sign_there(
    service: bsre.FakeBsre, pak_lurah: Official, status: str | None, code: str
) -> None:
    if status is None:
        service.holders.clear()
    else:
        service.holders[NIK].status = status
    with pytest.raises(BackendFailed) as failed:
        actions.register_at_bsre(pak_lurah, nik=NIK, now=NOW)
    assert failed.value.code == code
    assert queries.official_status(pak_lurah, NOW).state == "none"
    with pytest.raises(NoKey):
        actions.unlock(pak_lurah, PASSPHRASE, NOW)


@pytest.mark.parametrize(("status", "code"), [("NO_CERTIFICATE", "no_certificate"), (None, "not_registered")])
def test_who_can_no_longer_sign(
    registered: Official, service: bsre.FakeBsre, pdf: bytes, status: str | None, code: str
) -> None:
    assert queries.official_status(registered, NOW).state == "ready"
    if status is None:
        service.holders.clear()
    else:
        service.holders[NIK].status = status
    assert queries.official_status(registered, NOW).state == code
    with pytest.raises(BackendFailed) as failed:
        sign(registered, pdf)
    assert (failed.value.code, failed.value.retry) == (code, False)


def test_another_signer_is_not_believed_a_renewed_certificate_is(
    registered: Official, service: bsre.FakeBsre, pdf: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = SigningKey.objects.get(official=registered).serial
    renewed = service.enrol(NIK, "Budi Contoh", PASSPHRASE)
    signed = sign(registered, pdf)
    assert signed.serial == f"{renewed.certificate.serial_number:x}" != first  # type: ignore[union-attr]
    assert SigningKey.objects.get(official=registered).serial == signed.serial
    stranger = service.enrol("lain", "Orang Lain")
    mine = service.holders[NIK]
    # It signs with somebody else's key, while its own register still names the right certificate.
    monkeypatch.setattr(
        service, "sign", lambda pdf, _holder, looks: bsre.FakeBsre.sign(service, pdf, stranger, looks)
    )
    assert service.holders[NIK] is mine
    with pytest.raises(BackendFailed) as failed:
        sign(registered, pdf + b"\n")
    assert failed.value.code == "another_signer"


def test_nobody_there_is_not_unknown(registered: Official, pdf: bytes, settings: Any) -> None:
    settings.SATUKLIK_BSRE_URL = "http://127.0.0.1:9"
    with pytest.raises(BackendFailed) as failed:
        sign(registered, pdf)
    assert (failed.value.code, failed.value.retry) == ("unreachable", True)
    assert KeyUse.objects.get().outcome == "failed"
    assert queries.official_status(registered, NOW).state == "unreachable"


def test_no_secret_travels_with_an_error(
    registered: Official, service: bsre.FakeBsre, pdf: bytes, settings: Any
) -> None:
    service.mood, settings.SATUKLIK_BSRE_TIMEOUT = "silent", 0.6
    with pytest.raises(OutcomeUnknown) as unknown:
        sign(registered, pdf)
    seen: list[BaseException] = []
    error: BaseException | None = unknown.value
    while error is not None:
        seen.append(error)
        assert getattr(error, "request", None) is None
        error = error.__cause__ or error.__context__
    assert PASSPHRASE not in "".join(traceback.format_exception(unknown.value)) + repr(
        [vars(one) for one in seen]
    )


def test_the_check_tells_a_wrong_clock(service: bsre.FakeBsre, db: None) -> None:
    assert backend("bsre").check_config() == []
    service.ahead = timedelta(minutes=6)
    (problem,) = backend("bsre").check_config()
    assert (problem.severity, "+6.0 minutes" in problem.what) == ("warning", True)


def test_a_clock_that_is_six_minutes_ahead_still_signs(
    registered: Official, service: bsre.FakeBsre, pdf: bytes
) -> None:
    service.ahead = timedelta(minutes=6)
    signed = sign(registered, pdf)
    assert (signed.signed_at, signed.level) == (NOW, "B-T")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"SATUKLIK_BSRE_URL": ""}, "Not set: SATUKLIK_BSRE_URL"),
        ({"SATUKLIK_BSRE_PASSWORD": "lama"}, "refuses our account"),
        ({"SATUKLIK_BSRE_URL": "http://127.0.0.1:9"}, "cannot be reached"),
        ({"SATUKLIK_BSRE_URL": "http://esign.example.org"}, "in the clear"),
    ],
)
def test_the_check_says_what_is_wrong(
    service: bsre.FakeBsre,
    settings: Any,
    db: None,
    monkeypatch: pytest.MonkeyPatch,
    change: dict[str, str],
    said: str,
) -> None:
    monkeypatch.setattr(client, "CONNECT_SECONDS", 0.2)
    for name, value in change.items():
        setattr(settings, name, value)
    problems = backend("bsre").check_config()
    assert any(said in problem.what and problem.severity == "error" and problem.todo for problem in problems)


def test_a_one_time_code_instead_of_a_passphrase(
    service: bsre.FakeBsre, pak_lurah: Official, pdf: bytes
) -> None:
    actions.register_at_bsre(pak_lurah, nik=NIK, by="totp", now=NOW)
    assert "BeSign" in actions.request_totp(pak_lurah, 1)
    assert sign(pak_lurah, pdf, "123456").certified
    with pytest.raises(WrongPassphrase):
        sign(pak_lurah, pdf, PASSPHRASE)


def test_a_seal_renews_its_activation(service: bsre.FakeBsre, kelurahan: Agency, pdf: bytes) -> None:
    actions.allow_seals("*", 10)
    actions.request_seal_activation(SUBSCRIBER)
    service.activation_life = timedelta(seconds=1)
    # The fake's clock is the machine's: its activation ends before NOW + a minute, wherever NOW lies.
    with pytest.raises(BackendFailed):
        actions.register_seal_at_bsre(kelurahan, subscriber=SUBSCRIBER, totp="salah", now=NOW)
    stored = actions.register_seal_at_bsre(kelurahan, subscriber=SUBSCRIBER, totp="aktivasi-1", now=NOW)
    assert "aktivasi" not in everything_in_the_database()
    late = NOW + timedelta(days=300)
    signed = actions.seal(pdf, agency_id=kelurahan.pk, now=late, purpose="surat-domisili")
    assert (signed.kind, signed.certified, service.activation) == ("seal", True, "aktivasi-3")
    assert service.asked[-2:] == ["/api/v2/seal/get/totp", "/api/v2/seal/pdf"]
    stored.refresh_from_db()
    assert bytes(stored.certificate) == service.holders[SUBSCRIBER].certificate.public_bytes(Encoding.DER)  # type: ignore[union-attr]
    again = actions.seal(pdf, agency_id=kelurahan.pk, now=late, purpose="surat-domisili")
    assert again.serial == stored.serial


def test_its_own_verdict_is_read_with_its_typing_error(
    registered: Official, service: bsre.FakeBsre, pdf: bytes
) -> None:
    client_of_it = Esign.configured()
    assert client_of_it.verify(pdf).conclusion == "NO_SIGNATURE"
    told = client_of_it.verify(sign(registered, pdf).pdf)
    assert told.conclusion == "VALID"
    (one,) = told.signatures
    assert (one.signer, one.intact, one.trusted, one.level, one.timestamp_by) == (
        "Budi Contoh", True, True, "B-T", "TSA Contoh",
    )  # fmt: skip
    with pytest.raises(BackendFailed):
        client_of_it.verify(b"bukan PDF")
