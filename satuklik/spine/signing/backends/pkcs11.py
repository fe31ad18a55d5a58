"""Keys on tokens or in an HSM: one token per official, whose PIN is the passphrase; one for the seals."""

import json
import threading
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from pkcs11 import Mechanism

from satuklik.spine.signing import rules, vault
from satuklik.spine.signing.backends.interface import Answer, Claims, OfficialStatus, Opened, Problem
from satuklik.spine.signing.backends.standing import status_of_row
from satuklik.spine.signing.backends.tokens import (
    LIBRARY,
    LOGINS,
    Login,
    PinLocked,
    PinWrong,
    Place,
    TokenKey,
)
from satuklik.spine.signing.cms import CmsSigner
from satuklik.spine.signing.errors import BackendFailed, KeyLocked, NoAuthority, VaultFailed
from satuklik.spine.signing.models import SigningKey

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

NEEDED = {Mechanism.SHA256_RSA_PKCS: "RSA (SHA256_RSA_PKCS)", Mechanism.ECDSA: "P-256 (ECDSA)"}


class TokenSession(Opened):
    """An opened key on a token; closing it logs out when nobody else uses the token."""

    def __init__(self, signer: CmsSigner, login: Login) -> None:
        super().__init__(signer)
        object.__setattr__(self, "_login", login)
        object.__setattr__(self, "_once", threading.Lock())

    def close(self) -> None:
        if self._once.acquire(blocking=False):  # type: ignore[attr-defined]
            self._login.leave()  # type: ignore[attr-defined]


class TokenBackend:
    """PKCS #11. The certificates come from our own authority: not certified."""

    name = "pkcs11"
    remote = False
    claims = Claims(certified=False, wording="local")

    def check_config(self) -> list[Problem]:
        try:
            library = LIBRARY.get()
        except BackendFailed as error:
            return [
                Problem(
                    "error",
                    str(error),
                    "Set SATUKLIK_PKCS11_MODULE to the module (.so) of the token's vendor, readable by the service.",
                )
            ]
        tokens = list(library.get_tokens())
        if not tokens:
            return [
                Problem(
                    "error",
                    "The module knows no token.",
                    "Plug it in, or initialise one (docs/operations.md).",
                )
            ]
        problems = []
        for token in tokens:
            known = token.slot.get_mechanisms()
            if not known & NEEDED.keys():
                problems.append(
                    Problem(
                        "error",
                        f"The token {token.label!r} can neither {' nor '.join(NEEDED.values())}.",
                        "Use a token that can sign with one of them.",
                    )
                )
        return problems + self._key_problems()

    def _key_problems(self) -> list[Problem]:
        problems = []
        rows = SigningKey.objects.filter(
            backend=self.name, revoked_at__isnull=True, not_after__gt=timezone.now()
        )
        for stored in rows:
            try:
                place, pin = _place(stored)
                if pin:
                    self.open_seal(stored).close()
                else:
                    LIBRARY.token(place.token)
            except (BackendFailed, VaultFailed) as error:
                problems.append(
                    Problem(
                        "error",
                        f"The key {stored.serial} cannot be used: {error}",
                        "Plug its token in, or issue a new key and revoke this one.",
                    )
                )
        return problems

    def status(self, official: "Official", now: datetime) -> OfficialStatus:
        return status_of_row(self.name, official, now)

    @sensitive_variables("passphrase")
    def open_official(self, stored: SigningKey, passphrase: str) -> Opened | None:
        place, _pin = _place(stored)
        login = LOGINS.at(place.token)
        try:
            login.enter(passphrase, spare_last_try=rules.spares_last_try(stored.failures))
        except PinWrong:
            return None
        except PinLocked:
            raise KeyLocked(timezone.now() + LOCKED_BY_TOKEN, by_token=True) from None
        return _opened(stored, place, login)

    @sensitive_variables("pin")
    def open_seal(self, stored: SigningKey) -> Opened:
        place, pin = _place(stored)
        login = LOGINS.at(place.token)
        try:
            login.enter(pin, spare_last_try=True)
        except (PinWrong, PinLocked) as error:
            raise BackendFailed(
                "pin", f"The seal's PIN no longer opens the token {place.token!r}.", retry=False
            ) from error
        return _opened(stored, place, login)

    def ask(self, stored: SigningKey) -> Answer:
        # As with local keys: what the caller's transaction did not keep does not exist.
        return "not_signed"


LOCKED_BY_TOKEN = timedelta(days=36_500)


def default_token(owner: "Official | None") -> str:
    """The label of the token that is used where none is named."""
    return f"satuklik-{owner.pk}" if owner is not None else settings.SATUKLIK_PKCS11_SEAL_TOKEN


@sensitive_variables()
def wrapped_place(place: Place, pin: str, serial: str) -> bytes:
    """What a row keeps: which key on which token; for a seal its PIN too. Wrapped by the installation's secret."""
    kept = {"token": place.token, "key": place.key} | ({"pin": pin} if pin else {})
    return vault.wrap_by_secret(json.dumps(kept).encode(), serial)


@sensitive_variables()
def _place(stored: SigningKey) -> tuple[Place, str]:
    plain = vault.plain_by_secret(bytes(stored.wrapped_key), stored.serial)
    kept = json.loads(bytes(plain))
    plain[:] = bytes(len(plain))
    return Place(kept["token"], kept["key"]), kept.get("pin", "")


def _opened(stored: SigningKey, place: Place, login: Login) -> TokenSession:
    if stored.issuer is None:
        login.leave()
        raise NoAuthority(f"The key {stored.serial} names no authority of ours.")
    certificate = x509.load_der_x509_certificate(bytes(stored.certificate))
    issuing = x509.load_der_x509_certificate(bytes(stored.issuer.certificate))
    key = TokenKey(login, place.key, isinstance(certificate.public_key(), rsa.RSAPublicKey))
    return TokenSession(CmsSigner(key, certificate, (issuing,)), login)
