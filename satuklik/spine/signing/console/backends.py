"""`satuklik ca check | backend | token | bsre`: who signs, whether it is set up, and keys that are not here."""

from typing import TYPE_CHECKING

import click
from django.views.decorators.debug import sensitive_variables

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

KINDS = click.Choice(["official", "seal"])
ALGORITHMS = click.Choice(["RSA-2048", "P-256"])


@click.command("check")
@click.option("--all", "every", is_flag=True, help="Also backends that nothing is signed with now.")
def check(*, every: bool) -> None:
    """Is every backend that signs set up? Says what is wrong and what to do; ends with 1 where something is."""
    from django.conf import settings

    from satuklik.spine.signing.backends import registry
    from satuklik.spine.signing.backends.registry import BACKENDS, CHOICES

    used = {settings.SATUKLIK_SIGNING_BACKEND} | {choice.backend for choice in CHOICES.rows()}
    broken = False
    for name in BACKENDS:
        if name not in used and not every:
            continue
        problems = registry.backend(name).check_config()
        broken |= name in used and any(problem.severity == "error" for problem in problems)
        click.echo(f"{name}: {'ready' if not problems else f'{len(problems)} to look at'}")
        for problem in problems:
            click.echo(f"  {problem.severity}: {problem.what}\n    {problem.todo}")
    if broken:
        raise SystemExit(1)


@click.command("backend")
@click.option("--kind", type=KINDS, help="Keys of officials, or seals of agencies.")
@click.option("--agency", default="", help="For this agency (its code); without: for each.")
@click.option(
    "--service", default="", help="For this service (its slug, or naskah:<kind>); without: for each."
)
@click.option("--set", "name", default="", help="Let this backend sign: local, pkcs11, bsre.")
@click.option("--clear", is_flag=True, help="Take the choice away.")
def backend(kind: str | None, agency: str, service: str, name: str, *, clear: bool) -> None:
    """List which backend signs what, or choose one. The most exact row wins: office and service, service, office,
    all; without any row SATUKLIK_SIGNING_BACKEND."""
    from django.conf import settings

    from satuklik.spine.signing import actions
    from satuklik.spine.signing.errors import UnknownBackend
    from satuklik.spine.signing.models import BackendChoice

    if name or clear:
        if kind is None or (name and clear):
            raise click.UsageError(
                "Say for what: --kind official or --kind seal, and either --set or --clear."
            )
        try:
            actions.choose_backend(kind, name, agency_id=agency_id(agency), service=service)
        except UnknownBackend as error:
            raise click.UsageError(str(error)) from error
    rows = BackendChoice.objects.select_related("agency").order_by("kind", "agency__code", "service")
    for row in rows:
        where = row.agency.code if row.agency else "every agency"
        click.echo(f"{row.kind}: {where}, {row.service or 'every service'}: {row.backend}")
    click.echo(f"otherwise: {settings.SATUKLIK_SIGNING_BACKEND}")


@click.group("token")
def token() -> None:
    """Keys that are made on a PKCS#11 token and never leave it."""


@token.command("official")
@click.argument("official")
@click.option("--token", "label", default="", help="The token's label; without: satuklik-<id>.")
@click.option("--algorithm", type=ALGORITHMS, default="RSA-2048", show_default=True)
@sensitive_variables()
def token_official(official: str, label: str, algorithm: str) -> None:
    """A key for an official (NIP or id) on the official's own token. The official types the PIN."""
    from django.utils import timezone

    from satuklik.spine.signing import actions
    from satuklik.spine.signing.errors import SigningError

    holder = official_of(official)
    pin = click.prompt("PIN of the token", hide_input=True)
    try:
        made = actions.issue_official_key(
            holder, pin, timezone.now(), algorithm=algorithm, backend="pkcs11", token=label  # type: ignore[arg-type]
        )  # fmt: skip
    except SigningError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{holder.name}: {made.serial}, valid until {made.not_after:%Y-%m-%d}")


@token.command("seal")
@click.argument("agency")
@click.option("--token", "label", default="", help="The token's label; without: SATUKLIK_PKCS11_SEAL_TOKEN.")
@click.option("--algorithm", type=ALGORITHMS, default="RSA-2048", show_default=True)
@sensitive_variables()
def token_seal(agency: str, label: str, algorithm: str) -> None:
    """A seal for an agency (its code) on the token for seals. Its PIN goes into the vault."""
    from django.utils import timezone

    from satuklik.base.agencies import queries as agencies
    from satuklik.spine.signing import actions
    from satuklik.spine.signing.errors import SigningError

    pin = click.prompt("PIN of the token", hide_input=True)
    try:
        made = actions.issue_seal_key(
            agencies.agency_by_id(agency_id(agency) or 0), timezone.now(), algorithm=algorithm,  # type: ignore[arg-type]
            backend="pkcs11", token=label, pin=pin,
        )  # fmt: skip
    except SigningError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{agency}: {made.serial}, valid until {made.not_after:%Y-%m-%d}")


@click.group("bsre")
def bsre() -> None:
    """Officials and seals that sign through BSrE's eSign client."""


@bsre.command("official")
@click.argument("official")
@click.option("--email", "by_email", is_flag=True, help="BSrE knows the official by e-mail; without: by NIK.")
@click.option("--totp", is_flag=True, help="The official signs with one-time codes of BeSign.")
@sensitive_variables()
def bsre_official(official: str, *, by_email: bool, totp: bool) -> None:
    """Let an official (NIP or id) sign through BSrE. The NIK or e-mail is asked for and kept encrypted."""
    from django.utils import timezone

    from satuklik.spine.signing import actions
    from satuklik.spine.signing.errors import SigningError

    holder = official_of(official)
    identity = click.prompt("E-mail at BSrE" if by_email else "NIK", hide_input=not by_email).strip()
    who = {"email": identity} if by_email else {"nik": identity}
    try:
        made = actions.register_at_bsre(
            holder, now=timezone.now(), by="totp" if totp else "passphrase", **who
        )
    except SigningError as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        f"{holder.name}: registered, certificate {made.serial if made.certificate else 'not told yet'}"
    )


@bsre.command("seal")
@click.argument("agency")
@click.option("--subscriber", required=True, help="idSubscriber, as BSrE gave it.")
@sensitive_variables()
def bsre_seal(agency: str, subscriber: str) -> None:
    """Activate an agency's seal (its code): BSrE mails a code to its keeper, who types it here."""
    from django.utils import timezone

    from satuklik.base.agencies import queries as agencies
    from satuklik.spine.signing import actions
    from satuklik.spine.signing.errors import SigningError

    office = agencies.agency_by_id(agency_id(agency) or 0)
    try:
        actions.request_seal_activation(subscriber)
        code = click.prompt("The code that BSrE mailed", hide_input=True).strip()
        actions.register_seal_at_bsre(office, subscriber=subscriber, totp=code, now=timezone.now())
    except SigningError as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        f"{agency}: its seal is at BSrE. Choose it: satuklik ca backend --kind seal --agency {agency} --set bsre"
    )


def agency_id(code: str) -> int | None:
    """The agency of this code; None for no code."""
    from satuklik.base.agencies import queries as agencies
    from satuklik.base.agencies.errors import NoSuchAgency

    if not code:
        return None
    try:
        return agencies.agency(code).pk
    except NoSuchAgency as error:
        raise click.UsageError(f"There is no agency {code!r}.") from error


def official_of(known_as: str) -> "Official":
    """The official with this NIP or id, in office today."""
    from django.utils import timezone

    from satuklik.base.agencies import queries as agencies

    found = agencies.official_by(known_as, timezone.localdate())
    if found is None:
        raise click.UsageError(f"There is no official {known_as!r} in office (NIP or id).")
    return found
