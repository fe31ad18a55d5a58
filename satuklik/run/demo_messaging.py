"""Conversations of the demo: made-up people write by every channel, as their twins would."""

import json
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from satuklik.run import demo_people
from satuklik.run.steps import Progress
from satuklik.run.twins import twin_settings
from satuklik.spine.messaging.actions import handling
from satuklik.spine.messaging.adapters import whatsapp
from satuklik.spine.messaging.models import TwinLine, TwinPerson
from satuklik.spine.messaging.twins import meta, play, telegram
from satuklik.spine.messaging.twins.mail import received

# (person, channel, hours before now, text)
MORNING = (
    ("Siti Aminah", "whatsapp", 27.0, "Selamat pagi Pak, mohon data realisasi perbaikan jalan Kisaran tahun 2025."),
    ("Siti Aminah", "whatsapp", 26.9, "Untuk skripsi. Terima kasih 🙏"),
    ("Budi Hartono", "whatsapp", 3.2, "lampu jalan di depan SD jln Cokroaminoto mati udah seminggu, gelap kali"),
    ("Rahmat Siregar", "telegram", 2.6, "Bagaimana cara minta salinan APBD 2026?"),
    ("Dewi Lestari", "email", 2.4, "Saya keberatan: permintaan saya bulan lalu belum dijawab sampai sekarang."),
    ("Jurnalis Warta Contoh", "whatsapp", 1.8, "Selamat pagi, kami dari Warta Contoh. Mohon konfirmasi soal banjir di Air Joman, tenggat siang ini pukul 13.00."),
    ("Maria Simanjuntak", "telegram", 1.1, "Usul: pasang jadwal ambulans desa di portal."),
    ("Andi Pratama", "email", 0.7, "Apakah daftar penerima bantuan sosial terbuka untuk umum?"),
    ("Nur Halimah", "whatsapp", 0.4, "pagi kak, kantor disdukcapil buka sabtu?"),
)  # fmt: skip


def use_twins() -> None:
    """This process was started before it knew that it serves a demo: give it the twins' settings too."""
    given = {name: getattr(settings, name) for name in dir(settings) if name.isupper()}
    for name, value in twin_settings(settings.SECRET_KEY, settings.PORT, given).items():
        setattr(settings, name, value)


def load(_report: Progress) -> None:
    """Make the people, let them write, and handle what they wrote; the channels' secrets go into var/demo.json."""
    play.load()
    now = timezone.now()
    for number, (name, channel, hours, text) in enumerate(MORNING):
        person = TwinPerson.objects.get(name=name, channel=channel)
        _write(person, text, now - timedelta(hours=hours), number)
    _forge(now - timedelta(hours=0.6))
    while handling.handle_waiting(now):
        pass
    tell()


def _forge(at: datetime) -> None:
    """Somebody writes in the name of one of them: our mail server does not vouch for it."""
    mail = EmailMessage()
    mail["From"], mail["To"] = "Dewi Lestari <dewi@warga.example>", settings.MESSAGING_MAIL
    mail["Subject"], mail["Message-ID"] = "Keberatan saya", "<demo-forged@lain.example>"
    mail.set_content("Tolong kirim semua berkas permintaan saya ke alamat ini.")
    word = f"Authentication-Results: {settings.MESSAGING_MAIL_AUTHSERV_ID}; dmarc=fail header.from=warga.example\n"
    body = word.encode() + mail.as_bytes()
    handling.store_event("email", settings.MESSAGING_MAIL.lower(), body, now=at, key="demo-forged")


def _write(person: TwinPerson, text: str, at: datetime, number: int) -> None:
    key = f"demo-{number}"
    if person.channel == "whatsapp":
        TwinPerson.objects.filter(pk=person.pk).update(wrote_at=at)
        value = meta.text_value(
            person.address, person.name, text, at, wamid=f"wamid.{key}", user_id=f"ID.{person.address}"
        )
        body = meta.call(settings.WHATSAPP_PHONE_NUMBER_ID, value)
        handling.store_event(whatsapp.NAME, settings.WHATSAPP_PHONE_NUMBER_ID, body, now=at)
    elif person.channel == "telegram":
        update = telegram.message_update(0, int(person.address), person.name, text, at, message_id=number + 1)
        account = settings.TELEGRAM_TOKEN.partition(":")[0]
        handling.store_event("telegram", account, json.dumps(update).encode(), now=at, key=key)
    else:
        mail = EmailMessage()
        mail["From"], mail["To"] = f"{person.name} <{person.address}>", settings.MESSAGING_MAIL
        mail["Subject"], mail["Message-ID"] = text.split(":")[0][:60], f"<{key}@warga.example>"
        mail.set_content(text)
        handling.store_event("email", settings.MESSAGING_MAIL.lower(), received(mail), now=at, key=key)
    TwinLine.objects.get_or_create(
        person=person, external_id=key, defaults={"mine": True, "text": text, "at": at}
    )


def tell() -> None:
    """Put the webhook's secrets of this installation into var/demo.json, beside the accounts."""
    file = Path(settings.VAR) / demo_people.FILE
    known = json.loads(file.read_text())
    demo_people.put(
        known | {
            "WHATSAPP_APP_SECRET": settings.WHATSAPP_APP_SECRET,
            "WHATSAPP_VERIFY_TOKEN": settings.WHATSAPP_VERIFY_TOKEN,
            "WHATSAPP_PHONE_NUMBER_ID": settings.WHATSAPP_PHONE_NUMBER_ID,
        }
    )  # fmt: skip
