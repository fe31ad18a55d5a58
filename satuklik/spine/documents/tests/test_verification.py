"""What a stranger sees of a letter, and what they do not."""

import io
import subprocess
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from satuklik.base.audit.models import Event
from satuklik.spine.documents import actions, errors, queries, rules
from satuklik.spine.documents.models import IssuedDocument
from satuklik.spine.documents.tests.conftest import PASSPHRASE, Place
from satuklik.spine.documents.tests.test_issue import LETTER, NOW, issue
from satuklik.spine.signing import actions as signing

pytestmark = pytest.mark.django_db
LATER = datetime(2027, 6, 1, tzinfo=ZoneInfo("Asia/Jakarta"))


@pytest.fixture
def stranger(settings: Any) -> Client:
    """A browser without login."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    return Client()


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are opened on the day on which the letter was issued."""
    from satuklik.spine.documents import views

    monkeypatch.setattr(views.timezone, "now", lambda: NOW)


def end(document: IssuedDocument, place: Place, reason: str) -> IssuedDocument:
    """Pak Lurah annuls a letter of his office."""
    with signing.unlock(place.pak_lurah, PASSPHRASE, NOW) as key:
        return actions.annul(document, reason, official=place.pak_lurah, key=key, now=NOW)


def upload(stranger: Client, content: bytes, name: str = "surat.pdf") -> Any:
    """A file given to /verifikasi/."""
    return stranger.post(reverse("verify"), {"berkas": SimpleUploadedFile(name, content)})


@pytest.mark.usefixtures("paper_seal")
def test_the_code_leads_to_the_verdict(stranger: Client, place: Place, sari_data: dict[str, Any]) -> None:
    document = issue(place, sari_data)
    page = stranger.get(f"/v/{document.token}")
    text = page.content.decode()
    assert page.status_code == 200
    assert "Surat ini asli dan berlaku" in text
    assert "Sari Rahmawati" in text
    assert "120920••••••••••" in text
    assert "1209205512900001" not in text
    assert "tidak tersertifikasi BSrE" in text
    assert page["Cache-Control"] == "no-store"
    assert page["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.usefixtures("paper_seal")
def test_in_english(stranger: Client, place: Place, sari_data: dict[str, Any]) -> None:
    document = issue(place, sari_data)
    page = stranger.get(f"/v/{document.token}", headers={"accept-language": "en"}).content.decode()
    assert "Test Letter" in page
    assert "Date of birth" in page


@pytest.mark.usefixtures("paper_seal")
@pytest.mark.parametrize("token", ["A" * 22, "x", "%3Cscript%3E", "..%2f", "a'b"])
def test_an_unknown_code_is_not_found(stranger: Client, place: Place, token: str) -> None:
    assert stranger.get(f"/v/{token}").status_code == 404


@pytest.mark.usefixtures("paper_seal")
def test_ended_letters_say_so(stranger: Client, place: Place, sari_data: dict[str, Any]) -> None:
    first, second = issue(place, sari_data), issue(place, sari_data)
    with signing.unlock(place.pak_lurah, PASSPHRASE, NOW) as key:
        actions.annul(first, "Nama salah tulis", by=second, official=place.pak_lurah, key=key, now=NOW)
    page = stranger.get(f"/v/{first.token}").content.decode()
    assert "Surat ini sudah diganti" in page
    assert second.number in page
    end(second, place, "Diterbitkan atas data yang keliru")
    page = stranger.get(f"/v/{second.token}").content.decode()
    assert "Surat ini sudah dicabut" in page
    assert "Diterbitkan atas data yang keliru" in page
    with pytest.raises(errors.NotInForce):
        end(second, place, "lagi")


@pytest.mark.usefixtures("paper_seal")
def test_the_last_day_is_the_last(place: Place, sari_data: dict[str, Any]) -> None:
    document = issue(place, sari_data)
    last = datetime(2027, 5, 24, 23, 59, tzinfo=ZoneInfo("Asia/Jakarta"))
    assert queries.standing(document, last) == "in_force"
    assert queries.standing(document, LATER) == "expired"
    assert queries.verdict_of_token(document.token, now=LATER).facts()["letter"]["status"] == "expired"


@pytest.mark.usefixtures("paper_seal")
class TestOriginal:
    """The registered PDF is for who holds the paper."""

    def test_with_the_hidden_digits(self, stranger: Client, place: Place, sari_data: dict[str, Any]) -> None:
        document = issue(place, sari_data)
        answer = stranger.post(
            f"/v/{document.token}/surat.pdf", {"kode": document.open_code.lower().replace("-", " ")}
        )
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content == queries.read(document)
        assert Event.objects.get(stream=f"letter:{document.token}").kind == "letter.opened"

    def test_without_them(self, stranger: Client, place: Place, sari_data: dict[str, Any]) -> None:
        document = issue(place, sari_data)
        address = f"/v/{document.token}/surat.pdf"
        assert stranger.get(address).status_code == 302
        for typed in ("", "0001", "٢٠٥٥١٢٩١", "0000-0000", document.person.nik, document.token):
            assert stranger.post(address, {"kode": typed}).status_code == 422

    def test_nobody_tries_them_out(self, stranger: Client, place: Place, sari_data: dict[str, Any]) -> None:
        document = issue(place, sari_data)
        address = f"/v/{document.token}/surat.pdf"
        for attempt in range(5):
            assert stranger.post(address, {"kode": f"{attempt:08}"}).status_code == 422
        assert stranger.post(address, {"kode": document.open_code}).status_code == 429


@pytest.mark.usefixtures("paper_seal")
class TestNumber:
    """A number proves that a letter exists, no more."""

    def test_says_nothing_of_the_person(
        self, stranger: Client, place: Place, sari_data: dict[str, Any]
    ) -> None:
        document = issue(place, sari_data)
        page = stranger.get("/verifikasi/", {"kode": f" {document.number} "}).content.decode()
        assert document.number in page
        assert "tercatat dan berlaku" in page
        assert "Sari" not in page
        assert document.token not in page

    def test_an_address_leads_to_the_letter(
        self, stranger: Client, place: Place, sari_data: dict[str, Any]
    ) -> None:
        document = issue(place, sari_data)
        answer = stranger.get("/verifikasi/", {"kode": actions.verify_url(document.token)})
        assert answer["Location"] == f"/v/{document.token}"

    @pytest.mark.parametrize(
        ("asked", "status"), [("1/2/3", 404), ("", 422), ("x" * 300, 422), ("' OR 1=1", 404)]
    )
    def test_nonsense(self, stranger: Client, place: Place, asked: str, status: int) -> None:
        assert stranger.get("/verifikasi/", {"kode": asked}).status_code == status


@pytest.mark.usefixtures("paper_seal")
class TestUpload:
    """Verdicts on files."""

    def test_the_registered_file(self, stranger: Client, place: Place, sari_data: dict[str, Any]) -> None:
        document = issue(place, sari_data)
        page = upload(stranger, queries.read(document)).content.decode()
        assert "Surat ini asli dan berlaku" in page
        assert "sama persis" in page

    def test_a_changed_byte_shows_the_original(
        self, stranger: Client, place: Place, sari_data: dict[str, Any]
    ) -> None:
        document = issue(place, sari_data)
        pdf = bytearray(queries.read(document))
        pdf[2000] ^= 1
        page = upload(stranger, bytes(pdf)).content.decode()
        assert "Berkas ini telah diubah" in page
        assert "Inilah isi surat yang asli" in page
        assert "Sari Rahmawati" in page

    def test_an_annulled_letter_is_not_valid(self, place: Place, sari_data: dict[str, Any]) -> None:
        document = issue(place, sari_data)
        pdf = queries.read(document)
        end(document, place, "keliru")
        facts = queries.verdict_of_pdf(pdf, now=NOW).facts()
        assert facts["verdict"] == "annulled"
        assert facts["letter"]["status_reason"] == "keliru"
        assert facts["letter"]["same_file"] is True

    def test_what_is_no_letter(self, stranger: Client, place: Place) -> None:
        assert "tidak dapat dibaca" in upload(stranger, b"<html>halo</html>").content.decode()
        assert (
            "tidak bertanda tangan"
            in upload(
                stranger, actions.specimen(letter=LETTER, data={"answer": {"purpose": "x"}}, now=NOW)
            ).content.decode()
        )

    def test_too_large_or_nothing(self, stranger: Client, place: Place) -> None:
        answer = upload(stranger, b"%PDF" + b"0" * rules.LARGEST_UPLOAD)
        assert answer.status_code == 422
        assert "paling besar 20 MB" in answer.content.decode()
        assert upload(stranger, b"").status_code == 422
        assert stranger.post("/verifikasi/").status_code == 422
        with pytest.raises(errors.UploadTooLarge):
            queries.verdict_of_pdf(b"0" * (rules.LARGEST_UPLOAD + 1), now=NOW)

    def test_a_file_of_many_addresses_asks_the_register_once(
        self, place: Place, django_assert_max_num_queries: Any
    ) -> None:
        hostile = b"%PDF" + b"".join(b" /v/%022d " % number for number in range(5000))
        with django_assert_max_num_queries(3):
            assert queries.verdict_of_pdf(hostile, now=NOW).document is None


@pytest.mark.parametrize("source", ["#d.answer.purpose", "#strong(d.answer.purpose)"])
def test_every_printable_character_prints(source: str) -> None:
    """What the rules let through, the font has, in both weights."""
    every = (chr(code) for low, high in rules._PRINTABLE for code in range(low, high + 1))
    whole = f'#import "/surat.typ": *\n#show: surat\n{source}'
    data = {"answer": {"purpose": " ".join(every)}}
    assert actions.specimen(letter=replace(LETTER, source=whole), data=data, now=NOW).startswith(b"%PDF")


class TestRealSeal:
    """The whole way with the real authority and the sandboxed verifier."""

    @pytest.fixture
    def sealed(self, place: Place, sari_data: dict[str, Any]) -> Any:
        """A letter under the seal of the office."""
        signing.set_up_demo_authority(now=NOW)
        signing.issue_seal_key(place.agency, NOW)
        return issue(place, sari_data)

    def test_other_tools_accept_it(self, sealed: Any, tmp_path: Any) -> None:
        path = tmp_path / "surat.pdf"
        path.write_bytes(queries.read(sealed))
        said = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False).stdout
        assert "Signature is Valid" in said
        assert "Total document signed" in said
        checked = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, check=False)
        assert "No syntax or stream encoding errors" in checked.stdout, checked.stderr
        assert sealed.signature["kind"] == "seal"

    def test_the_page_accepts_it_and_tells_a_changed_byte(self, stranger: Client, sealed: Any) -> None:
        pdf = queries.read(sealed)
        page = upload(stranger, pdf).content.decode()
        assert "Surat ini asli dan berlaku" in page
        assert "Kelurahan Kisaran Naga" in page
        assert "Sertifikat internal, tidak tersertifikasi BSrE" in page
        changed = bytearray(pdf)
        changed[3000] ^= 1
        page = upload(stranger, bytes(changed)).content.decode()
        assert "Surat ini asli dan berlaku" not in page
        assert queries.verdict_of_pdf(bytes(changed), now=NOW).verdict in ("altered", "unreadable")


@pytest.mark.usefixtures("paper_seal")
@pytest.mark.parametrize("digits", ["١٢٣٤٥٦٧٨", "²²²²²²²²", "1234567\x00"])
def test_digits_of_other_scripts_open_nothing(
    stranger: Client, place: Place, sari_data: dict[str, Any], digits: str
) -> None:
    document = issue(place, sari_data)
    assert stranger.post(f"/v/{document.token}/surat.pdf", {"angka": digits}).status_code == 422


def test_a_text_that_looks_like_an_impossible_date_stays_a_text() -> None:
    letter = replace(LETTER, shows=(("answer.purpose", {"id": "Keperluan", "en": "Purpose"}),))
    shown = rules.shown(letter, {"answer": {"purpose": "0000-01-01"}})
    assert shown[0]["value"] == "0000-01-01"


def naming(pdf: bytes, token: str) -> bytes:
    """The file with a later revision whose metadata name another letter: nobody needs a key for that."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    about = {
        generic.pdf_name("/Type"): generic.pdf_name("/Metadata"),
        generic.pdf_name("/Subtype"): generic.pdf_name("/XML"),
    }
    said = f"<x>{settings.PUBLIC_URL}/v/{token}</x>".encode()
    writer.root["/Metadata"] = writer.add_object(generic.StreamObject(about, stream_data=said))
    writer.update_root()
    out = io.BytesIO()
    writer._update_meta = lambda: None  # type: ignore[method-assign]
    writer.write(out)
    return out.getvalue()


@pytest.mark.usefixtures("paper_seal")
def test_an_ended_letter_does_not_pass_for_another_one(
    stranger: Client, place: Place, sari_data: dict[str, Any]
) -> None:
    other, ended = issue(place, sari_data), issue(place, sari_data)
    end(ended, place, "Diterbitkan atas data yang keliru")
    changed = naming(queries.read(ended), other.token)
    verdict = queries.verdict_of_pdf(changed, now=NOW)
    assert verdict.document == ended
    assert verdict.verdict not in ("valid", "valid_with_additions")
    assert verdict.standing == "annulled"
    # Also where nothing in the file is a registered one: of all that it names, what has ended comes first.
    assert queries._said_to_be(changed + b" ") == ended
    assert queries._begins_with(b"%PDF-1.7 no letter of ours %%EOF") is None


@pytest.mark.usefixtures("paper_seal")
def test_a_letter_with_something_added_is_found_by_its_beginning(
    place: Place, sari_data: dict[str, Any]
) -> None:
    document = issue(place, sari_data)
    for more in (b"", b"\n", b" trailing %%EOF\n"):
        assert queries._begins_with(queries.read(document) + more) == document
