"""The forms of applicants and officers. What a field needs is said by the field; what the law needs, by the action."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from satuklik.systems.ppid import parameters, rules, words
from satuklik.systems.ppid.uploads import ACCEPT

DATE = forms.DateInput(attrs={"type": "date", "class": "govuk-input--width-20"}, format="%Y-%m-%d")
MOMENT = forms.DateTimeInput(
    attrs={"type": "datetime-local", "class": "govuk-input--width-20"}, format="%Y-%m-%dT%H:%M"
)


FILES_HELP = _("PDF, gambar, CSV, ZIP, atau dokumen kantor; paling besar 10 MB.")


class ManyFiles(forms.ClearableFileInput):
    """A file field that takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; the value is a list."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(FilesField, self).clean(one, initial) for one in given]


def area(label: Any, *, rows: int = 4, required: bool = True, most: int = rules.LONGEST_TEXT, help_text: Any = "", message: Any = None) -> forms.CharField:  # fmt: skip
    """A field for several lines."""
    return forms.CharField(
        label=label, required=required, max_length=most, help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows, "maxlength": most}),
        error_messages={"required": message or _("Isian ini wajib diisi.")},
    )  # fmt: skip


def line(label: Any, most: int, *, required: bool = False, help_text: Any = "", message: Any = None, **attrs: str) -> forms.CharField:  # fmt: skip
    """A field for one line."""
    return forms.CharField(
        label=label, max_length=most, required=required, help_text=help_text, widget=forms.TextInput(attrs=attrs),
        error_messages={"required": message or _("Isian ini wajib diisi.")},
    )  # fmt: skip


def attachments(label: Any, help_text: Any = FILES_HELP) -> FilesField:
    """A field for files."""
    return FilesField(
        label=label,
        required=False,
        help_text=help_text,
        widget=ManyFiles(attrs={"accept": ACCEPT, "multiple": True}),
    )


class RequestForm(forms.Form):
    """The request form in the fields of Perki 1/2021."""

    applicant = forms.ChoiceField(
        label=_("Pemohon"), choices=list(words.APPLICANTS.items()), initial="person", widget=forms.RadioSelect
    )
    name = line(_("Nama lengkap"), 160, required=True, message=_("Tulis nama pemohon."), autocomplete="name")
    nik = line(
        _("NIK"), 24, help_text=_("Untuk orang perseorangan: 16 angka pada e-KTP."), inputmode="numeric",
        autocomplete="off",
    )  # fmt: skip
    decree = line(
        _("Nomor pengesahan badan hukum"),
        120,
        help_text=_("Untuk badan hukum: nomor keputusan Kementerian Hukum."),
    )
    proxy_for = line(
        _("Atas kuasa dari"), 160, help_text=_("Isi bila Anda meminta untuk orang lain atau kelompok.")
    )
    power = attachments(_("Surat kuasa"), _("Wajib bila Anda meminta atas kuasa orang lain. PDF atau foto."))
    address = line(_("Alamat"), 400, autocomplete="street-address")
    phone = line(_("Nomor telepon atau WhatsApp"), 40, inputmode="tel", autocomplete="tel")
    email = forms.EmailField(
        label=_("Surel"), required=False, max_length=254, error_messages={"invalid": _("Tulis alamat surel yang benar.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip
    occupation = line(_("Pekerjaan"), 120)
    details = area(
        _("Rincian informasi yang diminta"), rows=6, message=_("Tulis rincian informasi yang diminta."),
        help_text=_("Sebutkan apa, tahun berapa, dan wilayah mana. Makin jelas, makin cepat dijawab."),
    )  # fmt: skip
    purpose = area(
        _("Tujuan penggunaan"), rows=3, message=_("Tulis tujuan penggunaan informasi."), most=5_000
    )
    obtain = forms.ChoiceField(
        label=_("Cara memperoleh informasi"),
        choices=list(words.OBTAIN.items()),
        initial="soft",
        widget=forms.RadioSelect,
    )
    delivery = forms.ChoiceField(
        label=_("Cara mendapatkan salinan"), choices=list(words.DELIVERY.items()), initial="portal",
        widget=forms.RadioSelect,
    )  # fmt: skip

    def clean_nik(self) -> str:
        typed: str = self.cleaned_data["nik"]
        nik = typed.replace(" ", "").replace(".", "")
        if nik and not (nik.isascii() and nik.isdigit() and len(nik) == 16):
            raise forms.ValidationError(_("NIK terdiri atas 16 angka."))
        return nik

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        kind, way = given.get("applicant"), given.get("delivery")
        if kind == "legal" and not given.get("decree"):
            self.add_error("decree", _("Tulis nomor pengesahan badan hukum."))
        reached = {"email": given.get("email"), "chat": given.get("phone"), "post": given.get("address")}
        if way in reached and not reached[way] and way not in self.errors:
            field = {"email": "email", "chat": "phone", "post": "address"}[way]
            self.add_error(field, _("Isian ini diperlukan untuk cara penyampaian yang dipilih."))
        return given


class PublicRequestForm(RequestForm):
    """On the portal: somebody must be reachable."""

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if not (given.get("phone") or given.get("email")) and "email" not in self.errors:
            self.add_error("phone", _("Tulis nomor telepon atau surel, supaya kami dapat menghubungi Anda."))
        if given.get("applicant") == "person" and not given.get("nik") and "nik" not in self.errors:
            self.add_error("nik", _("Tulis NIK pemohon. Perki 1/2021 memintanya sebagai bukti identitas."))
        return given


class CounterRequestForm(RequestForm):
    """At the desk: what was told, written or sent; only what the person gave."""

    channel = forms.ChoiceField(
        label=_("Diterima lewat"),
        choices=[
            ("counter", _("Loket (lisan)")),
            ("letter", _("Surat")),
            ("email", _("Surel")),
            ("whatsapp", "WhatsApp"),
        ],
    )
    received_at = forms.DateTimeField(
        label=_("Waktu diterima"), widget=MOMENT, help_text=_("Hari ini menjadi hari ke-0."),
        error_messages={"required": _("Isi waktu diterima."), "invalid": _("Isi waktu yang benar.")},
    )  # fmt: skip

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["purpose"].required = False


class ObjectionForm(forms.Form):
    """The objection form: ground of ps. 35(1), the case in words, and who files."""

    ground = forms.ChoiceField(label=_("Alasan keberatan (Pasal 35 ayat 1)"), widget=forms.RadioSelect)
    reason = area(
        _("Kasus posisi"), rows=5, required=False, most=10_000, help_text=_("Ceritakan apa yang terjadi.")
    )
    by_proxy = forms.BooleanField(label=_("Diajukan oleh kuasa pemohon"), required=False)
    proxy_name = line(_("Nama kuasa"), 160)
    proxy_address = line(_("Alamat kuasa"), 400)
    proxy_contact = line(_("Telepon atau surel kuasa"), 254)
    power = attachments(_("Surat kuasa"), _("PDF atau foto; diperlukan bila diajukan kuasa."))

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["ground"].choices = list(parameters.objections().items())  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("by_proxy") and not given.get("proxy_name"):
            self.add_error("proxy_name", _("Tulis nama kuasa pemohon."))
        return given


class TextForm(forms.Form):
    """One text, and files where `with_files`."""

    text = area(_("Keterangan"), rows=4, most=5_000)
    files = attachments(_("Lampiran"))

    def __init__(
        self, *given: Any, label: Any = "", required: bool = True, with_files: bool = False, **more: Any
    ) -> None:
        super().__init__(*given, **more)
        if label:
            self.fields["text"].label = label
        self.fields["text"].required = required
        if not with_files:
            del self.fields["files"]


class FindForm(forms.Form):
    """The number of a request, and a contact that it has."""

    number = line(_("Nomor permintaan"), 60, required=True, help_text=_("Misalnya 0012/PPID/XI/2026."))
    contact = line(_("Telepon atau surel yang Anda berikan"), 254, required=True)


class ReferForm(forms.Form):
    """To which PPID Pelaksana, and what is asked."""

    agency = forms.ChoiceField(label=_("Perangkat daerah"))
    question = area(_("Pertanyaan"), rows=4, most=5_000)

    def __init__(self, *given: Any, agencies: Sequence[tuple[str, str]] = (), **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["agency"].choices = [("", _("Pilih perangkat daerah")), *agencies]  # type: ignore[attr-defined]


class ExtendForm(forms.Form):
    """Extension: days and reason."""

    days = forms.IntegerField(
        label=_("Tambahan hari kerja"),
        min_value=1,
        initial=7,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-5"}),
    )
    reason = area(
        _("Alasan tertulis"), rows=3, most=2_000, help_text=_("Disampaikan kepada pemohon apa adanya.")
    )


class TestForm(forms.Form):
    """Uji konsekuensi."""

    information = area(_("Informasi yang diuji"), rows=2, most=2_000)
    ground = forms.ChoiceField(label=_("Dasar pengecualian (Pasal 17)"))
    law = line(_("Undang-undang lain"), 300, help_text=_("Wajib untuk huruf j."))
    if_opened = area(_("Akibat bila dibuka"), rows=3, most=3_000)
    if_closed = area(_("Akibat bila ditutup"), rows=3, most=3_000)
    closed_for = line(_("Jangka waktu pengecualian"), 120, required=True, help_text=_("Misalnya: 5 tahun."))
    closed_until = forms.DateField(label=_("Sampai tanggal"), required=False, widget=DATE)
    tested_on = forms.DateField(label=_("Tanggal uji"), widget=DATE)
    sat = area(_("Yang melakukan uji"), rows=3, most=2_000, help_text=_("Satu orang sebaris: nama, jabatan."))
    exempt = forms.ChoiceField(
        label=_("Kesimpulan"),
        choices=[("ya", _("Dikecualikan")), ("tidak", _("Dapat dibuka"))],
        widget=forms.RadioSelect,
    )

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["ground"].choices = _exceptions()  # type: ignore[attr-defined]

    def seats(self) -> list[dict[str, str]]:
        """Who sat, from the lines."""
        pairs = (entry.partition(",") for entry in self.cleaned_data["sat"].splitlines() if entry.strip())
        return [{"name": name.strip(), "position": position.strip()} for name, _comma, position in pairs]


class TickedField(forms.MultipleChoiceField):
    """Ticked files by their ids or SHA-256; which of them exist is asked by who takes them."""

    widget = forms.CheckboxSelectMultiple

    def valid_value(self, value: str) -> bool:
        return value.isascii() and (
            (value.isdigit() and len(value) < 18) or (value.isalnum() and len(value) == 64)
        )


class DecideForm(forms.Form):
    """The officer's decision."""

    outcome = forms.ChoiceField(
        label=_("Hasil"),
        choices=[(name, words.OUTCOMES[name]) for name in rules.OUTCOMES],
        widget=forms.RadioSelect,
    )
    answer = area(_("Jawaban kepada pemohon"), rows=6, required=False, help_text=_("Dicetak pada surat."))
    form_held = forms.ChoiceField(
        label=_("Bentuk informasi yang dikuasai"), choices=[("", "–"), *words.FORMS.items()], required=False
    )
    files = attachments(_("Berkas informasi"))
    again = TickedField(
        label=_("Berkas yang sudah ada"), required=False,
        help_text=_("Dari perangkat daerah atau keputusan sebelumnya. Hanya yang dicentang ikut disampaikan: periksa dahulu isinya."),
    )  # fmt: skip
    grounds = forms.MultipleChoiceField(
        label=_("Dasar pengecualian (Pasal 17)"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Untuk penolakan, juga sebagian. Setiap dasar memerlukan uji konsekuensi."),
    )  # fmt: skip
    reason = area(_("Alasan penolakan"), rows=3, required=False, most=5_000)
    held_by = line(_("Badan publik yang menguasai"), 200, help_text=_("Bila informasi tidak kita kuasai."))
    held_by_email = forms.EmailField(label=_("Surel badan publik itu"), required=False, max_length=254)
    cost = forms.IntegerField(
        label=_("Biaya salinan (rupiah)"), min_value=0, max_value=100_000_000, required=False, initial=0,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-10"}),
    )  # fmt: skip
    cost_basis = line(
        _("Dasar biaya"), 200, help_text=_("Misalnya: fotokopi 40 lembar, Perbup tarif salinan.")
    )

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["grounds"].choices = _exceptions()  # type: ignore[attr-defined]

    def offer(self, earlier: Sequence[tuple[str, str]]) -> None:
        """Files to be ticked: (id, name) of decisions not in force, (SHA-256, name) of agencies' answers."""
        self.fields["again"].choices = list(earlier)  # type: ignore[attr-defined]
        if not earlier:
            del self.fields["again"]


class PayForm(forms.Form):
    """A payment of copies."""

    amount = forms.IntegerField(
        label=_("Jumlah (rupiah)"),
        min_value=1,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-10"}),
    )
    paid_on = forms.DateField(label=_("Tanggal bayar"), widget=DATE)
    note_text = line(_("Cara bayar"), 200, help_text=_("Misalnya: tunai di loket, nomor kuitansi."))


class HowForm(forms.Form):
    """How something was handed over."""

    how = line(
        _("Cara penyerahan"), 200, required=False, help_text=_("Misalnya: diambil langsung oleh pemohon.")
    )


class ObjectionDecideForm(forms.Form):
    """Atasan PPID's answer."""

    outcome = forms.ChoiceField(
        label=_("Hasil"), choices=[(name, words.OUTCOMES[name]) for name in rules.OBJECTION_OUTCOMES],
        widget=forms.RadioSelect,
    )  # fmt: skip
    response = area(_("Pertimbangan"), rows=6, most=10_000)
    orders = area(
        _("Perintah kepada PPID"),
        rows=3,
        required=False,
        most=3_000,
        help_text=_("Wajib bila diterima, juga sebagian."),
    )
    order_days = forms.IntegerField(
        label=_("Dilaksanakan dalam (hari kerja)"), min_value=1, max_value=60, required=False,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-5"}),
    )  # fmt: skip


class DisputeForm(forms.Form):
    """A dispute at the Information Commission."""

    number = line(_("Nomor register Komisi Informasi"), 80)
    registered_on = forms.DateField(label=_("Tanggal register"), widget=DATE)


class RulingForm(forms.Form):
    """A ruling of the Information Commission."""

    ruling = area(_("Isi putusan atau kesepakatan"), rows=5, most=10_000)
    ruled_on = forms.DateField(label=_("Tanggal putusan"), widget=DATE)
    files = attachments(_("Salinan putusan"))


class AnswerForm(forms.Form):
    """The applicant's response to the answer."""

    answer = forms.ChoiceField(
        label=_("Tanggapan pemohon"), choices=[("accepts", _("Menerima")), ("disputes", _("Mengajukan sengketa"))],
        widget=forms.RadioSelect,
    )  # fmt: skip


class ItemForm(forms.Form):
    """A line of the list of public or of exempt information."""

    title = line(_("Judul informasi"), 200, required=True)
    summary = area(_("Ringkasan isi"), rows=3, required=False, most=5_000)
    kind = forms.ChoiceField(label=_("Klasifikasi"), choices=list(words.CLASSES.items()))
    agency = forms.ChoiceField(label=_("Perangkat daerah penanggung jawab"))
    officer_title = line(_("Pejabat yang menguasai"), 160)
    made_on = forms.DateField(label=_("Tanggal pembuatan"), widget=DATE)
    made_at = line(_("Tempat pembuatan"), 80)
    form = forms.ChoiceField(label=_("Bentuk"), choices=list(words.FORMS.items()))
    retention = line(_("Jangka waktu penyimpanan"), 120, required=True, help_text=_("Misalnya: 5 tahun."))
    link = forms.URLField(label=_("Tautan"), required=False, max_length=300, assume_scheme="https")
    files = attachments(
        _("Berkas"), _("Tampil di portal begitu disimpan. Periksa dahulu data pribadi di dalamnya.")
    )
    ground = forms.ChoiceField(label=_("Dasar pengecualian (Pasal 17)"), required=False)
    closed_until = forms.DateField(label=_("Dikecualikan sampai"), required=False, widget=DATE)
    shown = forms.BooleanField(label=_("Tampilkan di portal"), required=False)

    def __init__(self, *given: Any, agencies: Sequence[tuple[str, str]] = (), **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["agency"].choices = [("", _("Pilih perangkat daerah")), *agencies]  # type: ignore[attr-defined]
        self.fields["ground"].choices = [("", "–"), *_exceptions()]  # type: ignore[attr-defined]


class PublishForm(forms.Form):
    """A published answer: masked texts that a person edits, and the files that may be shown."""

    title = line(_("Judul"), 200, required=True)
    question = area(_("Pertanyaan"), rows=6)
    answer = area(_("Jawaban"), rows=8)
    files = forms.MultipleChoiceField(
        label=_("Berkas yang ikut diterbitkan"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Tidak ada yang terbit bila tidak dicentang. Buka dan periksa setiap berkas."),
    )  # fmt: skip
    looked = forms.BooleanField(
        label=_("Saya sudah membaca semuanya; tidak ada data pribadi di dalamnya."), required=False
    )

    def __init__(self, *given: Any, files: Sequence[tuple[str, str]] = (), **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["files"].choices = list(files)  # type: ignore[attr-defined]
        if not files:
            del self.fields["files"]


class ReportForm(forms.Form):
    """The written parts of the yearly report."""

    policy = area(_("Kebijakan pelayanan informasi"), required=False)
    facilities = area(_("Sarana dan prasarana"), required=False)
    staff = area(_("Sumber daya manusia"), required=False)
    staff_count = forms.IntegerField(
        label=_("Jumlah petugas"), required=False, min_value=0, max_value=10_000,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-5"}),
    )  # fmt: skip
    budget = forms.IntegerField(
        label=_("Anggaran (rupiah)"), required=False, min_value=0, max_value=10**15,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-20"}),
    )  # fmt: skip
    budget_used = forms.IntegerField(
        label=_("Anggaran terpakai (rupiah)"), required=False, min_value=0, max_value=10**15,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-20"}),
    )  # fmt: skip
    obstacles = area(_("Kendala"), required=False)
    recommendations = area(_("Rekomendasi dan rencana tindak lanjut"), required=False)


class EvidenceForm(forms.Form):
    """A piece of evidence for the Information Commission."""

    indicator = forms.ChoiceField(label=_("Indikator"), choices=list(words.INDICATORS.items()))
    title = line(_("Bukti"), 200, required=True)
    note = area(_("Keterangan"), rows=2, required=False, most=5_000)
    link = forms.URLField(label=_("Tautan"), required=False, max_length=300, assume_scheme="https")
    file = attachments(_("Berkas bukti"))
    score = forms.IntegerField(
        label=_("Nilai sendiri (0–100)"), min_value=0, max_value=100, initial=0,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-5"}),
    )  # fmt: skip


class ParameterForm(forms.Form):
    """A parameter from a day on."""

    name = forms.ChoiceField(label=_("Aturan"), choices=list(words.PARAMETERS.items()))
    value = line(_("Nilai"), 400, required=True, help_text=_("Misalnya: 10, ya, 500, atau rsud, puskesmas."))
    valid_from = forms.DateField(label=_("Berlaku mulai"), widget=DATE)
    source = line(
        _("Dasar"), 200, required=True, help_text=_("Peraturan dan pasalnya, atau keputusan kepala daerah.")
    )
    confirmed = forms.BooleanField(label=_("Sudah dicocokkan dengan sumber aslinya"), required=False)


class PassphraseForm(forms.Form):
    """Opens the signer's key for one letter."""

    passphrase = forms.CharField(
        label=_("Sandi tanda tangan"), strip=False, max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Tulis sandi tanda tangan Anda.")},
    )  # fmt: skip


class ReasonForm(forms.Form):
    """Why something is given back or ended."""

    reason = area(_("Alasan"), rows=3, most=1_000)


def _exceptions() -> list[tuple[str, str]]:
    return [(letter, f"{letter}. {text}") for letter, text in parameters.exceptions().items()]
