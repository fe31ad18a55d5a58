"""Who may log in: residents and officials, their API tokens, their one-time codes, their attempts."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models


class UserManager(BaseUserManager["User"]):
    """Makes users; a user without password can log in only by code or passkey."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: object) -> "User":
        return self.create_user(
            username, password, kind=User.Kind.OFFICIAL, is_staff=True, is_superuser=True, **fields
        )


class User(AbstractBaseUser, PermissionsMixin):
    """An account. Which person or which official it belongs to is said by the rooms above."""

    class Kind(models.TextChoices):
        RESIDENT = "resident"
        OFFICIAL = "official"
        APPLICATION = "app"  # no person: an agency's own program, which has only tokens

    username = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.RESIDENT)
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, unique=True, null=True, blank=True)  # E.164
    phone_verified = models.BooleanField(default=False)
    language = models.CharField(max_length=5, default="id")
    must_change_password = models.BooleanField(default=False)  # somebody else has seen it
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    def __str__(self) -> str:
        return self.name


class ApiToken(models.Model):
    """A bearer token of a user; only its SHA-256 is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    label = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.label


class Application(models.Model):
    """A program of an agency that calls the API in the agency's name: its account, and what it may do."""

    class Scope(models.TextChoices):
        SIGN = "sign"  # ask officials of the agency for signatures
        SEAL = "seal"  # have the agency's seal close documents, within its permission
        OPEN311 = "open311"  # send in reports of residents

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="application")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="applications")
    name = models.CharField(max_length=60, unique=True)  # "eoffice": its seal permission is "api:eoffice"
    scopes = models.JSONField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Session(AbstractBaseSession):
    """A browser's session. The user stands in a column of its own, so that one query loads both."""

    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="sessions")
    seen_at = models.DateTimeField()

    @classmethod
    def get_session_store_class(cls) -> type:
        from satuklik.base.accounts.sessions import SessionStore

        return SessionStore


class LoginCode(models.Model):
    """A one-time code. Neither the code nor the NIK or number it was asked with is kept readable."""

    identifier = models.CharField(max_length=64)  # HMAC of "nik:…" or "phone:…"
    binding = models.CharField(max_length=64)  # SHA-256 of the nonce in the session that asked
    code = models.CharField(max_length=64)  # HMAC of nonce and code
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    tries = models.SmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M} ({self.tries})"


class Attempt(models.Model):
    """How often something was tried in the running window. Written by one statement in `limits`."""

    pk = models.CompositePrimaryKey("kind", "key")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=64)  # HMAC: an address or a NIK is not to be read here
    count = models.IntegerField()
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.kind}: {self.count}"
