"""Second factors: checking a TOTP or recovery code once, adding and removing them."""

import struct

from allauth.account.internal.flows.login import record_authentication
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.webauthn.internal import auth as webauthn
from cryptography.exceptions import InvalidSignature
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from satuklik.base.accounts.forms import PasskeyForm, PasskeyNameForm
from satuklik.base.accounts.models import User

Type = Authenticator.Type


def matching_counter(secret: str, code: str) -> int | None:
    """The time step whose TOTP code is `code`, or None."""
    for counter in yield_hotp_counters_from_time():
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, counter))):
            return counter
    return None


@transaction.atomic
def use_code(user: User, code: str) -> Authenticator | None:
    """The authenticator that `code` belongs to (TOTP or recovery code); a code counts once.

    The row is locked: of two requests with the same code one wins. allauth remembers a used TOTP code in
    the cache for one period only, which is shorter than its validity here.
    """
    rows = Authenticator.objects.select_for_update().filter(user=user).exclude(type=Type.WEBAUTHN)
    for row in rows:
        if row.type == Type.TOTP:
            counter = matching_counter(get_adapter().decrypt(row.data["secret"]), code)
            if counter is not None and counter > row.data.get("counter", 0):
                row.data["counter"] = counter
                row.save(update_fields=["data"])
                return row
        elif RecoveryCodes(row).validate_code(code):
            return row
    return None


@transaction.atomic
def add_totp(user: User, secret: str, counter: int) -> None:
    """Give `user` a TOTP whose code of the time step `counter` was just used; recovery codes come with it."""
    row = TOTP.activate(user, secret).instance
    row.data["counter"] = counter
    row.save(update_fields=["data"])
    RecoveryCodes.activate(user)


@transaction.atomic
def add_passkey(user: User, name: str, credential: dict[str, object]) -> Authenticator:
    """Give `user` a passkey from the browser's answer, which must have been verified already."""
    row: Authenticator = webauthn.WebAuthn.add(user, name, credential).instance
    RecoveryCodes.activate(user)
    return row


@transaction.atomic
def remove(row: Authenticator) -> bool:
    """Remove a factor, and the recovery codes with the last one. False where the user must keep it."""
    User.objects.select_for_update().get(pk=row.user_id)  # two removals at once: one after the other
    if not get_adapter().can_delete_authenticator(row):
        return False
    row.delete()
    rest = Authenticator.objects.filter(user_id=row.user_id)
    if not rest.exclude(type=Type.RECOVERY_CODES).exists():
        rest.delete()
    return True


def remove_all(user: User) -> None:
    """Take every second factor away, for an official who lost them; the next login sets one up."""
    Authenticator.objects.filter(user=user).delete()


@transaction.atomic
def renew_recovery_codes(user: User) -> None:
    """New recovery codes; the old ones stop working."""
    Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).delete()
    RecoveryCodes.activate(user)


def recovery_codes(user: User) -> list[str]:
    """The codes that were not used yet."""
    row = Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).first()
    return RecoveryCodes(row).get_unused_codes() if row else []


def record_use(request: HttpRequest, row: Authenticator) -> None:
    """Note in the session that this factor was used just now."""
    row.record_usage()
    record_authentication(request, row.user, "mfa", id=row.pk, type=row.type)


def has(user: User, *types: str) -> bool:
    """Whether the user has a factor of one of these types."""
    return Authenticator.objects.filter(user=user, type__in=types).exists()


# What fido2 raises for an answer that is broken, forged, or meant for another challenge.
BROKEN = (ValidationError, ValueError, KeyError, TypeError, IndexError, struct.error, InvalidSignature)


def complete_passkey(form: PasskeyNameForm) -> bool:
    """Verify the browser's answer to a registration; what is wrong stands in the form."""
    if not form.is_valid():
        return False
    try:
        webauthn.parse_registration_response(form.cleaned_data["credential"])
        webauthn.complete_registration(form.cleaned_data["credential"])
    except BROKEN:
        form.add_error("credential", _("Passkey tidak bisa didaftarkan. Coba lagi."))
        return False
    return True


def use_passkey(form: PasskeyForm, user: User | None = None) -> Authenticator | None:
    """The passkey that signed this session's challenge: one of `user`, or of whom the passkey names."""
    if not form.is_valid():
        return None
    credential = form.cleaned_data["credential"]
    try:
        webauthn.parse_authentication_response(credential)
        owner = user or webauthn.extract_user_from_response(credential)
        found: Authenticator = webauthn.complete_authentication(owner, credential)
    except BROKEN:
        return None
    return found


def add_passkey_from(form: PasskeyNameForm, user: User) -> Authenticator:
    """Add the passkey of a form that `complete_passkey` accepted."""
    name = form.cleaned_data["name"] or get_adapter().generate_authenticator_name(user, Type.WEBAUTHN)
    return add_passkey(user, name, form.cleaned_data["credential"])


def of(user: User) -> list[Authenticator]:
    """All factors of the user, the oldest first."""
    return list(Authenticator.objects.filter(user=user).order_by("created_at"))
