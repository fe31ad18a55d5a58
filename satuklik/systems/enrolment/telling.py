"""What officials are told, in the inbox and by the channels that are switched on, in the language they read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from satuklik.spine.messaging import actions as messaging


@dataclass(frozen=True)
class Telling:
    """Title and body with named places, and the page that it leads to."""

    title: Promise
    body: Promise
    page: str


OWN, PERSON, BOARD = "enrolment:own", "enrolment:person", "enrolment:board"
TELLINGS: Mapping[str, Telling] = {
    "submitted": Telling(
        _("Berkas TTE menunggu verifikasi Anda"),
        _("%(name)s sudah mengirim surat rekomendasi dan e-KTP. Periksa, lalu setujui atau kembalikan."),
        PERSON,
    ),
    "returned": Telling(
        _("Berkas TTE Anda dikembalikan"),
        _("Alasannya: %(reason)s. Perbaiki, lalu kirim lagi dari halaman TTE saya."),
        OWN,
    ),
    "verified": Telling(
        _("Berkas TTE Anda sudah diverifikasi"),
        _("Tinggal satu langkah: pilih kata sandi tanda tangan Anda sendiri, lalu sertifikat langsung terbit."),
        OWN,
    ),
    "suspended": Telling(
        _("Sertifikat TTE %(name)s dibekukan"),
        _("Alasannya: %(reason)s. Selama dibekukan, tidak ada surat yang dapat ditandatangani dengannya."),
        PERSON,
    ),
    "resumed": Telling(
        _("Sertifikat TTE %(name)s diaktifkan lagi"), _("Alasannya: %(reason)s."), PERSON,
    ),
    "revoked": Telling(
        _("Sertifikat TTE %(name)s dicabut"),
        _("Alasannya: %(reason)s. Surat yang sudah ditandatangani sebelumnya tetap berlaku."),
        PERSON,
    ),
    "reopened": Telling(
        _("%(name)s meminta kunci TTE baru"),
        _("Pastikan sekali lagi bahwa ini benar orangnya, lalu verifikasi ulang. Alasannya: %(reason)s."),
        PERSON,
    ),
    "left": Telling(
        _("Sertifikat TTE %(name)s dicabut: masa jabatan selesai"),
        _("Masa jabatan berakhir pada %(day)s, jadi sertifikatnya dicabut secara otomatis."),
        PERSON,
    ),
    "stuck.official": Telling(
        _("TTE Anda belum selesai"),
        _("Sudah %(days)s hari kerja tidak ada kemajuan. Langkah berikutnya: %(step)s."),
        OWN,
    ),
    "stuck.verifier": Telling(
        _("%(count)s pejabat menunggu di papan TTE"),
        _("Yang terlama: %(name)s, %(days)s hari kerja. Langkah berikutnya: %(step)s."),
        BOARD,
    ),
    "stuck.head": Telling(
        _("TTE di kantor Anda tersendat: %(count)s pejabat"),
        _(
            "Yang terlama: %(name)s, %(days)s hari kerja. Langkah berikutnya: %(step)s. Mohon diingatkan "
            "langsung."
        ),
        "",
    ),
    "stuck.admin": Telling(
        _("Verifikasi TTE tersendat: %(count)s pejabat"),
        _("Yang terlama: %(name)s, %(days)s hari kerja. Tunjuk verifikator lain bila perlu."),
        BOARD,
    ),
    "expiry": Telling(
        _("Sertifikat TTE Anda berakhir %(left)s hari lagi"),
        _("Berlaku sampai %(day)s. Perbarui sekarang agar Anda tetap dapat menandatangani."),
        OWN,
    ),
    "expiry.verifier": Telling(
        _("Sertifikat TTE %(name)s berakhir %(left)s hari lagi"),
        _("Berlaku sampai %(day)s dan belum diperbarui. Mohon diingatkan."),
        PERSON,
    ),
}  # fmt: skip


def tell(user: Any, kind: str, now: datetime, *, pk: int | None = None, **values: object) -> None:
    """Tell `user` (with a login) about the enrolment `pk`; None is told nothing. Writes in the caller's transaction.
    A lazy text among `values` is read in the user's language."""
    if user is None or not user.is_active:
        return
    words = TELLINGS[kind]
    link = ""
    if words.page:
        link = reverse(words.page, args=[pk] if words.page == PERSON else [])
    with override(user.language):
        named = {name: str(value) for name, value in values.items()}
        messaging.notify(user, f"tte.{kind}", words.title % named, words.body % named, link, now)
