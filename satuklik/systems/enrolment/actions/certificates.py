"""Certificates: the official alone chooses the passphrase; renewal, suspension, revocation.

A passphrase is an argument of these functions and nothing else: it is in no column, message, event or error.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from cryptography import x509
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from satuklik.spine.signing import actions as signing
from satuklik.spine.signing import queries as keys
from satuklik.systems.enrolment import rules, telling
from satuklik.systems.enrolment.actions.moving import actor_of, locked, locked_of, move, note
from satuklik.systems.enrolment.errors import MayNot, NotNow, ReasonNeeded, WeakPassphrase
from satuklik.systems.enrolment.models import Enrolment
from satuklik.systems.enrolment.queries import history, nik_of, scope_of, verifier_users

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

# Why a certificate is revoked, in the words of RFC 5280 §5.3.1.
REASONS = {
    "key_compromise": x509.ReasonFlags.key_compromise,
    "affiliation_changed": x509.ReasonFlags.affiliation_changed,
    "superseded": x509.ReasonFlags.superseded,
    "cessation_of_operation": x509.ReasonFlags.cessation_of_operation,
}
# What needs a new certificate afterwards, and therefore the verifikator's eyes again.
REOPENS = frozenset({"key_compromise", "affiliation_changed"})
# Kept in the history, which is Indonesian.
NEW_KEY_REASONS = {"forgot": "Kata sandi tanda tangan lupa", "expired": "Masa berlaku sertifikat habis"}
IN_FORCE = ("valid", "suspended")


@sensitive_variables("passphrase")
def check_passphrase(official: "Official", passphrase: str) -> None:
    """Raise WeakPassphrase with everything that speaks against it."""
    user = official.user
    personal = [official.name, official.nip, official.email, official.position]
    problems: list[str] = list(
        rules.passphrase_problems(passphrase, [*personal, user.username if user else ""])
    )
    try:
        CommonPasswordValidator().validate(passphrase)
    except ValidationError:
        problems.append("common")
    if user is not None and user.has_usable_password() and user.check_password(passphrase):
        problems.append("login")
    if problems:
        raise WeakPassphrase(problems)


@sensitive_variables("passphrase")
@transaction.atomic
def choose_passphrase(official: "Official", passphrase: str, *, now: datetime) -> Enrolment:
    """The verified official sets his passphrase and has his certificate in the same moment. Of two clicks one
    wins. Raises NotFound, NotNow, WeakPassphrase, and what signing raises."""
    row = locked_of(official.pk)
    if row.stage != rules.VERIFIED:
        raise NotNow(row.stage, rules.ISSUED)
    check_passphrase(row.official, passphrase)
    backend = keys.chosen_backend(row.official.agency_id, "", "official").backend
    if backend == "bsre":
        raise NotNow(row.stage, rules.ISSUED)  # there the certificate comes from BSrE: take_from_bsre
    made = signing.issue_official_key(
        row.official, passphrase, now, backend="pkcs11" if backend == "pkcs11" else "local"
    )
    # What it takes the place of is left to expire: nobody can open it any more, and letters that were signed with it
    # and carry no time stamp would lose their proof by a revocation.
    before, row.serial, row.supersedes = row.supersedes, made.serial, ""
    told = {"before": before} if before else {}
    move(
        row, rules.ISSUED, kind="issued", by=actor_of(official.pk), now=now, serial=made.serial, ends=made.not_after, **told
    )  # fmt: skip
    return row


def take_from_bsre(official: "Official", *, now: datetime) -> Enrolment:
    """Ask BSrE whether the verified official may sign there, and note the certificate that it gave him. He chooses
    his passphrase there, never here. Raises NotFound, NotNow, BackendFailed (`code`: why not yet)."""
    found = Enrolment.objects.filter(official=official).first()
    if found is None or found.stage != rules.VERIFIED:
        raise NotNow(found.stage if found else "", rules.ISSUED)
    # A remote call: before any row is held.
    made = signing.register_at_bsre(official, now=now, nik=nik_of(found), email=official.email)
    with transaction.atomic():
        row = locked_of(official.pk)
        row.serial, row.supersedes = made.serial, ""
        move(
            row,
            rules.ISSUED,
            kind="issued",
            by=actor_of(official.pk),
            now=now,
            serial=made.serial,
            ends=made.not_after,
        )
    return row


@sensitive_variables("current", "passphrase")
def renew(
    official: "Official", current: str, passphrase: str, *, revoke_old: bool, now: datetime
) -> Enrolment:
    """A new key with a new passphrase, from 90 days before the old one's end; the old passphrase proves that it is
    still the same person. The old certificate stays valid to its end, or is revoked as superseded at once.

    Raises NotFound, NotNow, WeakPassphrase, WrongPassphrase(left), KeyLocked, NoKey.
    """
    check_passphrase(official, passphrase)
    if passphrase == current:
        raise WeakPassphrase(["same"])
    # A wrong passphrase stays counted although the transaction is undone: signing counts it apart.
    with transaction.atomic():
        row = locked_and_renewable(official, now)
        before = row.serial
        made = signing.renew_official_key(row.official, current, now=now, new_passphrase=passphrase)
        row.serial = made.serial
        row.save(update_fields=["serial"])
        note(
            row.pk, "renewed", by=actor_of(official.pk), now=now, before=before, serial=made.serial, ends=made.not_after
        )  # fmt: skip
        if revoke_old:
            _supersede(row, before, now)
    return row


def locked_and_renewable(official: "Official", now: datetime) -> Enrolment:
    """The enrolment whose certificate may be renewed now, its row held. Raises NotFound, NotNow."""
    row = locked_of(official.pk)
    key = keys.key_by_serial(row.serial, now) if row.serial else None
    ends = timezone.localdate(key.not_after) if key is not None else None
    if (
        key is None
        or key.status != "valid"
        or ends is None
        or not rules.may_renew(ends, timezone.localdate(now))
    ):
        raise NotNow(row.stage, rules.ISSUED)
    return row


@transaction.atomic
def ask_new_key(official: "Official", *, why: str, now: datetime) -> Enrolment:
    """The passphrase is forgotten (`why` "forgot": nobody can bring it back), or the certificate ran out
    ("expired"). The verifikator sees the person again, then a new key takes the old one's place. Raises NotFound,
    NotNow."""
    row = locked_of(official.pk)
    row.supersedes = row.serial
    _reopen(row, NEW_KEY_REASONS[why], by=actor_of(official.pk), now=now)
    return row


@transaction.atomic
def suspend(enrolment_id: int, *, by: "Official", reason: str, now: datetime) -> Enrolment:
    """Stop a certificate at once, until it is resumed or revoked: by its holder, his verifikator, the admin.
    Raises MayNot, ReasonNeeded, NotNow, NoKey."""
    row, words = _about(enrolment_id, by, reason, now)
    signing.suspend(row.serial, now=now, by=actor_of(by.pk), note=words)
    note(row.pk, "suspended", by=actor_of(by.pk), now=now, serial=row.serial, reason=words)
    _tell(row, "suspended", by, words, now)
    return row


@transaction.atomic
def resume(enrolment_id: int, *, by: "Official", reason: str, now: datetime) -> Enrolment:
    """Put a suspended certificate back into force. Its holder may only where he suspended it himself.
    Raises MayNot, ReasonNeeded, NotNow, NotSuspended, NoKey."""
    row, words = _about(enrolment_id, by, reason, now)
    if by.pk == row.official_id and suspended_by(row) != actor_of(by.pk):
        raise MayNot("self")
    signing.resume(row.serial, now=now, by=actor_of(by.pk), note=words)
    note(row.pk, "resumed", by=actor_of(by.pk), now=now, serial=row.serial, reason=words)
    _tell(row, "resumed", by, words, now)
    return row


@transaction.atomic
def revoke(enrolment_id: int, *, by: "Official", why: str, reason: str, now: datetime) -> Enrolment:
    """Take a certificate out of force for good, at once: `why` is a key of REASONS, `reason` the words for it.
    Raises MayNot, ReasonNeeded, NotNow, NoKey."""
    row, words = _about(enrolment_id, by, reason, now)
    signing.revoke(row.serial, REASONS[why], now=now, by=actor_of(by.pk))
    note(row.pk, "revoked", by=actor_of(by.pk), now=now, serial=row.serial, why=why, reason=words)
    if why in REOPENS:
        _reopen(row, words, by=actor_of(by.pk), now=now)
    _tell(row, "revoked", by, words, now)
    return row


def end_all(row: Enrolment | None, official: "Official", *, now: datetime) -> list[str]:
    """Revoke every certificate in force of somebody who left office (cessationOfOperation), and close the way.
    The serial numbers. In the caller's transaction."""
    ended = [key.serial for key in keys.keys_of(official, now) if key.status in IN_FORCE]
    for serial in ended:
        signing.revoke(serial, x509.ReasonFlags.cessation_of_operation, now=now)
    if row is not None and row.stage != rules.ENDED:
        move(
            row,
            rules.ENDED,
            kind="ended",
            by="system",
            now=now,
            serials=ended,
            last_day=official.active_until,
        )
    return ended


def suspended_by(row: Enrolment) -> str:
    """Who suspended the certificate last, as the event log names him."""
    found = [event.actor for event in history(row.pk) if event.kind == "enrolment.suspended"]
    return found[-1] if found else ""


def _about(enrolment_id: int, by: "Official", reason: str, now: datetime) -> tuple[Enrolment, str]:
    row = locked(enrolment_id)
    if by.pk != row.official_id and not scope_of(by, now).verifies(row.official.agency_id):
        raise MayNot("agency")
    words = " ".join(reason.split())
    if not words:
        raise ReasonNeeded
    if not row.serial:
        raise NotNow(row.stage, row.stage)
    return row, words


def _reopen(row: Enrolment, reason: str, *, by: str, now: datetime) -> None:
    move(row, rules.DOCUMENTS, kind="reopened", by=by, now=now, why=reason)
    for user in verifier_users(row.official.agency_id, now, but=row.official_id):
        telling.tell(user, "reopened", now, pk=row.pk, name=row.official.name, reason=reason.rstrip("."))


def _supersede(row: Enrolment, serial: str, now: datetime) -> None:
    found = keys.key_by_serial(serial, now)
    if found is not None and found.status in IN_FORCE:
        signing.revoke(serial, x509.ReasonFlags.superseded, now=now, by=actor_of(row.official_id))


def _tell(row: Enrolment, kind: str, by: "Official", reason: str, now: datetime) -> None:
    """The others hear of it: the holder, and whoever verifies him."""
    users = {user.pk: user for user in verifier_users(row.official.agency_id, now)}
    if row.official.user is not None:
        users[row.official.user.pk] = row.official.user
    for pk, user in users.items():
        if pk != by.user_id:
            telling.tell(user, kind, now, pk=row.pk, name=row.official.name, reason=reason.rstrip("."))
