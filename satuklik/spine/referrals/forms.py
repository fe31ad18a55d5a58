"""Forms of referrals: answer, give back, recall, the rule, the contacts."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from satuklik.spine.referrals import rules, words

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Agency, Official

AREA = forms.Textarea(attrs={"rows": 4})
TALL = forms.Textarea(attrs={"rows": 8})
MOST_FILES = 5
ROLES = ("head", "secretary", "ppid", "staff", "counter", "admin")  # as the roster calls them


class LinkAnswerForm(forms.Form):
    """A short answer without login."""

    text = forms.CharField(
        label=_("Jawaban singkat"),
        help_text=_("Jangan tulis data pribadi warga. Lampiran dikirim dari meja kerja."),
        max_length=rules.LONGEST_LINK_ANSWER,
        widget=AREA,
        error_messages={"required": _("Tulis jawabannya.")},
    )


class ManyFiles(forms.ClearableFileInput):
    """A file input that takes several."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; the cleaned value is a list of uploads."""

    def __init__(self, **more: Any) -> None:
        super().__init__(widget=ManyFiles(attrs={"multiple": True}), required=False, **more)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if len(given) > MOST_FILES:
            raise forms.ValidationError(_("Paling banyak 5 berkas sekali kirim."))
        return [super(FilesField, self).clean(one, initial) for one in given]


class AnswerForm(forms.Form):
    """The agency's answer, or one on its behalf."""

    text = forms.CharField(
        label=_("Isi jawaban"),
        max_length=rules.LONGEST_ANSWER,
        widget=TALL,
        error_messages={"required": _("Tulis jawabannya.")},
    )
    files = FilesField(
        label=_("Lampiran"),
        help_text=_("PDF, gambar, Excel, atau Word; paling banyak 5 berkas, masing-masing 10 MB."),
    )
    reason = forms.CharField(
        label=_("Alasan menjawab atas nama instansi"),
        required=False,
        max_length=rules.LONGEST_REASON,
        widget=AREA,
        help_text=_("Wajib selama instansi masih mempunyai waktu. Tercatat dan terlihat oleh instansi."),
    )

    def __init__(self, *args: Any, on_behalf: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        if not on_behalf:
            del self.fields["reason"]


class GiveBackForm(forms.Form):
    """«Bukan kewenangan kami»."""

    reason = forms.CharField(
        label=_("Mengapa bukan kewenangan Anda"),
        max_length=rules.LONGEST_REASON,
        widget=AREA,
        error_messages={"required": _("Tulis alasannya, supaya penanya tahu ke mana berikutnya.")},
    )
    suggested = forms.ChoiceField(label=_("Instansi yang tepat"), required=False)

    def __init__(self, *args: Any, agencies: "Sequence[Agency]", **more: Any) -> None:
        super().__init__(*args, **more)
        choices = [("", _("Tidak tahu")), *((one.code, one.name) for one in agencies)]
        self.fields["suggested"].choices = choices  # type: ignore[attr-defined]


class RecallForm(forms.Form):
    """Why the answer is no longer needed."""

    reason = forms.CharField(
        label=_("Alasan menarik pertanyaan"),
        max_length=rules.LONGEST_REASON,
        widget=AREA,
        error_messages={"required": _("Tulis alasannya.")},
    )


class ContactForm(forms.Form):
    """Who is asked first and second."""

    contact = forms.ChoiceField(label=words.POSTS["contact"], required=False)
    deputy = forms.ChoiceField(label=words.POSTS["deputy"], required=False)

    def __init__(self, *args: Any, people: "Sequence[Official]", **more: Any) -> None:
        super().__init__(*args, **more)
        self.people = {str(one.pk): one for one in people}
        choices = [("", _("Menurut daftar pejabat"))]
        choices += [(key, f"{one.name} – {one.position}") for key, one in self.people.items()]
        for name in ("contact", "deputy"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def chosen(self, name: str) -> "Official | None":
        """The official chosen for this field."""
        return self.people.get(self.cleaned_data.get(name, ""))


def _days(label: Any, most: int, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=most, help_text=help_text)


class PolicyForm(forms.Form):
    """The silence rule from a date on."""

    valid_from = forms.DateField(
        label=_("Berlaku mulai"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    source = forms.CharField(
        label=_("Dasar"), max_length=200, help_text=_("Misalnya nomor keputusan PPID Utama.")
    )
    answer_days = _days(_("Jawaban instansi paling lambat (hari kerja sejak diterima)"), 60)
    shortest_days = _days(_("Waktu tersingkat bila diteruskan terlambat (hari kerja)"), 60)
    link_days = _days(_("Masa berlaku tautan (hari kalender)"), 365)
    opens = forms.TimeField(
        label=_("Jam buka kantor"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    closes = forms.TimeField(
        label=_("Jam tutup kantor"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    office_hours_only = forms.BooleanField(label=_("Pengingat hanya pada jam kerja"), required=False)
    acknowledged_pauses = forms.BooleanField(
        label=_("Setelah dikonfirmasi, tunggu sampai jatuh tempo"), required=False
    )

    def __init__(self, *args: Any, policy: rules.Policy, today: date, **more: Any) -> None:
        initial = {
            name: getattr(policy, name)
            for name in (
                "source", "answer_days", "shortest_days", "link_days", "opens", "closes", "office_hours_only",
                "acknowledged_pauses",
            )
        }  # fmt: skip
        initial["valid_from"] = today
        self.policy, self.today = policy, today
        for hop in policy.hops:
            initial[f"{hop.post}_days"], initial[f"{hop.post}_percent"] = hop.after_days, hop.urgent_percent
            initial[f"{hop.post}_roles"] = ", ".join(hop.roles)
        super().__init__(*args, initial=initial, **more)
        for hop in policy.hops:
            post = str(words.POSTS.get(hop.post, hop.post))
            self.fields[f"{hop.post}_days"] = _days(_("%(post)s: sesudah hari kerja") % {"post": post}, 60)
            self.fields[f"{hop.post}_percent"] = _days(
                _("%(post)s: mendesak, persen waktu") % {"post": post}, 100
            )
            self.fields[f"{hop.post}_roles"] = forms.CharField(
                label=_("%(post)s: peran, berurutan") % {"post": post}, max_length=80
            )

    def clean(self) -> dict[str, Any]:
        """Roles are words that the roster knows."""
        given = super().clean() or {}
        for hop in self.policy.hops:
            name = f"{hop.post}_roles"
            roles = [word for word in given.get(name, "").replace(",", " ").split() if word]
            if name in given and (not roles or any(word not in ROLES for word in roles)):
                self.add_error(name, _("Pakai kata ini: %(roles)s.") % {"roles": ", ".join(ROLES)})
            given[name] = tuple(roles)
        return given

    def clean_valid_from(self) -> date:
        """Rules begin today or later: what was asked keeps the rule of its day."""
        day: date = self.cleaned_data["valid_from"]
        if day < self.today:
            raise forms.ValidationError(_("Pilih hari ini atau sesudahnya."))
        return day

    def result(self) -> rules.Policy:
        """The rule that was typed."""
        given = self.cleaned_data
        hops = tuple(
            rules.HopRule(
                hop.post,
                given[f"{hop.post}_days"],
                given[f"{hop.post}_percent"],
                given[f"{hop.post}_roles"],
                hop.office,
            )
            for hop in self.policy.hops
        )
        return rules.Policy(
            given["valid_from"], given["source"], True, given["answer_days"], given["shortest_days"],
            given["link_days"], given["opens"], given["closes"], given["office_hours_only"],
            given["acknowledged_pauses"], hops,
        )  # fmt: skip
