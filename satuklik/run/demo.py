"""`satuklik demo`: everything with synthetic people, loaded once, then served."""

import os
from datetime import datetime, timedelta
from itertools import count

import click
from django.conf import settings
from django.utils import timezone

from satuklik.base.agencies import actions as agencies
from satuklik.base.agencies.queries import agencies as all_agencies
from satuklik.base.calendar import actions as calendar
from satuklik.base.regions import actions as regions
from satuklik.run import (
    demo_cases,
    demo_complaints,
    demo_enrolment,
    demo_ideas,
    demo_inbox,
    demo_letters,
    demo_messaging,
    demo_naskah,
    demo_people,
    demo_ppid,
    demo_press,
    prepare,
    serve,
)
from satuklik.run.embedded import EmbeddedPostgres
from satuklik.run.steps import Changed, Progress, Step, check_unchanged, load
from satuklik.spine.cases import actions as cases
from satuklik.spine.cases.loader import folders
from satuklik.spine.population import actions as population
from satuklik.spine.signing import actions as signing

RESIDENTS = 20_000
SEAL_QUOTA = 2_000  # how often a day each seal may close each service
WHOLE_REGENCY = 799_451  # residents of Kabupaten Asahan, December 2024


def steps(residents: int, seed: int) -> list[Step]:
    """What the demo loads, in order."""
    # Offices and keys are older than the matters that the demo begins with.
    founded = timezone.now() - timedelta(days=90)
    return [
        Step("regions", "Kecamatan, desa, kelurahan", lambda _report: regions.load()),
        Step("agencies", "Perangkat daerah dan pejabat", lambda _report: agencies.load()),
        Step("calendar", "Hari libur", lambda _report: calendar.load()),
        Step(
            "population", "Penduduk rekaan",
            lambda report: _people(residents, seed, report), {"residents": residents, "seed": seed},
        ),
        Step(
            "authority", "Otoritas sertifikat peragaan",
            lambda report: signing.set_up_demo_authority(now=founded, progress=report, seal_quota=SEAL_QUOTA),
        ),
        Step("seals", "Segel elektronik tiap kantor", lambda report: _seals(founded, report)),
        Step("services", "Layanan", lambda report: _publish(founded, report)),
        Step("accounts", "Akun peragaan", lambda report: demo_people.load(founded, report)),
        Step("cases", "Permohonan contoh", demo_cases.load),
        Step("naskah", "Naskah dinas semua jenis", demo_naskah.load),
        Step("letters", "Naskah dinas contoh", demo_letters.load),
        Step("press", "Meja pers dan pertanyaan antarinstansi", demo_press.load),
        Step("ppid", "Permintaan informasi publik", demo_ppid.load),
        # After the matters in which the keys of demo_people signed: their first signatures are there then.
        Step("enrolment", "Pendaftaran penanda tangan", lambda report: demo_enrolment.load(founded, report)),
        Step("messaging", "Percakapan contoh", demo_messaging.load),
        Step("inbox", "Kotak pesan pagi ini", demo_inbox.load),
        Step("complaints", "Pengaduan contoh", demo_complaints.load),
        Step("ideas", "Ide warga contoh", demo_ideas.load),
    ]  # fmt: skip


def _people(residents: int, seed: int, report: Progress) -> None:
    done = 0

    def progress(what: str, more: int, _of: int) -> None:
        nonlocal done
        if what == "population_person":
            done += more
            report(min(done, residents), residents)

    # A load that was broken off left nothing: it is one transaction.
    population.generate(residents, seed, replace=True, progress=progress)


def _seals(now: datetime, report: Progress) -> None:
    # P-256: 270 keys in a blink, where RSA-2048 takes a minute of the processor; both are in our profile.
    signing.issue_seal_keys(all_agencies(), now=now, algorithm="P-256", progress=report)
    for authority in ("root", "issuing"):
        signing.renew_crl(authority, now=timezone.now())


def _publish(now: datetime, report: Progress) -> None:
    total, done = len(folders(settings.LAYANAN)), count(1)
    cases.publish_all(settings.LAYANAN, now=now, progress=lambda _slug: report(next(done), total))


@click.command()
@click.option(
    "--residents", default=RESIDENTS, show_default=True, type=click.IntRange(1_000, 2_000_000),
    help=f"How many synthetic residents ({WHOLE_REGENCY} is the whole regency).",
)  # fmt: skip
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same people.")
@click.option("--serve/--no-serve", "then_serve", default=True, help="Start the server afterwards.")
@click.option("--replace", is_flag=True, help="Throw the demo's data away first.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=lambda: settings.PORT, type=click.IntRange(1, 65535), help="Port; also by PORT=."
)
def demo(residents: int, seed: int, *, then_serve: bool, replace: bool, host: str, port: int) -> None:
    """Load the demo (the first time only) and serve it."""
    prepare.settle_on(port)
    if then_serve:
        prepare.require_free_port(host, port)
    os.environ["SATUKLIK_DEMO"] = "1"
    settings.DEMO = True
    demo_messaging.use_twins()
    with prepare.database() as cluster:
        if replace:
            _throw_away(cluster)
        prepare.migrate()
        planned = steps(residents, seed)
        try:
            check_unchanged(planned)
        except Changed as change:
            raise click.ClickException(
                f"The demo is already loaded with {change.had}, and you ask for {change.asked}. "
                "Keep it by asking for the same, or start anew (its data are lost): satuklik demo --replace"
            ) from change
        if not load(planned):
            # Services that were changed since are offered as new versions, as `satuklik layanan publish` does.
            cases.publish_all(settings.LAYANAN, now=timezone.now())
        if not demo_people.refresh_address():
            raise click.ClickException(
                f"{settings.VAR / demo_people.FILE} is gone, and with it the demo's passwords. "
                "Start anew (the demo's data are lost): satuklik demo --replace"
            )
        demo_messaging.tell()
        click.echo(f"Accounts, passwords and tokens: {settings.VAR / demo_people.FILE}")
        if then_serve:
            serve.become_server(host, port)


def _throw_away(cluster: EmbeddedPostgres | None) -> None:
    """Drop the embedded database. Never touches a database that somebody else runs."""
    if cluster is None:
        raise click.ClickException("--replace only works with the embedded database: DATABASE_URL is set.")
    socket = str(cluster.place.socket)
    cluster.run_program("dropdb", "--force", "-h", socket, "-U", "postgres", "satuklik")
    cluster.ensure_database("satuklik")


COMMANDS = [demo]
