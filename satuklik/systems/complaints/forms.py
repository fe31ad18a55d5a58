"""The forms of complaints: the report in two steps, the tracking page, the decisions at the desk."""

import math
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from satuklik.base.accounts.queries import identifier
from satuklik.base.agencies import queries as agencies
from satuklik.base.regions import queries as regions
from satuklik.systems.complaints import catalogue, pictures, placing, wording
from satuklik.systems.complaints.actions.replying import LONGEST
from satuklik.systems.complaints.actions.reporting import LONGEST_TEXT, SHORTEST_TEXT
from satuklik.systems.complaints.errors import PhotoRefused
from satuklik.systems.complaints.models import Complaint
from satuklik.systems.complaints.rules import states

Choices = list[tuple[str, Any]]


def village_choices(first: Any) -> list[tuple[Any, Any]]:
    """Every village under its kecamatan, below an empty choice."""
    names = {district.code: district.name for district in regions.districts()}
    groups: dict[str, list[tuple[str, str]]] = {code: [] for code in names}
    for village in regions.villages():
        groups[village.code[:8]].append((village.code, village.name))
    return [("", first), *((names[code], found) for code, found in groups.items() if found)]


def _area(rows: int, most: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "maxlength": most})


NO_POINT = _("Titik lokasi tidak terbaca. Pilih sekali lagi, atau tulis tempatnya saja.")


class ManyFiles(forms.FileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class PhotosField(forms.Field):
    """Photos, each cleaned: the value is a list of new JPEGs."""

    widget = ManyFiles

    def __init__(self, **more: Any) -> None:
        attrs = {"accept": "image/jpeg,image/png,image/webp", "multiple": True}
        super().__init__(required=False, widget=ManyFiles(attrs=attrs), **more)

    def clean(self, value: Any) -> list[bytes]:
        """The cleaned pictures. Raises ValidationError with the name of the one that is refused."""
        uploads = [value] if value and not isinstance(value, list | tuple) else list(value or [])
        if len(uploads) > pictures.MOST_PHOTOS:
            raise forms.ValidationError(str(wording.PHOTOS["too_many"]))
        found = []
        for upload in uploads:
            try:
                if upload.size > pictures.MOST_BYTES:
                    raise PhotoRefused("too_large")
                found.append(pictures.clean(upload.read()))
            except PhotoRefused as error:
                raise forms.ValidationError(str(wording.PHOTOS[error.code])) from error
        return found


class PlainForm(forms.Form):
    """A form whose texts are free of NUL and of signs that turn the direction of writing, and whose file fields may
    hold several files."""

    def __init__(self, data: Any = None, files: Any = None, **more: Any) -> None:
        super().__init__(data, files, **more)
        if data is not None:
            plain = {
                name: [value.translate(_UNSEEN) for value in data.getlist(name)]
                if hasattr(data, "getlist")
                else data[name]
                for name in data
            }
            self.data = _Lists(plain)
        if files is not None and hasattr(files, "getlist"):
            self.files = {name: files.getlist(name) for name in files}


_UNSEEN = {0: None, **dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F])}


class _Lists(dict[str, Any]):
    """Like Django's QueryDict: the last value, or all of them."""

    def __getitem__(self, name: str) -> Any:
        value = super().__getitem__(name)
        return (value[-1] if value else "") if isinstance(value, list) else value

    def get(self, name: str, default: Any = None) -> Any:
        try:
            return self[name]
        except KeyError:
            return default

    def getlist(self, name: str, default: Any = None) -> list[Any]:
        value = super().get(name, default if default is not None else [])
        return value if isinstance(value, list) else [value]


class WhatForm(PlainForm):
    """The first step: what, where, when."""

    text = forms.CharField(
        label=_("Apa yang terjadi?"), help_text=_("Apa masalahnya, sejak kapan, dan siapa yang terkena. Jangan tulis NIK."),
        min_length=SHORTEST_TEXT, max_length=LONGEST_TEXT, widget=_area(6, LONGEST_TEXT),
        error_messages={
            "required": _("Ceritakan apa yang terjadi."), "max_length": wording.MISSING["text", "long"],
            "min_length": wording.MISSING["text", "short"],
        },
    )  # fmt: skip
    category = forms.ChoiceField(
        label=_("Tentang apa?"),
        error_messages={
            "required": wording.MISSING["category", "unknown"],
            "invalid_choice": wording.MISSING["category", "unknown"],
        },
    )
    village = forms.ChoiceField(
        label=_("Di desa atau kelurahan mana?"), required=False,
        error_messages={"invalid_choice": _("Pilih desa atau kelurahan dari daftar.")},
    )  # fmt: skip
    place = forms.CharField(
        label=_("Di mana tepatnya?"), help_text=_("Misalnya: depan pasar, dekat jembatan, ruang tunggu puskesmas."),
        required=False, max_length=200,
    )  # fmt: skip
    happened_on = forms.DateField(
        label=_("Kapan terjadi?"), required=False, widget=forms.DateInput(attrs={"type": "date", "class": "govuk-input--width-20"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Tulis tanggal seperti 24-11-2026.")}, input_formats=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"],
    )  # fmt: skip
    latitude = forms.FloatField(
        required=False, widget=forms.HiddenInput, error_messages={"invalid": NO_POINT}
    )
    longitude = forms.FloatField(
        required=False, widget=forms.HiddenInput, error_messages={"invalid": NO_POINT}
    )

    def __init__(self, data: Any = None, files: Any = None, *, today: date, **more: Any) -> None:
        super().__init__(data, files, **more)
        self.today = today
        self.fields["category"].choices = [  # type: ignore[attr-defined]
            ("", gettext("Pilih")), *((one.code, one.label()) for one in catalogue.categories().values())
        ]  # fmt: skip
        self.fields["village"].choices = village_choices(gettext("Tidak tahu, atau di banyak tempat"))  # type: ignore[attr-defined]

    def clean_happened_on(self) -> date | None:
        """Not in the future."""
        day: date | None = self.cleaned_data["happened_on"]
        if day is not None and day > self.today:
            raise forms.ValidationError(gettext("Tanggal ini belum tiba. Tulis kapan hal itu terjadi."))
        if day is not None and day.year < 1990:
            raise forms.ValidationError(gettext("Tanggal ini terlalu lama. Periksa tahunnya."))
        return day

    def clean(self) -> dict[str, Any]:
        """A point counts only whole. Where outlines were imported it lies inside them, and names the village where
        none was chosen; `by_point` is the village that it lies in."""
        found: dict[str, Any] = super().clean() or {}
        latitude, longitude = found.get("latitude"), found.get("longitude")
        found["by_point"] = ""
        if not is_point(latitude, longitude):
            if latitude is not None and longitude is not None:
                self.add_error("latitude", NO_POINT)  # not on Earth: said, not silently left out
            if {"latitude", "longitude"} & set(self.errors):
                # The fields are hidden: left in the page, nobody could take the point out of it again.
                self.data = _Lists(self.data | {"latitude": "", "longitude": ""})
            found["latitude"] = found["longitude"] = None
            return found
        if regions.has_boundaries():
            village = regions.village_at(float(longitude or 0), float(latitude or 0))
            if village is None:
                self.add_error("latitude", placing.outside())
                return found
            found["by_point"] = village.code
            found["village"] = found.get("village") or village.code
        return found


def is_point(latitude: Any, longitude: Any) -> bool:
    """Whether both are there and lie on Earth."""
    return (
        isinstance(latitude, float) and isinstance(longitude, float)
        and math.isfinite(latitude) and math.isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180
    )  # fmt: skip


class WhoForm(PlainForm):
    """The second step: photos, and how the reporter hears of it."""

    photos = PhotosField(
        label=_("Foto"), help_text=_("Paling banyak 4. Data kamera dan lokasi di dalam foto dihapus.")
    )
    mode = forms.ChoiceField(
        label=_("Bagaimana kami mengabari Anda?"), widget=forms.RadioSelect,
        error_messages={"required": _("Pilih salah satu."), "invalid_choice": _("Pilih salah satu.")},
    )  # fmt: skip
    name = forms.CharField(
        label=_("Nama"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    contact = forms.CharField(
        label=_("Nomor HP atau e-mail"), help_text=_("Hanya dilihat petugas, untuk mengabari Anda. Wajib bila melapor tanpa akun."), required=False,
        max_length=254, widget=forms.TextInput(attrs={"autocomplete": "tel"}),
    )  # fmt: skip

    def __init__(self, data: Any = None, files: Any = None, *, signed_in: bool, **more: Any) -> None:
        super().__init__(data, files, **more)
        choices: Choices = [(str(Complaint.Mode.ACCOUNT), gettext("Lewat akun saya"))] if signed_in else []
        choices += [
            (str(Complaint.Mode.CONTACT), gettext("Lewat nomor HP atau e-mail, tanpa akun")),
            (str(Complaint.Mode.SECRET), gettext("Rahasia: tidak seorang pun boleh tahu siapa saya")),
        ]
        self.fields["mode"].choices = choices  # type: ignore[attr-defined]

    def clean_contact(self) -> tuple[str, str]:
        """(telephone in E.164, e-mail); one of them, or none."""
        return contact_of(self.cleaned_data["contact"])


def contact_of(typed: str) -> tuple[str, str]:
    """(telephone in E.164, e-mail) of what was typed into one field. Raises ValidationError."""
    typed = typed.strip()
    if not typed:
        return "", ""
    if "@" in typed:
        return "", forms.EmailField(
            error_messages={"invalid": gettext("Alamat e-mail ini tidak lengkap. Periksa lagi.")},
            max_length=254,
        ).clean(typed)
    found = identifier(typed)
    if found is None or found[0] != "phone":
        raise forms.ValidationError(gettext("Tulis nomor HP seperti 0812…, atau alamat e-mail."))
    return found[1], ""


class FindForm(PlainForm):
    """Number and key of a report."""

    reference = forms.CharField(
        label=_("Nomor laporan"), help_text=_("Misalnya PD-7F3K-9Q2M."), max_length=40
    )
    key = forms.CharField(
        label=_("Kunci"), help_text=_("Tujuh kelompok huruf dan angka yang Anda catat."), max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )  # fmt: skip


class SayForm(PlainForm):
    """The reporter adds something."""

    text = forms.CharField(
        label=_("Tulis tambahan atau balasan"),
        max_length=LONGEST,
        widget=_area(4, LONGEST),
        error_messages={"required": wording.MISSING["text", "missing"]},
    )
    photos = PhotosField(label=_("Foto"))


class ReopenForm(PlainForm):
    """The reporter contests an end."""

    reason = forms.CharField(
        label=_("Apa yang belum selesai?"),
        max_length=LONGEST,
        widget=_area(3, LONGEST),
        error_messages={"required": _("Tulis apa yang belum selesai.")},
    )


class FollowForm(PlainForm):
    """Somebody without account follows a report."""

    contact = forms.CharField(
        label=_("Nomor HP atau e-mail"),
        max_length=254,
        error_messages={"required": wording.MISSING["contact", "missing"]},
    )

    def clean_contact(self) -> tuple[str, str]:
        """(telephone in E.164, e-mail)"""
        return contact_of(self.cleaned_data["contact"])


class KindForm(PlainForm):
    """Title, category and level, when a report is verified."""

    title = forms.CharField(label=_("Judul"), max_length=150)
    category = forms.ChoiceField(label=_("Kategori"))
    level = forms.ChoiceField(label=_("Tingkat"), help_text=_("Menentukan batas waktu seluruh laporan."))

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["category"].choices = [(one.code, one.label()) for one in catalogue.categories().values()]  # type: ignore[attr-defined]
        self.fields["level"].choices = list(wording.LEVELS.items())  # type: ignore[attr-defined]


class ReasonForm(PlainForm):
    """A reason that the reporter reads."""

    reason = forms.CharField(
        label=_("Alasan"),
        help_text=_("Pelapor membaca kalimat ini."),
        max_length=LONGEST,
        widget=_area(3, LONGEST),
        error_messages={"required": wording.MISSING["reason", "missing"]},
    )


class DispatchForm(PlainForm):
    """To which agencies, and what is asked of them."""

    agencies = forms.MultipleChoiceField(
        label=_("Instansi"),
        widget=forms.SelectMultiple(attrs={"size": 8}),
        error_messages={"required": wording.MISSING["agencies", "missing"]},
    )
    question = forms.CharField(
        label=_("Yang diminta dari instansi"),
        help_text=_("Tulis tanpa nama pelapor."),
        max_length=4_000,
        widget=_area(6, 4_000),
        error_messages={"required": wording.MISSING["question", "missing"]},
    )

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["agencies"].choices = [
            (one.code, one.name) for one in agencies.agencies() if one.kind != "desa"
        ]  # type: ignore[attr-defined]


class ReplyForm(PlainForm):
    """The answer to the reporter."""

    text = forms.CharField(
        label=_("Tanggapan kepada pelapor"),
        max_length=LONGEST,
        widget=_area(7, LONGEST),
        error_messages={"required": wording.MISSING["text", "missing"]},
    )
    result = forms.ChoiceField(
        label=_("Apa yang terjadi dengan masalahnya?"),
        choices=list(wording.RESULTS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": wording.MISSING["result", "missing"]},
    )
    photos = PhotosField(label=_("Foto setelah dikerjakan"))


class MergeForm(PlainForm):
    """The number of the report that it is the same as."""

    into = forms.CharField(label=_("Nomor laporan tujuan"), max_length=40)


class NoteForm(PlainForm):
    """A note for the office."""

    text = forms.CharField(
        label=_("Catatan internal"),
        help_text=_("Tidak terlihat oleh pelapor."),
        max_length=LONGEST,
        widget=_area(2, LONGEST),
    )


class RevealForm(PlainForm):
    """Why an identity must be opened."""

    reason = forms.CharField(
        label=_("Alasan membuka identitas"),
        help_text=_("Pelapor melihat nama jabatan Anda, waktu, dan alasan ini."),
        min_length=20,
        max_length=500,
        widget=_area(3, 500),
        error_messages={
            "required": wording.MISSING["reason", "short"],
            "min_length": wording.MISSING["reason", "short"],
        },
    )


class ReleaseForm(PlainForm):
    """What everybody may read."""

    title = forms.CharField(label=_("Judul untuk umum"), max_length=150)
    text = forms.CharField(label=_("Teks untuk umum"), max_length=4_000, widget=_area(6, 4_000))
    point = forms.BooleanField(label=_("Tampilkan titik di peta"), required=False)
    photos = forms.TypedMultipleChoiceField(
        label=_("Foto yang ditampilkan"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    checked = forms.BooleanField(
        label=_("Sudah saya periksa: tidak ada yang menunjuk kepada orang"), required=False
    )

    def __init__(self, data: Any = None, *, photos: Choices, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["photos"].choices = photos  # type: ignore[attr-defined]


class FilterForm(forms.Form):
    """How the list at the desk is narrowed."""

    state = forms.ChoiceField(label=_("Keadaan"), required=False)
    category = forms.ChoiceField(label=_("Kategori"), required=False)
    district = forms.ChoiceField(label=_("Kecamatan"), required=False)
    q = forms.CharField(label=_("Cari"), required=False, max_length=80)

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        special = [
            ("", gettext("Semua yang terbuka")),
            ("ours", gettext("Menunggu kita")),
            ("late", gettext("Terlambat")),
            ("unsettled", gettext("Ditutup, belum dipastikan selesai")),
            ("all", gettext("Semua")),
        ]
        self.fields["state"].choices = [*special, *((name, wording.AT_DESK[name]) for name in states.STATES)]  # type: ignore[attr-defined]
        self.fields["category"].choices = [
            ("", gettext("Semua")),
            *((one.code, one.label()) for one in catalogue.categories().values()),
        ]  # type: ignore[attr-defined]
        self.fields["district"].choices = [
            ("", gettext("Semua")),
            *((one.code, one.name) for one in regions.districts()),
        ]  # type: ignore[attr-defined]


class SheetForm(forms.Form):
    """A file of SP4N-LAPOR!."""

    file = forms.FileField(
        label=_("Berkas SP4N-LAPOR!"),
        help_text=_("Excel (.xlsx) atau CSV, paling besar 10 MB."),
        error_messages={"required": _("Pilih berkasnya."), "empty": _("Berkas ini kosong.")},
    )
