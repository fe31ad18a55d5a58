"""What the desk says about states, events, values and errors of a case."""

from collections.abc import Mapping
from datetime import date

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from satuklik.base.ui.rules import rupiah
from satuklik.spine.cases.errors import CaseError, NotEntitled, NotNow
from satuklik.spine.cases.queries import Question
from satuklik.spine.population.rules import TABLES, label

STATES: dict[str, tuple[object, str]] = {
    "submitted": (gettext_lazy("Diterima"), "blue"),
    "in_review": (gettext_lazy("Menunggu keputusan"), "blue"),
    "returned": (gettext_lazy("Menunggu perbaikan warga"), "yellow"),
    "granted": (gettext_lazy("Menunggu tanda tangan"), "blue"),
    "issued": (gettext_lazy("Surat terbit"), "green"),
    "refused": (gettext_lazy("Ditolak"), "red"),
    "handed_off": (gettext_lazy("Diteruskan ke instansi lain"), "yellow"),
    "completed": (pgettext_lazy("state of a case", "Selesai"), "green"),
    "withdrawn": (gettext_lazy("Dibatalkan warga"), "grey"),
}

EVENTS = {
    "case.submitted": gettext_lazy("Permohonan dikirim"),
    "case.in_review": gettext_lazy("Diserahkan kepada petugas"),
    "case.handed_off": gettext_lazy("Disiapkan untuk instansi lain"),
    "case.mended": gettext_lazy("Diperbaiki dan dikirim lagi"),
    "case.withdrawn": gettext_lazy("Dibatalkan warga"),
    "case.to_head": gettext_lazy("Diserahkan kepada kepala kantor untuk ditandatangani"),
    "case.seal_asked": gettext_lazy("Segel diminta dari layanan luar"),
    "document.issued": gettext_lazy("Surat terbit"),
    "document.annulled": gettext_lazy("Surat dicabut"),
    "document.replaced": gettext_lazy("Surat diganti"),
    "handoff.done": gettext_lazy("Diserahkan ke instansi lain"),
    "handoff.ended": gettext_lazy("Instansi lain menyelesaikannya"),
}
DECIDED = {
    "grant": gettext_lazy("Dikabulkan"),
    "return": gettext_lazy("Dikembalikan untuk diperbaiki"),
    "refuse": gettext_lazy("Ditolak"),
}

ENDED = {"annulled": gettext_lazy("sudah dicabut"), "replaced": gettext_lazy("sudah diganti")}


def state(name: str) -> str:
    """The state of a case in words."""
    return str(STATES[name][0])


def tone(name: str) -> str:
    """The colour of a state's tag; the words say the same."""
    return STATES[name][1]


def event(kind: str, data: Mapping[str, object]) -> str:
    """One line of the history."""
    if kind == "case.decided":
        return str(DECIDED.get(str(data.get("outcome")), kind))
    return str(EVENTS.get(kind, kind))


def value(raw: object) -> str:
    """A value of a register or an answer in words."""
    if raw is None or raw == "":
        return "–"
    if isinstance(raw, bool):
        return _("Ya") if raw else _("Tidak")
    if isinstance(raw, str) and len(raw) == 10 and raw[4:5] == raw[7:8] == "-":
        try:
            return date_format(date.fromisoformat(raw), "j F Y")
        except ValueError:
            return raw
    return str(raw)


def fact(name: str, raw: object) -> str:
    """A fact's value in words; codes of the register are spelled out."""
    table = name.partition(".")[2]
    if isinstance(raw, str) and name.startswith("person.") and table in TABLES:
        return label(table, raw, get_language() or "id")
    return value(raw)


def answer(question: Question, raw: object, language: str) -> str:
    """An answer in words: the chosen option's label, money in rupiah, dates spelled out."""
    for choice in question.choices:
        if choice.value == raw:
            return choice.label.in_language(language)
    if question.type == "money" and isinstance(raw, int):
        return rupiah(raw)
    return value(raw)


def problem(error: CaseError) -> str:
    """Why something could not be done to a case, and what to do."""
    if isinstance(error, NotEntitled):
        return _("Tugas ini bukan wewenang Anda. Minta kepala kantor atau pejabat yang ditunjuk.")
    if isinstance(error, NotNow) and error.state in ENDED:
        return _("Surat ini sudah tidak berlaku: %(state)s. Tidak ada yang diubah.") % {
            "state": ENDED[error.state]
        }
    if isinstance(error, NotNow):
        known = str(STATES[error.state][0]) if error.state in STATES else error.state
        return _(
            "Permohonan ini sudah ditangani orang lain. Keadaannya sekarang: %(state)s. "
            "Keputusan Anda tidak disimpan."
        ) % {"state": known}
    return _("Permohonan ini tidak dapat diproses sekarang. Muat ulang halaman, lalu coba lagi.")


def age(since: date, today: date) -> str:
    """How long ago it came: "masuk hari ini", "masuk kemarin", "masuk 9 hari lalu"."""
    days = (today - since).days
    if days <= 0:
        return _("masuk hari ini")
    if days == 1:
        return _("masuk kemarin")
    return ngettext("masuk %(days)d hari lalu", "masuk %(days)d hari lalu", days) % {"days": days}


def clock(at: object) -> str:
    """A time of today or later: "15.30 WIB"."""
    return timezone.localtime(at).strftime("%H.%M WIB")  # type: ignore[arg-type]
