"""The story that the project began with: eight chats wait, one agency is silent, a journalist has a deadline."""

import re
import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import DESK, Open, see
from tests.site import Site
from tests.test_browser import official_login

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("site")]

SCHOOLS = "Selamat pagi, saya mohon salinan data jumlah sekolah rusak berat tahun 2025 dari Dinas Pendidikan, untuk skripsi."
PARKING = (
    "Kami dari Kabar Rekaan, mohon konfirmasi dugaan pungutan liar parkir di pasar dan data pedagang serta ketertiban. "
    "Tenggat tayang pukul 16.00."
)
BRIBE = "Tolong rahasiakan nama saya. Oknum di kantor perizinan minta uang pelicin 500 ribu supaya izin usaha saya keluar."
CHATS = {
    "Yanti Rekaan": SCHOOLS,
    "Poltak Rekaan": "lampu jalan di jln Diponegoro Kisaran mati udah 2 minggu, gelap kali pak",
    "Rosa Rekaan": PARKING,
    "Udin Rekaan": "Usul pak, buatlah taman baca di tiap kelurahan supaya anak anak rajin membaca",
    "Dame Rekaan": "Saya mengajukan keberatan karena permintaan informasi saya tidak ditanggapi sampai sekarang",
    "Tumin Rekaan": "Kak apa syarat urus KTP hilang ya?",
    "Butet Rekaan": "Assalamualaikum",
    "Rahasia Rekaan": BRIBE,
}
# Each message comes by the hook, signed; every call is repeated, and the order is not that of writing.
WRITE = """
import json
from datetime import timedelta
from django.conf import settings
from django.utils import timezone
from satuklik.run import demo_messaging
from satuklik.spine.messaging.models import TwinPerson
from satuklik.spine.messaging.twins import meta, play
demo_messaging.use_twins()
now, calls = timezone.now(), []
for number, (name, text) in enumerate({chats!r}.items()):
    person, _ = TwinPerson.objects.get_or_create(channel="whatsapp", address=f"62840077{{number:05d}}", defaults={{"name": name}})
    TwinPerson.objects.filter(pk=person.pk).update(wrote_at=now)
    value = meta.text_value(person.address, name, text, now - timedelta(minutes=9 - number), wamid=f"wamid.pagi.{{number}}",
                            user_id=f"ID.{{person.address}}")
    calls.append(meta.call(settings.WHATSAPP_PHONE_NUMBER_ID, value))
for body in [*reversed(calls), *calls]:
    play.post(body)
print(json.dumps(len(calls)))
"""
FOUND = """
import json
from satuklik.spine.intake.models import Suggestion
from satuklik.spine.messaging.models import Message
rows = Message.objects.filter(external_id__startswith="wamid.pagi.").select_related("conversation").order_by("external_id")
kinds = {{}}
for suggestion in Suggestion.objects.filter(message__in=rows).order_by("message", "-probability"):
    kinds.setdefault(suggestion.message_id, suggestion.likely)  # also where triage is not sure
print(json.dumps([[row.conversation.name, row.conversation_id, kinds.get(row.pk, "")] for row in rows]))
"""
# Working days pass for the questions; everything else stays where it is.
SILENT_DAYS = """
import json
from datetime import timedelta
from django.utils import timezone
from satuklik.spine.referrals import actions, queries
subject, now = {subject!r}, timezone.now()
posts = []
for half_day in range(1, 24):
    actions.escalate(now + timedelta(hours=12 * half_day))
    view = queries.of_subject(subject)[0]
    posts.append([hop.post for hop in view.hops])
print(json.dumps(posts))
"""
# The person answers in the chat, by the hook as always.
REPLY = """
import json
from datetime import timedelta
from django.conf import settings
from django.utils import timezone
from satuklik.run import demo_messaging
from satuklik.spine.messaging.models import TwinPerson
from satuklik.spine.messaging.twins import meta, play
demo_messaging.use_twins()
person = TwinPerson.objects.get(name={name!r})
value = meta.text_value(person.address, person.name, {text!r}, timezone.now() + timedelta(seconds=1), wamid="wamid.pagi.jawab",
                        user_id=f"ID.{{person.address}}")
play.post(meta.call(settings.WHATSAPP_PHONE_NUMBER_ID, value))
print(json.dumps(True))
"""
TOLD = """
import json
from satuklik.spine.messaging.models import TwinLine
lines = TwinLine.objects.filter(person__name={name!r}, mine=False).order_by("pk")
print(json.dumps([line.text for line in lines]))
"""
TABLES = """
import json
from django.db import connection
found = []
with connection.cursor() as cursor:
    cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_name LIKE 'complaints_%'")
    for (table,) in cursor.fetchall():
        cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', ["%Rahasia Rekaan%"])
        if cursor.fetchone() != (0,):
            found.append(table)
print(json.dumps(found))
"""


def waiting_for(ask: Any, seconds: float = 40) -> Any:
    """What `ask` gives as soon as it gives something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := ask():
            return found
        time.sleep(1)
    raise AssertionError("It did not happen in time.")


def told(site: Site, name: str) -> list[str]:
    """What reached this person's telephone."""
    lines: list[str] = site.python(TOLD.format(name=name))
    return lines


def open_act(page: Page, label: str) -> Any:
    """Open the act of this name and give its form."""
    act = page.locator("details", has=page.get_by_text(label, exact=True)).first
    if act.get_attribute("open") is None:
        act.locator("summary").first.click()
    return act.locator("form").first


def test_a_morning_of_the_information_officer(site: Site, opened: Open) -> None:
    assert site.python(WRITE.format(chats=CHATS)) == len(CHATS)

    def arrived() -> Any:
        rows = site.python(FOUND.format())
        return rows if len(rows) == len(CHATS) and sum(1 for row in rows if row[2]) >= 6 else None

    rows = waiting_for(arrived)
    assert [row[0] for row in rows] == list(CHATS)  # each once, whatever came twice and in disorder
    assert len({row[1] for row in rows}) == len(CHATS)
    numbers = {name: number for name, number, _kind in rows}
    kinds = {name: kind for name, _number, kind in rows}
    assert (kinds["Yanti Rekaan"], kinds["Poltak Rekaan"]) == ("information", "complaint")
    assert (kinds["Rosa Rekaan"], kinds["Udin Rekaan"]) == ("press", "idea")

    page = opened(DESK).new_page()
    official_login(page, site, "ppid")
    page.goto(f"{site.url}/meja/pesan/")
    for name in CHATS:
        if name != "Rahasia Rekaan":
            expect(page.get_by_text(name).first).to_be_visible()
    see(page)
    subject = information(page, site, numbers["Yanti Rekaan"])
    explained(page, site, numbers["Yanti Rekaan"], subject)
    on_behalf(page, site, subject)
    letter(page, site, subject)
    press(page, site, opened, numbers["Rosa Rekaan"])
    secret(page, site, opened, numbers["Rahasia Rekaan"])


def information(page: Page, site: Site, conversation: int) -> str:
    """The chat becomes a registered request, complete. Returns its reference."""
    page.goto(f"{site.url}/meja/pesan/{conversation}/")
    page.get_by_role("button", name=re.compile("Permintaan informasi → ")).first.click()
    reference = page.locator(".ib-outcomes a", has_text=re.compile(r"^PI-")).first.inner_text()
    assert any("/PPID/" in line for line in waiting_for(lambda: told(site, "Yanti Rekaan")))
    page.goto(f"{site.url}/meja/ppid/permohonan/{reference}/")
    see(page)
    page.get_by_role("button", name="Nyatakan lengkap").click()
    return reference


def explained(page: Page, site: Site, conversation: int, reference: str) -> None:
    """A question goes out, the reply comes in the chat and is taken as the answer by one click; then it is forwarded."""
    form = open_act(page, "Tanyakan kepada pemohon")
    form.locator("textarea[name=text]").fill("Sekolah dasar saja, atau semua jenjang?")
    form.get_by_role("button", name="Kirim pertanyaan").click()
    assert site.python(REPLY.format(name="Yanti Rekaan", text="Semua jenjang, Pak."))

    def suggested() -> bool:
        page.goto(f"{site.url}/meja/pesan/{conversation}/")
        return page.get_by_role("button", name="Catat sebagai jawaban").count() == 1

    waiting_for(suggested)
    see(page)
    page.get_by_role("button", name="Catat sebagai jawaban").click()
    expect(page.locator("main")).to_contain_text("sudah kami catat")
    page.goto(f"{site.url}/meja/ppid/permohonan/{reference}/")
    expect(page.locator("main")).to_contain_text("Semua jenjang, Pak.")
    form = open_act(page, "Teruskan ke PPID Pelaksana")
    form.locator("select[name=agency]").select_option(label="Dinas Pendidikan")
    form.locator("textarea[name=question]").fill("Mohon data sekolah rusak berat 2025.")
    form.get_by_role("button", name="Teruskan").click()
    expect(page.locator("main")).to_contain_text("diteruskan")  # and the next request opens by itself


def on_behalf(page: Page, site: Site, reference: str) -> None:
    """The agency says nothing: deputy, head, Sekda are asked by themselves; then PPID Utama answers for it."""
    posts = site.python(SILENT_DAYS.format(subject=f"ppid:{reference}"))
    assert posts[0][:1] == ["contact"]
    assert posts[-1] == ["contact", "deputy", "head", "board"]
    page.goto(f"{site.url}/meja/penerusan/diam/")
    expect(page.locator("main")).to_contain_text("Disdik")
    page.goto(f"{site.url}/meja/ppid/permohonan/{reference}/")
    page.locator('main a[href*="/meja/penerusan/PN-"]').first.click()
    expect(page.locator("main")).to_contain_text("Diam")
    see(page)
    page.locator("textarea[name=text]").fill("Sekolah rusak berat tahun 2025: 31 ruang kelas di 12 sekolah.")
    page.get_by_role("button", name="Kirim jawaban instansi").click()
    expect(page.locator("main")).to_contain_text("atas nama instansi")


def letter(page: Page, site: Site, reference: str) -> None:
    """Decided, signed with the officer's own key, delivered to the telephone that asked."""
    page.goto(f"{site.url}/meja/ppid/permohonan/{reference}/")
    expect(page.locator("main")).to_contain_text("31 ruang kelas")
    form = open_act(page, "Putuskan")
    form.locator("input[name=outcome]").first.check(force=True)
    form.locator("textarea[name=answer]").fill(
        "Sekolah rusak berat tahun 2025: 31 ruang kelas di 12 sekolah."
    )
    form.get_by_role("button", name="Susun surat").click()
    expect(page.locator(".govuk-error-summary")).to_have_count(0)
    page.goto(f"{site.url}/meja/ppid/permohonan/{reference}/")
    page.locator('main a[href*="/meja/ppid/surat/"]').first.click()
    see(page)
    page.locator("input[type=password]").first.fill(site.accounts["ppid"]["passphrase"])
    page.locator("form:has(input[type=password]) button").first.click()
    page.goto(f"{site.url}/meja/ppid/permohonan/{reference}/")
    expect(page.locator("main")).not_to_contain_text("Menunggu tanda tangan")
    waiting_for(lambda: any("/ppid/permohonan/" in line for line in told(site, "Yanti Rekaan")))
    see(page)


def enquiry(page: Page, site: Site, conversation: int) -> str:
    """The chat becomes a journalist's question."""
    page.goto(f"{site.url}/meja/pesan/{conversation}/")
    page.get_by_text("Lengkapi Pertanyaan wartawan").click()
    page.locator("[name=tanya-press-outlet]").fill("Kabar Rekaan")
    page.locator("#ib-make").get_by_role("button", name="Buat").click()
    return page.locator(".ib-outcomes a", has_text=re.compile(r"^PR-")).first.inner_text()


def press(page: Page, site: Site, opened: Open, conversation: int) -> None:
    """One chat line, facts from three agencies, a statement that somebody else approves, within the clock."""
    reference = enquiry(page, site, conversation)
    page.goto(f"{site.url}/meja/pers/{reference}/")
    see(page)
    page.get_by_role("button", name="Saya tangani").click()
    form = page.locator('form[action$="/fakta/"]')
    form.locator("select[name=agencies]").select_option(
        label=["Dinas Perhubungan", "Dinas Lingkungan Hidup", "Satuan Polisi Pamong Praja"]
    )
    form.locator("textarea[name=question]").fill("Apa yang sudah diketahui dan dilakukan?")
    form.locator("button").last.click()
    for number, answer in enumerate(("Tarif resmi Rp2.000.", "Ada 214 pedagang.", "Dua petugas ditegur.")):
        page.goto(f"{site.url}/meja/pers/{reference}/")
        page.locator('main a[href*="/meja/penerusan/PN-"]').nth(number).click()
        page.locator("textarea[name=text]").fill(answer)
        page.locator("#id_reason").fill("Instansi menyampaikannya lewat telepon.")
        page.get_by_role("button", name="Kirim jawaban instansi").click()
    page.goto(f"{site.url}/meja/pers/{reference}/")
    expect(page.locator("main")).to_contain_text("Ada 214 pedagang.")
    form = page.locator('form[action$="/pernyataan/"]').first
    form.locator("textarea[name=text]").fill("Tarif parkir resmi Rp2.000. Dua petugas sudah ditegur.")
    form.locator("input[name=spokesperson]").fill("Kepala Dinas Perhubungan")
    form.get_by_role("button", name=re.compile("Ajukan")).click()
    other = opened(DESK).new_page()
    official_login(other, site, "kadis_kominfo")
    other.goto(f"{site.url}/meja/pers/{reference}/")
    see(other)
    other.locator('form[action$="/setujui/"] button').first.click()
    page.goto(f"{site.url}/meja/pers/{reference}/")
    page.locator('form[action$="/kirim/"] button').first.click()
    waiting_for(lambda: any("Dua petugas sudah ditegur" in line for line in told(site, "Rosa Rekaan")))
    expect(page.locator("main")).to_contain_text("Terkirim")


def secret(page: Page, site: Site, opened: Open, conversation: int) -> None:
    """The report is handled, the reporter is not known: not to the administrator, not in the tables."""
    page.goto(f"{site.url}/meja/pesan/")
    expect(page.locator("main")).not_to_contain_text("Rahasia Rekaan")
    page.goto(f"{site.url}/meja/pesan/{conversation}/")
    expect(page.locator("main")).not_to_contain_text("Rahasia Rekaan")
    expect(page.get_by_role("button", name=re.compile("Buka selama"))).to_have_count(
        0
    )  # not this officer's right
    see(page)
    page.get_by_role("button", name=re.compile("^Pengaduan rahasia")).click()
    reference = page.locator(".ib-outcomes a", has_text=re.compile(r"^PD-")).first.inner_text()
    assert site.python(TABLES) == []
    admin = opened(DESK).new_page()
    official_login(admin, site, "admin")
    for address in (f"/meja/pesan/{conversation}/", f"/meja/pengaduan/{reference}/"):
        answer = admin.goto(f"{site.url}{address}")
        assert answer is not None
        assert answer.status in (403, 404)
        assert "Rahasia Rekaan" not in admin.content()
    identity = f"{site.url}/meja/pengaduan/{reference}/identitas/"
    assert admin.request.get(identity).status in (403, 404, 405)
    page.goto(f"{site.url}/meja/pengaduan/{reference}/")
    expect(page.locator("main")).not_to_contain_text("Rahasia Rekaan")
    see(page)
