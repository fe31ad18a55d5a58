"""The vault in one encrypted file, and back: authorities, keys, what seals may close, which backend signs.

What this installation's secret opens travels opened (inside the encrypted file) and is wrapped under the secret of
wherever it is restored. Officials' keys travel as they lie: only their passphrases open them, here and there.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import load_der_private_key
from django.conf import settings
from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.views.decorators.debug import sensitive_variables

from satuklik.base.audit import actions as audit
from satuklik.spine.signing import certificates, vault
from satuklik.spine.signing.actions import owners
from satuklik.spine.signing.actions.revocation import renew_crl
from satuklik.spine.signing.errors import BadVaultFile, OtherKeys, OwnersMissing
from satuklik.spine.signing.models import Authority, BackendChoice, SealPermission, SigningKey

FORMAT = "satuklik.vault/1"
PARTS = ("authorities", "keys", "permissions", "choices")
# Lists that were published after the backup carry higher numbers: ours must go on above them (RFC 5280 §5.2.3).
CRL_LEAP = 1_000
LOCAL, OFFICIAL = SigningKey.Backend.LOCAL, SigningKey.Kind.OFFICIAL


@dataclass(frozen=True)
class Restored:
    """What came out of a file: how many rows it has, and how many of them were missing here."""

    manifest: Mapping[str, Any]
    added: Mapping[str, int]


@sensitive_variables()
def save_vault(passphrase: str, *, now: datetime, by: str = "") -> bytes:
    """The whole vault, encrypted under `passphrase` (Argon2id, AES-256-GCM). Raises VaultFailed where a key does
    not open."""
    with transaction.atomic():
        parts: dict[str, list[dict[str, Any]]] = {
            "authorities": [_authority(row) for row in Authority.objects.order_by("pk")],
            "keys": [_key(row) for row in SigningKey.objects.select_related("issuer").order_by("pk")],
            "permissions": [
                {
                    "agency": owners.agency_code(row.agency_id),
                    "service": row.service,
                    "daily_quota": row.daily_quota,
                    "decree": row.decree,
                }
                for row in SealPermission.objects.order_by("pk")
            ],
            "choices": [
                {
                    "agency": owners.agency_code(row.agency_id),
                    "service": row.service,
                    "kind": row.kind,
                    "backend": row.backend,
                }
                for row in BackendChoice.objects.order_by("pk")
            ],
        }
        manifest = {
            "format": FORMAT,
            "made_at": now.isoformat(timespec="seconds"),
            "regency": settings.REGENCY,
            "rows": {name: len(rows) for name, rows in parts.items()},
            "sha256": {name: _digest(rows) for name, rows in parts.items()},
        }
        data = {"rows": manifest["rows"], "sha256": manifest["sha256"]}
        audit.record("ca", [audit.Happening("vault.saved", by or "system", data)], at=now)
    sealed = vault.wrap_by_passphrase(
        json.dumps(parts).encode(), passphrase, _bound(manifest), vault.configured_cost()
    )
    return json.dumps({"manifest": manifest, "sealed": base64.b64encode(sealed).decode()}, indent=1).encode()


@sensitive_variables()
def load_vault(
    content: bytes, passphrase: str, *, now: datetime, check_only: bool = False, by: str = ""
) -> Restored:
    """Bring a saved vault into this installation, in one transaction; rows that are here already stay as they are.

    `check_only`: open it, see that every part has its hash and every key its certificate, change nothing. Raises
    BadVaultFile (also for a wrong passphrase), OtherKeys where another authority's keys are here, OwnersMissing.
    """
    manifest, parts = _opened(content, passphrase)
    _prove(parts)
    if check_only:
        return Restored(manifest, {})
    _refuse_other_keys(parts["authorities"])
    with transaction.atomic():
        owner = owners.find([row["owner"] for row in parts["keys"] if row["owner"]])
        if owner.missing:
            raise OwnersMissing(owner.missing)
        offices = {row["agency"] for name in ("permissions", "choices") for row in parts[name]} - {None}
        unknown = sorted(code for code in offices if owners.agency_id(code) is None)
        if unknown:
            raise OwnersMissing(unknown)
        added = {
            "authorities": _restore_authorities(parts["authorities"]),
            "keys": _restore_keys(parts["keys"], owner.ids),
            "permissions": _restore_rules(SealPermission, parts["permissions"], ("agency_id", "service")),
            "choices": _restore_rules(BackendChoice, parts["choices"], ("agency_id", "service", "kind")),
        }
        if added["authorities"] or added["keys"]:
            for row in Authority.objects.filter(wrapped_key__isnull=False):
                renew_crl(row.name, now=now)
        data = {"made_at": manifest["made_at"], "added": added}
        audit.record("ca", [audit.Happening("vault.restored", by or "system", data)], at=now)
    return Restored(manifest, added)


# -- writing ---------------------------------------------------------------------------------------


@sensitive_variables()
def _authority(row: Authority) -> dict[str, Any]:
    return {
        "name": row.name,
        "parent": row.parent.name if row.parent else None,
        "certificate": _text(row.certificate),
        "key": _open(bytes(row.wrapped_key), f"authority:{row.name}")
        if row.wrapped_key is not None
        else None,
        "crl": _text(row.crl) if row.crl is not None else None,
        "crl_number": row.crl_number,
        "retired_at": _moment(row.retired_at),
    }


@sensitive_variables()
def _key(row: SigningKey) -> dict[str, Any]:
    ours = opened_by_secret(row)
    return {
        "kind": row.kind,
        "owner": owners.describe(row),
        "backend": row.backend,
        "issuer": row.issuer.name if row.issuer else None,
        "serial": row.serial,
        "certificate": _text(row.certificate),
        "key": _open(bytes(row.wrapped_key), row.serial) if ours else None,
        "wrapped": None if ours else _text(row.wrapped_key),
        "not_before": _moment(row.not_before),
        "not_after": _moment(row.not_after),
        "revoked_at": _moment(row.revoked_at),
        "revocation_reason": row.revocation_reason,
    }


def opened_by_secret(row: SigningKey) -> bool:
    """Whether the installation's secret opens what the row keeps: all but an official's local key, which only the
    passphrase opens. (Of a token it keeps where the key is and a seal's PIN; of BSrE, how it knows the holder.)"""
    return row.backend != LOCAL or row.kind != OFFICIAL


@sensitive_variables()
def _open(stored: bytes, owner: str) -> str:
    plain = vault.plain_by_secret(stored, owner)
    try:
        return base64.b64encode(plain).decode()
    finally:
        plain[:] = bytes(len(plain))


def _text(content: bytes | memoryview) -> str:
    return base64.b64encode(bytes(content)).decode()


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


def _digest(rows: object) -> str:
    return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()


def _bound(manifest: Mapping[str, Any]) -> str:
    """The open manifest is part of what the passphrase proves."""
    return f"vault:{_digest(manifest)}"


# -- reading ---------------------------------------------------------------------------------------


@sensitive_variables()
def _opened(content: bytes, passphrase: str) -> tuple[dict[str, Any], dict[str, Any]]:
    try:
        outer = json.loads(content)
        manifest, sealed = outer["manifest"], base64.b64decode(outer["sealed"], validate=True)
        named = manifest["format"]
    except (ValueError, KeyError, TypeError) as error:
        raise BadVaultFile(f"This is not a saved vault, or it is cut off: {error}") from error
    if named != FORMAT:
        raise BadVaultFile(f"This vault is of format {named!r}; this version reads {FORMAT}.")
    try:
        plain = vault.plain_by_passphrase(sealed, passphrase, _bound(manifest))
    except ValueError as error:
        raise BadVaultFile(f"The encrypted part is not whole: {error}") from error
    if plain is None:
        raise BadVaultFile("The passphrase is another one, or the file was changed.")
    parts = json.loads(plain)
    plain[:] = bytes(len(plain))
    for name in PARTS:
        if _digest(parts[name]) != manifest["sha256"][name]:
            raise BadVaultFile(f"The part {name!r} is not the one that was saved.")
    return manifest, parts


@sensitive_variables()
def _prove(parts: Mapping[str, Any]) -> None:
    """Each key belongs to its certificate, each certificate to its issuer. Raises BadVaultFile."""
    above = {row["name"]: _certificate(row) for row in parts["authorities"]}
    for row in parts["authorities"]:
        _prove_key(row, row["name"])
        _prove_issuer(_certificate(row), above[row["parent"] or row["name"]], row["name"])
    for row in parts["keys"]:
        _prove_key(row, row["serial"])
        if row["issuer"]:
            _prove_issuer(_certificate(row), above[row["issuer"]], row["serial"])


@sensitive_variables()
def _prove_key(row: Mapping[str, Any], name: str) -> None:
    # A token's or a remote backend's row keeps no key here: where it is and whom to ask cannot be proven offline.
    if row["key"] is None or row.get("backend", LOCAL) != LOCAL:
        return
    private = load_der_private_key(base64.b64decode(row["key"]), None)
    if certificates.public_key_info(private.public_key()) != certificates.public_key_info(  # type: ignore[arg-type]
        _certificate(row).public_key()  # type: ignore[arg-type]
    ):
        raise BadVaultFile(f"The key {name} is not the one of its certificate.")


def _prove_issuer(certificate: x509.Certificate, issuer: x509.Certificate, name: str) -> None:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError) as error:
        raise BadVaultFile(f"The certificate {name} was not issued by its authority: {error}") from error


def _certificate(row: Mapping[str, Any]) -> x509.Certificate:
    return x509.load_der_x509_certificate(base64.b64decode(row["certificate"]))


def _refuse_other_keys(rows: list[dict[str, Any]]) -> None:
    saved = {row["name"]: row["certificate"] for row in rows}
    there = {row.name: _text(row.certificate) for row in Authority.objects.all()}
    others = sorted(name for name, certificate in there.items() if saved.get(name) != certificate)
    if others:
        raise OtherKeys(others)


@sensitive_variables()
def _restore_authorities(rows: list[dict[str, Any]]) -> int:
    there = {row.name: row for row in Authority.objects.all()}
    added = 0
    for row in rows:
        if row["name"] in there:
            continue
        wrapped = None
        if row["key"] is not None:
            wrapped = vault.wrap_by_secret(base64.b64decode(row["key"]), f"authority:{row['name']}")
        there[row["name"]] = Authority.objects.create(
            name=row["name"],
            parent=there[row["parent"]] if row["parent"] else None,
            certificate=base64.b64decode(row["certificate"]),
            wrapped_key=wrapped,
            crl=base64.b64decode(row["crl"]) if row["crl"] else None,
            crl_number=row["crl_number"] + CRL_LEAP,
            retired_at=_when(row["retired_at"]),
        )
        added += 1
    return added


@sensitive_variables()
def _restore_keys(rows: list[dict[str, Any]], ids: Mapping[str, dict[str, int]]) -> int:
    there = set(SigningKey.objects.values_list("serial", flat=True))
    above = {row.name: row for row in Authority.objects.all()}
    made = []
    for row in rows:
        if row["serial"] in there:
            continue
        if row["key"] is not None:
            wrapped = vault.wrap_by_secret(base64.b64decode(row["key"]), row["serial"])
        else:
            wrapped = base64.b64decode(row["wrapped"])
        made.append(
            SigningKey(
                kind=row["kind"],
                backend=row["backend"],
                issuer=above[row["issuer"]] if row["issuer"] else None,
                serial=row["serial"],
                certificate=base64.b64decode(row["certificate"]),
                wrapped_key=wrapped,
                not_before=_when(row["not_before"]),
                not_after=_when(row["not_after"]),
                revoked_at=_when(row["revoked_at"]),
                revocation_reason=row["revocation_reason"],
                **(ids[row["owner"]["key"]] if row["owner"] else {}),
            )
        )
    SigningKey.objects.bulk_create(made)
    return len(made)


def _restore_rules(model: Callable[..., Any], rows: list[dict[str, Any]], identity: tuple[str, ...]) -> int:
    manager, added = model._default_manager, 0  # type: ignore[attr-defined]
    for row in rows:
        values = {name: value for name, value in row.items() if name != "agency"}
        values["agency_id"] = owners.agency_id(row["agency"]) if row["agency"] else None
        who = {name: values.pop(name) for name in identity}
        # A rule that is here already is younger than the backup: it stays.
        added += manager.get_or_create(**who, defaults=values)[1]
    return added


def _when(text: str | None) -> datetime | None:
    return parse_datetime(text) if text else None
