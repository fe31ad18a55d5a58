"""How stages, steps, problems and events read, in the language of the page."""

from collections.abc import Mapping
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from satuklik.base.ui.rules import long_date
from satuklik.systems.enrolment import rules

STAGES: Mapping[str, Promise] = {
    rules.REGISTERED: _("Terdaftar"),
    rules.DOCUMENTS: _("Berkas masuk"),
    rules.VERIFIED: _("Terverifikasi"),
    rules.ISSUED: _("Sertifikat terbit"),
    rules.ACTIVE: _("Sudah menandatangani"),
    rules.ENDED: _("Tidak menjabat lagi"),
}
# What comes next, as an instruction.
STEPS: Mapping[str, Promise] = {
    rules.REGISTERED: _("kirim surat rekomendasi dan e-KTP"),
    rules.DOCUMENTS: _("verifikator memeriksa berkas"),
    rules.VERIFIED: _("pilih kata sandi tanda tangan"),
    rules.ISSUED: _("tandatangani surat pertama"),
    rules.ACTIVE: _("selesai"),
    rules.ENDED: _("tidak ada"),
}
# The same for the official himself.
NEXT_STEPS: Mapping[str, Promise] = {
    rules.REGISTERED: _("Giliran Anda: kirim surat rekomendasi dan e-KTP."),
    rules.DOCUMENTS: _("Verifikator instansi Anda sedang memeriksa berkas."),
    rules.VERIFIED: _("Giliran Anda: pilih kata sandi tanda tangan."),
    rules.ISSUED: _("Giliran Anda: tandatangani surat pertama."),
    rules.ACTIVE: _("Selesai."),
    rules.ENDED: _("Anda tidak menjabat lagi."),
}
WHO: Mapping[str, Promise] = {
    "official": _("Pejabat sendiri"),
    "verifier": _("Verifikator"),
    "head": _("Kepala kantor"),
    "admin": _("Admin"),
}
GROUPS: Mapping[str, Promise] = {
    "II": _("Eselon II"),
    "III": _("Eselon III"),
    "IV": _("Eselon IV"),
    "": _("Tanpa eselon"),
}
KINDS: Mapping[str, Promise] = {
    "recommendation": _("Surat rekomendasi"),
    "identity_card": _("e-KTP"),
}
KEY_STATES: Mapping[str, Promise] = {
    "valid": _("Berlaku"),
    "not_yet": _("Belum berlaku"),
    "expired": _("Habis masa berlaku"),
    "suspended": _("Dibekukan"),
    "revoked": _("Dicabut"),
}
KEY_TONES: Mapping[str, str] = {
    "valid": "green", "not_yet": "grey", "expired": "red", "suspended": "yellow", "revoked": "red",
}  # fmt: skip
FIELD_PROBLEMS: Mapping[str, Promise] = {
    "missing": _("Bagian ini belum diisi."),
    "wrong_domain": _("Pakai alamat e-mail dinas dengan domain pemerintah daerah, bukan e-mail pribadi."),
    "bad_nik": _("NIK terdiri atas 16 angka dengan tanggal lahir yang mungkin. Periksa sekali lagi."),
    "other_nik": _("NIK ini sudah dipakai pejabat lain. Periksa angkanya, atau hubungi admin."),
    "empty": _("Berkas ini kosong. Pilih berkas lain."),
    "too_large": _("Berkas lebih besar dari 5 MB. Perkecil fotonya, lalu unggah lagi."),
    "wrong_type": _("Berkas harus PDF, JPG, atau PNG."),
    "not_readable": _("Berkas ini rusak dan tidak dapat dibuka. Foto atau pindai sekali lagi."),
}
PASSPHRASE_PROBLEMS: Mapping[str, Promise] = {
    "short": _("Paling sedikit 12 karakter. Beberapa kata yang tidak berhubungan mudah diingat."),
    "long": _("Paling banyak 256 karakter."),
    "controls": _("Jangan pakai tab atau karakter yang tidak terlihat."),
    "repeated": _("Jangan ulangi huruf yang sama terus-menerus."),
    "sequence": _("Jangan pakai urutan seperti 123456 atau abcdef."),
    "personal": _("Jangan pakai nama, NIP, jabatan, atau e-mail Anda: orang lain mengetahuinya."),
    "common": _("Kata sandi ini terlalu umum. Pilih yang lain."),
    "login": _("Jangan pakai kata sandi masuk. Kata sandi tanda tangan harus berbeda."),
    "same": _("Kata sandi baru harus berbeda dari yang lama."),
}
EVENTS: Mapping[str, Promise] = {
    "registered": _("Terdaftar"),
    "login_opened": _("Akun masuk dibuat"),
    "updated": _("Data diperbarui dari daftar pejabat"),
    "document_kept": _("Berkas diunggah"),
    "document_read": _("Berkas dibuka"),
    "submitted": _("Berkas dikirim untuk diverifikasi"),
    "returned": _("Berkas dikembalikan"),
    "verified": _("Berkas diverifikasi"),
    "issued": _("Sertifikat terbit"),
    "first_signature": _("Surat pertama ditandatangani"),
    "renewed": _("Sertifikat diperbarui"),
    "suspended": _("Sertifikat dibekukan"),
    "resumed": _("Sertifikat diaktifkan lagi"),
    "revoked": _("Sertifikat dicabut"),
    "reopened": _("Kunci baru diminta, verifikasi ulang"),
    "reminded": _("Diingatkan oleh verifikator"),
    "ended": _("Masa jabatan selesai, sertifikat dicabut"),
    "term_set": _("Hari terakhir menjabat dicatat"),
}
REVOKE_REASONS: Mapping[str, Promise] = {
    "key_compromise": _("Kata sandi atau perangkat mungkin dikuasai orang lain"),
    "affiliation_changed": _("Jabatan atau kantor berubah"),
    "superseded": _("Sudah ada sertifikat pengganti"),
    "cessation_of_operation": _("Tidak menandatangani lagi"),
}
CHECKS: Mapping[str, Promise] = {
    "person": _("Saya mengenal orang ini atau sudah bertemu langsung dengannya"),
    "identity_card": _("Nama dan NIK pada e-KTP sama dengan data di halaman ini"),
    "recommendation": _("Surat rekomendasi menyebut nama dan jabatannya, dan ditandatangani atasannya"),
}
APPOINTING: Mapping[str, Promise] = {
    "self": _("Anda tidak dapat menunjuk diri sendiri. Minta admin lain yang menunjuk."),
    "twice": _("Pejabat ini sudah menjadi verifikator instansi itu."),
    "span": _("Tanggal akhir harus sesudah tanggal mulai."),
}
SHEET: Mapping[str, Promise] = {
    "empty": _("Berkas ini kosong. Pilih berkas lain."),
    "too_large": _("Berkas lebih besar dari 5 MB. Hapus gambar dan lembar lain, lalu unggah lagi."),
    "old_format": _("Ini berkas Excel lama (.xls) atau berkas berkata sandi. Simpan sebagai .xlsx tanpa kata sandi."),
    "not_xlsx": _("Ini bukan berkas .xlsx. Unduh templat, isi, lalu unggah."),
    "bomb": _("Berkas ini mengembang terlalu besar saat dibuka. Salin datanya ke templat yang baru."),
    "damaged": _("Berkas ini rusak dan tidak dapat dibaca. Salin datanya ke templat yang baru."),
    "no_header": _("Baris judul kolom tidak ditemukan. Kolom yang kurang: %(detail)s. Pakai templat."),
    "twice": _("Kolom %(detail)s ada dua kali. Hapus salah satunya."),
    "no_rows": _("Tidak ada baris data di bawah judul kolom."),
    "too_many_rows": _("Lebih dari %(detail)s baris. Bagi menjadi beberapa berkas."),
}  # fmt: skip
COLUMNS: Mapping[str, Promise] = {
    "nip": _("NIP"), "name": _("Nama"), "position": _("Jabatan"), "echelon": _("Eselon"), "agency": _("OPD"),
    "email": _("E-mail"), "nik": _("NIK"), "rank": pgettext_lazy("civil servants", "Golongan"),
}  # fmt: skip
ROWS: Mapping[str, Promise] = {
    "missing": _("Kosong. Isi sel ini."),
    "too_long": _("Terlalu panjang. Singkatkan sampai %(detail)s karakter."),
    "formula_error": _("Berisi kesalahan rumus (%(detail)s). Ketik nilainya."),
    "rounded": _("Tersimpan sebagai angka, jadi digit terakhirnya hilang. Ubah format kolom menjadi Teks, lalu ketik ulang."),
    "bad_nip": _("Bukan NIP: harus 18 angka dengan tanggal lahir dan bulan pengangkatan yang mungkin."),
    "nip_twice": _("NIP ini sudah ada di baris %(detail)s. Hapus salah satunya."),
    "bad_nik": _("Bukan NIK: harus 16 angka dengan tanggal lahir yang mungkin."),
    "nik_twice": _("NIK ini sudah ada di baris %(detail)s. Hapus atau perbaiki salah satunya."),
    "nik_taken": _("NIK ini sudah dipakai pejabat lain (%(detail)s). Periksa keduanya."),
    "bad_echelon": _("Eselon tidak dikenal. Isi II.a sampai IV.b, atau kosongkan."),
    "unknown_agency": _("OPD tidak dikenal. Pakai kode atau nama dari lembar OPD pada templat."),
    "vague_agency": _("Ada beberapa OPD bernama begitu. Pakai kodenya: %(detail)s."),
    "bad_email": _("Bukan alamat e-mail."),
    "wrong_domain": _("Bukan e-mail dinas. Domain yang berlaku: %(detail)s."),
    "email_twice": _("E-mail ini sudah ada di baris %(detail)s. Setiap pejabat memakai alamat sendiri."),
    "head_twice": _("Kepala kantor ini sudah ada di baris %(detail)s. Periksa jabatan keduanya."),
    "head_taken": _("Kepala kantor ini masih dijabat %(detail)s. Catat dulu hari terakhir jabatannya."),
    "bad_rank": _("Golongan tidak dikenal. Isi II/c sampai IV/d, atau kosongkan."),
}  # fmt: skip


def day(value: date | None) -> str:
    """A date in words, in the language that is active now."""
    return long_date(value, get_language() or "id") if value is not None else ""
