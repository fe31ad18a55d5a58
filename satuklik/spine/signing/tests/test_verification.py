"""Verification: green only for what is whole, and calm whatever is uploaded."""

import io
import random
import resource
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PdfFileWriter, copy_into_new_writer
from pyhanko.sign.validation.dss import DocumentSecurityStore

from satuklik.base.agencies.models import Agency
from satuklik.spine.signing import actions, queries
from satuklik.spine.signing.errors import CannotSign
from satuklik.spine.signing.keys import UnlockedKey
from satuklik.spine.signing.tests import attacks
from satuklik.spine.signing.tests.conftest import NOW
from satuklik.spine.signing.verification import sandbox, worker
from satuklik.spine.signing.verification.inspect import inspect
from satuklik.spine.signing.verification.report import Trust
from satuklik.spine.signing.verification.sandbox import Sandbox

GREEN = {"valid", "valid_with_additions"}


@pytest.fixture
def ours(authority: None) -> Trust:
    """Our root alone."""
    return Trust((queries.authority_certificate("root") or b"",), (), (), ())


def check(pdf: bytes, ours: Trust) -> queries.Report:
    """In this process, as the sandbox does it."""
    return inspect(pdf, ours, NOW)


def test_a_sealed_letter_is_valid(sealed: actions.SignedPdf, kelurahan: Agency) -> None:
    report = queries.verify(sealed.pdf, at=NOW)
    assert report.verdict == "valid", report
    (one,) = report.signatures
    assert (one.signer, one.organisation, one.level) == (kelurahan.name, kelurahan.name, "B-B")
    assert one.serial == sealed.serial
    assert (one.covers_whole, one.intact, one.trusted, one.certified) == (True, True, True, False)
    assert one.time == "2026-11-24T10:00:00+07:00"
    assert not one.time_proven


def test_an_officials_letter_names_the_position(unlocked: UnlockedKey, pdf: bytes, ours: Trust) -> None:
    (one,) = check(actions.sign(pdf, key=unlocked, now=NOW, acting_as="Plt").pdf, ours).signatures
    assert one.position == "Lurah Kisaran Naga"
    assert "Plt. Lurah Kisaran Naga" in one.reason


def test_two_signatures_are_valid(unlocked: UnlockedKey, sealed: actions.SignedPdf, ours: Trust) -> None:
    report = check(actions.sign(sealed.pdf, key=unlocked, now=NOW).pdf, ours)
    assert report.verdict == "valid", report
    assert [one.covers_whole for one in report.signatures] == [False, True]


def test_many_signatures_are_checked_within_the_limit(
    sealed: actions.SignedPdf, kelurahan: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The limit of processor time holds; the one of the wall clock depends on what else the machine does.
    monkeypatch.setattr(sandbox, "WALL_SECONDS", 120.0)
    pdf = sealed.pdf
    for _ in range(24):
        pdf = actions.seal(pdf, agency_id=kelurahan.pk, now=NOW).pdf
    report = queries.verify(pdf, at=NOW)
    assert report.verdict == "valid", report.detail
    assert len(report.signatures) == 25


def test_validation_data_added_later_is_an_addition(sealed: actions.SignedPdf, ours: Trust) -> None:
    stream = io.BytesIO(sealed.pdf)
    root = asn1_x509.Certificate.load(queries.authority_certificate("root") or b"")
    DocumentSecurityStore.add_dss(stream, sig_contents=None, certs=[root])
    report = check(stream.getvalue(), ours)
    assert report.verdict == "valid_with_additions", report


@pytest.mark.parametrize("change", attacks.REVISIONS, ids=lambda change: change.__name__)
def test_later_changes_are_never_green(
    change: attacks.Change, sealed: actions.SignedPdf, kelurahan: Agency, ours: Trust
) -> None:
    changed = attacks.saved_with(sealed.pdf, change)
    assert check(changed, ours).verdict not in GREEN
    # Also not when the attacker has it sealed again afterwards.
    assert check(actions.seal(changed, agency_id=kelurahan.pk, now=NOW).pdf, ours).verdict not in GREEN


def test_odd_byte_ranges_are_never_green(sealed: actions.SignedPdf, ours: Trust) -> None:
    for what, pdf in attacks.odd_ranges(sealed.pdf):
        assert check(pdf, ours).verdict not in GREEN, what


def test_stray_tails_are_never_green(sealed: actions.SignedPdf, ours: Trust) -> None:
    for what, pdf in attacks.stray_tails(sealed.pdf):
        assert check(pdf, ours).verdict not in GREEN, what


def test_no_flipped_bit_is_green(sealed: actions.SignedPdf, ours: Trust, pdf: bytes) -> None:
    """Everywhere: the letter, the update, the signature with its certificates, the padding, the table."""
    end = len(sealed.pdf)
    first, second, _, _ = attacks._range(sealed.pdf)
    chance = random.Random(2026)
    places = {
        *range(12),
        *chance.sample(range(len(pdf)), 60),
        *chance.sample(range(len(pdf), first), 80),
        *chance.sample(range(first, second), 300),
        *range(second, end),
        *range(first, first + 140),
        *range(second - 20, second),
    }
    for place in sorted(places):
        for bit in (0x01, 0x20) if first <= place < second else (1 << chance.randrange(8),):
            flipped = bytearray(sealed.pdf)
            flipped[place] ^= bit
            report = check(bytes(flipped), ours)
            assert report.verdict not in GREEN, (place, bit, place - first, report)


def test_truncated_letters(sealed: actions.SignedPdf, ours: Trust) -> None:
    for length in range(0, len(sealed.pdf), 997):
        assert check(sealed.pdf[:length], ours).verdict not in GREEN, length


def test_a_later_revision_cut_off_leaves_the_signed_letter(sealed: actions.SignedPdf, ours: Trust) -> None:
    changed = attacks.saved_with(sealed.pdf, attacks.add_note)
    assert check(changed[: len(sealed.pdf)], ours).verdict == "valid"


def test_another_authority_is_not_trusted(sealed: actions.SignedPdf) -> None:
    report = inspect(sealed.pdf, Trust((), (), (), ()), NOW)
    assert (report.verdict, report.reason) == ("untrusted", "unknown_root")


def test_an_expired_certificate_is_told(sealed: actions.SignedPdf, ours: Trust) -> None:
    report = inspect(sealed.pdf, ours, NOW + timedelta(days=800))
    assert (report.verdict, report.reason) == ("untrusted", "expired")


def test_a_revoked_certificate_is_told(sealed: actions.SignedPdf) -> None:
    actions.revoke(sealed.serial, x509.ReasonFlags.key_compromise, now=NOW + timedelta(hours=1))
    report = queries.verify(sealed.pdf)
    assert (report.verdict, report.reason) == ("untrusted", "revoked")
    assert report.signatures[0].revoked_at
    # The register of letters knows that this very file was there before.
    assert queries.verify(sealed.pdf, at=NOW).verdict == "valid"


def test_an_unsigned_letter(pdf: bytes, ours: Trust) -> None:
    assert check(pdf, ours).verdict == "unsigned"


def test_an_encrypted_letter(pdf: bytes, ours: Trust, unlocked: UnlockedKey) -> None:
    writer: PdfFileWriter = copy_into_new_writer(PdfFileReader(io.BytesIO(pdf)))
    writer.encrypt("rahasia", "rahasia")
    out = io.BytesIO()
    writer.write(out)
    report = check(out.getvalue(), ours)
    assert (report.verdict, report.reason) == ("unreadable", "encrypted")
    with pytest.raises(CannotSign, match="encrypted"):
        actions.sign(out.getvalue(), key=unlocked, now=NOW)


@pytest.mark.parametrize(
    ("what", "pdf"), list(attacks.hostile()), ids=lambda part: part if isinstance(part, str) else ""
)
def test_hostile_files_stay_within_the_limits(what: str, pdf: bytes, authority: None) -> None:
    started = time.monotonic()
    report = queries.verify(pdf)
    assert report.verdict == "unreadable" or (report.verdict == "unsigned" and "loop" in what), report
    assert time.monotonic() - started < sandbox.WALL_SECONDS + sandbox.START_SECONDS
    assert report.reason in queries.PROBLEMS
    sandbox.SANDBOX.close()
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    assert most < worker.MEMORY + 200 * 1024 * 1024


def test_too_large_files_are_not_even_read(authority: None) -> None:
    assert queries.verify(b"%PDF-1.7" + bytes(sandbox.MOST_BYTES)).reason == "too_large"


def test_a_late_answer_ends_the_process(
    sealed: actions.SignedPdf, ours: Trust, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = Sandbox()
    assert box.inspect(sealed.pdf, ours, NOW).verdict == "valid"
    warm = box._warm
    assert warm is not None
    monkeypatch.setattr(sandbox, "WALL_SECONDS", 0.0001)
    report = box.inspect(sealed.pdf, ours, NOW)
    assert (report.verdict, report.reason) == ("unreadable", "limits")
    assert warm.poll() is not None
    assert box._warm is None
    monkeypatch.undo()
    assert box.inspect(sealed.pdf, ours, NOW).verdict == "valid"
    box.close()


def test_a_process_that_went_to_sleep_is_replaced(sealed: actions.SignedPdf, ours: Trust) -> None:
    box = Sandbox()
    box.inspect(sealed.pdf, ours, NOW)
    assert box._warm is not None
    first = box._warm.pid
    assert box.inspect(sealed.pdf, ours, NOW).verdict == "valid"
    assert box._warm.pid == first, "the warm process is used again"
    box._warm.kill()
    assert box.inspect(sealed.pdf, ours, NOW).verdict == "valid"
    assert box._warm.pid != first
    box.close()


def test_the_sandbox_knows_no_django_and_no_secret() -> None:
    code = (
        "import sys, satuklik.spine.signing.verification.inspect\n"
        "assert not [name for name in sys.modules if name.split('.')[0] in ('django', 'psycopg')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=str(sandbox.PROJECT))


def test_foreign_pdfs_are_signed_and_verified(unlocked: UnlockedKey, ours: Trust) -> None:
    """Cross-reference streams, no tags: not our shape, so pyHanko writes it."""
    writer = PdfFileWriter(stream_xrefs=True)
    from pyhanko.pdf_utils.writer import PageObject

    writer.insert_page(
        PageObject(
            contents=writer.add_object(attacks.generic.StreamObject(stream_data=b"BT ET")),
            media_box=(0, 0, 595, 842),
        )
    )
    out = io.BytesIO()
    writer.write(out)
    signed = actions.sign(out.getvalue(), key=unlocked, now=NOW)
    assert check(signed.pdf, ours).verdict == "valid"


@pytest.mark.parametrize(
    "pdf", [b"", b"<html>", b"%PDF-1.7\n", b"%PDF-1.7\nxref\n0 1\ntrailer\n<<>>\nstartxref\n9\n%%EOF"]
)
def test_what_is_no_pdf_cannot_be_signed(pdf: bytes, unlocked: UnlockedKey) -> None:
    with pytest.raises(CannotSign):
        actions.sign(pdf, key=unlocked, now=NOW)


def test_a_certified_folder_marks_accredited_roots(sealed: actions.SignedPdf, ours: Trust) -> None:
    report = inspect(sealed.pdf, replace(ours, own=(), certified=ours.own), NOW)
    assert report.verdict == "valid"
    assert report.signatures[0].certified


def test_the_kernel_holds_the_limits(tmp_path: Path) -> None:
    for work, ends in (
        ("bytearray(worker.MEMORY + 50_000_000)", b"MemoryError"),
        (f"open({str(tmp_path / 'x')!r}, 'wb', buffering=0).write(b'x')", b"File too large"),
    ):
        code = f"from satuklik.spine.signing.verification import worker; worker._limit(); {work}"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=str(sandbox.PROJECT))
        assert done.returncode != 0
        assert ends in done.stderr


def test_the_kernel_ends_a_loop() -> None:
    code = (
        "from satuklik.spine.signing.verification import worker\n"
        "worker.CPU_SECONDS = 1; worker._limit(); worker._allow_time()\n"
        "while True: pass"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, cwd=str(sandbox.PROJECT), timeout=60
    )
    assert done.returncode == -signal.SIGXCPU
