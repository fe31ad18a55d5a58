"""The forms of the desk and the counter: filter, decision, passphrase, neighbour, identity."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from satuklik.spine.documents.actions import IssuedDocument
from satuklik.spine.documents.queries import unprintable
from satuklik.spine.population.rules import is_reason

TEXT = forms.Textarea(attrs={"rows": 4, "maxlength": 2000})


class FilterForm(forms.Form):
    """What the inbox is narrowed to; an unreadable value is taken as none."""

    q = forms.CharField(label=_("Cari nama atau nomor permohonan"), required=False, max_length=80, strip=True)
    layanan = forms.ChoiceField(label=_("Layanan"), required=False)

    def __init__(self, data: object, *, services: list[tuple[str, str]]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["layanan"].choices = [("", _("Semua layanan")), *services]  # type: ignore[attr-defined]


class DecisionForm(forms.Form):
    """Grant, return with what to mend, or refuse on a named ground.

    A refusal names the rule and its law: UU 30/2014 ps. 52(1)d, 55 (a decision must state its reasons).
    """

    OUTCOMES = [
        ("grant", _("Kabulkan")),
        ("return", _("Kembalikan untuk diperbaiki")),
        ("refuse", _("Tolak")),
    ]
    outcome = forms.ChoiceField(
        label=_("Keputusan Anda"),
        choices=OUTCOMES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih keputusan: kabulkan, kembalikan, atau tolak.")},
    )
    note = forms.CharField(
        label=_("Apa yang harus diperbaiki?"),
        help_text=_(
            "Warga membaca kalimat ini. Tulis dengan jelas apa yang kurang dan apa yang harus dilakukan."
        ),
        required=False,
        max_length=2000,
        widget=TEXT,
    )
    rule = forms.ChoiceField(label=_("Syarat yang tidak dipenuhi"), required=False)
    reason = forms.CharField(
        label=_("Alasan penolakan"),
        help_text=_("Warga membaca alasan ini bersama dasar hukumnya."),
        required=False,
        max_length=2000,
        widget=TEXT,
    )
    task = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: object = None, *, rules: Sequence[tuple[str, str]], **rest: object) -> None:
        super().__init__(data, **rest)  # type: ignore[arg-type]
        self.offer(rules)

    def offer(self, rules: Sequence[tuple[str, str]]) -> None:
        """The conditions of the service, with the words for them."""
        self.fields["rule"].choices = [("", _("Pilih syarat …")), *rules]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        found: dict[str, object] = super().clean() or {}
        outcome = found.get("outcome")
        if outcome == "return" and not found.get("note") and "note" not in self.errors:
            self.add_error("note", _("Tulis apa yang harus diperbaiki warga."))
        if outcome == "refuse":
            if not found.get("rule") and "rule" not in self.errors:
                self.add_error("rule", _("Pilih syarat yang tidak dipenuhi."))
            if not found.get("reason") and "reason" not in self.errors:
                self.add_error("reason", _("Tulis alasan penolakan."))
        return found


class HandOverForm(forms.Form):
    """The number under which the other system has the matter now."""

    receipt = forms.CharField(
        label=_("Nomor tanda terima dari instansi lain"),
        max_length=80,
        error_messages={"required": _("Tulis nomor tanda terima dari instansi lain.")},
    )


class FinishForm(forms.Form):
    """How the other system ended the matter."""

    result = forms.ChoiceField(
        label=_("Hasil di instansi lain"),
        choices=[("done", _("Selesai, dokumen terbit")), ("rejected", _("Ditolak"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih hasil dari instansi lain.")},
    )
    note = forms.CharField(
        label=_("Catatan untuk warga"),
        help_text=_("Wajib diisi bila ditolak: tulis alasannya."),
        required=False,
        max_length=2000,
        widget=TEXT,
    )

    def clean(self) -> dict[str, object]:
        found: dict[str, object] = super().clean() or {}
        if found.get("result") == "rejected" and not found.get("note") and "note" not in self.errors:
            self.add_error("note", _("Tulis alasan penolakan dari instansi lain."))
        return found


class PassphraseForm(forms.Form):
    """Typed by the signer each time, never shown again and kept nowhere: UU 11/2008 ps. 11 (sole control)."""

    passphrase = forms.CharField(
        label=_("Kata sandi tanda tangan"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Ketik kata sandi tanda tangan Anda.")},
    )

    def __init__(self, data: object = None, *, error: str = "", **rest: object) -> None:
        """`error`: why the key did not open; it takes the place of the form's own errors."""
        super().__init__(data, **rest)  # type: ignore[arg-type]
        if error:
            self.errors.clear()
            self.add_error("passphrase", error)


class AnnulForm(forms.Form):
    """Why a letter is taken back. UU 30/2014 ps. 64(1): only for a defect; ps. 55: for a reason that can be read.
    Where the holder has a newer letter of the office, it may take this one's place (ps. 63): that needs no defect."""

    DEFECTS = [
        ("substance", _("Isinya keliru (cacat substansi)")),
        ("procedure", _("Caranya keliru (cacat prosedur)")),
        ("authority", _("Kantor ini tidak berwenang (cacat wewenang)")),
    ]
    defect = forms.ChoiceField(
        label=_("Apa yang keliru?"),
        choices=DEFECTS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih apa yang keliru pada surat ini.")},
    )
    by = forms.ChoiceField(
        label=_("Surat penggantinya"),
        help_text=_("Surat yang lebih baru milik warga yang sama. Kosongkan kalau surat ini dicabut saja."),
        required=False,
        error_messages={"invalid_choice": _("Surat pengganti itu tidak ada lagi. Pilih yang lain.")},
    )
    reason = forms.CharField(
        label=_("Alasan pencabutan"),
        help_text=_(
            "Tercetak pada keputusan, terbaca oleh warga, dan terlihat oleh siapa pun yang memeriksa surat ini."
        ),
        min_length=10,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 300}),
        error_messages={
            "required": _("Tulis alasan pencabutan."),
            "min_length": _("Terlalu pendek: jelaskan apa yang keliru, supaya warga mengerti."),
            "max_length": _("Terlalu panjang. Paling banyak 300 huruf."),
        },
    )

    def __init__(self, *args: Any, newer: Sequence[IssuedDocument], **more: Any) -> None:
        super().__init__(*args, **more)
        if not newer:
            del self.fields["by"]
            return
        self.fields["defect"].required = False
        offered = [(one.number, f"{one.title.capitalize()} · {one.number}") for one in newer]
        self.fields["by"].choices = [("", _("Tidak ada: dicabut saja")), *offered]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not (cleaned.get("defect") or cleaned.get("by") or {"defect", "by"} & set(self.errors)):
            self.add_error("defect", _("Pilih apa yang keliru, atau surat penggantinya."))
        return cleaned

    def clean_reason(self) -> str:
        reason = " ".join(str(self.cleaned_data["reason"]).split())
        if bad := unprintable(reason):
            raise forms.ValidationError(
                _("Tanda ini tidak dapat dicetak: %(signs)s. Hapus, lalu coba lagi.") % {"signs": bad}
            )
        return reason


REASONS = [
    ("letter", _("Warga meminta surat atau layanan di loket")),
    ("status", _("Warga menanyakan permohonan atau suratnya")),
    ("prove", _("Warga meminta pembuktian identitas")),
    ("other", _("Alasan lain")),
]
# What the resident reads in "who looked at my data": always Indonesian, whatever the official's language.
REASON_TEXTS = {
    "letter": "Melayani permintaan surat di loket",
    "status": "Menjawab pertanyaan warga tentang permohonannya",
    "prove": "Membuktikan identitas warga di loket",
}


class ReasonForm(forms.Form):
    """Why the official looks; without a reason there is no look-up."""

    reason = forms.ChoiceField(
        label=_("Alasan membuka data"),
        choices=REASONS,
        widget=forms.RadioSelect,
        help_text=_("Warga dapat membaca siapa yang membuka datanya, kapan, dan alasannya."),
        error_messages={"required": _("Pilih alasan membuka data warga.")},
    )
    other = forms.CharField(label=_("Tulis alasannya"), required=False, max_length=150)

    def clean(self) -> dict[str, object]:
        found: dict[str, object] = super().clean() or {}
        other = str(found.get("other") or "")
        if found.get("reason") == "other" and (len(other) < 10 or not is_reason(other)):
            self.add_error("other", _("Tulis alasan Anda, paling sedikit 10 huruf."))
        return found

    def reason_text(self) -> str:
        """The reason as the resident will read it."""
        chosen = self.cleaned_data["reason"]
        return REASON_TEXTS.get(chosen) or self.cleaned_data["other"]


class NikForm(ReasonForm):
    """The neighbour by NIK, as read from the KTP."""

    nik = forms.CharField(
        label=_("NIK"),
        help_text=_("16 angka pada KTP"),
        max_length=24,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Ketik NIK warga.")},
    )
    field_order = ["nik", "reason", "other"]

    def clean_nik(self) -> str:
        digits = re.sub(r"[\s.-]", "", self.cleaned_data["nik"])
        if not re.fullmatch(r"[0-9]{16}", digits):
            raise forms.ValidationError(_("NIK terdiri atas 16 angka. Periksa kembali KTP warga."))
        return digits


class NameForm(ReasonForm):
    """The neighbour by the beginning of the name, in the official's own village."""

    village = forms.ChoiceField(label=_("Desa/kelurahan"))
    name = forms.CharField(
        label=_("Awal nama"),
        help_text=_("Paling sedikit 3 huruf"),
        min_length=3,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Ketik awal nama warga."),
            "min_length": _("Ketik paling sedikit 3 huruf."),
        },
    )
    field_order = ["village", "name", "reason", "other"]

    def __init__(self, data: object = None, *, villages: list[tuple[str, str]], **rest: object) -> None:
        super().__init__(data, **rest)  # type: ignore[arg-type]
        self.fields["village"].choices = villages  # type: ignore[attr-defined]
        if len(villages) == 1:
            self.fields["village"].initial = villages[0][0]


class IdentityForm(forms.Form):
    """The official has the KTP before the eyes, and the face is the one of the picture."""

    ktp_seen = forms.BooleanField(
        label=_("Saya sudah melihat KTP asli warga ini"),
        error_messages={"required": _("Lihat KTP asli warga, lalu beri tanda.")},
    )
    photo_matches = forms.BooleanField(
        label=_("Wajah warga sama dengan foto pada KTP"),
        error_messages={"required": _("Cocokkan wajah warga dengan foto KTP, lalu beri tanda.")},
    )


class PdfForm(forms.Form):
    """A PDF that the official brings."""

    file = forms.FileField(
        label=_("Berkas PDF"),
        help_text=_("Paling besar 20 MB, tidak dikunci dengan kata sandi."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
        error_messages={
            "required": _("Pilih berkas PDF yang akan ditandatangani."),
            "empty": _("Berkas ini kosong. Pilih berkas lain."),
        },
    )
    title = forms.CharField(
        label=_("Judul dokumen"),
        help_text=_(
            "Terbaca oleh siapa pun yang memeriksa dokumen ini. Kosongkan untuk memakai nama berkas."
        ),
        required=False,
        max_length=160,
    )


class RefusalForm(forms.Form):
    """Why the official does not sign."""

    reason = forms.CharField(
        label=_("Alasan menolak"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 300}),
        error_messages={
            "required": _("Tulis alasan penolakan, supaya pengirim tahu apa yang harus diperbaiki.")
        },
    )
