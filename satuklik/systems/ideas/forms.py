"""The forms of ideas."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from satuklik.base.accounts.queries import identifier
from satuklik.base.agencies import queries as agencies
from satuklik.base.files.actions import clean_picture
from satuklik.base.files.errors import PictureRefused
from satuklik.base.regions import queries as regions
from satuklik.systems.ideas import catalogue, wording
from satuklik.systems.ideas.actions.living import MOST_PHOTOS
from satuklik.systems.ideas.actions.submitting import LONGEST_TEXT, SHORTEST_TEXT
from satuklik.systems.ideas.models import Idea
from satuklik.systems.ideas.rules import states

_UNSEEN = {0: None, **dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F])}


class Plain(forms.CharField):
    """A text without NUL and without signs that turn the direction of writing."""

    def to_python(self, value: Any) -> str:
        """The text without them."""
        return super().to_python(value.translate(_UNSEEN) if isinstance(value, str) else value)


def _area(rows: int, most: int = 4_000) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "maxlength": most})


def _money(label: Any, **more: Any) -> "Money":
    return Money(
        label=label,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-20"}),
        **more,
    )


class Money(forms.Field):
    """Whole rupiah: "150.000.000", "Rp150000000"."""

    def clean(self, value: Any) -> int | None:
        """The number, or None where nothing was typed."""
        typed = (
            str(value or "")
            .strip()
            .casefold()
            .removeprefix("rp")
            .replace(".", "")
            .replace(" ", "")
            .removesuffix(",00")
        )
        if not typed:
            if self.required:
                raise ValidationError(gettext("Tulis jumlahnya dalam rupiah, angka saja."))
            return None
        if not (typed.isascii() and typed.isdigit() and len(typed) <= 15):
            raise ValidationError(gettext("Tulis jumlahnya dalam rupiah, angka saja."))
        return int(typed)


class SubmitForm(forms.Form):
    """A new idea."""

    title = Plain(
        label=_("Judul ide"),
        max_length=120,
        help_text=_("Satu kalimat pendek."),
        error_messages={"required": wording.MISSING["title", "missing"]},
    )
    text = Plain(
        label=_("Apa idenya?"), help_text=_("Apa masalahnya, apa yang diusulkan, dan siapa yang terbantu."), min_length=SHORTEST_TEXT,
        max_length=LONGEST_TEXT, widget=_area(7), error_messages={"required": wording.MISSING["text", "missing"], "min_length": wording.MISSING["text", "short"], "max_length": wording.MISSING["text", "long"]},
    )  # fmt: skip
    category = forms.ChoiceField(
        label=_("Tentang apa?"),
        error_messages={
            "required": wording.MISSING["category", "unknown"],
            "invalid_choice": wording.MISSING["category", "unknown"],
        },
    )
    village = forms.ChoiceField(label=_("Untuk desa atau kelurahan mana?"), required=False)
    group = forms.ChoiceField(
        label=_("Anda mengusulkan sebagai"),
        widget=forms.RadioSelect,
        choices=[(Idea.Group.RESIDENT, _("Warga")), (Idea.Group.JOURNALIST, _("Jurnalis"))],
        error_messages={"required": _("Pilih salah satu.")},
    )
    outlet = Plain(
        label=_("Media"),
        required=False,
        max_length=120,
        help_text=_("Hanya untuk jurnalis; tampil bersama ide."),
    )
    name = Plain(
        label=_("Nama"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    contact = Plain(
        label=_("Nomor HP atau e-mail"),
        required=False,
        max_length=254,
        help_text=_("Hanya dilihat petugas, untuk mengabari Anda."),
    )

    def __init__(self, data: Any = None, *, signed_in: bool, **more: Any) -> None:
        super().__init__(data, **more)
        self.signed_in = signed_in
        self.fields["category"].choices = [
            ("", gettext("Pilih")),
            *((one.code, one.label()) for one in catalogue.categories().values()),
        ]  # type: ignore[attr-defined]
        names = {district.code: district.name for district in regions.districts()}
        groups: dict[str, list[tuple[str, str]]] = {code: [] for code in names}
        for village in regions.villages():
            groups[village.code[:8]].append((village.code, village.name))
        self.fields["village"].choices = [
            ("", gettext("Seluruh kabupaten")),
            *((names[code], rows) for code, rows in groups.items()),
        ]  # type: ignore[attr-defined]
        if signed_in:
            del self.fields["name"], self.fields["contact"]

    def clean_contact(self) -> tuple[str, str]:
        """(telephone in E.164, e-mail); one of them."""
        typed = self.cleaned_data["contact"].strip()
        if "@" in typed:
            return "", forms.EmailField(
                max_length=254,
                error_messages={"invalid": gettext("Alamat e-mail ini tidak lengkap. Periksa lagi.")},
            ).clean(typed)
        found = identifier(typed)
        if found is None or found[0] != "phone":
            raise ValidationError(gettext("Tulis nomor HP seperti 0812…, atau alamat e-mail."))
        return found[1], ""

    def clean(self) -> dict[str, Any]:
        """A journalist names the outlet."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("group") == Idea.Group.JOURNALIST and not given.get("outlet"):
            self.add_error("outlet", str(wording.MISSING["outlet", "missing"]))
        return given


def _agencies() -> list[tuple[str, str]]:
    return [(one.code, one.name) for one in agencies.agencies() if one.kind != "desa"]


class ModerateForm(forms.Form):
    """The words in which it is published, its agency, and a like idea."""

    title = Plain(label=_("Judul ide"), max_length=120)
    text = Plain(label=_("Isi"), max_length=4_000, widget=_area(7))
    category = forms.ChoiceField(label=_("Kategori"))
    agency = forms.ChoiceField(label=_("Instansi penelaah"))
    like = Plain(
        label=_("Mirip dengan (nomor ide)"),
        required=False,
        max_length=40,
        help_text=_("Diisi: pengusul ditanya dahulu, digabung atau tetap sendiri."),
    )

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["category"].choices = [(one.code, one.label()) for one in catalogue.categories().values()]  # type: ignore[attr-defined]
        self.fields["agency"].choices = _agencies()  # type: ignore[attr-defined]


class AssignForm(forms.Form):
    """Another agency."""

    agency = forms.ChoiceField(label=_("Instansi penelaah"))

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["agency"].choices = _agencies()  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """A reason that everybody reads."""

    reason = Plain(
        label=_("Alasan"),
        help_text=_("Semua orang membaca kalimat ini."),
        max_length=4_000,
        widget=_area(3),
        error_messages={"required": wording.MISSING["reason", "missing"]},
    )


class MergeForm(forms.Form):
    """The idea that it is the same as."""

    into = Plain(label=_("Nomor ide tujuan"), max_length=40)


class ReviewForm(forms.Form):
    """The agency's review."""

    feasible = forms.ChoiceField(
        label=_("Dapat dikerjakan?"),
        choices=[("1", _("Ya")), ("0", _("Tidak"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih salah satu.")},
    )
    cost = _money(_("Perkiraan biaya (rupiah)"), required=False)
    rkpd_code = Plain(
        label=_("Kode RKPD"), required=False, max_length=30, help_text=_("Misalnya 1.03.02.2.01.")
    )
    text = Plain(
        label=_("Hasil telaah"),
        help_text=_("Semua orang membacanya. Bila tidak dapat dikerjakan: mengapa."),
        max_length=4_000,
        widget=_area(5),
        error_messages={"required": wording.MISSING["text", "missing"]},
    )


class ReportForm(forms.Form):
    """A note on the work."""

    state = forms.ChoiceField(
        label=_("Keadaan"), widget=forms.RadioSelect, error_messages={"required": wording.MISSING["state", "unknown"]},
        choices=[(states.IN_PROGRESS, _("Sedang dikerjakan")), (states.DONE, _("Terwujud")), (states.NOT_ADOPTED, _("Dihentikan"))],
    )  # fmt: skip
    text = Plain(
        label=_("Kabar untuk warga"),
        max_length=4_000,
        widget=_area(4),
        error_messages={"required": wording.MISSING["text", "missing"]},
    )
    photo = forms.FileField(
        label=_("Foto"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    def clean_photo(self) -> list[bytes]:
        """The cleaned picture, if there is one."""
        upload = self.cleaned_data["photo"]
        if not upload:
            return []
        try:
            return [clean_picture(upload.read(8_000_001))][:MOST_PHOTOS]
        except PictureRefused as error:
            raise ValidationError(
                gettext("Foto ini tidak dapat dipakai. Kirim JPG, PNG, atau WebP paling besar 8 MB.")
            ) from error


class RoundForm(forms.Form):
    """A round of votes."""

    title = Plain(label=_("Nama putaran"), max_length=120)
    about = Plain(label=_("Penjelasan"), required=False, max_length=2_000, widget=_area(3, 2_000))
    cap = _money(_("Anggaran (rupiah)"))
    opens_at = forms.DateTimeField(
        label=_("Mulai"),
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local", "class": "govuk-input--width-20"}, format="%Y-%m-%dT%H:%M"
        ),
        input_formats=["%Y-%m-%dT%H:%M", "%d-%m-%Y %H:%M", "%Y-%m-%d %H:%M"],
    )
    closes_at = forms.DateTimeField(
        label=_("Berakhir"),
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local", "class": "govuk-input--width-20"}, format="%Y-%m-%dT%H:%M"
        ),
        input_formats=["%Y-%m-%dT%H:%M", "%d-%m-%Y %H:%M", "%Y-%m-%d %H:%M"],
    )
    ideas = forms.TypedMultipleChoiceField(
        label=_("Ide yang dipilih warga"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": wording.MISSING["ideas", "few"]},
    )

    def __init__(self, data: Any = None, *, ready: list[tuple[int, str]], **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["ideas"].choices = ready  # type: ignore[attr-defined]
