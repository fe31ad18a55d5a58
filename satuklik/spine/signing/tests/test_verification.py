"""Verification: green only for what is whole, and calm whatever is uploaded."""

import contextlib
import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PdfFileWriter, copy_into_new_writer
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.pdf_cms import SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator.registry import SimpleCertificateStore
from pypdf import PdfReader

from satuklik.base.agencies.models import Agency
from satuklik.spine.signing import actions, queries
from satuklik.spine.signing.errors import CannotRead, CannotSign
from satuklik.spine.signing.keys import UnlockedKey
from satuklik.spine.signing.tests import attacks
from satuklik.spine.signing.tests.conftest import NOW
from satuklik.spine.signing.verification import jail, sandbox, worker
from satuklik.spine.signing.verification.inspect import inspect
from satuklik.spine.signing.verification.report import Trust
from satuklik.spine.signing.verification.sandbox import Sandbox

GREEN = {"valid", "valid_with_additions"}


@pytest.fixture
def ours(authority: None) -> Trust:
    """Our root alone."""
    return Trust((queries.authority_certificate("root") or b"",), (), (), ())


@pytest.fixture
def plain(sealed: actions.SignedPdf, pdf: bytes, kelurahan: Agency, settings: Any) -> actions.SignedPdf:
    """A sealed letter whose time only the seal itself states."""
    settings.SATUKLIK_SIGNATURE_LEVEL = "B-B"
    return actions.seal(pdf, agency_id=kelurahan.pk, now=NOW)


def check(pdf: bytes, ours: Trust) -> queries.Report:
    """In this process, as the sandbox does it."""
    return inspect(pdf, ours, NOW)


def test_a_sealed_letter_is_valid(plain: actions.SignedPdf, kelurahan: Agency) -> None:
    report = queries.verify(plain.pdf, at=NOW)
    assert report.verdict == "valid", report
    (one,) = report.signatures
    assert (one.signer, one.organisation, one.level) == (kelurahan.name, kelurahan.name, "B-B")
    assert one.serial == plain.serial
    assert (one.covers_whole, one.intact, one.trusted, one.certified) == (True, True, True, False)
    assert one.time == "2026-11-24T10:00:00+07:00"
    assert not one.time_proven
    assert (one.trusted_by, one.chain[0].subject) == ("own", kelurahan.name)
    assert len(one.chain) == 3
    assert one.revocation["source"] == "register"


def test_a_timestamp_says_when_and_by_whom(sealed: actions.SignedPdf) -> None:
    (one,) = queries.verify(sealed.pdf).signatures
    assert (one.level, one.time_proven) == ("B-T", True)
    assert one.timestamp_by


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
    if change is attacks.need_appearances:
        return  # a seal takes that flag away again, and nothing else was changed
    # Also not when the attacker has it sealed again afterwards, where that can be done at all.
    with contextlib.suppress(CannotSign):
        assert check(actions.seal(changed, agency_id=kelurahan.pk, now=NOW).pdf, ours).verdict not in GREEN


def test_odd_byte_ranges_are_never_green(sealed: actions.SignedPdf, ours: Trust) -> None:
    for what, pdf in attacks.odd_ranges(sealed.pdf):
        assert check(pdf, ours).verdict not in GREEN, what


def test_wrapped_signatures_are_never_green(sealed: actions.SignedPdf, ours: Trust) -> None:
    for what, pdf in attacks.wrapped(sealed.pdf):
        assert check(pdf, ours).verdict not in GREEN, what


def test_forged_contents_are_never_green(sealed: actions.SignedPdf, ours: Trust) -> None:
    for what, pdf in attacks.forged_contents(sealed.pdf):
        assert check(pdf, ours).verdict not in GREEN, what


@pytest.mark.parametrize("change", attacks.REVISIONS_OF_FORMS, ids=lambda change: change.__name__)
def test_changed_values_and_notes_are_never_green(
    change: attacks.Change, pdf: bytes, unlocked: UnlockedKey, ours: Trust
) -> None:
    signed = actions.sign(attacks.with_form_and_note(pdf), key=unlocked, now=NOW).pdf
    assert check(signed, ours).verdict == "valid"
    assert check(attacks.saved_with(signed, change), ours).verdict not in GREEN


def test_a_shadow_document_is_never_green(unlocked: UnlockedKey, ours: Trust) -> None:
    signed = actions.sign(attacks.shadow_file(), key=unlocked, now=NOW).pdf
    assert check(signed, ours).verdict == "valid"
    switched = attacks.shadow_switch(signed)
    assert attacks.SHADOW_EVIL in PdfReader(io.BytesIO(switched)).pages[0]["/Contents"].get_data()
    assert check(switched, ours).verdict not in GREEN


@pytest.mark.parametrize("permission", list(MDPPerm), ids=lambda one: one.name)
def test_certifying_signatures(permission: MDPPerm, pdf: bytes, own_simple_signer: Any, ours: Trust) -> None:
    """DocMDP and FieldMDP by pyHanko: green alone and with validation data, red with a change."""
    meta = PdfSignatureMetadata(
        field_name="Sertifikasi", certify=True, docmdp_permissions=permission, md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
    )  # fmt: skip
    lock = FieldMDPSpec(FieldMDPAction.ALL)
    spec = SigFieldSpec("Sertifikasi", field_mdp_spec=lock, doc_mdp_update_value=permission)
    signer = PdfSigner(meta, own_simple_signer, new_field_spec=spec)
    signed = signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf))).getvalue()
    others = replace(ours, own=(), others=ours.own)
    report = inspect(signed, others, NOW)
    assert (report.verdict, report.signatures[0].permission) == ("valid", permission.value), report
    stream = io.BytesIO(signed)
    root = asn1_x509.Certificate.load(ours.own[0])
    DocumentSecurityStore.add_dss(stream, sig_contents=None, certs=[root])
    report = inspect(stream.getvalue(), others, NOW)
    assert report.verdict == "valid_with_additions", (report.reason, report.detail)
    for change in (attacks.add_note, attacks.add_text_field, attacks.replace_content):
        assert inspect(attacks.saved_with(signed, change), others, NOW).verdict not in GREEN


def test_a_certified_file_that_forbids_changes_is_not_signed_again(
    pdf: bytes, own_simple_signer: Any, unlocked: UnlockedKey
) -> None:
    meta = PdfSignatureMetadata(
        field_name="Sertifikasi", certify=True, docmdp_permissions=MDPPerm.NO_CHANGES, md_algorithm="sha256"
    )
    signed = PdfSigner(meta, own_simple_signer).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf))).getvalue()
    with pytest.raises(CannotRead) as refused:
        actions.sign(signed, key=unlocked, now=NOW)
    assert refused.value.problem == "locked"


def test_stray_tails_are_never_green(sealed: actions.SignedPdf, ours: Trust) -> None:
    for what, pdf in attacks.stray_tails(sealed.pdf):
        assert check(pdf, ours).verdict not in GREEN, what


def test_truncated_letters(sealed: actions.SignedPdf, ours: Trust) -> None:
    for length in range(0, len(sealed.pdf), 997):
        assert check(sealed.pdf[:length], ours).verdict not in GREEN, length


def test_a_later_revision_cut_off_leaves_the_signed_letter(sealed: actions.SignedPdf, ours: Trust) -> None:
    changed = attacks.saved_with(sealed.pdf, attacks.add_note)
    assert check(changed[: len(sealed.pdf)], ours).verdict == "valid"


def test_another_authority_is_not_trusted(sealed: actions.SignedPdf) -> None:
    report = inspect(sealed.pdf, Trust((), (), (), ()), NOW)
    assert (report.verdict, report.reason) == ("untrusted", "unknown_root")


def test_an_expired_certificate_is_told(
    plain: actions.SignedPdf, sealed: actions.SignedPdf, ours: Trust
) -> None:
    report = inspect(plain.pdf, ours, NOW + timedelta(days=800))
    assert (report.verdict, report.reason) == ("untrusted", "expired")
    # A timestamp that is still valid proves that the certificate was valid then.
    assert inspect(sealed.pdf, ours, NOW + timedelta(days=800)).verdict == "valid"


def test_a_revoked_certificate_is_told(plain: actions.SignedPdf, sealed: actions.SignedPdf) -> None:
    actions.revoke(plain.serial, x509.ReasonFlags.key_compromise, now=NOW + timedelta(hours=1))
    report = queries.verify(plain.pdf)
    assert (report.verdict, report.reason) == ("untrusted", "revoked")
    assert report.signatures[0].revoked_at
    # The register of letters knows that this very file was there before.
    assert queries.verify(plain.pdf, at=NOW).verdict == "valid"
    # So does a timestamp; the date is told all the same.
    stamped = queries.verify(sealed.pdf)
    assert (stamped.verdict, stamped.signatures[0].trusted) == ("valid", True)
    assert stamped.signatures[0].revoked_at == report.signatures[0].revoked_at


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


@pytest.fixture
def own_simple_signer(authority: None, kelurahan: Agency) -> SimpleSigner:
    """pyHanko's own signer under our root, as another program would sign."""
    from satuklik.spine.signing import certificates, keygen, vault
    from satuklik.spine.signing.models import Authority

    issuing = Authority.objects.get(name="issuing")
    above = x509.load_der_x509_certificate(bytes(issuing.certificate))
    key = keygen.new_rsa(2048)
    leaf = certificates.leaf_certificate(
        key.public_key(), certificates.Holder(agency="Kantor Contoh", name="Ani Contoh"), above,
        vault.unwrap_by_secret(bytes(issuing.wrapped_key), "authority:issuing"), certificates.Addresses("", ""), NOW,
    )  # fmt: skip
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    registry = SimpleCertificateStore()
    registry.register(asn1_x509.Certificate.load(certificates.certificate_der(above)))
    return SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(certificates.certificate_der(leaf)),
        signing_key=asn1_keys.PrivateKeyInfo.load(private),
        cert_registry=registry,
    )


@pytest.mark.parametrize(
    ("what", "pdf"),
    list(attacks.hostile()),
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_hostile_files_stay_within_the_limits(what: str, pdf: bytes, authority: None) -> None:
    started = time.monotonic()
    with most_memory() as peaks:
        report = queries.verify(pdf)
    assert report.verdict in ("unreadable", "unsigned"), report
    assert time.monotonic() - started < sandbox.WALL_SECONDS + sandbox.START_SECONDS
    assert report.reason in queries.PROBLEMS
    assert 0 < max(peaks.values()) < jail.MEMORY + 200 * 1024 * 1024


@contextmanager
def most_memory() -> Iterator[dict[int, int]]:
    """The most memory (bytes) that each sandboxed process of ours had so far, as the kernel counts it."""
    peaks: dict[int, int] = {}
    over = threading.Event()

    def look() -> None:
        for process in psutil.Process().children():
            with suppress(psutil.Error, OSError, StopIteration):
                if worker.__name__ in process.cmdline():
                    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
                    peak = next(line for line in lines if line.startswith("VmHWM"))
                    peaks[process.pid] = int(peak.split()[1]) * 1024

    def keep_looking() -> None:
        while not over.wait(0.01):
            look()

    looking = threading.Thread(target=keep_looking)
    looking.start()
    try:
        yield peaks
    finally:
        over.set()
        looking.join()
        look()  # a process that answered stays for the next question


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
    assert (report.verdict, report.reason) == ("unreadable", "limit_time")
    assert not warm.alive()
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
    box._warm._process.kill()
    assert box.inspect(sealed.pdf, ours, NOW).verdict == "valid"
    assert box._warm.pid != first
    box.close()


def test_the_sandbox_knows_no_django_and_no_secret() -> None:
    code = (
        "import sys, satuklik.spine.signing.verification.jobs as jobs\njobs.load()\n"
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


def _inside(code: str, **more: Any) -> subprocess.CompletedProcess[bytes]:
    """Run `code` in a process that locked itself in as the worker does."""
    prelude = (
        "import os, socket, subprocess, sys, threading\n"
        "from satuklik.spine.signing.verification import jail, jobs, worker\n"
        "jobs.load()\n"
        "cell = jail.Jail()\n"
        "cell.drop(jail.python_folders(worker.PROJECT))\n"
        "jobs.warm_up()\n"
        "cell.lock()\n"
        "allowed = __import__('json').dumps(cell.holds)\n"
    )
    return subprocess.run(
        [sys.executable, "-c", prelude + code], capture_output=True, cwd=str(sandbox.PROJECT), **more
    )


FORBIDDEN = {
    "socket.socket()": "PermissionError",
    "socket.create_connection(('127.0.0.1', 80))": "PermissionError",
    "open('/tmp/satuklik-x', 'wb')": "PermissionError",
    "open('/etc/passwd').read()": "PermissionError",
    "os.listdir('/')": "PermissionError",
    "subprocess.run(['/bin/true'])": "PermissionError",
    "os.fork()": "PermissionError",
    "threading.Thread(target=print).start()": "RuntimeError: can't start new thread",
    "os.kill(os.getppid(), 0)": "PermissionError",
    "os.setuid(0)": "PermissionError",
    "os.chmod('/tmp', 0o777)": "PermissionError",
    "bytearray(jail.MEMORY + 50_000_000)": "MemoryError",
}


@pytest.fixture(scope="module")
def refusals() -> list[str]:
    """How each of FORBIDDEN ended inside, in one process that goes on after each."""
    done = _inside(
        f"for work in {list(FORBIDDEN)!r}:\n"
        "    try:\n        exec(work)\n"
        "    except BaseException as error:\n        print(type(error).__name__, error, sep=': ')\n"
        "    else:\n        print('done')\n"
    )
    assert done.returncode == 0, done.stderr[-500:]
    return done.stdout.decode().splitlines()


@pytest.mark.parametrize(("place", "work"), list(enumerate(FORBIDDEN)), ids=list(FORBIDDEN))
def test_the_kernel_holds_the_locks(refusals: list[str], place: int, work: str) -> None:
    assert len(refusals) == len(FORBIDDEN)
    assert refusals[place].startswith(FORBIDDEN[work])


def test_every_lock_holds_here() -> None:
    box = Sandbox()
    assert set(box.holds()) == {
        "network", "no_root", "no_new_privileges", "not_dumpable", "files", "limits", "system_calls",
    }  # fmt: skip
    box.close()


def test_the_worker_is_nobody(sealed: actions.SignedPdf, ours: Trust) -> None:
    box = Sandbox()
    box.inspect(sealed.pdf, ours, NOW)
    assert box._warm is not None
    status = Path(f"/proc/{box._warm.pid}/status").read_text()
    box.close()
    if os.geteuid() == 0:
        assert f"Uid:\t{jail.SANDBOX_ID}\t{jail.SANDBOX_ID}" in status
    assert "CapEff:\t0000000000000000" in status
    assert "NoNewPrivs:\t1" in status
    assert "Seccomp:\t2" in status


def test_the_kernel_ends_a_loop() -> None:
    done = _inside("worker.CPU_SECONDS = 1; worker._allow_time()\nwhile True: pass", timeout=60)
    assert done.returncode == -signal.SIGXCPU
