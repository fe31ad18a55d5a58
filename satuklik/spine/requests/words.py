"""What this room's errors say to a person, and what to do."""

from django.utils.translation import gettext as _

from satuklik.spine.requests import errors


def of_error(error: errors.RequestError) -> str:
    """What happened and what to do, in the language of the page."""
    if isinstance(error, errors.BadPlacement):
        return {
            "no_page": _("Halaman itu tidak ada di dalam PDF ini. Pilih halaman lain."),
            "off_page": _(
                "Tempat tanda tangan keluar dari halaman atau terlalu kecil. Geser atau perbesar kotaknya."
            ),
            "no_tag": _(
                "Penanda “%(tag)s” tidak ditemukan di dalam teks PDF. Periksa ejaannya, atau pilih sudut halaman."
            )
            % {"tag": error.what},
        }.get(error.code, _("Tempat tanda tangan tidak terbaca. Pilih halaman dan sudutnya lagi."))
    if isinstance(error, errors.AlreadyDecided):
        if error.state == "refused":
            return _("Permintaan ini sudah ditolak, jadi tidak dapat ditandatangani.")
        return _("Dokumen ini sudah ditandatangani.")
    plain = {
        errors.NoSuchRequest: _("Permintaan tanda tangan ini tidak ada, atau bukan untuk Anda."),
        errors.NotAsSeen: _("Tempat tanda tangannya berubah setelah Anda melihatnya. Lihat sekali lagi."),
        errors.NoMandate: _("Anda tidak (lagi) bertindak untuk kantor itu. Pilih jabatan Anda sendiri."),
        errors.FileTooLarge: _("PDF ini lebih besar dari 20 MB. Perkecil berkasnya, lalu unggah lagi."),
        errors.KeyTaken: _("Idempotency-Key ini sudah dipakai untuk permintaan lain. Pakai kunci baru."),
        errors.UnknownCallback: _(
            "Alamat callback belum terdaftar. Minta Diskominfo mendaftarkannya sebagai webhook."
        ),
        errors.ReasonMissing: _("Tulis alasan penolakan, supaya pengirim tahu apa yang harus diperbaiki."),
    }
    for kind, words in plain.items():
        if isinstance(error, kind):
            return words
    return _("Permintaan ini tidak dapat diproses sekarang. Muat ulang halaman, lalu coba lagi.")
