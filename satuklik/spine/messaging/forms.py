"""The form of the chat."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from satuklik.spine.messaging import rules

LONGEST = 8_000
MOST_FILES = 3


class ManyFiles(forms.ClearableFileInput):
    """A file field that takes several."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Files whose contents are looked at by `receiving`; here only their number and size count."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=ManyFiles(), **options)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, (list, tuple)) else [data] if data else []
        files = [super(FilesField, self).clean(one, initial) for one in given if one]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("Lampirkan paling banyak tiga berkas sekaligus."))
        if any(one.size > rules.MOST_FILE for one in files):
            raise forms.ValidationError(_("Satu berkas lebih dari 16 MB. Kirim berkas yang lebih kecil."))
        return files


class ChatForm(forms.Form):
    """What somebody writes to the office."""

    name = forms.CharField(
        label=_("Nama"), max_length=120, required=False, widget=forms.TextInput({"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, required=False,
        help_text=_("Agar jawaban tetap sampai bila halaman ini Anda tutup."),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )  # fmt: skip
    text = forms.CharField(
        label=_("Pesan Anda"), max_length=LONGEST, required=False, strip=False,
        error_messages={"max_length": _("Pesan terlalu panjang. Kirim dalam beberapa pesan, atau sebagai berkas.")},
        widget=forms.Textarea({"rows": 3, "maxlength": LONGEST}),
    )  # fmt: skip
    files = FilesField(
        label=_("Lampiran"), required=False, max_length=500, allow_empty_file=True,
        help_text=_("Foto, PDF, atau dokumen kantor; paling banyak tiga berkas."),
    )  # fmt: skip
    once = forms.CharField(max_length=64, widget=forms.HiddenInput(), required=False)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not (found.get("text") or "").strip() and not found.get("files") and "text" not in self.errors:
            self.add_error("text", _("Tulis pesan Anda atau lampirkan berkas."))
        for file in found.get("files") or []:
            content = file.read()
            file.seek(0)
            if not content:
                self.add_error("files", _("Berkas ini kosong. Pilih berkas lain."))
            elif not rules.kind_of_file(content):
                self.add_error(
                    "files", _("Jenis berkas ini tidak kami terima. Kirim foto, PDF, atau dokumen kantor.")
                )
        return found
