"""Forms for what is done with letters: return, forward, sign, dispose, register, report."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from satuklik.base.agencies.queries import Official
from satuklik.systems.correspondence import queries
from satuklik.systems.correspondence.letterform import LetterForm, words

NOTE = 500  # letters: Step.note, Disposition.note
REPORT = 1000
AREA = forms.Textarea(attrs={"rows": 3})


class ParafForm(forms.Form):
    """Initials, with a word if there is one to say."""

    note = forms.CharField(label=_("Catatan"), required=False, max_length=NOTE)


class ReasonForm(forms.Form):
    """Why it goes back, or why it ends."""

    reason = forms.CharField(
        label=_("Alasan"),
        help_text=_("Penyusun membaca kalimat ini. Tulis apa yang harus diperbaiki."),
        max_length=NOTE,
        widget=AREA,
        error_messages={"required": _("Tulis alasannya, supaya penyusun tahu apa yang harus diperbaiki.")},
    )


class CancelForm(forms.Form):
    """Why a naskah is given up."""

    reason = forms.CharField(
        label=_("Alasan pembatalan"),
        max_length=NOTE,
        widget=AREA,
        error_messages={"required": _("Tulis alasan pembatalan.")},
    )


class ForwardForm(forms.Form):
    """Whose paraf it should be instead."""

    to = forms.TypedChoiceField(
        label=_("Teruskan kepada"),
        coerce=int,
        error_messages={"required": _("Pilih kepada siapa paraf ini diteruskan.")},
    )
    note = forms.CharField(label=_("Catatan"), required=False, max_length=NOTE)

    def __init__(self, data: Any = None, *, people: Sequence[Official], **rest: Any) -> None:
        super().__init__(data, **rest)
        self.people = {person.pk: person for person in people}
        self.fields["to"].choices = [("", _("Pilih pejabat …")), *named(people)]  # type: ignore[attr-defined]


class PassphraseForm(forms.Form):
    """Typed by the signer each time, never shown again and kept nowhere: UU 11/2008 ps. 11 (sole control)."""

    passphrase = forms.CharField(
        label=_("Kata sandi tanda tangan"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(
            render_value=False, attrs={"autocomplete": "off", "spellcheck": "false", "data-nd-key": "a"}
        ),
        error_messages={"required": _("Ketik kata sandi tanda tangan Anda.")},
    )


class SentForm(forms.Form):
    """How it went to somebody outside."""

    how = forms.CharField(
        label=_("Cara kirim"),
        max_length=120,
        widget=forms.TextInput(attrs={"list": "nd-ways", "autocomplete": "off"}),
        error_messages={"required": _("Tulis bagaimana surat ini dikirim: diantar, pos, atau surel.")},
    )


class DispositionForm(forms.Form):
    """An instruction to one or several subordinates (lembar disposisi, Permendagri 1/2023)."""

    takers = forms.TypedMultipleChoiceField(
        label=_("Kepada"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Pilih sedikitnya satu penerima disposisi.")},
    )
    instruction = forms.ChoiceField(label=_("Isi disposisi"))
    note = forms.CharField(label=_("Catatan"), required=False, max_length=NOTE, widget=AREA)
    due_on = forms.DateField(
        label=_("Batas waktu"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, data: Any = None, *, takers: Sequence[queries.Who], **rest: Any) -> None:
        super().__init__(data, **rest)
        self.fields["takers"].choices = [(one.id, f"{one.name} – {one.position}") for one in takers]  # type: ignore[attr-defined]
        self.fields["instruction"].choices = [  # type: ignore[attr-defined]
            (term.code, words(term.words)) for term in queries.instructions()
        ]


class ReportForm(forms.Form):
    """What was done about a disposition."""

    text = forms.CharField(
        label=_("Laporan"),
        help_text=_("Apa yang sudah dikerjakan, dan hasilnya."),
        max_length=REPORT,
        widget=AREA,
        error_messages={"required": _("Tulis apa yang sudah dikerjakan.")},
    )


class RegisterForm(forms.Form):
    """A letter that came on paper or by mail, for the agenda masuk."""

    correspondent = forms.CharField(
        label=_("Dari"),
        max_length=300,
        help_text=_("Instansi atau orang yang mengirim."),
        error_messages={"required": _("Tulis siapa pengirimnya.")},
    )
    number = forms.CharField(
        label=_("Nomor surat"),
        max_length=60,
        help_text=_("Seperti tercetak. Tulis “-” bila tidak bernomor."),
        error_messages={"required": _("Tulis nomor surat, atau “-” bila tidak bernomor.")},
    )
    dated = forms.DateField(
        label=_("Tanggal surat"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Isi tanggal surat."), "invalid": _("Isi tanggal surat.")},
    )
    subject = forms.CharField(
        label=_("Perihal"), max_length=200, error_messages={"required": _("Tulis perihalnya.")}
    )
    classification = LetterForm.base_fields["classification"]
    urgency = forms.ChoiceField(label=_("Sifat kesegeraan"))
    secrecy = forms.ChoiceField(label=_("Tingkat kerahasiaan"))
    scan = forms.FileField(
        label=_("Hasil pindai"),
        required=False,
        help_text=_("PDF, PNG, atau JPEG, paling besar 20 MB."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/png,image/jpeg"}),
    )
    found: Sequence[queries.Classification] = ()

    def __init__(self, data: Any = None, files: Any = None, **rest: Any) -> None:
        super().__init__(data, files, **rest)
        for name, terms in (("urgency", queries.urgencies()), ("secrecy", queries.secrecies())):
            self.fields[name].choices = [(term.code, words(term.words)) for term in terms]  # type: ignore[attr-defined]

    clean_classification = LetterForm.clean_classification


def named(people: Sequence[Official]) -> list[tuple[int, str]]:
    """Officials as a list to choose from."""
    return [(person.pk, f"{person.name} – {person.position}") for person in people]
