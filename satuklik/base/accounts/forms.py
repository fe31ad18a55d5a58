"""The forms of login and account."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.utils.translation import gettext_lazy as _

from satuklik.base.accounts import rules
from satuklik.base.accounts.models import User


class CodeField(forms.CharField):
    """A field for digits that are read off somewhere; spaces do not matter."""

    def __init__(self, label: object, *, digits: int = rules.CODE_DIGITS, **kwargs: Any) -> None:
        super().__init__(
            label=label,
            max_length=20,
            widget=forms.TextInput(
                attrs={
                    "inputmode": "numeric",
                    "autocomplete": "one-time-code",
                    "class": "govuk-input govuk-input--width-10",
                    "spellcheck": "false",
                }
            ),
            error_messages={"required": _("Ketik kodenya.")},
            **kwargs,
        )
        self.digits = digits

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        return "".join(text.split())


class IdentifierForm(forms.Form):
    """The first page of a resident's login."""

    identifier = forms.CharField(
        label=_("NIK atau nomor HP"),
        help_text=_("NIK terdiri dari 16 angka, ada di KTP atau Kartu Keluarga."),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "inputmode": "tel",
                "autocomplete": "username",
                "class": "govuk-input govuk-input--width-20",
                "spellcheck": "false",
            }
        ),
        error_messages={"required": _("Ketik NIK atau nomor HP Anda.")},
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_identifier(self) -> tuple[str, str]:
        found = rules.identifier(self.cleaned_data["identifier"])
        if found is None:
            raise forms.ValidationError(
                _("Ini bukan NIK (16 angka) dan bukan nomor HP. Periksa angkanya lalu coba lagi.")
            )
        return found


class LoginCodeForm(forms.Form):
    """The second page of a resident's login."""

    code = CodeField(_("Kode 6 angka"))


class OfficialForm(forms.Form):
    """The first page of an official's login."""

    username = forms.CharField(
        label=_("Nama pengguna"),
        max_length=64,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "username",
                "class": "govuk-input",
                "autocapitalize": "none",
                "spellcheck": "false",
            }
        ),
        error_messages={"required": _("Ketik nama pengguna Anda.")},
    )
    password = forms.CharField(
        label=_("Kata sandi"),
        max_length=rules.LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "class": "govuk-input"}),
        error_messages={"required": _("Ketik kata sandi Anda.")},
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)


class NewPasswordForm(forms.Form):
    """A password in place of the one that was handed over."""

    password = forms.CharField(
        label=_("Kata sandi baru"),
        help_text=_(
            "Paling sedikit 12 karakter. Empat kata yang tidak berhubungan mudah diingat dan sulit ditebak."
        ),
        max_length=rules.LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "class": "govuk-input"}),
        error_messages={"required": _("Ketik kata sandi baru.")},
    )
    again = forms.CharField(
        label=_("Ulangi kata sandi baru"),
        max_length=rules.LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "class": "govuk-input"}),
        error_messages={"required": _("Ketik kata sandi baru sekali lagi.")},
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if len(password) < rules.SHORTEST_PASSWORD:
            raise forms.ValidationError(_("Kata sandi terlalu pendek. Pakai paling sedikit 12 karakter."))
        if rules.tells_its_owner(password, self.user.username, self.user.name):
            raise forms.ValidationError(
                _("Jangan pakai nama, NIP, atau nama pengguna Anda. Pilih kata lain.")
            )
        try:
            CommonPasswordValidator().validate(password)
        except forms.ValidationError as error:
            raise forms.ValidationError(_("Kata sandi ini mudah ditebak. Pilih yang lain.")) from error
        if self.user.check_password(password):
            raise forms.ValidationError(_("Ini kata sandi yang Anda terima. Pilih yang baru."))
        return password

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = self.cleaned_data
        if "password" in given and "again" in given and given["password"] != given["again"]:
            self.add_error("again", _("Kedua kata sandi tidak sama. Ketik sekali lagi."))
        return given


class FactorForm(forms.Form):
    """A code of the authenticator app, or a recovery code."""

    code = CodeField(_("Kode dari aplikasi autentikator"))


class PasskeyForm(forms.Form):
    """The browser's answer about a passkey, filled in by passkey.js."""

    credential = forms.JSONField(
        widget=forms.HiddenInput,
        error_messages={
            "required": _("Peramban tidak mengirim passkey. Aktifkan JavaScript, lalu coba lagi."),
            "invalid": _("Jawaban passkey tidak terbaca. Coba lagi."),
        },
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_credential(self) -> dict[str, Any]:
        credential = self.cleaned_data["credential"]
        if not _is_credential(credential):
            raise forms.ValidationError(_("Jawaban passkey tidak terbaca. Coba lagi."))
        return credential  # type: ignore[no-any-return]


def _is_credential(value: Any) -> bool:
    """Whether the JSON has the shape of a PublicKeyCredential; what it says is verified elsewhere."""
    if not isinstance(value, dict) or not isinstance(value.get("response"), dict):
        return False
    texts = [value.get("id"), value.get("rawId"), value.get("type"), value["response"].get("clientDataJSON")]
    texts += [text for name, text in value["response"].items() if name != "transports"]
    return all(isinstance(text, str) for text in texts) and isinstance(
        value.get("clientExtensionResults"), dict
    )


class PasskeyNameForm(PasskeyForm):
    """A new passkey and what its owner calls it."""

    name = forms.CharField(
        label=_("Nama passkey"),
        help_text=_("Misalnya: HP saya."),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input govuk-input--width-20", "autocomplete": "off"}),
    )
    field_order = ["name", "credential"]


class TokenForm(forms.Form):
    """A new API token."""

    label = forms.CharField(
        label=_("Untuk apa token ini?"),
        max_length=80,
        widget=forms.TextInput(attrs={"class": "govuk-input", "autocomplete": "off"}),
        error_messages={"required": _("Beri nama, supaya Anda mengenalinya nanti.")},
    )


class LanguageForm(forms.Form):
    """The language of the pages."""

    language = forms.ChoiceField(choices=settings.LANGUAGES)
    next = forms.CharField(required=False, widget=forms.HiddenInput)
