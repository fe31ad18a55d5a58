"""The commands `satuklik triage …`: train the classifier, measure it, write the corpora out."""

import csv
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from satuklik.spine.intake.rules.measuring import Decided, Figures, Labelled
    from satuklik.spine.intake.rules.triage import Triage

COLUMNS = ("text", "kind", "agency")
ACTS_FROM = 0.97
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
SEED_NOTE = "synthetic chats from hand-written patterns, and chats written by hand, of this project; no real message is among them"


@click.group("triage")
def triage() -> None:
    """Suggest kinds and agencies for messages that come in."""


@triage.command("train")
@click.argument("file", type=FILE, required=False)
@click.option(
    "--from-corrections", is_flag=True, help="Learn from what officers decided (with FILE: from both)."
)
@click.option("--seed", is_flag=True, help="Also learn from the synthetic corpus that comes with the house.")
@click.option("--keep", is_flag=True, help="Keep the model, but leave the present one in force.")
def train(file: Path | None, *, from_corrections: bool, seed: bool, keep: bool) -> None:
    """Train a model on FILE (CSV with the columns text, kind, agency; optional person, at), and put it into force."""
    from django.conf import settings
    from django.utils import timezone

    from satuklik.spine.intake import actions, queries, tables, training

    rows: list[Labelled] = []
    origins = []
    if file is not None:
        rows += read_rows(file)
        origins.append(file.name)
    if from_corrections:
        learned, there = list(queries.corrections()), queries.correction_count()
        rows += learned
        origins.append("corrections")
        if len(learned) < there:
            click.echo(f"Of {there} corrections the newest {len(learned)} are used.")
    if seed:
        rows += seed_rows()
        origins.append(f"seed ({SEED_NOTE})")
    if not origins:
        raise click.ClickException("Nothing to learn from: name a FILE, or --from-corrections, or --seed.")
    now = timezone.now()
    try:
        model = training.train(
            rows,
            tables.pipeline(),
            origin=" + ".join(origins),
            version=timezone.localtime(now).strftime("%Y%m%d-%H%M"),
            wanted=settings.SATUKLIK_INTAKE_SURE,
        )
    except training.TooFewRows as error:
        raise click.ClickException(str(error)) from error
    row = actions.store_model(model, now=now)
    if not keep:
        actions.activate(row.version)
    click.echo(
        f"{row.version}: {model.about['rows']} rows of {model.about['persons']} persons from {model.about['origin']}"
    )
    click.echo(
        f"Kinds right on {model.about['calibrated_on']} rows whose person and time were not seen: "
        f"{100 * model.about['accuracy_unseen']:.1f} %; sure from {model.threshold:.3f}, for {100 * model.about['wanted']:.0f} % right."
    )
    click.echo(f"SHA-256 {row.sha256}; {'kept, not in force' if keep else 'in force'}.")


@triage.command("measure")
@click.argument("file", type=FILE)
@click.option("--learn-from", type=FILE, help="Train on this file and measure on the whole of FILE.")
@click.option("--seed", is_flag=True, help="Train on the synthetic corpus and measure on the whole of FILE.")
def measure(file: Path, *, learn_from: Path | None, seed: bool) -> None:
    """Measure on FILE: split apart by person and time, unless other rows to learn from are named."""
    from django.conf import settings
    from django.db import OperationalError

    from satuklik.spine.intake import tables, training
    from satuklik.spine.intake.rules import measuring
    from satuklik.spine.intake.rules.routing import Nearest

    rows = read_rows(file)
    if learn_from is not None or seed:
        learn = [*(read_rows(learn_from) if learn_from else []), *(seed_rows() if seed else [])]
        test, how = rows, "learned elsewhere"
    else:
        learn, test, how = measuring.split(rows)
    say = click.echo
    try:
        rules = tables.pipeline()
    except OperationalError:
        # Measuring needs no database but for the names of villages and kecamatan.
        say("The database is not running: names of villages and kecamatan are not known to the router.")
        rules = tables.pipeline(with_places=False)
    say(f"{len(rows)} rows in {file.name}; learned from {len(learn)}, measured on {len(test)} ({how})")
    if seed:
        say(f"Learned from the seed corpus: {SEED_NOTE}.")
    _print("Rules alone", training.decide(test, rules), say)
    try:
        model = training.train(
            learn, rules, origin=file.name, version="measured", wanted=settings.SATUKLIK_INTAKE_SURE
        )
    except training.TooFewRows as error:
        say(f"No model: {error}")
        return
    tickets = [(row.text, row.agency, "") for row in learn if row.agency]
    trained: Triage = replace(rules, model=model, nearest=Nearest(tickets, rules.read))
    say(
        f"Judged by {model.about['calibrated_on']} rows of other persons and times: sure from {model.threshold:.3f}, "
        f"so that {100 * model.about['wanted']:.0f} % of those are right."
    )
    found = training.decide(test, trained)
    figures = _print("Rules and model", found, say)
    masked = measuring.figures(training.decide(test, trained, masked=True))
    measuring.report("The same with agency words masked", masked, say)
    say(
        "Alone: nothing is done without an officer. A kind qualifies from 97 % precision over 100 decided suggestions:"
    )
    for one in figures.kinds:
        reached = one.precision is not None and one.precision >= ACTS_FROM
        say(f"    {one.kind:<12} {'reaches it here' if reached else 'does not reach it'} (n={one.size})")


@triage.command("corpus")
@click.argument("which", type=click.Choice(["seed", "chats", "holdout"]))
def corpus(which: str) -> None:
    """Write a corpus that comes with the house as CSV: the seed (made by patterns), the chats (written by hand, to learn
    how sure one may be), or the hold-out (written apart from both, to measure on)."""
    rows = {"seed": pattern_rows, "chats": chat_rows, "holdout": holdout_rows}[which]()
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([*COLUMNS, "person", "at"])
    writer.writerows((row.text, row.kind, row.agency, row.person, row.at) for row in rows)


def read_rows(file: Path) -> "list[Labelled]":
    """The labelled chats of a CSV file. Raises ClickException for a file that is none, with the line."""
    from satuklik.spine.intake.rules.kinds import KINDS
    from satuklik.spine.intake.rules.measuring import Labelled

    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            reader = csv.DictReader(opened)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or [])]
            if missing:
                raise click.ClickException(
                    f"{file}: the columns {', '.join(missing)} are missing (text, kind, agency)."
                )
            found = []
            for row in reader:
                kind = (row["kind"] or "").strip()
                if kind not in KINDS:
                    raise click.ClickException(
                        f"{file}, line {reader.line_num}: kind {kind!r} is none of {', '.join(KINDS)}."
                    )
                found.append(
                    Labelled(
                        row["text"] or "",
                        kind,
                        (row["agency"] or "").strip(),
                        (row.get("person") or "").strip(),
                        (row.get("at") or "").strip(),
                    )
                )
    except (UnicodeDecodeError, csv.Error) as error:
        raise click.ClickException(f"{file}: no CSV in UTF-8 ({error}).") from error
    if not found:
        raise click.ClickException(f"{file}: there is no row.")
    return found


def seed_rows(share: int = 1) -> "list[Labelled]":
    """The corpus to begin with: each `share`-th chat of the patterns, and all that were written by hand."""
    return [*pattern_rows()[::share], *chat_rows()]


def pattern_rows() -> "list[Labelled]":
    """The chats that are made of patterns."""
    from satuklik.spine.intake import corpus as seed
    from satuklik.spine.intake.rules.measuring import Labelled

    return [Labelled(row.text, row.kind, row.agency, row.person, row.at, made=True) for row in seed.rows()]


def chat_rows() -> "list[Labelled]":
    """The chats that were written by hand, apart from the patterns: probabilities are judged by them."""
    from satuklik.spine.intake.tables import DATA

    return read_rows(DATA / "chats.csv")


def holdout_rows() -> "list[Labelled]":
    """The chats that were written apart from the patterns, to measure on."""
    from satuklik.spine.intake.tables import DATA

    return read_rows(DATA / "holdout.csv")


def _print(title: str, decisions: "list[Decided]", say: Callable[..., None]) -> "Figures":
    from satuklik.spine.intake.rules import measuring

    found = measuring.figures(decisions)
    measuring.report(title, found, say)
    return found


COMMANDS = [triage]
