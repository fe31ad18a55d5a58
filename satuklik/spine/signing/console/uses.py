"""`satuklik ca seal-permissions | uses | ask | give-up`: what seals may close, and what every key was used for."""

from datetime import datetime

import click

from satuklik.spine.signing.console.backends import agency_id, official_of


@click.command("seal-permissions")
@click.option(
    "--agency", default="", help="Of this agency (its code); without: of every agency without its own row."
)
@click.option(
    "--service", default="*", show_default=True, help="A service's slug, api:<application>, or * for each."
)
@click.option("--quota", type=click.IntRange(0), help="Allow it, so many times a day (0 forbids it).")
@click.option("--decree", default="", help="What allows it.")
@click.option("--remove", is_flag=True, help="Take the row away.")
def seal_permissions(agency: str, service: str, quota: int | None, decree: str, *, remove: bool) -> None:
    """List what seals may close without a person, or set it. The most exact row wins; what no row covers goes to the
    head of the office to sign."""
    from django.utils import timezone

    from satuklik.spine.signing import actions
    from satuklik.spine.signing.models import SealDay, SealPermission

    if remove and quota is not None:
        raise click.UsageError("Either --quota or --remove.")
    if remove and not actions.withdraw_seals(service, agency_id=agency_id(agency)):
        raise click.ClickException("There is no such row.")
    if quota is not None:
        actions.allow_seals(service, quota, agency_id=agency_id(agency), decree=decree)
    rows = SealPermission.objects.select_related("agency").order_by("agency__code", "service")
    for row in rows:
        where = row.agency.code if row.agency else "every agency"
        click.echo(f"{where}: {row.service} {row.daily_quota} a day {row.decree}".rstrip())
    if not rows:
        click.echo(
            "No row: seals close nothing, every letter goes to the head. satuklik ca seal-permissions --quota N"
        )
    today = SealDay.objects.filter(day=timezone.localdate()).select_related("agency").order_by("-used")
    for day in today[:20]:
        click.echo(f"today {day.agency.code}: {day.service} {day.used}")


@click.command("uses")
@click.option("--agency", default="", help="Of this agency's seal and officials (its code).")
@click.option("--official", default="", help="Of this official's keys (NIP or id).")
@click.option("--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="From this moment on.")
@click.option("--limit", default=200, show_default=True, type=click.IntRange(1, 100_000))
def uses(agency: str, official: str, since: datetime | None, limit: int) -> None:
    """What keys were used for, the newest first: moment, number of the use, whose key, purpose, reference, outcome."""
    from django.utils import timezone

    from satuklik.spine.signing import queries

    found = queries.uses(
        agency_id=agency_id(agency),
        official_id=official_of(official).pk if official else None,
        since=timezone.make_aware(since) if since else None,
        limit=limit,
    )
    for use in found:
        key = use.key
        whose = key.official.name if key.official else key.agency.code if key.agency else key.kind
        error = f" ({use.error})" if use.error else ""
        click.echo(
            f"{timezone.localtime(use.at):%Y-%m-%d %H:%M:%S} {use.pk} {whose} [{key.backend}] "
            f"{use.purpose or '-'} {use.reference or '-'} {use.sha256[:12]} {use.outcome}{error}"
        )


@click.command("ask")
def ask() -> None:
    """Ask remote backends about attempts whose answer never came. Signs nothing."""
    from django.utils import timezone

    from satuklik.spine.signing import actions

    for outcome, number in actions.ask_unresolved(timezone.now()).items():
        click.echo(f"{outcome}: {number}")


@click.command("give-up")
@click.argument("use", type=int)
@click.option("--by", required=True, help="Who decides: name and office, for the event log.")
@click.confirmation_option(
    prompt="It may have been signed all the same. Count this attempt as failed, so that the document can be signed anew?"
)
def give_up(use: int, by: str) -> None:
    """Decide that an attempt whose outcome nobody can tell counts as failed (`satuklik ca uses` names them)."""
    from django.utils import timezone

    from satuklik.spine.signing import actions
    from satuklik.spine.signing.errors import NoSuchUse, UseSettled

    try:
        settled = actions.give_up(use, f"console:{by}"[:60], timezone.now())
    except (NoSuchUse, UseSettled) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{use} ({settled.reference or settled.sha256[:12]}): counts as failed.")
