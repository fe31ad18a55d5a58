"""The forms of enrolment: documents, passphrase, decision, certificate, filter, import, appointment."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from satuklik.systems.enrolment import rules, wording
from satuklik.systems.enrolment.models import Document

ACCEPT = ".pdf,.jpg,.jpeg,.png"
PASSWORD = {"autocomplete": "new-password", "spellcheck": "false", "autocapitalize": "off"}
DATE = forms.DateInput(attrs={"type": "date", "class": "govuk-input--width-20"}, format="%Y-%m-%d")


def _reason(label: Any, help_text: Any, required: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500}),
        error_messages={"required": required},
    )


class HandInForm(forms.Form):
    """What the official hands in. What is missing or wrong is said by the action, which keeps what is right."""

    email = forms.CharField(
        label=_("E-mail dinas"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
    nik = forms.CharField(
        label=_("NIK"),
        max_length=24,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "class": "govuk-input--width-20"}
        ),
    )
    recommendation_number = forms.CharField(
        label=_("Nomor surat rekomendasi"),
        max_length=80,
        help_text=_("Surat dari kepala kantor Anda yang menyatakan bahwa Anda memerlukan TTE."),
    )
    recommendation = forms.FileField(label=_("Surat rekomendasi"))
    identity_card = forms.FileField(label=_("e-KTP"))

    def __init__(self, *given: Any, kept: Mapping[str, Document], nik_known: bool, **more: Any) -> None:
        super().__init__(*given, **more)
        for kind in Document.Kind.values:
            field = self.fields[kind]
            field.widget.attrs["accept"] = ACCEPT
            field.help_text = (
                _("Sudah ada: %(name)s. Pilih berkas lain hanya bila ingin menggantinya.")
                % {"name": kept[kind].name}
                if kind in kept
                else _("PDF, JPG, atau PNG, paling besar 5 MB. Foto dengan ponsel juga boleh.")
            )
            field.required = kind not in kept
        self.fields["nik"].required = not nik_known
        if nik_known:
            self.fields["nik"].help_text = _("Sudah tercatat. Kosongkan bila tidak berubah.")

    def tell(self, problems: Mapping[str, str]) -> None:
        """Put the action's findings beside the fields."""
        self.is_valid()
        self.errors.clear()
        for name, code in problems.items():
            self.add_error(name, wording.FIELD_PROBLEMS[code])  # type: ignore[arg-type]


class PassphraseForm(forms.Form):
    """The passphrase, typed twice by the official himself; never shown again (UU 11/2008 ps. 11)."""

    passphrase = forms.CharField(
        label=_("Kata sandi tanda tangan"),
        help_text=_("Paling sedikit 12 karakter, misalnya empat kata yang tidak berhubungan."),
        strip=False,
        max_length=rules.LONGEST_PASSPHRASE,
        widget=forms.PasswordInput(render_value=False, attrs=PASSWORD),
        error_messages={"required": _("Ketik kata sandi yang Anda pilih.")},
    )
    again = forms.CharField(
        label=_("Ketik sekali lagi"),
        strip=False,
        max_length=rules.LONGEST_PASSPHRASE,
        widget=forms.PasswordInput(render_value=False, attrs=PASSWORD),
        error_messages={"required": _("Ketik kata sandi yang sama sekali lagi.")},
    )

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if {"passphrase", "again"} <= found.keys() and found["passphrase"] != found["again"]:
            self.add_error("again", _("Kedua ketikan tidak sama. Ketik ulang keduanya."))
        return found

    def tell(self, problems: Sequence[str]) -> None:
        """What makes the passphrase too weak."""
        for code in problems:
            self.add_error("passphrase", wording.PASSPHRASE_PROBLEMS[code])  # type: ignore[arg-type]


class RenewalForm(PassphraseForm):
    """A new passphrase; the old one proves that it is the same person."""

    current = forms.CharField(
        label=_("Kata sandi tanda tangan yang sekarang"),
        strip=False,
        max_length=rules.LONGEST_PASSPHRASE,
        widget=forms.PasswordInput(render_value=False, attrs=PASSWORD | {"autocomplete": "off"}),
        error_messages={"required": _("Ketik kata sandi tanda tangan yang sekarang.")},
    )
    old = forms.ChoiceField(
        label=_("Sertifikat lama"),
        help_text=_("Biarkan saja, kecuali orang lain mungkin mengetahui kata sandinya."),
        choices=[
            ("keep", _("Biarkan berlaku sampai habis masanya")),
            ("revoke", _("Cabut sekarang karena sudah diganti")),
        ],
        initial="keep",
        widget=forms.RadioSelect,
    )
    field_order = ("current", "passphrase", "again", "old")


class ChecksForm(forms.Form):
    """What the verifikator says to have seen; each box stands for itself."""

    def __init__(self, data: Any = None, *, seen: Mapping[str, str]) -> None:
        super().__init__(data)
        for name, label in wording.CHECKS.items():
            self.fields[name] = forms.BooleanField(
                label=label, error_messages={"required": _("Centang setelah Anda memeriksanya.")}
            )
        for kind, digest in seen.items():
            self.fields[f"seen_{kind}"] = forms.CharField(
                widget=forms.HiddenInput, initial=digest, max_length=64
            )

    def seen(self) -> dict[str, str]:
        """The digests of the documents that were on the page."""
        return {
            name.removeprefix("seen_"): value
            for name, value in self.cleaned_data.items()
            if name.startswith("seen_")
        }


class ReturnForm(forms.Form):
    """Why it goes back."""

    reason = _reason(
        _("Apa yang harus diperbaiki?"),
        _("Pejabat membaca kalimat ini. Tulis apa yang kurang dan apa yang harus dilakukan."),
        _("Tulis alasannya, supaya pejabat tahu apa yang harus diperbaiki."),
    )


class StopForm(forms.Form):
    """Why a certificate is stopped or started again."""

    reason = _reason(_("Alasan"), _("Dicatat dalam riwayat dan dibaca verifikator."), _("Tulis alasannya."))


class RevokeForm(StopForm):
    """Why a certificate is revoked: the reason in the revocation list, and in words."""

    why = forms.ChoiceField(
        label=_("Sebab pencabutan"),
        choices=list(wording.REVOKE_REASONS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih sebab pencabutan.")},
    )
    field_order = ("why", "reason")


class OwnRevokeForm(StopForm):
    """An official's own report that others may know the passphrase."""

    sure = forms.BooleanField(
        label=_("Saya mengerti: sertifikat ini tidak dapat diaktifkan lagi"),
        error_messages={"required": _("Centang bahwa Anda mengerti akibatnya.")},
    )


class FilterForm(forms.Form):
    """What the board is narrowed to; an unreadable value is taken as none."""

    q = forms.CharField(label=_("Nama atau NIP"), required=False, max_length=80)
    opd = forms.ChoiceField(label=_("OPD"), required=False)
    eselon = forms.ChoiceField(label=_("Eselon"), required=False)
    tahap = forms.ChoiceField(label=_("Tahap"), required=False)
    telat = forms.BooleanField(label=_("Hanya yang terlambat"), required=False)

    def __init__(self, data: Any, *, agencies: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        every: list[tuple[str, Any]] = [("", _("Semua"))]
        self.fields["opd"].choices = every + list(agencies)  # type: ignore[attr-defined]
        self.fields["eselon"].choices = every + [  # type: ignore[attr-defined]
            (group or "tanpa", wording.GROUPS[group]) for group in rules.GROUPS
        ]
        self.fields["tahap"].choices = every + [(stage, wording.STAGES[stage]) for stage in rules.FUNNEL]  # type: ignore[attr-defined]


class ImportForm(forms.Form):
    """The list as a file."""

    file = forms.FileField(
        label=_("Daftar pejabat (.xlsx)"),
        help_text=_("Paling besar 5 MB dan 10.000 baris. Berkas diperiksa dulu; belum ada yang disimpan."),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={
            "required": _("Pilih berkas .xlsx."),
            "empty": wording.SHEET["empty"],  # type: ignore[dict-item]
        },
    )


class AppointmentForm(forms.Form):
    """Who verifies which agency, by which decree."""

    agency = forms.ChoiceField(label=_("Instansi"), error_messages={"required": _("Pilih instansi.")})
    nip = forms.CharField(
        label=_("NIP verifikator"),
        max_length=24,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "class": "govuk-input--width-20"}
        ),
        error_messages={"required": _("Tulis NIP pejabat yang ditunjuk.")},
    )
    decree = forms.CharField(
        label=_("Nomor dan tanggal surat keputusan"),
        max_length=160,
        error_messages={"required": _("Tulis surat keputusan yang menunjuknya.")},
    )
    valid_from = forms.DateField(
        label=_("Mulai"), widget=DATE, error_messages={"required": _("Isi tanggal mulai.")}
    )
    valid_until = forms.DateField(label=_("Sampai"), widget=DATE, required=False)

    def __init__(self, *given: Any, agencies: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["agency"].choices = [("", _("Pilih instansi …")), *agencies]  # type: ignore[attr-defined]


class LastDayForm(forms.Form):
    """The last day of a term or of an appointment."""

    last_day = forms.DateField(
        label=_("Hari terakhir"), widget=DATE, error_messages={"required": _("Isi hari terakhir.")}
    )
