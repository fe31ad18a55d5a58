"""Django's settings. Everything that differs between installations comes from the environment."""

import contextlib
import hashlib
import os
from pathlib import Path

from satuklik.run.places import PROJECT, database_url, var_folder
from satuklik.run.twins import twin_settings

VAR = var_folder()
DEMO = os.environ.get("SATUKLIK_DEMO") == "1"
DEBUG = os.environ.get("SATUKLIK_DEBUG") == "1"


def _secret() -> str:
    """``SATUKLIK_SECRET_KEY``, else a key that is made once for this installation (0600 under var/)."""
    given = os.environ.get("SATUKLIK_SECRET_KEY")
    if given:
        return given
    file = VAR / "secret-key"
    if not file.exists():
        VAR.mkdir(parents=True, exist_ok=True)
        made = VAR / f"secret-key.{os.getpid()}"
        made.touch(mode=0o600)
        made.write_text(hashlib.sha256(os.urandom(64)).hexdigest())
        with contextlib.suppress(FileExistsError):
            os.link(made, file)  # atomic: of two processes that start at once, one key wins
        made.unlink()
    return file.read_text().strip()


SECRET_KEY = _secret()
PORT = int(os.environ.get("PORT", "8000"))
PUBLIC_URL = os.environ.get("SATUKLIK_PUBLIC_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
ALLOWED_HOSTS = os.environ.get("SATUKLIK_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
HTTPS = PUBLIC_URL.startswith("https://")
REGENCY = os.environ.get("SATUKLIK_REGENCY", "12.09")
REGENCY_NAME = os.environ.get("SATUKLIK_REGENCY_NAME", "Kabupaten Asahan")
# Seals and authority keys are wrapped under this secret; empty: under SECRET_KEY.
SATUKLIK_VAULT_KEY = os.environ.get("SATUKLIK_VAULT_KEY", "")
# Secrets that it replaces: they still open what was wrapped under them, until `satuklik ca rotate vault` has run.
SATUKLIK_OLD_VAULT_KEYS = [key for key in os.environ.get("SATUKLIK_OLD_VAULT_KEYS", "").split(",") if key]
# What one guess of an official's passphrase costs: 64 MiB, 3 passes (0.2 s).
SATUKLIK_PASSPHRASE_KIB = int(os.environ.get("SATUKLIK_PASSPHRASE_KIB", "65536"))
SATUKLIK_PASSPHRASE_PASSES = int(os.environ.get("SATUKLIK_PASSPHRASE_PASSES", "3"))
SATUKLIK_ROOT_KEY_BITS = int(os.environ.get("SATUKLIK_ROOT_KEY_BITS", "4096"))
# A folder of further root certificates that a verified PDF may lead to (.cer, .crt, .pem).
SATUKLIK_TRUST = os.environ.get("SATUKLIK_TRUST", "")
# How far a new signature goes: B-B, B-T (with a time stamp) or B-LT (with revocation data too).
SATUKLIK_SIGNATURE_LEVEL = os.environ.get("SATUKLIK_SIGNATURE_LEVEL", "B-T")
# Who stamps: "local" (our own authority, in this process), the address of another (RFC 3161), or "" (nobody).
SATUKLIK_TSA = os.environ.get("SATUKLIK_TSA", "local")
SATUKLIK_TSA_USER = os.environ.get("SATUKLIK_TSA_USER", "")
SATUKLIK_TSA_PASSWORD = os.environ.get("SATUKLIK_TSA_PASSWORD", "")
SATUKLIK_TSA_SECONDS = float(os.environ.get("SATUKLIK_TSA_SECONDS", "2"))  # patience; then it is B-B for now
# The policy of our own authority. The default lies in the arc for documentation (RFC 5612): take one of your own.
SATUKLIK_TSA_POLICY = os.environ.get("SATUKLIK_TSA_POLICY", "1.3.6.1.4.1.32473.12.1")
# Official e-mail addresses of signers lie on one of these domains (or below one).
SATUKLIK_EMAIL_DOMAINS = [
    domain.strip().lower()
    for domain in os.environ.get("SATUKLIK_EMAIL_DOMAINS", "asahan.example").split(",")
    if domain.strip()
]
# Agencies whose head and secretary see the enrolment of every office (by code).
SATUKLIK_TTE_OVERSEERS = os.environ.get("SATUKLIK_TTE_OVERSEERS", "setda").split(",")
# Working days without progress after which whoever must act is reminded, and again after as many.
SATUKLIK_REMIND_DAYS = int(os.environ.get("SATUKLIK_REMIND_DAYS", "3"))
# Whether joint leave (cuti bersama) stops a clock; no law says so for the terms of UU 14/2008 [?].
SATUKLIK_JOINT_LEAVE_COUNTS_AS_OFF = os.environ.get("SATUKLIK_JOINT_LEAVE_COUNTS_AS_OFF", "1") == "1"
# The agency of PPID Utama and of the chat inbox, and that of Atasan PPID (by code).
SATUKLIK_PPID_AGENCY = os.environ.get("SATUKLIK_PPID_AGENCY", "diskominfo")
SATUKLIK_PPID_SUPERIOR = os.environ.get("SATUKLIK_PPID_SUPERIOR", "setda")
# Agencies whose officials sit at the press desk (by code); their heads and Sekda approve statements.
SATUKLIK_PRESS_AGENCIES = [
    code for code in os.environ.get("SATUKLIK_PRESS_AGENCIES", "diskominfo,setda-prokopim").split(",") if code
]
# How the numbers of the registers of requests and of objections are printed; [kode_kantor] is PPID and KEB-PPID.
SATUKLIK_PPID_NUMBER = os.environ.get(
    "SATUKLIK_PPID_NUMBER", "[nomor,4]/[kode_kantor]/[bulan_romawi]/[tahun]"
)
# Dated parameters of information requests (TOML); empty: those beside the code (systems/ppid/data/parameters.toml).
SATUKLIK_PPID_PARAMETERS = os.environ.get("SATUKLIK_PPID_PARAMETERS", "")
# Who handles complaints (by code), and who may open the identity behind a secret one ("agency:role").
SATUKLIK_COMPLAINTS_AGENCY = os.environ.get("SATUKLIK_COMPLAINTS_AGENCY", SATUKLIK_PPID_AGENCY)
SATUKLIK_REVEALERS = os.environ.get(
    "SATUKLIK_REVEALERS", f"{SATUKLIK_COMPLAINTS_AGENCY}:head,inspektorat:head"
).split(",")
# A folder with a regency's own limits.toml, categories.toml, sp4n.toml; empty: those of the project.
SATUKLIK_COMPLAINTS_DATA = os.environ.get("SATUKLIK_COMPLAINTS_DATA", "")
# Who moderates ideas and makes rounds of votes (by code); a regency's own policy.toml, empty: that of the project.
SATUKLIK_IDEAS_AGENCY = os.environ.get("SATUKLIK_IDEAS_AGENCY", SATUKLIK_PPID_AGENCY)
SATUKLIK_IDEAS_POLICY = os.environ.get("SATUKLIK_IDEAS_POLICY", "")
# GeoJSON files with the regency's boundaries that the demo imports, where there are some.
SATUKLIK_BOUNDARIES = [name for name in os.environ.get("SATUKLIK_BOUNDARIES", "").split(os.pathsep) if name]
# A file of a regency's own terms for messages (how long raw events are kept); empty: that of the project.
SATUKLIK_MESSAGING_PARAMETERS = os.environ.get("SATUKLIK_MESSAGING_PARAMETERS", "")
# Whether the inbox says by itself that a chat has arrived (once in twelve hours; in an emergency, whom to call).
SATUKLIK_INTAKE_ACKNOWLEDGE = os.environ.get("SATUKLIK_INTAKE_ACKNOWLEDGE", "1") == "1"
# Of the kinds of which triage says that it is sure, so many shall be right; below that it abstains.
SATUKLIK_INTAKE_SURE = float(os.environ.get("SATUKLIK_INTAKE_SURE", "0.95"))
# Kinds that may be registered without an officer, once 97 in 100 suggestions of that kind proved right; usually none.
SATUKLIK_INTAKE_ALONE = [kind for kind in os.environ.get("SATUKLIK_INTAKE_ALONE", "").split(",") if kind]
# Streets under the outlines of maps: an address with {z}, {x} and {y}, and whose they are. Default: none, for a data
# centre without internet. Browsers then ask that server too: it learns where people look.
SATUKLIK_MAP_TILES = os.environ.get("SATUKLIK_MAP_TILES", "")
SATUKLIK_MAP_ATTRIBUTION = os.environ.get("SATUKLIK_MAP_ATTRIBUTION", "")
REGENCY_CAPITAL = os.environ.get(
    "SATUKLIK_REGENCY_CAPITAL", "Kisaran"
)  # where offices of the regency date letters
LETTER_NUMBER = os.environ.get(
    "SATUKLIK_LETTER_NUMBER", "[kode]/[nomor,3]/[kode_kantor]/[bulan_romawi]/[tahun]"
)
# Who signs where no row chooses for the office or the service (`satuklik ca backend`): local, pkcs11 or bsre.
SATUKLIK_SIGNING_BACKEND = os.environ.get("SATUKLIK_SIGNING_BACKEND", "local")
if SATUKLIK_SIGNING_BACKEND not in ("local", "pkcs11", "bsre"):
    raise ValueError(f"SATUKLIK_SIGNING_BACKEND is local, pkcs11 or bsre, not {SATUKLIK_SIGNING_BACKEND!r}.")
SATUKLIK_PKCS11_MODULE = os.environ.get("SATUKLIK_PKCS11_MODULE", "")  # the vendor's .so
SATUKLIK_PKCS11_SEAL_TOKEN = os.environ.get("SATUKLIK_PKCS11_SEAL_TOKEN", "satuklik-segel")  # its label
# The eSign client of BSrE: its address without /api, its HTTP Basic account, seconds of patience for one signature
# (0.9 s are usual; a check of a large file takes 40). Over https, unless the client runs on this very machine.
SATUKLIK_BSRE_URL = os.environ.get("SATUKLIK_BSRE_URL", "").rstrip("/")
SATUKLIK_BSRE_USER = os.environ.get("SATUKLIK_BSRE_USER", "")
SATUKLIK_BSRE_PASSWORD = os.environ.get("SATUKLIK_BSRE_PASSWORD", "")
SATUKLIK_BSRE_CA = os.environ.get(
    "SATUKLIK_BSRE_CA", ""
)  # a file of roots for its https, where they are not public
SATUKLIK_BSRE_TIMEOUT = float(os.environ.get("SATUKLIK_BSRE_TIMEOUT", "30"))
LAYANAN = [Path(p) for p in os.environ.get("SATUKLIK_LAYANAN", str(PROJECT / "layanan")).split(os.pathsep)]
NASKAH = Path(os.environ.get("SATUKLIK_NASKAH", str(PROJECT / "naskah")))  # templates of naskah dinas

INSTALLED_APPS = [
    "satuklik.run",
    "satuklik.base.ui",
    "satuklik.base.accounts",
    "satuklik.base.regions",
    "satuklik.base.agencies",
    "satuklik.base.calendar",
    "satuklik.base.audit",
    "satuklik.base.files",
    "satuklik.base.figures",
    "satuklik.base.webhooks",
    "satuklik.spine.population",
    "satuklik.spine.signing",
    "satuklik.spine.messaging",
    "satuklik.spine.documents",
    "satuklik.spine.referrals",
    "satuklik.spine.intake",
    "satuklik.spine.cases",
    "satuklik.spine.requests",
    "satuklik.systems.services",
    "satuklik.systems.enrolment",
    "satuklik.systems.correspondence",
    "satuklik.systems.press",
    "satuklik.systems.ppid",
    "satuklik.systems.complaints",
    "satuklik.systems.ideas",
    "satuklik.faces.portal",
    "satuklik.faces.desk",
    "satuklik.faces.inbox",
    "satuklik.faces.api",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "satuklik.base.accounts.passphrases.passphrase_middleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "satuklik.base.accounts.middleware.user_middleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "satuklik.base.ui.middleware.SecurityHeaders",
]

ROOT_URLCONF = "satuklik.urls"
WSGI_APPLICATION = "satuklik.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"


def _database(url: str) -> dict[str, object]:
    """Django's entry for a libpq address (also one whose host is a socket folder)."""
    from psycopg.conninfo import conninfo_to_dict

    parts = conninfo_to_dict(url)
    known = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    entry: dict[str, object] = {known[key]: str(value) for key, value in parts.items() if key in known}
    options = {key: value for key, value in parts.items() if key not in known}
    return {
        "ENGINE": "satuklik.base.postgres",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"prepare_threshold": 5, **options},
        **entry,
    }


DATABASES = {"default": _database(database_url())}
# The shared cache holds what must be the same in every process (limits of attempts); "local" holds only
# what may differ for a few seconds (rendered fragments).
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
    "local": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "satuklik.base.accounts.hashers.SmallArgon2",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
]
CSRF_FAILURE_VIEW = "satuklik.base.ui.errors.csrf_failure"
LOGIN_URL = "/masuk/"
LOGIN_REDIRECT_URL = "/"

# --- accounts: login, second factors, sessions ---------------------------------------------------
OFFICIAL_LOGIN_REDIRECT_URL = "/meja/"
SESSION_ENGINE = "satuklik.base.accounts.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECRET_KEY_FALLBACKS = [key for key in os.environ.get("SATUKLIK_OLD_SECRET_KEYS", "").split(",") if key]
TRUSTED_PROXIES = int(os.environ.get("SATUKLIK_TRUSTED_PROXIES", "0"))  # proxies that append X-Forwarded-For
OTP_CHANNEL = os.environ.get("SATUKLIK_OTP_CHANNEL") or (
    f"satuklik.base.accounts.channels.{'Demo' if DEMO else 'Console'}Channel"
)
# Attempts: per account in 15 minutes and in a day, per address and in all in 15 minutes. Addresses are
# generous: a carrier puts thousands of people behind one.
LOGIN_LIMITS = {
    "send": (5, 20, 600, 3000),
    "try": (15, 50, 1500, 9000),
    "password": (10, 60, 300, 3000),
    "passkey": (0, 0, 600, 9000),
    "factor": (10, 60, 300, 3000),
}
LOGIN_STEADY_SECONDS = 0.04  # asking for a code and trying one take at least this long
ACCOUNT_ADAPTER = "satuklik.base.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False  # ours count in the database: satuklik.base.accounts.limits
MFA_ADAPTER = "satuklik.base.accounts.adapter.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_TOLERANCE = 1
MFA_RATE_LIMITS = False
# --- end of accounts -----------------------------------------------------------------------------

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
TIME_ZONE = "Asia/Jakarta"  # WIB
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILES_ROOT = VAR / "files"

# Webhooks go to public https addresses only; "1" allows plain http and addresses inside (an intranet, tests).
WEBHOOK_ALLOW_PRIVATE = os.environ.get("SATUKLIK_WEBHOOK_ALLOW_PRIVATE") == "1"

# Ways out for messages besides the portal's inbox; each is registered by name (spine.messaging).
MESSAGE_CHANNELS = [name for name in os.environ.get("SATUKLIK_MESSAGE_CHANNELS", "").split(",") if name]

# --- messages: conversations with people over WhatsApp, Telegram, e-mail and the portal ------------
# WhatsApp Business Cloud API. Meta signs each webhook call under the app secret, and shows the verify token once.
WHATSAPP_APP_SECRET = os.environ.get("WHATSAPP_APP_SECRET", "")
WHATSAPP_VERIFY_TOKEN = os.environ.get("WHATSAPP_VERIFY_TOKEN", "")
WHATSAPP_PHONE_NUMBER_ID = os.environ.get("WHATSAPP_PHONE_NUMBER_ID", "")
WHATSAPP_TOKEN = os.environ.get("WHATSAPP_TOKEN", "")
WHATSAPP_URL = os.environ.get("WHATSAPP_URL", "https://graph.facebook.com").rstrip("/")
# Telegram Bot API, read by long polling.
TELEGRAM_TOKEN = os.environ.get("TELEGRAM_TOKEN", "")
TELEGRAM_URL = os.environ.get("TELEGRAM_URL", "https://api.telegram.org").rstrip("/")
TELEGRAM_POLL_SECONDS = int(os.environ.get("TELEGRAM_POLL_SECONDS", "25"))
# The office's mailbox: read by IMAP, written by SMTP (Django's EMAIL_ settings).
MESSAGING_MAIL = os.environ.get("MESSAGING_MAIL", "")  # its address: ppid@asahan.example
# The name under which the mail server that takes our mail writes `Authentication-Results` (RFC 8601). Without it no
# From address is believed.
MESSAGING_MAIL_AUTHSERV_ID = os.environ.get("MESSAGING_MAIL_AUTHSERV_ID", "").strip()
MESSAGING_IMAP_HOST = os.environ.get("MESSAGING_IMAP_HOST", "")
MESSAGING_IMAP_PORT = int(os.environ.get("MESSAGING_IMAP_PORT", "993"))
MESSAGING_IMAP_SECURITY = os.environ.get(
    "MESSAGING_IMAP_SECURITY", "tls"
)  # tls, starttls or none (this machine)
MESSAGING_IMAP_USER = os.environ.get("MESSAGING_IMAP_USER", "")
MESSAGING_IMAP_PASSWORD = os.environ.get("MESSAGING_IMAP_PASSWORD", "")
MESSAGING_IMAP_FOLDER = os.environ.get("MESSAGING_IMAP_FOLDER", "INBOX")
EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("EMAIL_USE_TLS", "1") == "1"
EMAIL_TIMEOUT = 20
if DEMO:  # the far sides are twins in this very server
    globals().update(twin_settings(SECRET_KEY, PORT, globals()))

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "satuklik"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 8_000_000  # a file of 5 MB as base64 in the API; forms' files do not count
LARGEST_REQUEST = 32_000_000  # bytes; a larger body is refused and not kept (the largest form takes 21 MB)
