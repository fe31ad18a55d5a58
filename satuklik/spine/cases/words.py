"""What went wrong, in words that a person can act on: the same for the portal, the counter and the API."""

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from satuklik.spine.cases import errors
from satuklik.spine.cases.definition import Question
from satuklik.spine.cases.rules import AnswerError


def of_answer(error: AnswerError, question: Question | None) -> str:
    """One wrong answer in words."""
    if error.code == "missing":
        if question is not None and question.type == "file":
            return _("Pilih berkas untuk bagian ini.")
        return _("Isi bagian ini.")
    if error.code == "too_long":
        return _("Terlalu panjang. Paling banyak %(limit)d huruf.") % {"limit": error.limit}
    if error.code == "too_small":
        if question is not None and question.type in ("text", "long_text"):
            return _("Terlalu pendek. Paling sedikit %(limit)d huruf.") % {"limit": error.limit}
        return _("Terlalu kecil. Paling sedikit %(limit)d.") % {"limit": error.limit}
    if error.code == "too_large":
        return _("Terlalu besar. Paling banyak %(limit)d.") % {"limit": error.limit}
    if error.code == "not_a_choice":
        return _("Pilih salah satu jawaban yang tersedia.")
    if error.code == "not_a_date":
        return _("Tulis tanggal seperti 24/11/2026.")
    if error.code == "not_a_number":
        return _("Tulis angka saja, misalnya 1500000.")
    if error.code == "unknown":
        return _("Layanan ini tidak menanyakan hal itu.")
    return _("Isian ini memuat tanda yang tidak dapat dibaca. Ketik ulang.")


def of_attachment(error: errors.AttachmentRejected) -> str:
    """A file that cannot be taken, in words."""
    kinds = ", ".join(kind.upper() for kind in error.accept)
    names = {"name": error.name, "kinds": kinds, "limit": error.limit}
    if error.code == "too_large":
        return _("Berkas %(name)s terlalu besar. Kirim berkas paling besar %(limit)d MB.") % names
    if error.code == "wrong_type":
        return _("Isi berkas %(name)s bukan %(kinds)s. Kirim berkas %(kinds)s.") % names
    if error.code == "empty":
        return _("Berkas %(name)s kosong. Pilih berkas lain.") % names
    return _("Berkas %(name)s rusak atau tidak dapat dibuka. Foto atau pindai lagi, lalu kirim.") % names


def of_error(error: errors.CaseError) -> str:
    """Any other error of a case: what happened and what to do."""
    language = get_language() or "id"
    if isinstance(error, errors.AttachmentRejected):
        return of_attachment(error)
    if isinstance(error, errors.RulesFailed):
        told = [
            f"{f.rule.message.in_language(language)} {f.rule.mend.in_language(language)}"
            for f in error.failures
        ]
        return " ".join(told)
    if isinstance(error, errors.AnswersInvalid):
        count = len(error.errors)
        return ngettext("Satu isian perlu diperbaiki.", "%(count)d isian perlu diperbaiki.", count) % {
            "count": count
        }
    return _OTHERS[type(error)]() if type(error) in _OTHERS else _("Permohonan ini tidak dapat diproses.")


_OTHERS = {
    errors.ServiceNotFound: lambda: _("Layanan ini tidak ada. Cari layanan lain di halaman Layanan."),
    errors.CaseNotFound: lambda: _("Permohonan ini tidak ada, atau bukan milik Anda."),
    errors.ProofNeeded: lambda: _(
        "Identitas Anda belum dibuktikan. Tunjukkan KTP di loket desa atau kelurahan, cukup sekali."
    ),
    errors.NotResident: lambda: _(
        "Data kependudukan mencatat orang ini sudah pindah atau meninggal. Perbarui datanya di Disdukcapil."
    ),
    errors.NotServedHere: lambda: _(
        "Kantor ini hanya melayani warga wilayahnya. Datanglah ke kantor desa atau kelurahan tempat tinggal."
    ),
    errors.KeyTaken: lambda: _(
        "Tombol ini sudah dipakai untuk permohonan lain. Periksa lagi isian Anda, lalu tekan sekali lagi."
    ),
    errors.NotNow: lambda: _("Permohonan ini sudah berubah sejak halaman dibuka. Muat ulang halaman ini."),
    errors.NotEntitled: lambda: _(
        "Anda tidak berwenang melakukan ini. Serahkan kepada pejabat yang berwenang."
    ),
    errors.ReasonMissing: lambda: _(
        "Tulis alasannya, dan untuk penolakan pilih juga aturan atau dasar hukumnya."
    ),
}
