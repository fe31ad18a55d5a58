"""The forms of the inbox: one that makes objects, and small ones for answers, notes and canned answers."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from satuklik.spine.intake.registry import KINDS, kinds
from satuklik.spine.intake.rules.canned import LONGEST_ANSWER, PLACES, unfilled, unknown
from satuklik.spine.messaging import actions as messaging
from satuklik.spine.messaging.errors import FileRefused

LONGEST_TEXT = 20_000


class Words(forms.CharField):
    """Text of a person: without NUL (PostgreSQL takes none), of bounded length."""

    def to_python(self, value: Any) -> str:
        return super().to_python(str(value or "").replace("\x00", ""))


MOST_FILES = 3
LARGEST = 10 * 1024 * 1024  # what every mail server still takes


class ManyFiles(forms.ClearableFileInput):
    """A file field that takes several."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Files for a person; the value is a list of (name, bytes, media type), taken by their content."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if len(given) > MOST_FILES:
            raise forms.ValidationError(
                gettext("Paling banyak %(most)s berkas sekali kirim.") % {"most": MOST_FILES}
            )
        return [self._checked(super(FilesField, self).clean(one, initial)) for one in given]

    def _checked(self, upload: Any) -> tuple[str, bytes, str]:
        if upload.size > LARGEST:
            raise forms.ValidationError(
                gettext("Berkas lebih besar dari 10 MB. Kirim bagian yang diperlukan saja.")
            )
        content = upload.read()
        try:
            return upload.name or "", content, messaging.check_file(upload.name or "", content)
        except FileRefused as error:
            raise forms.ValidationError(
                gettext(
                    "Jenis berkas ini tidak dapat dikirim. Pakai PDF, gambar, atau dokumen kantor tanpa makro."
                )
            ) from error


class AnswerForm(forms.Form):
    """An answer to the person. `seen` is the last answer that its writer had before him."""

    text = Words(
        label=_("Balasan"),
        required=False,
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    files = FilesField(
        label=_("Lampiran"), required=False, max_length=500,
        help_text=_("PDF, gambar, atau dokumen kantor; paling banyak tiga, masing-masing 10 MB."),
    )  # fmt: skip
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    template = forms.CharField(label=_("Templat WhatsApp"), required=False, max_length=40)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        # A prepared text or a file may go without a word of one's own.
        alone = self.is_bound and (self.data.get("template") or self.files.get("files"))
        self.fields["text"].required = not alone
        self.fields["text"].error_messages["required"] = gettext("Tulis balasannya dahulu.")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if left := unfilled(given.get("text", "")):
            self.add_error(
                "text", gettext("Isi dahulu bagian ini: %(places)s.") % {"places": ", ".join(left)}
            )
        return given


class NoteForm(forms.Form):
    """A note that only officers see."""

    note = Words(label=_("Untuk rekan Anda saja"), max_length=4_000, widget=forms.Textarea(attrs={"rows": 2}))


class MakeForm(forms.Form):
    """What to make of which messages."""

    pesan = forms.TypedMultipleChoiceField(
        label=_("Pesan"), coerce=int, error_messages={"required": _("Pilih paling sedikit satu pesan.")}
    )
    jenis = forms.ChoiceField(
        label=_("Jadikan"), widget=forms.RadioSelect, error_messages={"required": _("Pilih jenisnya.")}
    )
    dinas = forms.ChoiceField(label=_("Untuk instansi"), required=False)
    name = Words(label=_("Nama orang ini"), required=False, max_length=120)
    address = Words(label=_("Alamat"), required=False, max_length=200)
    text = Words(label=_("Isinya"), required=False, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3}),
                 help_text=_("Kosongkan untuk memakai pesan yang dipilih apa adanya."))  # fmt: skip
    deadline = forms.DateTimeField(
        label=_("Tenggat wartawan"), required=False, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": _("Tulis tanggal dan jamnya.")},
    )  # fmt: skip
    urgent = forms.BooleanField(label=_("Mendesak"), required=False)
    secret = forms.BooleanField(label=_("Rahasiakan identitasnya"), required=False)
    tell = forms.BooleanField(
        label=_("Kirim nomor dan langkah berikutnya kepada orang ini"), required=False, initial=True
    )
    again = forms.BooleanField(label=_("Buat lagi walau sudah ada"), required=False)
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(
        self, *args: Any, messages: Sequence[int], offices: Sequence[tuple[str, Any]], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        choices = [(str(one), str(one)) for one in messages]
        self.fields["pesan"].choices = choices  # type: ignore[attr-defined]
        self.makers = [kind for kind in kinds() if kind.create is not None]
        self.fields["jenis"].choices = [(kind.name, kind.label) for kind in self.makers]  # type: ignore[attr-defined]
        self.fields["dinas"].choices = [("", _("Biarkan sistem memilih")), *offices]  # type: ignore[attr-defined]
        for kind in self.makers:
            for ask in kind.asks:
                name = ask_name(kind.name, ask.name)
                if ask.choices:
                    self.fields[name] = forms.ChoiceField(
                        label=ask.label, required=False, choices=[("", "–"), *ask.choices]
                    )
                else:
                    self.fields[name] = Words(label=ask.label, required=False, max_length=300)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        kind = KINDS.get(given.get("jenis", ""))
        for ask in kind.asks if kind else ():
            name = ask_name(kind.name, ask.name) if kind else ""
            if ask.required and not given.get(name):
                self.add_error(name, gettext("Isi ini untuk jenis yang dipilih."))
        return given

    def asks(self) -> list[tuple[str, list[forms.BoundField]]]:
        """(kind's label, its own questions) for kinds that have some."""
        return [
            (str(kind.label), [self[ask_name(kind.name, ask.name)] for ask in kind.asks])
            for kind in self.makers
            if kind.asks
        ]

    def extra(self) -> dict[str, str]:
        """Answers to the chosen kind's own questions."""
        kind = KINDS[self.cleaned_data["jenis"]]
        found = {
            ask.name: str(self.cleaned_data.get(ask_name(kind.name, ask.name)) or "") for ask in kind.asks
        }
        return {name: value for name, value in found.items() if value}


class UncoverForm(forms.Form):
    """Why a secret person is looked at."""

    reason = Words(label=_("Alasan membuka"), max_length=200)


class CannedForm(forms.Form):
    """A canned answer."""

    title = Words(label=_("Judul"), max_length=80)
    text = Words(label=_("Isi"), max_length=LONGEST_ANSWER, widget=forms.Textarea(attrs={"rows": 7}))
    kind = forms.ChoiceField(label=_("Ditawarkan untuk"), required=False)
    order = forms.IntegerField(label=_("Urutan"), min_value=0, max_value=999, initial=50)
    active = forms.BooleanField(label=_("Dipakai"), required=False, initial=True)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        named = [(kind.name, kind.label) for kind in kinds()]
        self.fields["kind"].choices = [("", _("Semua jenis")), *named]  # type: ignore[attr-defined]
        self.fields["text"].help_text = gettext("Tempat yang terisi sendiri: %(places)s.") % {
            "places": ", ".join(f"{{{place}}}" for place in PLACES)
        }

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        if wrong := unknown(text):
            raise forms.ValidationError(
                gettext("Tempat ini tidak dikenal: %(places)s."), params={"places": ", ".join(wrong)}
            )
        return text


def ask_name(kind: str, ask: str) -> str:
    """The name of a field of a kind's own question."""
    return f"tanya-{kind}-{ask}"
