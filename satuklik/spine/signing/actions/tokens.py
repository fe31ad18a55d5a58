"""Keys that are made on a token and never leave it, certified by our own issuing authority."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.views.decorators.debug import sensitive_variables

from satuklik.spine.signing import rules
from satuklik.spine.signing.actions.authority import Issuer
from satuklik.spine.signing.backends import tokens
from satuklik.spine.signing.backends.pkcs11 import LOCKED_BY_TOKEN, default_token, wrapped_place
from satuklik.spine.signing.backends.tokens import LOGINS, PinLocked, PinWrong, Place
from satuklik.spine.signing.certificates import Holder
from satuklik.spine.signing.errors import KeyLocked, TokenShared, WrongPassphrase
from satuklik.spine.signing.keygen import Algorithm
from satuklik.spine.signing.keys import SEALS
from satuklik.spine.signing.models import SigningKey

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Agency, Official


@sensitive_variables("passphrase")
def issue_on_token(
    official: "Official", passphrase: str, now: datetime, *, algorithm: Algorithm, token: str
) -> SigningKey:
    """A key of an official on the official's own token."""
    holder = Holder(agency=official.agency.name, name=official.name, position=official.position)
    label = token or default_token(official)
    return _issue(label, passphrase, "", f"pejabat-{official.pk}", holder, algorithm, now, official=official)


@sensitive_variables("pin")
def issue_seal_on_token(
    agency: "Agency", pin: str, now: datetime, *, algorithm: Algorithm, token: str
) -> SigningKey:
    """A seal on the token for seals."""
    label = token or default_token(None)
    made = _issue(label, pin, pin, "segel", Holder(agency=agency.name), algorithm, now, agency=agency)
    SEALS.forget(agency.pk)
    return made


@sensitive_variables("pin", "kept_pin")
def _issue(
    label: str, pin: str, kept_pin: str, mark: str, holder: Holder, algorithm: Algorithm, now: datetime,
    **owner: object,
) -> SigningKey:  # fmt: skip
    issuer = Issuer.load()
    login = LOGINS.at(label)
    try:
        # Nobody's attempts are counted here: whoever issues holds the token in his hands.
        login.enter(pin, spare_last_try=True)
    except PinWrong:
        raise WrongPassphrase(rules.ATTEMPTS) from None
    except PinLocked:
        raise KeyLocked(now + LOCKED_BY_TOKEN, by_token=True) from None
    try:
        strangers = [found for found in tokens.labels_on(login) if found != mark]
        if strangers:
            raise TokenShared(label, strangers[0])
        key, public = tokens.generate(login, algorithm, mark)
    finally:
        login.leave()
    draft = issuer.draft_for(public, holder, now, **owner)
    draft.backend = SigningKey.Backend.PKCS11
    draft.wrapped_key = wrapped_place(Place(label, key), kept_pin, draft.serial)
    draft.save(force_insert=True)
    return draft
