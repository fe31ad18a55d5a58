"""`satuklik ca ceremony` and `root-crl`: make the root, and open it again with its custodians."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from django.views.decorators.debug import sensitive_variables

from satuklik.spine.signing.console import custodians as people_with_parts

if TYPE_CHECKING:
    from satuklik.spine.signing.actions import Ceremony
    from satuklik.spine.signing.machine import Check
    from satuklik.spine.signing.models import Authority

MINUTES = "berita-acara.pdf"
SERVICES = {"timestamp": "TSA (stempel waktu)", "responder": "OCSP (status sertifikat)"}
LEADER, WITNESS, CUSTODIAN = "Pemimpin upacara", "Saksi", "Kustodian"


@click.command("ceremony")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="An empty folder for what leaves this machine: the root's file, certificates, lists, minutes.",
)
@click.option("--leader", help="Who leads the ceremony.")
@click.option("--witness", "witnesses", multiple=True, help="A witness (once for each).")
@click.option(
    "--custodian", "custodians", multiple=True, help="Who gets a part of the root's secret (once for each)."
)
@click.option(
    "--present", multiple=True, metavar="NAME=ROLE", help="Somebody else who is there (once for each)."
)
@click.option("--threshold", type=click.IntRange(2, 16), help="How many custodians together open the root.")
@click.option("--place", help="Where it takes place.")
@click.option("--issuing-bits", type=click.Choice(["3072", "4096"]), default="4096", show_default=True)
@click.option(
    "--parts-to",
    type=click.Path(path_type=Path, file_okay=False),
    help="Without a terminal: write each custodian's part into a file there, instead of showing it.",
)
@click.option("--despite", default="", help="Go on although a check of the machine is not good, and why.")
@click.option("--rotate", is_flag=True, help="Replace the authority that is there; its lists go on.")
@click.option("--yes", is_flag=True, help="Do not ask whether the clock is right.")
@sensitive_variables()
def ceremony(
    out: Path,
    leader: str | None,
    witnesses: Sequence[str],
    custodians: Sequence[str],
    present: Sequence[str],
    threshold: int | None,
    place: str | None,
    issuing_bits: str,
    parts_to: Path | None,
    despite: str,
    *,
    rotate: bool,
    yes: bool,
) -> None:
    """Hold the key ceremony: root (into a file for the safe), issuing authority, first lists, minutes.

    The root's key is never in the database. Its file opens with the parts of THRESHOLD custodians.
    """
    from django.conf import settings
    from django.utils import timezone

    from satuklik.spine.signing import rootfile

    now = timezone.now()
    _empty(out)
    checks = _fit(out, now, despite)
    if not yes:
        click.confirm(
            f"Is {timezone.localtime(now):%d-%m-%Y %H.%M} WIB right, by the watches here?", abort=True
        )
    people = _people(leader, witnesses, custodians, present)
    holders = [name for name, role in people if role == CUSTODIAN]
    threshold = threshold or click.prompt(
        f"How many of the {len(holders)} custodians open the root",
        type=click.IntRange(2, 16),
        default=len(holders) // 2 + 1,
    )
    place = place or click.prompt("Place", default=settings.REGENCY_CAPITAL)
    made = _made(threshold, len(holders), now, int(issuing_bits), rotate=rotate)
    root_path = out / f"{made.root_name}-kunci.json"
    made.root_file.write(root_path)
    if parts_to is None:
        held = people_with_parts.hand_out(made.root_file, made.parts, holders)
    else:
        held = people_with_parts.write_out(parts_to, made.parts, holders)
    # What lies in the safe must open with what the custodians hold, or nothing of this is kept.
    rootfile.read(root_path).open(held[-threshold:])
    told = Told(
        now, place, "penggantian" if rotate else "pembuatan pertama", people, holders, checks, despite
    )
    _keep(made, told, out, root_path)
    click.echo("\nDone. Compare these with the printed minutes, aloud:")
    for name, certificate in (("Root CA", made.root), ("Issuing CA", made.issuing)):
        click.echo(f"  {name}\n    {rootfile.fingerprint(certificate)}")
    click.echo(
        f"\nPrint and sign {out / MINUTES}; {root_path.name} goes into the safe (on two media) and off this machine; "
        "parts stay with their custodians. Next: satuklik ca rotate seal"
    )


@dataclass(frozen=True)
class Told:
    """What the minutes need to know beside the keys."""

    now: datetime
    place: str
    purpose: str
    people: Sequence[tuple[str, str]]
    holders: Sequence[str]
    checks: Sequence["Check"]
    despite: str


def _fit(out: Path, now: datetime, despite: str) -> list["Check"]:
    """The checks of the machine, shown; refuses a machine that is not fit unless there is a reason to go on."""
    from satuklik.spine.signing import machine

    checks = machine.checks(out, now)
    for check in checks:
        click.echo(f"{'✓' if check.good else '✗'} {check.name}: {check.said}")
    if not all(check.good for check in checks) and not despite:
        raise click.ClickException(
            "The machine is not fit for a ceremony. Mend what is marked ✗, or say why you go on: --despite REASON "
            "(it stands in the minutes)."
        )
    return checks


@sensitive_variables()
def _made(threshold: int, holders: int, now: datetime, issuing_bits: int, *, rotate: bool) -> "Ceremony":
    from satuklik.spine.signing import actions
    from satuklik.spine.signing.errors import AuthorityThere

    click.echo("Making keys (a minute at most) …")
    try:
        return actions.prepare_ceremony(
            threshold=threshold,
            custodians=holders,
            now=now,
            replacing=rotate,
            issuing_bits=issuing_bits,
            progress=lambda done, of: click.echo(f"  {done} of {of}"),
        )
    except AuthorityThere as error:
        raise click.ClickException(
            f"{error} A ceremony never writes over keys. To replace it: satuklik ca ceremony --rotate …; "
            "to see it: satuklik ca show"
        ) from error
    except ValueError as error:
        raise click.ClickException(str(error)) from error


@sensitive_variables()
def _keep(made: "Ceremony", told: Told, out: Path, root_path: Path) -> None:
    """Rows, public files and minutes, all or nothing."""
    from django.db import transaction

    from satuklik.spine.signing import actions, minutes

    with transaction.atomic():
        kept = actions.keep_ceremony(made, now=told.now, people=told.people)
        files = [root_path, *(path for row in kept.authorities for path in _public_files(out, row))]
        record = minutes.Minutes(
            at=told.now,
            place=told.place,
            purpose=told.purpose,
            people=told.people,
            custodians=told.holders,
            checks=told.checks,
            despite=told.despite,
            certificates=[
                ("Root CA", made.root),
                ("Issuing CA", made.issuing),
                *((SERVICES[kind], certificate) for kind, certificate in kept.services),
            ],
            root_file=made.root_file,
            root_path=root_path,
            files=files,
        )
        (out / MINUTES).write_bytes(minutes.pdf(record))
        _sums(out, [*files, out / MINUTES])


def with_root(command: Callable[..., None]) -> Callable[..., None]:
    """Options for a command that needs the root out of the safe."""
    for option in reversed(people_with_parts.WITH_ROOT):
        command = option(command)
    return command


@click.command("root-crl")
@with_root
@sensitive_variables()
def root_crl(root_file: Path, part_files: Sequence[Path]) -> None:
    """Renew the root's revocation list with its custodians (every few months; `satuklik ca show` says until when)."""
    from django.utils import timezone

    from satuklik.spine.signing import actions, queries

    file, key = people_with_parts.open_root(root_file, part_files)
    name = next((one.name for one in queries.authorities() if one.fingerprint == file.fingerprint), None)
    if name is None:
        raise click.ClickException(
            "This root is none of this installation: `satuklik ca show` names those that are."
        )
    actions.renew_crl(name, now=timezone.now(), offline_key=key)
    until = next(one.crl_until for one in queries.authorities() if one.name == name)
    click.echo(f"The list of {name} is renewed; it is good until {until:%Y-%m-%d}.")


def _empty(out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True, mode=0o700)
    if any(out.iterdir()):
        raise click.ClickException(
            f"{out} is not empty. Name an empty folder: a ceremony never writes over files."
        )


def _people(
    leader: str | None, witnesses: Sequence[str], custodians: Sequence[str], present: Sequence[str]
) -> list[tuple[str, str]]:
    """Everybody there with the role; asked for where the options do not say."""
    leader = leader or click.prompt("Who leads the ceremony")
    people = [(leader, LEADER)]
    people += [(name, WITNESS) for name in witnesses or _names("Witness")]
    holders = list(custodians) or _names("Custodian")
    if len(holders) < 2 or len({name.casefold() for name in holders}) != len(holders):
        raise click.ClickException("At least two custodians are needed, each named once.")
    people += [(name, CUSTODIAN) for name in holders]
    for one in present:
        name, sign, role = one.partition("=")
        if not (name.strip() and sign and role.strip()):
            raise click.ClickException(f"--present takes NAME=ROLE, not {one!r}.")
        people.append((name.strip(), role.strip()))
    return people


def _names(what: str) -> list[str]:
    found: list[str] = []
    while name := click.prompt(
        f"{what} {len(found) + 1} (empty: no more)", default="", show_default=False
    ).strip():
        found.append(name)
    return found


def _public_files(out: Path, row: "Authority") -> list[Path]:
    """Certificate and first list of an authority, as everybody may have them."""
    name = row.name
    certificate, crl = out / f"{name}.cer", out / f"{name}.crl"
    certificate.write_bytes(bytes(row.certificate))
    row.refresh_from_db(fields=["crl"])
    crl.write_bytes(bytes(row.crl))
    return [certificate, crl]


def _sums(out: Path, files: Sequence[Path]) -> None:
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    (out / "SHA256SUMS").write_text("".join(lines))
