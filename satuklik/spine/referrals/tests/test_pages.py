"""What opens where: the one-tap link and its misuse, the desk, the rule's page, the public board."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from satuklik.base.agencies.actions import end_term
from satuklik.spine.messaging.queries import inbox
from satuklik.spine.referrals import actions
from satuklik.spine.referrals.models import Hop, Policy, Referral, ReferralEvent

PHONE = "Mozilla/5.0 (Linux; Android 10; SM-A107F) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36"
People = dict[str, Any]


@pytest.fixture
def asked(ask: Callable[..., Any], people: People) -> Callable[..., Any]:
    """Ask now: pages look at the clock."""
    return lambda **more: ask(now=timezone.now(), received_on=timezone.localdate(), **more)


@pytest.fixture
def strict() -> Client:
    """A browser without any cookie; CSRF is enforced."""
    return Client(enforce_csrf_checks=True, headers={"user-agent": PHONE})


def link_of(official: Any) -> str:
    found = re.search(r"(/t/[\w-]+/)", inbox(official.user).first().link)
    assert found
    return found[1]


def desk(official: Any) -> Client:
    client = Client()
    client.force_login(official.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_one_tap_without_login(asked: Any, people: People, strict: Client) -> None:
    referral = asked()
    link = link_of(people["staf"])
    page = strict.get(link)
    assert page.status_code == 200
    text = page.content.decode()
    assert "Sudah kami terima" in text
    assert "puskesmas yang buka 24 jam" in text
    assert "0812" not in text  # the question is not shown before somebody says that it arrived
    assert "Puskesmas mana saja" not in text
    assert page["X-Robots-Tag"].startswith("noindex")
    assert page["Referrer-Policy"] == "no-referrer"
    hop = Hop.objects.get()
    assert hop.opened_at is not None
    assert hop.acknowledged_at is None
    assert strict.post(link).status_code == 302
    referral.refresh_from_db()
    assert (referral.state, referral.acknowledged_by_id) == ("acknowledged", people["staf"].pk)
    text = strict.get(link).content.decode()
    assert "Puskesmas mana saja" in text
    assert "0812" not in text
    strict.post(link)  # tapped again
    assert referral.events.filter(kind="acknowledged").count() == 1
    done = strict.post(f"{link}jawab/", {"text": "Dua: Kisaran dan Air Joman."})
    assert done.status_code == 302
    referral.refresh_from_db()
    assert (referral.state, referral.answer) == ("answered", "Dua: Kisaran dan Air Joman.")
    assert "sudah dijawab" in strict.get(link).content.decode()
    assert strict.post(f"{link}jawab/", {"text": "Tiga"}).status_code == 302
    referral.refresh_from_db()
    assert referral.answer.startswith("Dua")


@pytest.mark.parametrize(
    "agent", ["WhatsApp/2.24.1 A", "TelegramBot (like TwitterBot)", "facebookexternalhit/1.1"]
)
def test_a_preview_opens_and_acknowledges_nothing(asked: Any, people: People, agent: str) -> None:
    asked()
    link = link_of(people["staf"])
    preview = Client(headers={"user-agent": agent})
    assert preview.get(link).status_code == 200
    assert preview.head(link).status_code == 200
    assert Client(headers={"user-agent": PHONE}).head(link).status_code == 200
    hop = Hop.objects.get()
    assert hop.opened_at is None
    assert hop.acknowledged_at is None
    assert Referral.objects.get().state == "open"


def test_links_are_kept_as_hashes_and_unguessable(asked: Any, people: People) -> None:
    asked()
    token = link_of(people["staf"])[3:-1]
    assert len(token) >= 24
    assert not Hop.objects.filter(token_sha256__contains=token).exists()
    for wrong in (token[:-1], token + "x", "a", "x" * 5_000, "%00", "../../etc", "\u202e", "'; DROP"):
        assert Client().get(f"/t/{wrong}/").status_code == 404
        assert Client().post(f"/t/{wrong}/").status_code == 404
    assert Client().post(f"/t/{token[:-1]}/jawab/", {"text": "x"}).status_code == 404


def test_links_end(asked: Any, people: People, strict: Client) -> None:
    referral = asked()
    link = link_of(people["staf"])
    Hop.objects.update(token_expires_at=timezone.now() - timedelta(seconds=1))
    assert strict.get(link).status_code == 410
    assert strict.post(link).status_code == 410
    Hop.objects.update(token_expires_at=timezone.now() + timedelta(days=1))
    assert strict.get(link).status_code == 200
    actions.recall(referral, by=people["ppid"], reason="Pemohon mencabut.", now=timezone.now())
    assert strict.post(link).status_code == 410


def test_who_left_the_office_answers_no_more(asked: Any, people: People, strict: Client) -> None:
    asked()
    link = link_of(people["staf"])
    end_term(people["staf"], timezone.localdate() - timedelta(days=1))
    page = strict.post(link)
    assert page.status_code == 410
    assert "Masuklah ke meja kerja" in page.content.decode()
    assert Referral.objects.get().state == "open"


def test_confidential_questions_stay_at_the_desk(asked: Any, people: People, strict: Client) -> None:
    asked(confidential=True)
    link = link_of(people["staf"])
    strict.post(link)
    text = strict.get(link).content.decode()
    assert "Puskesmas mana saja" not in text
    assert "<textarea" not in text
    strict.post(f"{link}jawab/", {"text": "Dua"})
    assert Referral.objects.get().state == "acknowledged"


@pytest.mark.parametrize("text", ["", " ", "\0", "x" * 4_001])
def test_an_answer_that_cannot_be_kept_is_said(asked: Any, people: People, strict: Client, text: str) -> None:
    asked()
    link = link_of(people["staf"])
    strict.post(link)
    assert strict.post(f"{link}jawab/", {"text": text}).status_code == 422


def test_the_desk_from_question_to_answer(asked: Any, people: People) -> None:
    referral = asked()
    staf = desk(people["staf"])
    assert referral.title in staf.get("/meja/penerusan/").content.decode()
    page = f"/meja/penerusan/{referral.reference}/"
    text = staf.get(page).content.decode()
    assert "Mengapa tanggal ini?" in text
    assert "0812-0000-0001" in text  # at the desk the question is whole
    assert Hop.objects.get().opened_at is not None
    assert staf.post(f"{page}terima/").status_code == 302
    assert staf.post(f"{page}jawab/", {"text": ""}).status_code == 422
    bad = SimpleUploadedFile("../../a\u202efdp.exe", b"MZ" * 100, content_type="application/pdf")
    refused = staf.post(f"{page}jawab/", {"text": "Dua yang dijaga.", "files": bad})
    assert refused.status_code == 422
    assert "Dua yang dijaga." in refused.content.decode()  # nothing typed is lost
    good = SimpleUploadedFile("daftar.pdf", b"%PDF-1.7\n%%EOF", content_type="text/html")
    assert staf.post(f"{page}jawab/", {"text": "Dua.", "files": good}).status_code == 302
    referral.refresh_from_db()
    assert referral.state == "answered"
    file = staf.get(f"{page}berkas/{referral.answer_files[0]}/")
    assert file["Content-Type"] == "application/pdf"
    assert file["Content-Disposition"].startswith("attachment")
    assert staf.get(f"{page}berkas/{'0' * 64}/").status_code == 404
    assert staf.post(f"{page}jawab/", {"text": "Tiga."}).status_code == 409


def test_what_an_official_may_not_see_is_not_there(asked: Any, people: People) -> None:
    referral = asked()
    page = f"/meja/penerusan/{referral.reference}/"
    stranger = desk(people["staf_pupr"])
    assert stranger.get(page).status_code == 404
    for act in ("terima", "jawab", "kembalikan", "tarik"):
        assert stranger.post(f"{page}{act}/", {"text": "x", "reason": "x"}).status_code == 404
    assert Client().get(page).status_code == 302
    assert stranger.get("/meja/penerusan/diam/").status_code == 404
    assert stranger.get("/meja/penerusan/aturan/").status_code == 404
    assert stranger.get("/meja/penerusan/narahubung/").status_code == 404
    assert desk(people["ppid"]).get(page).status_code == 200
    assert desk(people["petugas"]).get(page).status_code == 200


def test_given_back_with_a_suggestion(asked: Any, people: People) -> None:
    referral = asked()
    page = f"/meja/penerusan/{referral.reference}/"
    staf = desk(people["staf"])
    assert staf.post(f"{page}kembalikan/", {"reason": ""}).status_code == 422
    assert (
        staf.post(f"{page}kembalikan/", {"reason": "Ini urusan PUPR.", "suggested": "tidak-ada"}).status_code
        == 422
    )
    assert (
        staf.post(f"{page}kembalikan/", {"reason": "Ini urusan PUPR.", "suggested": "pupr"}).status_code
        == 302
    )
    referral.refresh_from_db()
    assert (referral.state, referral.suggested.code) == ("given_back", "pupr")


def test_ppid_utama_sees_the_silent_and_answers_for_them(asked: Any, people: People) -> None:
    referral = asked()
    Referral.objects.update(escalated=True)
    ppid = desk(people["ppid"])
    assert referral.title in ppid.get("/meja/penerusan/diam/").content.decode()
    page = f"/meja/penerusan/{referral.reference}/"
    assert "Jawab atas nama instansi" in ppid.get(page).content.decode()
    early = ppid.post(f"{page}jawab/", {"text": "Dua."})
    assert early.status_code == 409
    assert "alasan" in early.content.decode()
    assert ppid.post(f"{page}jawab/", {"text": "Dua.", "reason": "Ada di laporan."}).status_code == 302
    assert ReferralEvent.objects.filter(kind="on_behalf").count() == 1


def test_the_rule_is_set_by_ppid_utama_from_a_date_on(asked: Any, people: People) -> None:
    ppid = desk(people["ppid"])
    page = ppid.get("/meja/penerusan/aturan/")
    form = page.context["form"]
    given = {name: str(form[name].value()) for name in form.fields}
    given |= {"source": "Keputusan PPID Utama 1/2026", "answer_days": "4", "deputy_days": "2", "head_days": "3",
              "board_days": "4", "opens": "07:30", "closes": "16:00", "office_hours_only": "on",
              "acknowledged_pauses": "on", "valid_from": timezone.localdate().isoformat()}  # fmt: skip
    assert ppid.post("/meja/penerusan/aturan/", given | {"deputy_days": "9"}).status_code == 422
    assert ppid.post("/meja/penerusan/aturan/", given | {"valid_from": "2020-01-01"}).status_code == 422
    assert ppid.post("/meja/penerusan/aturan/", given | {"contact_roles": "raja"}).status_code == 422
    given["contact_roles"] = "counter, staff"
    assert ppid.post("/meja/penerusan/aturan/", given).status_code == 302
    assert Policy.objects.get().answer_days == 4
    assert Policy.objects.get().hops[0]["roles"] == ["counter", "staff"]
    assert asked().term.days == 4


def test_a_head_names_the_contact(people: People) -> None:
    kadis = desk(people["kadis"])
    assert kadis.get("/meja/penerusan/narahubung/").status_code == 200
    assert kadis.get("/meja/penerusan/narahubung/?instansi=pupr").status_code == 404
    stranger = {"contact": str(people["staf_pupr"].pk), "deputy": ""}
    assert kadis.post("/meja/penerusan/narahubung/", stranger).status_code == 422
    own = {"contact": str(people["staf_lain"].pk), "deputy": ""}
    assert kadis.post("/meja/penerusan/narahubung/", own).status_code == 302


def test_the_public_board_is_fair_and_names_nobody(asked: Any, people: People, client: Client) -> None:
    for n in range(3):
        referral = asked(subject=f"uji:{n}")
        actions.answer(referral, text="Dua.", by=people["staf"], now=timezone.now())
    asked(subject="uji:9", agency=people["kadis_pupr"].agency)
    text = client.get("/papan-jawaban/").content.decode()
    assert "Dinas Kesehatan" in text
    assert "tanpa peringkat" in text
    assert "Rekaan" not in text
    rows = {row["agency"]: row for row in client.get("/papan-jawaban.json").json()["agencies"]}
    assert (rows["dinkes"]["rank"], rows["dinkes"]["asked"], rows["dinkes"]["answered"]) == (1, 3, 3)
    assert rows["dinkes"]["median_working_days_to_answer"] == 0
    assert rows["pupr"]["rank"] is None
    for query in (
        "?dari=x&sampai=\u0000",
        "?dari=9999-12-31",
        "?dari=2026-12-01&sampai=2026-01-01",
        "?dari=0001-01-01",
    ):
        assert client.get(f"/papan-jawaban/{query}").status_code == 200


def test_figures_and_the_rail(asked: Any, people: People) -> None:
    from satuklik.base.figures.registry import figures

    asked()
    today = timezone.localdate()
    found = {one.name: one.value for source, many in figures(today, today, timezone.now()) for one in many
             if source.name == "referrals"}  # fmt: skip
    assert found["referrals.asked"] == 1
    assert found["referrals.days_to_answer"] is None
    text = desk(people["kadis"]).get("/meja/penerusan/").content.decode()
    assert "Pertanyaan untuk dinas Anda" in text


def test_the_include_shows_hops_with_proof(asked: Any, people: People) -> None:
    from django.template.loader import render_to_string

    from satuklik.spine.referrals import queries

    asked()
    text = render_to_string("referrals/_of_subject.html", {"referrals": queries.of_subject("uji:1")})
    assert people["staf"].name in text
    assert "Belum dikonfirmasi." in text


def test_a_date_is_explained_in_the_link(asked: Any, people: People, strict: Client) -> None:
    asked(urgent_until=timezone.now() + timedelta(hours=2))
    text = strict.get(link_of(people["staf"])).content.decode()
    assert "WIB" in text
