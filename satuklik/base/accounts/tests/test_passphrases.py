"""What is typed as a passphrase reaches the vault and nobody else."""

import pytest
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


urlpatterns = [path("sealed/", sealed), path("plain/", plain)]


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
