"""What is typed as a passphrase reaches the vault and nobody else."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse, QueryDict
from django.test import RequestFactory, override_settings
from django.urls import path

from satuklik.base.accounts.passphrases import passphrase_middleware, with_passphrase
from satuklik.kernel import secrecy

SEEN: list[tuple[str, bytes]] = []


@with_passphrase
def sealed(request: HttpRequest) -> HttpResponse:
    SEEN.append((request.POST["passphrase"], bytes(secrecy.reveal(request.POST["passphrase"]))))
    return HttpResponse(request.POST.get("note", ""))


def plain(request: HttpRequest) -> HttpResponse:
    SEEN.append((request.POST["passphrase"], b""))
    return HttpResponse()


@with_passphrase
def parts(request: HttpRequest) -> HttpResponse:
    typed = request.POST.get("passphrase", "") or request.headers.get("Satuklik-Passphrase", "")
    SEEN.append((typed, bytes(secrecy.reveal(typed))))
    return HttpResponse(request.FILES["file"].read(), headers={"Title": request.POST["title"]})


urlpatterns = [path("sealed/", sealed), path("plain/", plain), path("parts/", parts)]


def post(where: str, fields: dict[str, str]) -> HttpResponse:
    SEEN.clear()
    body = QueryDict(mutable=True)
    body.update(fields)
    request = RequestFactory().post(
        where, body.urlencode(), content_type="application/x-www-form-urlencoded", SERVER_SOFTWARE="Granian"
    )

    def answer(request: HttpRequest) -> HttpResponse:
        return {"/sealed/": sealed, "/plain/": plain}[request.path](request)

    with override_settings(ROOT_URLCONF=__name__):
        return passphrase_middleware(answer)(request)


@pytest.mark.parametrize(
    "typed",
    ["kopi tubruk", "a+b&c=d%41 é€😀", "  tepi  ", "%", "100%2", "x" * 256, "\u27e8sandi palsu\u27e9"],
)
def test_the_form_holds_a_word_that_stands_for_it(typed: str) -> None:
    response = post("/sealed/", {"a": "1", "passphrase": typed, "note": "catatan & lain"})
    ((word, revealed),) = SEEN
    assert revealed == typed.encode()
    assert typed not in word
    assert response.content.decode() == "catatan & lain"
    assert response["Connection"] == "close"
    # After the response the word opens nothing.
    assert bytes(secrecy.reveal(word)) == word.encode()


def test_an_empty_one_stays_empty_and_other_views_read_for_themselves() -> None:
    assert "Connection" not in post("/sealed/", {"passphrase": ""})
    assert SEEN == [("", b"")]
    post("/plain/", {"passphrase": "kopi tubruk"})
    assert SEEN == [("kopi tubruk", b"")]


def post_parts(fields: dict[str, object], **headers: str) -> HttpResponse:
    SEEN.clear()
    request = RequestFactory().post("/parts/", fields, headers=headers)
    request.META["SERVER_SOFTWARE"] = "Granian"
    with override_settings(ROOT_URLCONF=__name__):
        return passphrase_middleware(lambda request: parts(request))(request)


# What looks like a part, inside of a file: no part, and not touched.
TRAP = b'%PDF-1.4\r\n--x\r\nContent-Disposition: form-data; name="passphrase"\r\n\r\nbukan\r\n--x--\r\n'


@pytest.mark.parametrize("typed", ["kopi tubruk", 'a=b; name="x" é€😀\r\n--lagi', "x" * 300])
def test_a_part_of_a_body_is_taken_out_too(typed: str) -> None:
    file = SimpleUploadedFile("surat.pdf", TRAP)
    response = post_parts({"title": "Surat", "file": file, "passphrase": typed})
    ((word, revealed),) = SEEN
    assert (revealed, response.content, response["Title"]) == (typed.encode(), TRAP, "Surat")
    assert typed not in word
    assert bytes(secrecy.reveal(word)) == word.encode()
    assert response["Connection"] == "close"


def test_a_passphrase_in_the_header_is_taken_out_too() -> None:
    response = post_parts(
        {"title": "Surat", "file": SimpleUploadedFile("surat.pdf", TRAP)},
        **{"Satuklik-Passphrase": "kopi tubruk"},
    )
    ((word, revealed),) = SEEN
    assert (revealed, response.content) == (b"kopi tubruk", TRAP)
    assert "kopi" not in word


def test_a_text_is_overwritten_where_nobody_else_holds_it() -> None:
    text = "".join(["kopi ", "tubruk"])
    assert secrecy.octets(text) == b"kopi tubruk"
    other = text
    assert not secrecy.wipe_text(text)
    assert other == "kopi tubruk"
    del other
    assert secrecy.wipe_text(text)
    assert text == "\0" * 11
    assert secrecy.octets("kopi é".encode().decode("latin-1")) == "kopi é".encode()


def test_a_body_without_a_passphrase_or_without_an_end_is_left_to_its_reader() -> None:
    assert post_parts({"title": "Surat", "file": SimpleUploadedFile("a.pdf", b"")}).content == b""
    assert "Connection" not in post_parts(
        {"title": "", "file": SimpleUploadedFile("a.pdf", TRAP), "passphrase": ""}
    )
    for body in (
        b"",
        b"--b",
        b'--b\r\nContent-Disposition: form-data; name="passphrase"\r\n\r\nbocor',
        b"--b--\r\n",
    ):
        assert secrecy.part_value(body, b"b", "passphrase") is None


def test_bytes_are_overwritten_in_place() -> None:
    body = b"a=1&passphrase=" + bytes(bytearray(b"rahasia")) + b"&b=2"
    place = secrecy.form_value(body, "passphrase")
    assert place is not None
    secrecy.wipe_bytes(body, *place)
    assert body == b"a=1&passphrase=" + bytes(7) + b"&b=2"
    secret = bytearray(b"rahasia")
    word = secrecy.seal(secret)
    secrecy.forget(word)
    assert secret == bytearray(7)
