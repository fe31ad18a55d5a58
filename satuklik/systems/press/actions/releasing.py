"""Press releases: written, approved by another, published, corrected in the open, withdrawn with a reason."""

from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageOps, UnidentifiedImageError

from satuklik.base.audit import actions as audit
from satuklik.base.files import actions as files
from satuklik.systems.press import permits, rules
from satuklik.systems.press.actions.asking import clean
from satuklik.systems.press.errors import BadPhoto, BadText, NotTheLetterShown, NotYours, OwnWork, WrongState
from satuklik.systems.press.models import Correction, Release

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

LARGEST_PHOTO, WIDEST, MOST_PIXELS = 10 * 1024 * 1024, 1600, 60_000_000


@transaction.atomic
def write_release(
    *, title: str, summary: str, body: str, by: "Official", now: datetime, release: Release | None = None,
    photo: bytes | None = None, photo_alt: str = "",
) -> Release:  # fmt: skip
    """A new draft, or another text of one that is not published yet: it must then be approved anew.
    Raises BadText, BadPhoto, NotYours, WrongState."""
    _desk(by, now)
    texts = {"title": (clean(title), 160), "summary": (clean(summary), 300), "body": (clean(body), 20_000)}
    for field, (text, most) in texts.items():
        if not text or len(text) > most:
            raise BadText(field, most)
    if release is None:
        row = Release(agency=by.agency, slug=_free_slug(texts["title"][0], now))
    else:
        row = _locked(release)
        if row.state not in (rules.RELEASE_DRAFT, rules.RELEASE_SUBMITTED, rules.RELEASE_APPROVED):
            raise WrongState(row.state, rules.RELEASE_DRAFT)
    row.title, row.summary, row.body = (text for text, _most in texts.values())
    row.written_by, row.written_at, row.changed_at = by, now, now
    row.writers = sorted({*row.writers, by.pk})
    row.state, row.approved_by, row.approved_at, row.return_reason = rules.RELEASE_DRAFT, None, None, ""
    if photo is not None:
        row.photo = files.store(_plain_photo(photo), "image/jpeg", at=now)
    row.photo_alt = clean(photo_alt)[:200] if row.photo else ""
    if row.photo and not row.photo_alt:
        raise BadText("photo_alt", 200)
    row.save()
    return row


@transaction.atomic
def submit_release(release: Release, *, by: "Official", now: datetime) -> Release:
    """Before those who approve. Raises NotYours, WrongState."""
    _desk(by, now)
    return _move(_locked(release), rules.RELEASE_SUBMITTED, by, now)


@transaction.atomic
def approve_release(release: Release, *, seen: str, by: "Official", now: datetime) -> Release:
    """Four eyes: by nobody who wrote any version of it, and only the version that he has read (`seen`: its `version`).
    Raises NotYours, OwnWork, NotTheLetterShown, WrongState."""
    row = _locked(release)
    if not permits.approves(by, now):
        raise NotYours(by.name)
    if by.pk in {row.written_by_id, *row.writers}:
        raise OwnWork(by.name)
    if row.state == rules.RELEASE_SUBMITTED and seen != row.version:
        raise NotTheLetterShown
    row.approved_by, row.approved_at = by, now
    return _move(row, rules.RELEASE_APPROVED, by, now)


@transaction.atomic
def return_release(release: Release, *, reason: str, by: "Official", now: datetime) -> Release:
    """Back to the writer. Raises NotYours, BadText, WrongState."""
    row = _locked(release)
    if not permits.approves(by, now):
        raise NotYours(by.name)
    row.return_reason = _reason(reason)
    return _move(row, rules.RELEASE_DRAFT, by, now)


@transaction.atomic
def publish_release(release: Release, *, by: "Official", now: datetime) -> Release:
    """To the public page and the feeds. Raises NotYours, WrongState."""
    _desk(by, now)
    row = _locked(release)
    row.published_at = now
    return _move(row, rules.RELEASE_PUBLISHED, by, now)


@transaction.atomic
def correct(
    release: Release, *, body: str, text: str, by: "Official", now: datetime, summary: str = ""
) -> Correction:
    """Mend a published release: `text` says what was wrong, and stands above it for ever; an empty `summary` stays as
    it is. By somebody who approves.
    Raises NotYours, BadText, WrongState."""
    row = _locked(release)
    if not permits.approves(by, now):
        raise NotYours(by.name)
    if row.state != rules.RELEASE_PUBLISHED:
        raise WrongState(row.state, "correct")
    body = clean(body)
    if not body or len(body) > 20_000:
        raise BadText("body", 20_000)
    made = Correction.objects.create(release=row, at=now, by=by, text=_reason(text), body_before=row.body)
    row.body, row.summary, row.changed_at = body, clean(summary)[:300] or row.summary, now
    row.save(update_fields=["body", "summary", "changed_at"])
    _audit(row, "corrected", by, now)
    return made


@transaction.atomic
def withdraw_release(release: Release, *, reason: str, by: "Official", now: datetime) -> Release:
    """Take it back: a published one keeps its page, which says why. Raises NotYours, BadText, WrongState."""
    row = _locked(release)
    if not (permits.approves(by, now) or (row.published_at is None and permits.of_desk(by, now))):
        raise NotYours(by.name)
    row.withdrawal, row.withdrawn_at = _reason(reason), now
    return _move(row, rules.RELEASE_WITHDRAWN, by, now)


def _move(row: Release, state: str, by: "Official", now: datetime) -> Release:
    if state not in rules.RELEASE_NEXT[row.state]:
        raise WrongState(row.state, state)
    row.state, row.changed_at = state, now
    row.save()
    _audit(row, state, by, now)
    return row


def _audit(row: Release, what: str, by: "Official", now: datetime) -> None:
    audit.record(
        f"press-release:{row.pk}",
        [audit.Happening(f"press.release_{what}", f"official:{by.pk}", {})],
        at=now,
    )


def _locked(release: Release) -> Release:
    return Release.objects.select_for_update().get(pk=release.pk)


def _reason(text: str) -> str:
    text = clean(text)
    if not text or len(text) > rules.LONGEST_NOTE:
        raise BadText("reason", rules.LONGEST_NOTE)
    return text


def _free_slug(title: str, now: datetime) -> str:
    base = rules.slug_of(title, timezone.localdate(now))
    taken = set(Release.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(
        slug for slug in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken
    )


def _plain_photo(content: bytes) -> bytes:
    """The picture alone, at most 1,600 pixels wide: place, camera and owner stay behind. Raises BadPhoto."""
    if len(content) > LARGEST_PHOTO:
        raise BadPhoto
    try:
        with Image.open(BytesIO(content), formats=("JPEG", "PNG")) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise BadPhoto
            picture = ImageOps.exif_transpose(opened).convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise BadPhoto from None
    picture.thumbnail((WIDEST, WIDEST))
    kept = BytesIO()
    picture.save(kept, "JPEG", quality=82, optimize=True)
    return kept.getvalue()


def _desk(official: "Official", now: datetime) -> None:
    if not permits.of_desk(official, now):
        raise NotYours(official.name)
