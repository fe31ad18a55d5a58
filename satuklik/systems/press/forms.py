"""Forms of the press: a question, facts, a statement, an attempt, what was printed, a letter, a release, the clock."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from satuklik.base.agencies import queries as agencies
from satuklik.systems.press import permits, rules, words

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Agency, Official

AREA = forms.Textarea(attrs={"rows": 4})
TALL = forms.Textarea(attrs={"rows": 12})
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
MOMENTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]


def _choices(mapping: Mapping[str, Promise]) -> list[tuple[str, Promise]]:
    return list(mapping.items())


FARTHEST = timedelta(days=366)


class AskForm(forms.Form):
    """A journalist's question. No press card is asked for."""

    name = forms.CharField(
        label=_("Nama"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    outlet = forms.CharField(
        label=_("Media"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    phone = forms.CharField(
        label=_("Nomor WhatsApp"), max_length=30, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        help_text=_("Isi nomor atau surel; jawaban dikirim ke sana."),
    )  # fmt: skip
    email = forms.EmailField(
        label=_("Surel"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    question = forms.CharField(
        label=_("Pertanyaan"), max_length=rules.LONGEST_QUESTION, widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Tulis pertanyaannya.")},
    )  # fmt: skip
    allegation = forms.CharField(
        label=_("Apa yang akan Anda tulis tentang pemerintah"), required=False, max_length=rules.LONGEST_QUESTION,
        widget=AREA, help_text=_("Bila ada tuduhan, tulislah. Kami menanggapi tepat pada pokoknya."),
    )  # fmt: skip
    deadline = forms.DateTimeField(
        label=_("Tenggat Anda"), required=False, widget=MOMENT, input_formats=MOMENTS,
        help_text=_("Waktu Indonesia Barat. Kosongkan bila tidak ada."),
    )  # fmt: skip
    website = forms.CharField(required=False, widget=forms.HiddenInput())  # a trap: people leave it empty

    def clean(self) -> dict[str, Any]:
        """A way to answer is needed, and a deadline that still lies ahead."""
        given = super().clean() or {}
        if not given.get("phone") and not given.get("email") and "email" not in self.errors:
            self.add_error("phone", _("Isi nomor telepon atau surel, supaya jawaban sampai."))
        deadline: datetime | None = given.get("deadline")
        if deadline is not None and deadline <= timezone.now():
            self.add_error("deadline", _("Tenggat ini sudah lewat. Tulis waktu yang akan datang."))
        elif deadline is not None and deadline - timezone.now() > FARTHEST:
            self.add_error("deadline", _("Tenggat ini lebih dari setahun lagi. Periksa tahunnya."))
        return given


class RegisterForm(AskForm):
    """The same, typed by the desk after a call or a visit."""

    channel = forms.ChoiceField(
        label=_("Masuk lewat"),
        choices=[("call", _("Telepon")), ("meeting", _("Bertemu")), ("email", _("Surel"))],
    )
    urgent = forms.BooleanField(label=_("Mendesak"), required=False)


class AssignForm(forms.Form):
    """Who takes it."""

    to = forms.ChoiceField(label=_("Ditangani"))

    def __init__(self, *args: Any, people: "Sequence[Official]", **more: Any) -> None:
        super().__init__(*args, **more)
        self.people = {str(one.pk): one for one in people}
        self.fields["to"].choices = [
            (key, f"{one.name} – {one.position}") for key, one in self.people.items()
        ]  # type: ignore[attr-defined]


class FactsForm(forms.Form):
    """What agencies are asked, all at once."""

    agencies = forms.MultipleChoiceField(
        label=_("Instansi"), widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("Pilih satu atau beberapa; semuanya ditanya bersamaan dengan batas waktu yang sama."),
        error_messages={"required": _("Pilih paling sedikit satu instansi.")},
    )  # fmt: skip
    question = forms.CharField(
        label=_("Yang ditanyakan"), max_length=rules.LONGEST_QUESTION, widget=AREA,
        error_messages={"required": _("Tulis fakta yang Anda perlukan.")},
    )  # fmt: skip

    def __init__(self, *args: Any, agencies: "Sequence[Agency]", **more: Any) -> None:
        super().__init__(*args, **more)
        self.agencies = {one.code: one for one in agencies}
        self.fields["agencies"].choices = [(code, one.name) for code, one in self.agencies.items()]  # type: ignore[attr-defined]

    def chosen(self) -> "list[Agency]":
        """The agencies that were chosen."""
        return [self.agencies[code] for code in self.cleaned_data["agencies"]]


class StatementForm(forms.Form):
    """A version of the statement."""

    text = forms.CharField(
        label=_("Pernyataan"), max_length=rules.LONGEST_STATEMENT, widget=TALL,
        error_messages={"required": _("Tulis pernyataannya.")},
    )  # fmt: skip
    spokesperson = forms.CharField(
        label=_("Dikutip dari"), required=False, max_length=160, help_text=_("Nama dan jabatan juru bicara.")
    )
    seen = forms.IntegerField(widget=forms.HiddenInput(), min_value=0)


class ReasonForm(forms.Form):
    """Why not like this."""

    reason = forms.CharField(
        label=_("Alasan"), max_length=rules.LONGEST_NOTE, widget=AREA,
        error_messages={"required": _("Tulis apa yang harus diperbaiki.")},
    )  # fmt: skip


class AttemptForm(forms.Form):
    """A call, a chat, a visit."""

    way = forms.ChoiceField(
        label=_("Cara"), choices=[(key, word) for key, word in words.WAYS.items() if key != "referral"]
    )
    outcome = forms.ChoiceField(label=_("Hasil"), choices=_choices(words.OUTCOMES))
    whom = forms.CharField(
        label=_("Siapa dihubungi"),
        max_length=120,
        help_text=_("Kantor atau peran, misalnya “wartawan” atau “redaksi”."),
    )
    at = forms.DateTimeField(label=_("Kapan"), widget=MOMENT, input_formats=MOMENTS)
    note = forms.CharField(label=_("Catatan"), required=False, max_length=rules.LONGEST_NOTE, widget=AREA)


class PublishedForm(forms.Form):
    """Where it was printed."""

    link = forms.CharField(
        label=_("Tautan berita"), required=False, max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text=_("Kosongkan bila disiarkan di radio atau dicetak."),
    )  # fmt: skip
    on = forms.DateField(label=_("Tanggal terbit"), widget=DAY)

    def clean_on(self) -> date:
        """Nothing was printed tomorrow."""
        day: date = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("Tanggal terbit tidak boleh di masa depan."))
        return day


class LetterForm(forms.Form):
    """A letter to the newsroom, or to the Press Council."""

    text = forms.CharField(
        label=_("Isi surat"), max_length=rules.LONGEST_STATEMENT, widget=TALL,
        error_messages={"required": _("Tulis isi suratnya.")},
    )  # fmt: skip
    office = forms.ChoiceField(
        label=_("Ditandatangani atas nama"), required=False,
        help_text=_("Kepalanya menandatangani, asalkan tidak ikut menulis."),
    )  # fmt: skip

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        known = {one.code: one.name for one in agencies.agencies_by_code(permits.offices())}
        self.fields["office"].choices = [(code, known[code]) for code in permits.offices() if code in known]  # type: ignore[attr-defined]


class SendForm(forms.Form):
    """By which way a signed letter goes; the Press Council's address where it is no newsroom."""

    email = forms.EmailField(label=_("Surel Dewan Pers"), required=False, max_length=254)


class PassphraseForm(forms.Form):
    """Opens the signer's key for one letter."""

    passphrase = forms.CharField(
        label=_("Sandi tanda tangan"), strip=False, max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Tulis sandi tanda tangan Anda.")},
    )  # fmt: skip


class OutcomeForm(forms.Form):
    """What the newsroom did with the letter; before the Press Council, the number that it gave."""

    outcome = forms.ChoiceField(label=_("Hasil"))
    on = forms.DateField(label=_("Tanggal"), widget=DAY)
    link = forms.CharField(label=_("Tautan"), required=False, max_length=500)
    text = forms.CharField(
        label=_("Keterangan"), required=False, max_length=rules.LONGEST_NOTE, widget=AREA,
        help_text=_("Alasan redaksi, atau nomor pengaduan di Dewan Pers."),
    )  # fmt: skip

    def __init__(self, *given: Any, state: str, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["outcome"].choices = [(key, words.STATES[key]) for key in rules.outcomes(state)]  # type: ignore[attr-defined]


class ReleaseForm(forms.Form):
    """A press release."""

    title = forms.CharField(label=_("Judul"), max_length=160)
    summary = forms.CharField(
        label=_("Ringkasan"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Satu atau dua kalimat; tampil di daftar dan umpan."),
    )  # fmt: skip
    body = forms.CharField(
        label=_("Isi"), max_length=20_000, widget=TALL, help_text=_("Baris kosong memisahkan alinea.")
    )
    photo = forms.FileField(
        label=_("Foto"),
        required=False,
        help_text=_("JPEG atau PNG, paling besar 10 MB. Data lokasi dihapus."),
    )
    photo_alt = forms.CharField(
        label=_("Yang terlihat di foto"),
        required=False,
        max_length=200,
        help_text=_("Dibacakan bagi tunanetra."),
    )

    def clean(self) -> dict[str, Any]:
        """A photo needs its words."""
        given = super().clean() or {}
        if given.get("photo") and not given.get("photo_alt"):
            self.add_error("photo_alt", _("Tulis apa yang terlihat di foto."))
        return given


class CorrectionForm(forms.Form):
    """What was wrong, and the whole text as it should be."""

    text = forms.CharField(
        label=_("Apa yang diralat"), max_length=rules.LONGEST_NOTE, widget=AREA,
        help_text=_("Tampil di atas siaran untuk seterusnya."),
    )  # fmt: skip
    summary = forms.CharField(
        label=_("Ringkasan yang benar"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    body = forms.CharField(label=_("Isi yang benar"), max_length=20_000, widget=TALL)


class OutletForm(forms.Form):
    """The address of a newsroom."""

    kind = forms.ChoiceField(label=_("Jenis"), choices=_choices(words.KINDS))
    email = forms.EmailField(label=_("Surel redaksi"), required=False)


def _number(label: Any, least: int, most: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=most)


def _time(label: Any) -> forms.TimeField:
    return forms.TimeField(label=label, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))


class PolicyForm(forms.Form):
    """The clock from a date on."""

    valid_from = forms.DateField(label=_("Berlaku mulai"), widget=DAY)
    source = forms.CharField(label=_("Dasar"), max_length=200)
    urgent_minutes = _number(_("Mendesak: dijawab dalam (menit)"), 5, 1_440)
    press_opens = _time(_("Jam pers mulai"))
    press_closes = _time(_("Jam pers berakhir"))
    normal_cutoff = _time(_("Biasa: masuk sampai jam ini dijawab hari yang sama"))
    normal_closes = _time(_("Biasa: dijawab hari yang sama sampai jam"))
    normal_next = _time(_("Biasa: yang masuk terlambat, hari kerja berikutnya sampai jam"))
    urgent_if_minutes = _number(_("Mendesak bila tenggat wartawan lebih dekat dari (menit)"), 0, 2_880)
    facts_percent = _number(_("Waktu untuk fakta instansi (persen dari sisa waktu)"), 10, 90)
    warn_percent = _number(_("Peringatan setelah waktu terpakai (persen)"), 10, 100)

    def __init__(self, *args: Any, policy: rules.Policy, today: date, **more: Any) -> None:
        initial = {name: getattr(policy, name) for name in rules.Policy.__dataclass_fields__}
        super().__init__(*args, initial={**initial, "valid_from": today}, **more)
        self.today = today

    def clean_valid_from(self) -> date:
        """The clock of what came in stays."""
        day: date = self.cleaned_data["valid_from"]
        if day < self.today:
            raise forms.ValidationError(_("Pilih hari ini atau sesudahnya."))
        return day

    def result(self) -> rules.Policy:
        """The clock that was typed."""
        return rules.Policy(**self.cleaned_data, confirmed=True)
