"""What a stranger can give to have a letter checked."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from satuklik.kernel import codes
from satuklik.spine.documents.rules import LARGEST_UPLOAD

MEGABYTE = 1024 * 1024


class FindForm(forms.Form):
    """A number, a code or an address, typed or pasted."""

    kode = forms.CharField(
        label=_("Nomor surat atau kode"),
        help_text=_(
            "Contoh nomor: 400.12.2.2/001/20.1002/XI/2026. Anda juga dapat menempel alamat dari kode QR."
        ),
        max_length=200,
        error_messages={"required": _("Ketik nomor surat atau tempel alamatnya.")},
    )


class UploadForm(forms.Form):
    """The PDF that somebody received."""

    berkas = forms.FileField(
        label=_("Berkas PDF surat"),
        help_text=_("Paling besar 20 MB. Berkas hanya diperiksa, lalu dibuang."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
        error_messages={
            "required": _("Pilih berkas PDF yang akan diperiksa."),
            "empty": _("Berkas ini kosong. Unduh lagi PDF aslinya, lalu pilih berkas itu."),
        },
    )

    def clean_berkas(self) -> UploadedFile:
        """Refuse what is too large before it is read."""
        upload: UploadedFile = self.cleaned_data["berkas"]
        if (upload.size or 0) > LARGEST_UPLOAD:
            raise forms.ValidationError(
                _("Berkas ini %(size)s MB; paling besar 20 MB. Unggah PDF asli, bukan hasil pindaian."),
                params={"size": f"{(upload.size or 0) / MEGABYTE:.0f}"},
            )
        return upload


class OpenForm(forms.Form):
    """The code that only the letter itself shows."""

    kode = forms.CharField(
        label=_("Kode buka"),
        help_text=_("Delapan huruf dan angka di samping kode QR, seperti 7F3K-9Q2M."),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={"required": _("Ketik kode buka yang tercetak pada surat.")},
    )

    def clean_kode(self) -> str:
        """As it is printed."""
        code = codes.tidy(self.cleaned_data["kode"])
        if len(code) != 9:
            raise forms.ValidationError(_("Ketik tepat delapan huruf dan angka."))
        return code


class CompareForm(UploadForm, OpenForm):
    """An altered copy, and the code that lets its holder see the original."""

    field_order = ["berkas", "kode"]
