"""Publish service folders: only whole ones whose examples come out as stated."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from django.db import transaction

from satuklik.base.audit import actions as audit
from satuklik.base.audit.actions import Happening
from satuklik.spine.cases import registry
from satuklik.spine.cases.examples import failures_of
from satuklik.spine.cases.linter import library_of, lint
from satuklik.spine.cases.loader import Loaded, ServiceBroken, folders, load_folder
from satuklik.spine.cases.models import ServiceVersion


def publish_all(
    roots: Sequence[Path], *, now: datetime, progress: Callable[[str], None] = lambda slug: None
) -> list[ServiceVersion]:
    """Publish every folder below `roots` that changed. Raises ServiceBroken for the first that is broken."""
    published = []
    library = library_of(list(roots))
    for folder in folders(roots):
        version = publish(load_folder(folder), library, now=now)
        if version is not None:
            published.append(version)
        progress(folder.name)
    return published


def publish(loaded: Loaded, library: str, *, now: datetime) -> ServiceVersion | None:
    """Publish a loaded folder as a new version; None when it is what is offered already.

    Raises ServiceBroken when the linter finds something or an example does not come out as stated.
    """
    latest = ServiceVersion.objects.filter(slug=loaded.slug).order_by("-version").first()
    if latest is not None and latest.sha256 == loaded.sha256 and latest.retired_at is None:
        return None
    problems = lint(loaded, library) or failures_of(loaded)
    if problems:
        raise ServiceBroken(loaded.slug, problems)
    with transaction.atomic():
        ServiceVersion.objects.filter(slug=loaded.slug, retired_at=None).update(retired_at=now)
        version = ServiceVersion.objects.create(
            slug=loaded.slug,
            version=latest.version + 1 if latest else 1,
            sha256=loaded.sha256,
            files=loaded.files,
            published_at=now,
        )
        happened = Happening(
            "service.published", "system", {"version": version.version, "sha256": version.sha256}
        )
        audit.record(f"service:{loaded.slug}", [happened], at=now)
    registry.forget()
    return version


def retire(slug: str, *, now: datetime) -> bool:
    """Offer a service no longer; its open cases go on. False where it was not offered."""
    with transaction.atomic():
        retired = ServiceVersion.objects.filter(slug=slug, retired_at=None).update(retired_at=now)
        if retired:
            audit.record(f"service:{slug}", [Happening("service.retired", "system")], at=now)
    registry.forget()
    return bool(retired)
