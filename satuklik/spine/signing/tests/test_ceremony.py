"""The key ceremony as it is held: people, parts, a file for the safe, minutes; and what it refuses."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from cryptography import x509
from django.db import connection
from django.utils import timezone

from satuklik.base.audit.queries import events_of
from satuklik.kernel import secrecy
from satuklik.spine.signing import actions, commands, queries, rootfile, shares
from satuklik.spine.signing.errors import BadRootFile, BadShare, MayNotSeal
from satuklik.spine.signing.models import Authority

CUSTODIANS = ("Ani Contoh", "Budi Contoh", "Citra Contoh")
OPTIONS = [
    "--leader", "Dewi Contoh", "--witness", "Eko Contoh", "--present", "Fajar Contoh=Auditor Inspektorat",
    *(word for name in CUSTODIANS for word in ("--custodian", name)), "--threshold", "2", "--place", "Kisaran",
]  # fmt: skip


@pytest.fixture(autouse=True)
def small(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small keys; and this process, which lives on, keeps its memory unlocked."""
    settings.SATUKLIK_ROOT_KEY_BITS = 2048
    settings.SATUKLIK_PASSPHRASE_KIB, settings.SATUKLIK_PASSPHRASE_PASSES = 1024, 1
    monkeypatch.setattr(secrecy, "forbid_dumps", lambda: True)
    monkeypatch.setattr(secrecy, "lock_memory", lambda: True)


def ca(*arguments: object, typed: str = "") -> Result:
    return CliRunner().invoke(commands.ca, [str(one) for one in arguments], input=typed)


def hold(out: Path, *more: object) -> Result:
    """A ceremony without a terminal."""
    return ca(
        "ceremony", "--out", out, *OPTIONS, "--parts-to", out.with_name(f"{out.name}-parts"), "--yes",
        "--despite", "Kunci pendek untuk uji", *more,
    )  # fmt: skip


def parts_of(out: Path) -> list[Path]:
    return sorted(out.with_name(f"{out.name}-parts").iterdir())


@pytest.fixture
def held(db: None, tmp_path: Path) -> Path:
    """The folder that a ceremony filled."""
    done = hold(tmp_path / "hasil")
    assert done.exit_code == 0, done.output
    return tmp_path / "hasil"


def text_of(pdf: Path) -> str:
    run = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True)
    return " ".join(run.stdout.split())


def test_the_roots_key_is_in_the_file_and_nowhere_else(held: Path) -> None:
    root, issuing = Authority.objects.order_by("pk")
    assert (root.name, root.wrapped_key, issuing.parent) == ("root", None, root)
    key = rootfile.read(held / "root-kunci.json").open([part.read_text() for part in parts_of(held)[:2]])
    certificate = x509.load_der_x509_certificate(bytes(root.certificate))
    assert key.public_key() == certificate.public_key()
    assert (held / "root-kunci.json").stat().st_mode & 0o777 == 0o600
    said = x509.load_der_x509_certificate(bytes(issuing.certificate))
    said.verify_directly_issued_by(certificate)
    assert said.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length == 0
    for name in (certificate.subject, said.subject):
        assert "Demo" not in name.rfc4514_string()
        assert "Pemerintah Kabupaten Asahan" in name.rfc4514_string()
        assert "tidak tersertifikasi" in name.rfc4514_string()
    for authority in ("root", "issuing"):
        assert x509.load_der_x509_crl(queries.crl(authority) or b"").next_update_utc > timezone.now()
    (event,) = events_of("ca")
    assert event.data["root"] == rootfile.fingerprint(certificate)


def test_it_issues_and_what_it_issued_is_trusted(held: Path, kelurahan: Any, pdf: bytes) -> None:
    now = timezone.now()
    actions.issue_seal_key(kelurahan, now, algorithm="P-256")
    with pytest.raises(MayNotSeal):  # a ceremony allows no seal anything: satuklik ca seal-permissions does
        actions.seal(pdf, agency_id=kelurahan.pk, now=now)
    assert ca("seal-permissions", "--quota", "10", "--decree", "SK Bupati 1/2026").exit_code == 0
    report = queries.verify(actions.seal(pdf, agency_id=kelurahan.pk, now=now).pdf)
    assert (report.verdict, report.signatures[0].trusted) == ("valid", True)


def test_the_minutes_say_who_what_and_which(held: Path) -> None:
    said = text_of(held / "berita-acara.pdf")
    root = x509.load_der_x509_certificate((held / "root.cer").read_bytes())
    for word in (
        "BERITA ACARA UPACARA KUNCI", "Dewi Contoh", "Pemimpin upacara", "Eko Contoh", "Saksi", "Fajar Contoh",
        "Auditor Inspektorat", *CUSTODIANS, "tidak tersertifikasi", "2 di antaranya harus hadir", "Kisaran",
        "Kunci pendek untuk uji", "tanda tangan basah", f"{root.serial_number:x}", "root-kunci.json", "issuing.crl",
        "TSA (stempel waktu)", "OCSP (status sertifikat)",
    ):  # fmt: skip
        assert word in said, word
    assert rootfile.fingerprint(root).replace(":", "")[:16] in said.replace(" ", "")
    sums = subprocess.run(
        ["sha256sum", "-c", "SHA256SUMS"], cwd=held, capture_output=True, text=True, check=False
    )
    assert sums.returncode == 0, sums.stdout
    assert {"root-kunci.json: OK", "berita-acara.pdf: OK"} <= set(sums.stdout.splitlines())


def test_no_part_and_no_key_is_in_the_minutes_or_the_root_file(held: Path) -> None:
    texts = text_of(held / "berita-acara.pdf") + (held / "root-kunci.json").read_text()
    for part in parts_of(held):
        assert part.stat().st_mode & 0o777 == 0o600
        assert part.read_text().strip() not in texts


def test_a_second_ceremony_is_refused_or_replaces(held: Path, tmp_path: Path) -> None:
    again = hold(tmp_path / "lagi")
    assert again.exit_code == 1
    assert "--rotate" in again.output
    assert Authority.objects.count() == 2
    assert "not empty" in hold(held).output
    replaced = hold(tmp_path / "baru", "--rotate")
    assert replaced.exit_code == 0, replaced.output
    retired = dict(Authority.objects.values_list("name", "retired_at"))
    assert {name for name, at in retired.items() if at} == {"root", "issuing"}
    assert {name for name, at in retired.items() if not at} == {"root-2", "issuing-2"}
    shown = ca("show").output
    assert "issuing, retired" in shown
    assert "root-2, its key lies in the safe" in shown


def test_the_custodians_renew_the_roots_list(held: Path, tmp_path: Path) -> None:
    before = x509.load_der_x509_crl(queries.crl("root") or b"")
    first, second, third = parts_of(held)
    file = ("--root-file", held / "root-kunci.json")
    assert "in the safe" in ca("renew-crl").output
    few = ca("root-crl", *file, "--part-file", first)
    assert few.exit_code == 1
    assert "Part 2: it is missing" in few.output
    typed = f"{third.read_text()}{third.read_text()}salah\n{first.read_text().lower()}"
    done = ca("root-crl", *file, typed=typed)
    assert done.exit_code == 0, done.output
    assert "typed already" in done.output
    assert "does not have 32 letters" in done.output
    assert third.read_text().strip() not in done.output
    after = x509.load_der_x509_crl(queries.crl("root") or b"")
    number = x509.CRLNumber
    assert (
        after.extensions.get_extension_for_class(number).value.crl_number
        == before.extensions.get_extension_for_class(number).value.crl_number + 1
    )
    assert second


def test_asked_on_a_terminal(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    prompt = __import__("click").prompt

    def type_back(text: str, **options: Any) -> Any:
        return shown[-1] if text.startswith("Type it") else prompt(text, **options)

    def echo(message: object = None, **_options: Any) -> None:
        if message and str(message).count("-") == 7:
            shown.append(str(message).strip())

    monkeypatch.setattr("click.prompt", type_back)
    monkeypatch.setattr("click.echo", echo)
    monkeypatch.setattr("click.pause", lambda *_: None)
    answers = ["y", "Dewi Contoh", "Eko Contoh", "", *CUSTODIANS, "", "3", "Kisaran"]
    done = ca("ceremony", "--out", tmp_path / "o", "--despite", "uji", typed="\n".join(answers) + "\n")
    assert done.exit_code == 0, done.exception
    assert len(shown) == 3
    file = rootfile.read(tmp_path / "o" / "root-kunci.json")
    assert (file.threshold, file.count) == (3, 3)
    file.open(shown)


def test_an_unfit_machine_is_refused(db: None, tmp_path: Path) -> None:
    done = ca("ceremony", "--out", tmp_path / "o", *OPTIONS, "--yes")
    assert done.exit_code == 1
    assert "✗ Panjang kunci akar: RSA-2048" in done.output
    assert "--despite" in done.output
    assert not Authority.objects.exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--custodian", "Ani"], "At least two custodians"),
        (["--custodian", "Ani", "--custodian", "ani"], "each named once"),
        (["--custodian", "Ani", "--custodian", "Budi", "--present", "Fajar"], "NAME=ROLE"),
        (["--custodian", "Ani", "--custodian", "Budi", "--threshold", "3"], "not 3 of 2"),
    ],
)
def test_people_that_do_not_suffice(db: None, tmp_path: Path, options: list[str], said: str) -> None:
    done = ca(
        "ceremony", "--out", tmp_path / "o", "--leader", "D", "--witness", "E", "--place", "K", "--yes",
        "--despite", "uji", "--parts-to", tmp_path / "p", *(options if "--threshold" in options else [*options, "--threshold", "2"]),
    )  # fmt: skip
    assert done.exit_code == 1
    assert said in done.output
    assert not Authority.objects.exists()


def test_parts_bring_the_secret_back_and_slips_are_told() -> None:
    secret = shares.new_secret()
    parts = shares.split(secret, threshold=3, count=5, owner="AB:CD")
    assert (
        shares.combine([parts[4], parts[0], parts[2].lower().replace("-", " ")], threshold=3, owner="AB:CD")
        == secret
    )
    for index in range(len(parts[1])):
        if parts[1][index] != "-":
            other = "7" if parts[1][index] != "7" else "8"
            with pytest.raises(BadShare) as slip:
                shares.check(parts[1][:index] + other + parts[1][index + 1 :], owner="AB:CD", place=2)
            assert (slip.value.place, slip.value.code) == (2, "mistyped")
    with pytest.raises(BadShare, match="another root"):
        shares.combine(parts, threshold=3, owner="of another root")
    with pytest.raises(BadShare, match="typed twice"):
        shares.combine([parts[0], parts[0], parts[1]], threshold=3, owner="AB:CD")


def test_fewer_parts_open_nothing_and_a_changed_file_is_told(held: Path) -> None:
    path = held / "root-kunci.json"
    file = rootfile.read(path)
    said = json.loads(path.read_text())
    changed = rootfile.RootFile(
        file.certificate, 2, 3, file.made_at, file.wrapped[:-1] + bytes([file.wrapped[-1] ^ 1])
    )
    with pytest.raises(BadRootFile, match="do not open"):
        changed.open([part.read_text() for part in parts_of(held)[:2]])
    for broken in ("", "{}", json.dumps(said | {"fingerprint": "00"}), json.dumps(said | {"format": "x/2"})):
        path.write_text(broken)
        with pytest.raises(BadRootFile):
            rootfile.read(path)


def test_in_a_process_of_its_own_no_core_is_left(transactional_db: None, tmp_path: Path) -> None:
    parameters = connection.get_connection_params()
    environment = os.environ | {
        "DATABASE_URL": f"postgresql://postgres@/{parameters['dbname']}?host={parameters['host']}",
        "SATUKLIK_ROOT_KEY_BITS": "2048", "SATUKLIK_PASSPHRASE_KIB": "1024", "SATUKLIK_VAR": str(tmp_path / "var"),
    }  # fmt: skip
    command = [
        sys.executable, "-m", "satuklik.cli", "ca", "ceremony", "--out", str(tmp_path / "o"), *OPTIONS, "--yes",
        "--parts-to", str(tmp_path / "p"), "--despite", "uji",
    ]  # fmt: skip
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "✓ Salinan memori (core): dilarang" in done.stdout
    assert "✓ Sumber acak" in done.stdout
    assert (tmp_path / "o" / "berita-acara.pdf").read_bytes().startswith(b"%PDF")
    assert Authority.objects.get(name="root").wrapped_key is None
