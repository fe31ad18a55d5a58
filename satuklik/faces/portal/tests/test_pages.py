"""The portal's pages: who may open them, in which language, what the click does, what stays escaped."""

import re
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone

from satuklik.faces.portal import fragments

DOMICILE = "/layanan/surat-keterangan-domisili/"
BUSINESS = "/layanan/surat-keterangan-usaha/"
PUBLIC = ["/", "/cari/?q=domisili", "/cari/", "/layanan/", "/layanan/?kategori=surat-desa", DOMICILE, "/data-pribadi/",
          "/aksesibilitas/", "/bantuan/", "/kepuasan/"]  # fmt: skip
OWN = [DOMICILE + "ajukan/", "/surat/", "/urusan/", "/saya/", "/saya/data/", "/saya/akses/", "/pesan/"]
EVIL = "<script>alert('x')</script>\"'; drop table cases_case; {{ 7|add:7 }} {% debug %}"
BUDGET = 60_000  # bytes over the wire: page, style sheet and script, compressed


@pytest.fixture(autouse=True)
def fresh(services):
    """Fragments of another test's services must not be shown."""
    for kept in (fragments._shelves, fragments._home_rest, fragments._service_body, fragments.search_field):
        kept.cache_clear()


@pytest.fixture
def sari_client(client, sari):
    client.force_login(sari.user)
    return client


def text_of(page):
    return page.content.decode()


@pytest.mark.parametrize("path", PUBLIC)
@pytest.mark.parametrize(("language", "word"), [("id", "Langsung ke isi"), ("en", "Skip to content")])
def test_public_pages_need_no_login(client, path, language, word):
    page = client.get(path, headers={"accept-language": language})
    assert page.status_code == 200
    assert f'<html lang="{language}"' in text_of(page)
    if language == "id":
        assert word in text_of(page)


def test_every_tile_and_link_of_the_home_page_leads_somewhere(client):
    """A tile whose address was the name of a page led nowhere."""
    hrefs = set(re.findall(r'href="([^"#]*)', text_of(client.get("/"))))
    assert {"/ppid/", "/pengaduan/", "/ide/", "/pers/"} <= hrefs
    pages = sorted(href for href in hrefs if href and not href.startswith("/static/"))
    assert [page for page in pages if client.get(page).status_code not in (200, 302)] == []


@pytest.mark.parametrize("path", OWN)
def test_own_pages_lead_a_stranger_to_the_login(client, path):
    page = client.get(path)
    assert page.status_code == 302
    assert page["Location"].startswith("/masuk/?next=")


@pytest.mark.parametrize("path", [*PUBLIC, *OWN])
def test_own_pages_open_for_a_resident(sari_client, path):
    assert sari_client.get(path).status_code == 200


@pytest.mark.parametrize("path", [p for p in OWN if p not in ("/saya/", "/pesan/")])
def test_an_official_has_no_resident_pages(client, operator_desa, path):
    client.force_login(operator_desa.user)
    assert client.get(path).status_code == 403


def test_who_is_not_proven_is_told_before_filling_anything(client, make_person):
    budi = make_person("Budi Santoso", level=1)
    client.force_login(budi.user)
    page = text_of(client.get(DOMICILE))
    assert "buktikan identitas Anda" in page
    assert DOMICILE + "ajukan/" not in page
    assert client.get(DOMICILE + "ajukan/").status_code == 403
    assert client.post(DOMICILE + "ajukan/", {"q-purpose": "x"}).status_code == 403


@pytest.mark.parametrize("path", ["/", DOMICILE, DOMICILE + "ajukan/", BUSINESS + "ajukan/"])
def test_first_page_is_light(sari_client, path):
    size = len(brotli.compress(sari_client.get(path).content, quality=5))
    for file in ("ui/satuklik.css", "ui/satuklik.js"):
        size += len(brotli.compress(Path(finders.find(file)).read_bytes(), quality=11))
    assert size <= BUDGET / 2, "half the budget is kept for pictures and for what comes"


@pytest.mark.parametrize("path", ["/", DOMICILE])
def test_a_page_asks_the_database_twice(sari_client, django_assert_max_num_queries, path):
    """Once for session and user, once for everything personal; the third is the catalogue's stamp, now and then."""
    sari_client.get(path)
    with django_assert_max_num_queries(3):
        sari_client.get(path)


def click(client, path=DOMICILE, key="k1", **answers):
    answers = answers or {"q-purpose": first_choice(client, path)}
    return client.post(path + "ajukan/", {"key": key, **answers})


def first_choice(client, path):
    page = text_of(client.get(path + "ajukan/"))
    before = page.index('name="q-purpose"')
    return page[page.index('value="', before) + 7 :].split('"', 1)[0]


def test_one_click_one_letter(sari_client, pak_lurah):
    answer = click(sari_client)
    assert answer.status_code == 303
    done = sari_client.get(answer["Location"])
    page = text_of(done)
    assert done.status_code == 200
    assert "Surat Anda sudah terbit" in page
    assert "<svg xmlns" in page  # the QR code
    reference = answer["Location"].split("/")[2]
    pdf = sari_client.get(f"/urusan/{reference}/surat.pdf")
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")
    assert "no-store" in pdf["Cache-Control"]
    assert sari_client.get(f"/urusan/{reference}/surat.png").content.startswith(b"\x89PNG")
    again = click(sari_client)  # a double tap
    assert again["Location"] == answer["Location"]
    for path in ("/", "/surat/", "/urusan/", "/pesan/", f"/urusan/{reference}/"):
        assert sari_client.get(path).status_code == 200
    assert "sudah terbit" in text_of(sari_client.get("/pesan/"))


def test_nobody_elses_matter_or_letter(sari_client, pak_lurah, rudi):
    reference = click(sari_client)["Location"].split("/")[2]
    other = Client()
    other.force_login(rudi.user)
    for path in ("", "selesai/", "surat.pdf", "surat.png", "lengkapi/"):
        assert other.get(f"/urusan/{reference}/{path}").status_code == 404
    assert other.post(f"/urusan/{reference}/batalkan/").status_code == 404
    assert other.get(f"/survei/{reference}/").status_code == 404


def test_a_missing_answer_is_told_with_422_and_what_was_typed_stays(sari_client):
    page = sari_client.post(BUSINESS + "ajukan/", {"key": "k", "q-business_name": EVIL, "q-since": "besok"})
    body = text_of(page)
    assert page.status_code == 422
    assert "govuk-error-summary" in body
    assert "<script>alert" not in body
    assert "&lt;script&gt;alert(&#x27;x&#x27;)" in body
    assert "{{ 7|add:7 }}" in body


@pytest.mark.parametrize("path", ["/cari/?q=", "/layanan/?kategori=", "/urusan/", "/layanan/"])
def test_what_is_typed_into_addresses_stays_text(sari_client, path):
    from urllib.parse import quote

    page = sari_client.get(path + quote(EVIL, safe=""))
    assert page.status_code in (200, 404)
    assert "<script>alert" not in text_of(page)


@pytest.mark.parametrize("query", ["buka warung", "domisli", "police record"])
def test_search_finds(client, query):
    assert 'class="sk-row"' in text_of(client.get("/cari/", {"q": query}))


def test_search_that_finds_nothing_helps_on(client):
    page = text_of(client.get("/cari/", {"q": "qwertzuiop"}))
    assert "Belum ada layanan untuk “qwertzuiop”" in page
    assert "/layanan/?kategori=" in page


def test_a_form_without_its_token_is_refused_in_plain_words(sari):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(sari.user)
    page = strict.post(DOMICILE + "ajukan/", {"q-purpose": "x"})
    assert page.status_code == 403
    assert "terlalu lama terbuka" in text_of(page)


def test_the_survey_takes_two_taps_and_then_thanks(sari_client, pak_lurah):
    reference = click(sari_client)["Location"].split("/")[2]
    for code in ("U2", "U3"):
        assert f'name="{code}"' in text_of(sari_client.get(f"/urusan/{reference}/selesai/"))
        answer = sari_client.post(f"/survei/{reference}/", {"tap": "1", code: "4"})
        assert answer.status_code == 303
    assert "Terima kasih atas penilaian Anda" in text_of(sari_client.get(f"/urusan/{reference}/selesai/"))
    assert sari_client.post(f"/survei/{reference}/", {"U1": "9"}).status_code == 422
    assert sari_client.post(f"/survei/{reference}/", {}).status_code == 422
    assert sari_client.post(f"/survei/{reference}/", {"U1": "3", "comment": EVIL}).status_code == 303
    page = text_of(sari_client.get(f"/survei/{reference}/"))
    assert "<script>alert" not in page
    figures = text_of(sari_client.get("/kepuasan/"))
    assert "Mutu" in figures


def test_who_looked_is_shown_with_reason(sari_client, sari, operator_desa):
    from satuklik.spine.population.models import AccessLog

    AccessLog.objects.create(
        person=sari, official=operator_desa, at=timezone.now(), reason=f"Memeriksa {EVIL}", fields=[]
    )
    page = text_of(sari_client.get("/saya/akses/"))
    assert operator_desa.name in page
    assert "<script>alert" not in page


def test_identity_numbers_are_masked_on_every_page(sari_client, sari):
    for path in ("/saya/data/", DOMICILE + "ajukan/"):
        assert sari.nik not in text_of(sari_client.get(path))


def test_no_page_carries_inline_script_or_style(sari_client):
    for path in [*PUBLIC, *OWN]:
        page = text_of(sari_client.get(path))
        assert "<script>" not in page
        assert " style=" not in page
        assert "onclick=" not in page


def test_a_returned_matter_is_mended(sari_client, sari, pak_lurah):
    from satuklik.spine.cases.actions import decide

    choice = {f"q-{q.id}": _answer(q) for q in _questions("surat-keterangan-usaha")}
    answer = sari_client.post(BUSINESS + "ajukan/", {"key": "m", **choice})
    assert answer.status_code == 303, text_of(answer)
    reference = answer["Location"].split("/")[2]
    decide(
        reference, official=pak_lurah, outcome="return", reason=f"Lengkapi alamat {EVIL}", now=timezone.now()
    )
    page = text_of(sari_client.get(f"/urusan/{reference}/"))
    assert "Lengkapi sekarang" in page
    assert "<script>alert" not in page
    form = text_of(sari_client.get(f"/urusan/{reference}/lengkapi/"))
    assert "Warung Bu Sari" in form
    assert sari_client.post(f"/urusan/{reference}/lengkapi/", {}).status_code == 422
    assert sari_client.post(f"/urusan/{reference}/lengkapi/", choice).status_code == 303
    assert sari_client.post(f"/urusan/{reference}/batalkan/").status_code == 303
    assert "Dibatalkan" in text_of(sari_client.get(f"/urusan/{reference}/"))


def _questions(slug):
    from satuklik.spine.cases import queries

    return [q for q in queries.service(slug).definition.question if q.required]


def _answer(question):
    return {
        "choice": question.choices[0].value if question.choices else "",
        "date": "2024-01-02", "boolean": "true", "integer": "3", "money": "1000000",
    }.get(question.type, "Warung Bu Sari")  # fmt: skip


def test_every_service_has_its_page_and_its_picture(client):
    from satuklik.spine.cases import queries

    for service in queries.catalogue():
        page = text_of(client.get(f"/layanan/{service.slug}/"))
        assert page.count("govuk-details__summary-text") == 14  # UU 25/2009 ps. 21
        picture = client.get(f"/layanan/{service.slug}/contoh-{service.version}.webp")
        if service.definition.letter is None:
            assert picture.status_code == 404
        else:
            assert len(picture.content) < 60_000
            assert "immutable" in picture["Cache-Control"]


def test_a_comment_with_a_nul_is_kept_without_it(sari_client, pak_lurah):
    from satuklik.systems.services.models import SurveyResponse

    reference = click(sari_client)["Location"].split("/")[2]
    assert sari_client.post(f"/survei/{reference}/", {"U1": "2", "comment": "baik\x00"}).status_code == 303
    assert SurveyResponse.objects.get().comment == "baik"


def test_a_used_button_never_swallows_a_mended_answer(sari_client, pak_lurah):
    first = click(sari_client, key="k")
    page = text_of(sari_client.get(DOMICILE + "ajukan/"))
    values = [
        part.split('"', 1)[0]
        for part in page.split('name="q-purpose"')[1:]
        for part in [part.split('value="')[1]]
    ]
    again = click(sari_client, key="k", **{"q-purpose": values[1]})
    assert again.status_code == 422
    assert "sudah dipakai untuk permohonan lain" in text_of(again)
    key = text_of(again).split('name="key" value="')[1].split('"', 1)[0]
    assert key != "k"
    other = click(sari_client, key=key, **{"q-purpose": values[1]})
    assert other.status_code == 303
    assert other["Location"] != first["Location"]


def test_who_moved_away_is_told(sari_client, sari, pak_lurah):
    purpose = first_choice(sari_client, DOMICILE)
    type(sari).objects.filter(pk=sari.pk).update(status="moved")
    answer = click(sari_client, **{"q-purpose": purpose})
    assert answer.status_code == 422
    assert "sudah pindah atau meninggal" in text_of(answer)
