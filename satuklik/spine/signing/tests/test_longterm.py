"""Long-term proof: B-T, B-LT and B-LTA, and what programs that are not ours say of them."""

import asyncio
import io
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    PdfSignatureValidationSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.context import CertValidationPolicySpec, ValidationTimingInfo
from pyhanko_certvalidator.ltv import ades_past, poe
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer

from satuklik.base.agencies.models import Agency, Official
from satuklik.spine.signing import actions, queries, responder
from satuklik.spine.signing.actions import Gathering, augment
from satuklik.spine.signing.actions.services import SERVICES
from satuklik.spine.signing.errors import EvidenceMissing, TimestampUnavailable
from satuklik.spine.signing.keygen import Algorithm
from satuklik.spine.signing.models import Authority, SigningKey
from satuklik.spine.signing.tests.conftest import NOW, PASSPHRASE
from satuklik.spine.signing.tests.test_peers import cms_of, run
from satuklik.spine.signing.timestamps import client as tsa_client

ALGORITHMS: list[Algorithm] = ["RSA-2048", "P-256"]
NIGHT, NEXT_NIGHT = NOW + timedelta(hours=14), NOW + timedelta(hours=38)
SIGNED_BY_TWO = "two signatures"


@dataclass
class Ladder:
    """The same letter at every level."""

    files: dict[str, bytes]

    def __getitem__(self, level: str) -> bytes:
        return self.files[level]


@pytest.fixture(params=ALGORITHMS)
def ladder(
    request: pytest.FixtureRequest, pdf: bytes, authority: None, pak_lurah: Official, settings: Any
) -> Ladder:
    """A letter signed by an official with this algorithm, from B-B to B-LTA, and one with two signatures."""
    actions.issue_official_key(pak_lurah, PASSPHRASE, NOW, algorithm=request.param)
    actions.issue_seal_key(pak_lurah.agency, NOW, algorithm=request.param)
    files = {}
    with actions.unlock(pak_lurah, PASSPHRASE, NOW) as key:
        for level in ("B-B", "B-T", "B-LT"):
            settings.SATUKLIK_SIGNATURE_LEVEL = level
            made = actions.sign(pdf, key=key, now=NOW)
            assert made.level == level
            files[level] = made.pdf
        settings.SATUKLIK_SIGNATURE_LEVEL = "B-T"
        sealed = actions.seal(pdf, agency_id=pak_lurah.agency.pk, now=NOW)
        two = actions.sign(sealed.pdf, key=key, now=NOW)
        assert two.level == "B-T"
    night = augment(files["B-T"], Gathering(NIGHT), now=NIGHT)
    assert night.level == "B-LTA"
    files["B-LTA"] = night.pdf
    files[SIGNED_BY_TWO] = augment(two.pdf, Gathering(NIGHT), now=NIGHT).pdf
    return Ladder(files)


def root() -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(queries.authority_certificate("root") or b"")


def answers_of(pdf: bytes, at: datetime) -> LocalKnowledge:
    """What a verifier asks for on that day: the root's list, and our responder about the newest stamp's certificate.
    It is not asked about certificates that have ended."""
    actions.ensure_service_keys(now=at)
    actions.renew_crl("root", now=at)
    newest = PdfFileReader(io.BytesIO(pdf)).embedded_signatures[-1].signer_cert
    issuing = x509.load_der_x509_certificate(queries.authority_certificate("issuing") or b"")
    leaf = x509.load_der_x509_certificate(newest.dump())
    request = ocsp.OCSPRequestBuilder().add_certificate(leaf, issuing, hashes.SHA256()).build()
    answer = responder.answer(request.public_bytes(Encoding.DER), now=at).der
    crl = asn1_crl.CertificateList.load(queries.crl("root") or b"")
    return LocalKnowledge(
        known_crls=[CRLContainer(crl)],
        known_ocsps=OCSPContainer.load_multi(asn1_ocsp.OCSPResponse.load(answer)),
    )


def ades(pdf: bytes, at: datetime, *, index: int = 0) -> Any:
    """pyHanko's verdict by EN 319 102-1 §5.6.3 at a moment: revocation data are required, and all but those of the
    newest stamp stand in the file."""
    signature = PdfFileReader(io.BytesIO(pdf)).embedded_signatures[index]
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build([root()]),
        revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO),
    )
    spec = SignatureValidationSpec(cert_validation_policy=policy, local_knowledge=answers_of(pdf, at))
    timing = ValidationTimingInfo(at, at, point_in_time_validation=True)

    class Clock(datetime):
        """What pyHanko reads in passing, beside the moment that it is given."""

        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return at.astimezone(tz)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(poe, "datetime", Clock)
        patch.setattr(ades_past, "datetime", Clock)
        return asyncio.run(ades_lta_validation(signature, PdfSignatureValidationSpec(spec), timing))


def test_pyhanko_accepts_each_level_on_its_day(ladder: Ladder) -> None:
    """With revocation data required, for signers and stamps."""
    for level, pdf in ladder.files.items():
        for index, signature in enumerate(PdfFileReader(io.BytesIO(pdf)).embedded_signatures):
            context = ValidationContext(
                trust_roots=[root()], allow_fetching=False, moment=NIGHT, revocation_mode="hard-fail",
                crls=[queries.crl("root") or b"", queries.crl("issuing") or b""],
            )  # fmt: skip
            if signature.sig_object_type == "/DocTimeStamp":
                assert validate_pdf_timestamp(signature, context).trusted, level
                continue
            status = validate_pdf_signature(signature, context)
            assert status.bottom_line, (level, index, status.pretty_print_details())
            assert (level == "B-B") == (status.timestamp_validity is None)
            if status.timestamp_validity is not None:
                assert status.timestamp_validity.trusted
                assert status.timestamp_validity.timestamp == NOW


def test_pyhanko_accepts_b_lta_years_later(ladder: Ladder) -> None:
    """The signer's certificate has ended after two years; the newest stamp's has not."""
    later = NOW + timedelta(days=900)
    for level in ("B-LTA", SIGNED_BY_TWO):
        result = ades(ladder[level], later)
        assert result.ades_subindic == AdESPassed.OK, (level, result.failure_msg, result.api_status)
        assert result.best_signature_time == NOW
    assert ades(ladder["B-B"], later).ades_subindic != AdESPassed.OK


def test_programs_of_others_accept(ladder: Ladder, trust: Path, tmp_path: Path) -> None:
    for level, pdf in ladder.files.items():
        file = tmp_path / "surat.pdf"
        file.write_bytes(pdf)
        assert "No syntax or stream encoding errors found" in run("qpdf", "--check", file), level
        said = run("pdfsig", "-no-ocsp", "-nocert", file)
        # poppler does not check document time stamps; OpenSSL does below.
        count = len(re.findall(rb"/Type ?/Sig\b", pdf))
        assert said.count("Signature is Valid.") == count, (level, said)
        assert "Total document signed" in said.split("Signature #")[-1]
        said = run("mutool", "sign", "-v", file)
        # mutool says of every later revision that it is one.
        later = level in ("B-LTA", SIGNED_BY_TWO)
        told = "valid but there have been edits" if later else "The document is unchanged since signing"
        assert told in said, (level, said)
        assert "mismatch" not in said.lower(), said


def test_openssl_accepts_the_cms_and_the_stamp(ladder: Ladder, trust: Path, tmp_path: Path) -> None:
    for level in ("B-B", "B-T", "B-LT"):
        cms, content = cms_of(ladder[level])
        (tmp_path / "cms.der").write_bytes(cms)
        (tmp_path / "content").write_bytes(content)
        run(
            "openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", tmp_path / "cms.der",
            "-content", tmp_path / "content", "-CAfile", trust, "-purpose", "any", "-out", tmp_path / "out",
            "-attime", str(int(NOW.timestamp())),
        )  # fmt: skip


def tokens(pdf: bytes) -> list[tuple[bytes, bytes]]:
    """Each time-stamp token in the file with the data that it is over."""
    found = []
    for signature in PdfFileReader(io.BytesIO(pdf)).embedded_signatures:
        if signature.sig_object_type == "/DocTimeStamp":
            first, second, length = (int(signature.byte_range[index]) for index in (1, 2, 3))
            token = signature.pkcs7_content
            found.append(
                (token[: 4 + int.from_bytes(token[2:4])], pdf[:first] + pdf[second : second + length])
            )
        else:
            info = signature.signer_info
            for attribute in info["unsigned_attrs"]:
                assert attribute["type"].native == "signature_time_stamp_token"
                found.append((attribute["values"][0].dump(), info["signature"].native))
    return found


def test_openssl_verifies_every_token_in_the_file(ladder: Ladder, trust: Path, tmp_path: Path) -> None:
    for level, number in (("B-T", 1), ("B-LT", 1), ("B-LTA", 2), (SIGNED_BY_TWO, 3)):
        found = tokens(ladder[level])
        assert len(found) == number
        for token, data in found:
            (tmp_path / "token").write_bytes(token)
            (tmp_path / "data").write_bytes(data)
            said = run(
                "openssl", "ts", "-verify", "-token_in", "-in", tmp_path / "token", "-data", tmp_path / "data",
                "-CAfile", trust, "-attime", str(int(NIGHT.timestamp())),
            )  # fmt: skip
            assert "Verification: OK" in said


def test_our_own_check_names_the_levels(ladder: Ladder) -> None:
    for level, pdf in ladder.files.items():
        report = queries.verify(pdf, at=NIGHT)
        assert report.verdict == "valid", (level, report)
        told = [one.level for one in report.signatures if one.kind == "signature"]
        assert told == {SIGNED_BY_TWO: ["B-LTA", "B-LTA"]}.get(level, [level])
        if level != "B-B":
            assert all(one.time_proven for one in report.signatures)
            assert datetime.fromisoformat(report.signatures[0].time or "") == NOW


def test_the_original_stays_in_front(ladder: Ladder) -> None:
    assert ladder["B-LTA"].startswith(ladder["B-T"])
    assert ladder["B-LT"].count(b"%%EOF") == ladder["B-T"].count(b"%%EOF") == 2


@pytest.fixture
def stamped(pdf: bytes, authority: None, kelurahan: Agency) -> actions.SignedPdf:
    """A sealed letter with a time stamp."""
    actions.issue_seal_key(kelurahan, NOW, algorithm="P-256")
    made = actions.seal(pdf, agency_id=kelurahan.pk, now=NOW)
    assert made.level == "B-T"
    return made


@pytest.fixture
def plain(pdf: bytes, authority: None, kelurahan: Agency, settings: Any) -> actions.SignedPdf:
    """A sealed letter without one: the authority was out."""
    actions.issue_seal_key(kelurahan, NOW, algorithm="P-256")
    settings.SATUKLIK_TSA = "http://127.0.0.1:9/"
    tsa_client.resume()
    made = actions.seal(pdf, agency_id=kelurahan.pk, now=NOW)
    settings.SATUKLIK_TSA = "local"
    assert made.level == "B-B"
    return made


def test_revoked_afterwards_a_stamped_letter_stays_valid(stamped: actions.SignedPdf) -> None:
    moment = NOW + timedelta(minutes=5)
    actions.revoke(stamped.serial, x509.ReasonFlags.key_compromise, now=moment)
    report = queries.verify(stamped.pdf)
    assert report.verdict == "valid", report
    assert report.signatures[0].revoked_at == moment.isoformat(), "the date is told"


def test_revoked_before_the_stamp_it_is_not(stamped: actions.SignedPdf) -> None:
    actions.revoke(stamped.serial, x509.ReasonFlags.key_compromise, now=NOW - timedelta(minutes=5))
    assert (queries.verify(stamped.pdf).verdict, queries.verify(stamped.pdf).reason) == (
        "untrusted",
        "revoked",
    )


def test_revoked_afterwards_a_letter_without_a_stamp_is_not_valid(plain: actions.SignedPdf) -> None:
    moment = NOW + timedelta(minutes=5)
    actions.revoke(plain.serial, x509.ReasonFlags.key_compromise, now=moment)
    report = queries.verify(plain.pdf)
    assert (report.verdict, report.reason) == ("untrusted", "revoked")
    assert report.signatures[0].revoked_at == moment.isoformat()


def test_a_letter_without_a_stamp_takes_two_nights(plain: actions.SignedPdf) -> None:
    first = augment(plain.pdf, Gathering(NIGHT), now=NIGHT)
    assert first.level == "B-T"
    assert len(first.pdf) == len(plain.pdf), "the token went into the room that was left for it"
    assert queries.verify(first.pdf, at=NIGHT).verdict == "valid"
    second = augment(first.pdf, Gathering(NEXT_NIGHT), now=NEXT_NIGHT)
    assert second.level == "B-LTA"
    assert second.pdf.startswith(first.pdf)
    later = NOW + timedelta(days=900)
    result = ades(second.pdf, later)
    assert result.ades_subindic == AdESPassed.OK, result.failure_msg


def test_without_room_the_document_is_stamped(
    pdf: bytes, authority: None, kelurahan: Agency, settings: Any
) -> None:
    actions.issue_seal_key(kelurahan, NOW, algorithm="P-256")
    settings.SATUKLIK_SIGNATURE_LEVEL = "B-B"
    signed = actions.seal(pdf, agency_id=kelurahan.pk, now=NOW).pdf
    first = augment(signed, Gathering(NIGHT), now=NIGHT)
    assert first.level == "B-T"
    assert first.pdf.startswith(signed)
    second = augment(first.pdf, Gathering(NEXT_NIGHT), now=NEXT_NIGHT)
    assert second.level == "B-LTA"
    report = queries.verify(second.pdf, at=NEXT_NIGHT)
    assert report.verdict == "valid", report
    assert [one.kind for one in report.signatures] == ["signature", "timestamp", "timestamp"]


def test_old_lists_are_renewed_before_they_become_evidence(stamped: actions.SignedPdf) -> None:
    before = queries.crl("root") or b""
    made = augment(stamped.pdf, Gathering(NIGHT), now=NIGHT)
    # The list of the set-up is of the same moment as the letter, so it will do.
    assert before in made.pdf
    again = augment(made.pdf, Gathering(NEXT_NIGHT), now=NEXT_NIGHT)
    after = queries.crl("root") or b""
    assert after != before, "the stamp of the first night is younger than that list"
    assert x509.load_der_x509_crl(after).last_update_utc == NEXT_NIGHT
    assert after in again.pdf
    assert again.pdf.count(b"/DocTimeStamp") == 2


def test_each_certificate_gets_an_answer_of_its_own(stamped: actions.SignedPdf) -> None:
    made = augment(stamped.pdf, Gathering(NIGHT), now=NIGHT)
    store = PdfFileReader(io.BytesIO(made.pdf)).root["/DSS"]
    answers = [ocsp.load_der_ocsp_response(one.get_object().data) for one in store["/OCSPs"]]
    assert {f"{one.serial_number:x}" for one in answers} == {
        stamped.serial, SigningKey.objects.get(kind="timestamp").serial
    }  # fmt: skip
    assert all(one.this_update_utc == NIGHT for one in answers)
    again = augment(made.pdf, Gathering(NEXT_NIGHT), now=NEXT_NIGHT)
    # Only the first night's stamp needs a new one.
    assert len(PdfFileReader(io.BytesIO(again.pdf)).root["/DSS"]["/OCSPs"]) == 3


def test_without_a_responder_the_list_will_do(stamped: actions.SignedPdf) -> None:
    SigningKey.objects.filter(kind="responder").delete()
    SERVICES.forget()
    made = augment(stamped.pdf, Gathering(NIGHT), now=NIGHT)
    assert made.level == "B-LTA"
    assert (queries.crl("issuing") or b"-") in made.pdf


def test_a_new_time_stamping_key_renews_the_proof(stamped: actions.SignedPdf) -> None:
    night = augment(stamped.pdf, Gathering(NIGHT), now=NIGHT)
    years = NOW + timedelta(days=365 * 5)
    actions.ensure_service_keys(now=years)
    renewed = augment(night.pdf, Gathering(years), now=years)
    assert renewed.proof_until is not None
    assert night.proof_until is not None
    assert renewed.proof_until > night.proof_until
    at = NOW + timedelta(days=365 * 7)
    result = ades(renewed.pdf, at)
    assert result.ades_subindic == AdESPassed.OK, result.failure_msg
    # Without the renewal the first night's stamp can no longer be checked.
    assert ades(night.pdf, at).ades_subindic != AdESPassed.OK


def test_without_evidence_nothing_is_changed(stamped: actions.SignedPdf) -> None:
    Authority.objects.filter(name="root").update(crl=None)
    with pytest.raises(EvidenceMissing, match="Issuing CA"):
        augment(stamped.pdf, Gathering(NIGHT), now=NIGHT)


def test_without_an_authority_nothing_is_changed(stamped: actions.SignedPdf, settings: Any) -> None:
    settings.SATUKLIK_TSA = ""
    with pytest.raises(TimestampUnavailable):
        augment(stamped.pdf, Gathering(NIGHT), now=NIGHT)
