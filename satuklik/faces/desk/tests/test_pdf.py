"""Any PDF: brought by an official, placed by corner, tag, rectangle or not shown, signed, and verified by strangers."""

from collections.abc import Callable
from typing import Any

import pytest
import typst
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from satuklik.base.agencies.models import Mandate
from satuklik.spine.documents.models import IssuedDocument
from satuklik.spine.documents.queries import verdict_of_pdf, verdict_of_token
from satuklik.spine.requests.models import SigningRequest
from tests.people import NOW, PASSPHRASE

Browser = Callable[[Any], Client]
UPLOAD = "/meja/tandatangan/pdf/"


def pdf(text: str = "#lorem(40)\n#pagebreak()\n\\#tte\n", **more: Any) -> bytes:
    """A PDF as other programs make them."""
    made: bytes = typst.compile(text.encode(), format="pdf", **more)
    return made


def bring(client: Client, content: bytes, name: str = "Nota Dinas.pdf", title: str = "") -> Any:
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, content), "title": title})


@pytest.fixture
def client(pak_lurah: Any, browser: Browser) -> Client:
    return browser(pak_lurah)


def placed(mode: str, **more: Any) -> dict[str, Any]:
    return {"place-mode": mode, "passphrase": PASSPHRASE, **{f"place-{k}": v for k, v in more.items()}}


@pytest.mark.parametrize(
    ("sent", "page"),
    [
        (placed("corner", page=1, corner="top_left"), 1),
        (placed("tag", tag="#tte"), 2),
        (placed("place", page=2, x=100.5, y=200, width=180, height=60), 2),
        (placed("hidden"), None),
    ],
    ids=["corner", "tag", "place", "hidden"],
)
def test_a_pdf_is_placed_signed_and_verified(client: Client, sent: dict[str, Any], page: int | None) -> None:
    answer = bring(client, pdf())
    assert answer.status_code == 302, answer.content.decode()
    text = client.get(answer.url).content.decode()
    assert "Nota Dinas" in text
    assert "2 halaman" in text
    assert 'name="place-corner"' in text
    picture = client.get(answer.url + "halaman.png?halaman=2")
    assert picture.content.startswith(b"\x89PNG")
    signed = client.post(answer.url, sent, follow=True)
    assert "Dokumen sudah ditandatangani" in signed.content.decode()
    request, document = SigningRequest.objects.get(), IssuedDocument.objects.get()
    assert (request.placement or {}).get("page") == page
    assert (document.service, document.number, document.serial, document.person) == ("tte", "", None, None)
    assert document.title == "Nota Dinas"
    file = client.get(answer.url + "dokumen.pdf")
    assert "attachment" in file["Content-Disposition"]
    verdict = verdict_of_pdf(file.content, now=NOW)
    assert (verdict.verdict, verdict.document, verdict.same_file) == ("valid", document, True)
    assert verdict_of_token(document.token, now=NOW).verdict == "valid"
    again = client.post(answer.url, sent, follow=True)
    assert "Dokumen sudah ditandatangani" in again.content.decode()
    assert IssuedDocument.objects.count() == 1


IMPOSSIBLE = [
    (placed("place", page=1, x=590, y=10, width=180, height=60), "keluar dari halaman"),
    (placed("place", page=1, x=10, y=10, width=20, height=10), "terlalu kecil"),
    (placed("place", page=1, x="nan", y="1e400", width=180, height=60), "tidak terbaca"),
    (placed("place", page=1, x="", y="", width="", height=""), "tidak terbaca"),
    (placed("corner", page=7), "tidak ada di dalam PDF"),
    (placed("corner", page="1" * 30), "tidak ada di dalam PDF"),
    (placed("corner", page=1, corner="tengah"), "tidak terbaca"),
    (placed("tag", tag="#tidak-ada"), "tidak ditemukan"),
    (placed("tag", tag="x" * 500), "tidak ditemukan"),
    (placed("di mana saja"), "tidak terbaca"),
]


def test_a_place_that_cannot_be_is_told(client: Client) -> None:
    url = bring(client, pdf()).url
    for sent, words in IMPOSSIBLE:
        answer = client.post(url, sent)
        assert answer.status_code == 422
        assert words in answer.content.decode(), sent
        assert PASSPHRASE not in answer.content.decode()
    assert not IssuedDocument.objects.exists()


UNREADABLE = [
    (b"", "kosong"),
    (b"halo", "bukan PDF"),
    (b"%PDF-1.7 rusak", "rusak"),
    (b"%PDF-1.7\n" + b"0" * (20 * 1024 * 1024), "20 MB"),
]


def test_what_cannot_be_signed_is_told_at_once(client: Client) -> None:
    for content, words in UNREADABLE:
        answer = bring(client, content)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert not SigningRequest.objects.exists()


def test_an_encrypted_pdf_is_told(client: Client) -> None:
    import io

    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(PdfReader(io.BytesIO(pdf())))
    writer.encrypt("rahasia", algorithm="AES-256")
    locked = io.BytesIO()
    writer.write(locked)
    answer = bring(client, locked.getvalue())
    assert answer.status_code == 422
    assert "dikunci" in answer.content.decode()


def test_a_wrong_passphrase_keeps_the_place(client: Client) -> None:
    url = bring(client, pdf()).url
    sent = placed("place", page=2, x=100, y=200, width=180, height=60) | {"passphrase": "bukan ini"}
    answer = client.post(url, sent)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Sisa" in text
    assert "bukan ini" not in text
    assert 'value="100" data-place-x' in text
    assert '<option value="2"' in text
    assert "selected" in text.split('<option value="2"')[1].split(">")[0]


def test_nobody_sees_or_signs_anothers_pdf(client: Client, bu_camat: Any, browser: Browser) -> None:
    url = bring(client, pdf()).url
    other = browser(bu_camat)
    for page in ("", "halaman.png", "dokumen.pdf"):
        assert other.get(url + page).status_code == 404
    assert other.post(url, placed("hidden")).status_code == 404
    assert Client().get(url).status_code == 302


def test_who_acts_for_a_head_signs_as_such_while_the_mandate_holds(
    client: Client, pak_lurah: Any, bu_camat: Any
) -> None:
    from datetime import timedelta

    mandate = Mandate.objects.create(
        official=pak_lurah, agency=bu_camat.agency, kind="Plh", decree="SPT 1/2026",
        valid_from=NOW - timedelta(days=1), valid_until=NOW + timedelta(days=1),
    )  # fmt: skip
    url = bring(client, pdf()).url
    assert f"Plh. {bu_camat.agency.head_title}" in client.get(url).content.decode()
    client.post(url, placed("hidden") | {"sebagai": bu_camat.agency.pk})
    document = IssuedDocument.objects.get()
    assert document.signature["position"] == f"Plh. {bu_camat.agency.head_title}"
    assert document.agency == bu_camat.agency
    # Another one, whose mandate ends between looking and signing.
    url = bring(client, pdf()).url
    SigningRequest.objects.filter(state="draft").update(signed_for=bu_camat.agency)
    mandate.valid_until = NOW - timedelta(minutes=1)
    mandate.save()
    from satuklik.spine.requests import actions, queries
    from satuklik.spine.requests.errors import NoMandate
    from satuklik.spine.signing import actions as signing

    request = SigningRequest.objects.get(state="draft")
    with signing.unlock(pak_lurah, PASSPHRASE, NOW) as key, pytest.raises(NoMandate):
        actions.sign_request(
            request.reference, queries.mark_of(request), official=pak_lurah, key=key, now=NOW
        )


def test_a_second_signature_on_a_signed_pdf(client: Client, bu_camat: Any, browser: Browser) -> None:
    from satuklik.spine.signing.actions import issue_official_key

    issue_official_key(bu_camat, "sandi bu camat", NOW)
    url = bring(client, pdf()).url
    client.post(url, placed("corner", page=1, corner="bottom_left"))
    once = client.get(url + "dokumen.pdf").content
    other = browser(bu_camat)
    second = bring(other, once).url
    other.post(second, placed("corner", page=1) | {"passphrase": "sandi bu camat"})
    twice = other.get(second + "dokumen.pdf").content
    verdict = verdict_of_pdf(twice, now=NOW)
    assert verdict.verdict == "valid"
    assert len(verdict.signatures) == 2


def test_drafts_are_forgotten_after_a_day(client: Client) -> None:
    from datetime import timedelta

    from satuklik.spine.requests import actions

    bring(client, pdf())
    assert actions.throw_away_drafts(NOW + timedelta(hours=23)) == 0
    assert actions.throw_away_drafts(NOW + timedelta(hours=25)) == 1
