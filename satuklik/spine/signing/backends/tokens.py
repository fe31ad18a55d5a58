"""PKCS#11 tokens: sessions that are opened once, shared by threads, and opened again when they were lost."""

import hashlib
import hmac
import os
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pkcs11
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key
from django.conf import settings
from django.views.decorators.debug import sensitive_variables
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass, TokenFlag
from pkcs11 import exceptions as refusals
from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters
from pkcs11.util.rsa import encode_rsa_public_key

from satuklik.spine.signing.certificates import PublicKey
from satuklik.spine.signing.errors import BackendFailed, KeyClosed
from satuklik.spine.signing.keygen import Algorithm

T = TypeVar("T")
HALF = 32  # bytes of r and of s on P-256
RSA_BITS = 2048
ID_BYTES = 16
RESCAN_SECONDS = 10.0
QUIET_SECONDS = 1.0
# The session is gone: pulled out, restarted, logged out by another program of this process.
LOST = (
    refusals.SessionHandleInvalid, refusals.SessionClosed, refusals.UserNotLoggedIn, refusals.KeyHandleInvalid,
    refusals.ObjectHandleInvalid, refusals.DeviceRemoved, refusals.TokenNotPresent, refusals.DeviceError,
)  # fmt: skip


class PinWrong(Exception):
    """The token says that this is not its PIN."""


class PinLocked(Exception):
    """The token has locked its PIN: only its security officer opens it again."""


@dataclass(frozen=True)
class Place:
    """Which key on which token: the token's label and the key's CKA_ID (hexadecimal)."""

    token: str
    key: str


class Library:
    """The vendor's module, loaded once a process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loaded: Any = None
        self._path = ""
        self._process = 0
        self._looked_at = -RESCAN_SECONDS

    def get(self) -> Any:
        """The module of the settings. Raises BackendFailed: none is set, or it does not load."""
        path = settings.SATUKLIK_PKCS11_MODULE
        if not path:
            raise BackendFailed("no_module", "SATUKLIK_PKCS11_MODULE is not set.", retry=False)
        with self._lock:
            if self._loaded is None or self._path != path:
                self._loaded = _called(lambda: pkcs11.lib(path))
            elif self._process != os.getpid():
                # PKCS #11 §5.4: a forked process initialises the library for itself.
                _called(self._loaded.reinitialize)
            self._path, self._process = path, os.getpid()
            return self._loaded

    def token(self, label: str) -> Any:
        """The token with this label. Raises BackendFailed."""
        library = self.get()
        try:
            found = list(library.get_tokens(token_label=label))
        except refusals.PKCS11Error:
            found = []  # one that was taken away since may spoil the list of all
        if not found and self._looked_again(library):
            found = _called(lambda: list(library.get_tokens(token_label=label)))
        if len(found) != 1:
            said = "is not there" if not found else f"is there {len(found)} times"
            raise BackendFailed("no_token", f"The token {label!r} {said}.", retry=not found)
        return found[0]

    def _looked_again(self, library: Any) -> bool:
        """Modules list their tokens when they are initialised: one that was made since (SoftHSM, some HSMs) is seen
        only afterwards. All sessions end by it and are opened again at their next use."""
        if time.monotonic() < self._looked_at + RESCAN_SECONDS:
            return False
        with LOGINS.all_quiet() as quiet:
            if not quiet:
                return False
            self._looked_at = time.monotonic()
            _called(library.reinitialize)
            return True


LIBRARY = Library()


@dataclass
class Login:
    """One login at one token in this process. PKCS #11 knows one login a token and process, whoever opens sessions:
    so a second one is let in only with the same PIN, which is compared here."""

    label: str
    lock: threading.RLock = field(default_factory=threading.RLock)
    users: int = 0
    session: Any = None
    pin: str = ""
    salt: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    mark: bytes = b""
    keys: dict[str, Any] = field(default_factory=dict)

    @sensitive_variables()
    def enter(self, pin: str, *, spare_last_try: bool = False) -> None:
        """Log in, or join who is logged in with the same PIN. Raises PinWrong, PinLocked, BackendFailed."""
        with self.lock:
            if self.session is None:
                self._open(pin, spare_last_try=spare_last_try)
            elif not hmac.compare_digest(self._marked(pin), self.mark):
                raise PinWrong
            self.users += 1

    def leave(self) -> None:
        """The last one logs out."""
        with self.lock:
            self.users = max(0, self.users - 1)
            if self.users == 0:
                self.drop()
                self.pin = ""

    def drop(self) -> None:
        """End the session; the next use opens another."""
        with self.lock:
            session, self.session, self.keys = self.session, None, {}
            if session is not None:
                try:
                    session.close()
                except refusals.PKCS11Error:
                    return  # it was lost already

    def use(self, work: Callable[[Any], T]) -> T:
        """`work(session)`, once more with a new session where the old one was lost. Raises BackendFailed."""
        with self.lock:
            if self.users == 0:
                raise KeyClosed("Nobody is logged in at this token.")
            try:
                if self.session is None:
                    self._reopen()
                return work(self.session)
            except LOST:
                self._reopen()
                return _called(lambda: work(self.session))
            except refusals.PKCS11Error as error:
                raise _failed(error) from error

    def private_key(self, session: Any, key: str) -> Any:
        """The key object, looked for once a session (15 ms, then 1.3 ms a signature). Raises BackendFailed."""
        if key not in self.keys:
            wanted = {Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.ID: bytes.fromhex(key)}
            found = list(session.get_objects(wanted))
            if len(found) != 1:
                raise BackendFailed("no_key", f"The token {self.label!r} has no key {key}.", retry=False)
            self.keys[key] = found[0]
        return self.keys[key]

    @sensitive_variables()
    def _open(self, pin: str, *, spare_last_try: bool) -> None:
        token = LIBRARY.token(self.label)
        if token.flags & TokenFlag.USER_PIN_LOCKED:
            raise PinLocked
        if spare_last_try and token.flags & TokenFlag.USER_PIN_FINAL_TRY:
            raise PinLocked
        try:
            self.session = token.open(user_pin=pin)
        except (refusals.PinIncorrect, refusals.PinInvalid, refusals.PinLenRange):
            raise PinWrong from None
        except refusals.PinLocked:
            raise PinLocked from None
        except refusals.PKCS11Error as error:
            raise _failed(error) from error
        self.pin, self.mark, self.keys = pin, self._marked(pin), {}

    def _reopen(self) -> None:
        self.drop()
        try:
            self._open(self.pin, spare_last_try=True)
        except (PinWrong, PinLocked) as error:
            raise BackendFailed(
                "pin_changed", f"The PIN of the token {self.label!r} was changed or locked.", retry=False
            ) from error

    @sensitive_variables()
    def _marked(self, pin: str) -> bytes:
        return hashlib.pbkdf2_hmac("sha256", pin.encode(), self.salt, 10_000)

    def __repr__(self) -> str:
        return f"<Login {self.label}>"


class Logins:
    """The logins of this process by token."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: dict[tuple[int, str], Login] = {}

    def at(self, label: str) -> Login:
        """The one of this token."""
        with self._lock:
            # What a parent process opened is not open in its fork.
            return self._found.setdefault((os.getpid(), label), Login(label))

    @contextmanager
    def all_quiet(self) -> Iterator[bool]:
        """True while no other thread talks to any token; False where one goes on talking."""
        with self._lock:
            logins = list(self._found.values())
        held = []
        try:
            for login in logins:
                # Never wait for good: the other one may be waiting for us.
                if not login.lock.acquire(timeout=QUIET_SECONDS):
                    break
                held.append(login)
            quiet = len(held) == len(logins)
            if quiet:
                for login in logins:
                    login.session, login.keys = None, {}
            yield quiet
        finally:
            for login in held:
                login.lock.release()


LOGINS = Logins()


@dataclass(frozen=True)
class TokenKey:
    """A private key on a token, for one who is logged in: a cms.RawSigner."""

    login: Login
    key: str
    rsa: bool

    def sign(self, data: bytes) -> bytes:
        return self.login.use(lambda session: self._sign(session, data))

    def _sign(self, session: Any, data: bytes) -> bytes:
        private = self.login.private_key(session, self.key)
        if self.rsa:
            return bytes(private.sign(data, mechanism=Mechanism.SHA256_RSA_PKCS))
        # Most tokens know only the raw mechanism: the digest is made here, and r ‖ s becomes DER here.
        raw = private.sign(hashlib.sha256(data).digest(), mechanism=Mechanism.ECDSA)
        return encode_dss_signature(int.from_bytes(raw[:HALF]), int.from_bytes(raw[HALF:]))


def generate(login: Login, algorithm: Algorithm, label: str) -> tuple[str, PublicKey]:
    """A new key pair on the token, which never leaves it: its CKA_ID and its public half. Raises BackendFailed."""
    key = secrets.token_hex(ID_BYTES)
    token = LIBRARY.token(login.label)
    login.use(lambda _session: None)  # logged in: sessions that are opened now are too
    with _called(lambda: token.open(rw=True)) as session:
        return key, _called(lambda: _generated(session, algorithm, label, bytes.fromhex(key)))


def labels_on(login: Login) -> set[str]:
    """The labels of the private keys on the token."""

    def found(session: Any) -> set[str]:
        keys = session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY})
        return {str(key.label) for key in keys}

    return login.use(found)


def _generated(session: Any, algorithm: Algorithm, label: str, key: bytes) -> PublicKey:
    inside = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False}
    more = {"id": key, "label": label, "store": True, "private_template": inside}
    if algorithm == "P-256":
        curve = {Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}
        parameters = session.create_domain_parameters(KeyType.EC, curve, local=True)
        public, _private = parameters.generate_keypair(**more)
        return load_der_public_key(encode_ec_public_key(public))  # type: ignore[return-value]
    public, _private = session.generate_keypair(KeyType.RSA, RSA_BITS, **more)
    return load_der_public_key(_public_key_info(encode_rsa_public_key(public)))  # type: ignore[return-value]


def _public_key_info(pkcs1: bytes) -> bytes:
    from asn1crypto.keys import PublicKeyInfo, RSAPublicKey

    return bytes(PublicKeyInfo.wrap(RSAPublicKey.load(pkcs1), "rsa").dump())


def _called(work: Callable[[], T]) -> T:
    try:
        return work()
    except refusals.PKCS11Error as error:
        raise _failed(error) from error
    except OSError as error:
        raise BackendFailed(
            "no_module", f"The PKCS #11 module does not load: {error}", retry=False
        ) from error


def _failed(error: refusals.PKCS11Error) -> BackendFailed:
    name = type(error).__name__
    return BackendFailed(name, f"The token refused: {name} {error}".strip(), retry=isinstance(error, LOST))
