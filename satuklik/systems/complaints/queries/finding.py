"""Finding complaints: by key, by account, by words, by number, and those that are probably the same."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from satuklik.base.ui.registry import SearchResult
from satuklik.kernel import likeness
from satuklik.kernel.likeness import Described
from satuklik.systems.complaints import keys
from satuklik.systems.complaints.errors import NotFound
from satuklik.systems.complaints.models import Complaint
from satuklik.systems.complaints.queries.public import public_point

MOST_COMPARED = 300
SHORTEST_KEY = 20


def by_key(key: str) -> Complaint:
    """The complaint that this key opens. Raises NotFound. Compared as SHA-256 of 140 random bits, so the time that
    the index takes tells nothing of use."""
    found = None
    if len(key) >= SHORTEST_KEY:
        found = (
            Complaint.objects.filter(key_digest=keys.digest(key))
            .select_related("village__parent", "term", "completion", "quiet", "merged_into")
            .first()
        )
    if found is None:
        raise NotFound("key")
    return found


def of_user(user: Any, limit: int) -> list[Complaint]:
    """The newest complaints of this account; secret ones belong to nobody."""
    return list(
        Complaint.objects.filter(user=user)
        .select_related("term", "completion")
        .order_by("-received_at")[:limit]
    )


def alike(
    new: Described, *, public: bool, exclude: int | None = None
) -> list[tuple[Complaint, likeness.Like]]:
    """Complaints of the last 14 days that are probably the same, closed ones included, the likest first. With
    `public` only those whose text everybody may read, compared and shown by that text."""
    since = new.at - likeness.DAYS
    found = Complaint.objects.filter(received_at__gte=since, received_at__lte=new.at, merged_into=None)
    found = found.exclude(mode=Complaint.Mode.SECRET).exclude(pk=exclude)
    if public:
        found = found.exclude(released_at=None)
    if new.village:
        # The same village, its district, or a report that nobody has placed.
        found = found.filter(Q(village__parent__code=new.village[:8]) | Q(village=None))
    rows = list(found.select_related("village").order_by("-received_at")[:MOST_COMPARED])
    known = {row.pk: row for row in rows}
    likes = likeness.similar(new, [described(row, public=public) for row in rows])
    return [(known[like.key], like) for like in likes]


def described(complaint: Complaint, *, public: bool = False) -> Described:
    """A complaint as it is compared; for everybody by its public text and its coarse point: from distances to the true
    one somebody could find a house."""
    text = f"{complaint.public_title} {complaint.public_text}" if public else complaint.text
    point = public_point(complaint) if public else None
    if not public and complaint.latitude is not None and complaint.longitude is not None:
        point = complaint.longitude, complaint.latitude
    return Described(
        complaint.pk, text, complaint.village_id or "", complaint.category, complaint.received_at,
        point[1] if point else None, point[0] if point else None,
    )  # fmt: skip


def search(query: str, language: str) -> Iterable[SearchResult]:
    """For the portal's search: a number leads to the tracking page, words to released reports and to the form."""
    from django.urls import reverse
    from django.utils.translation import gettext as _

    if keys.tidy_reference(query):
        yield SearchResult(
            _("Lacak laporan"), _("Buka dengan nomor dan kunci laporan Anda."), reverse("complaints:find"),
            "search", 0.95,
        )  # fmt: skip
    words = query.casefold().split()
    asked = {
        "lapor",
        "aduan",
        "adu",
        "pengaduan",
        "keluhan",
        "mengeluh",
        "komplain",
        "rusak",
        "complaint",
        "report",
    }
    if asked & set(words) or any(word.startswith(("lapor", "pengadu")) for word in words):
        yield SearchResult(
            _("Lapor dan adukan"), _("Sampaikan masalah layanan atau fasilitas umum."), reverse("complaints:report"),
            "megaphone", 0.8,
        )  # fmt: skip


def subject_of(typed: str) -> str:
    """ "complaint:PD-…" of what a person wrote as a number, where there is one; "" otherwise."""
    reference = keys.tidy_reference(typed)
    if reference and Complaint.objects.filter(reference=reference).exists():
        return f"complaint:{reference}"
    number = typed.strip()[:40]
    if number:
        found = Complaint.objects.filter(external_number=number).values_list("reference", flat=True).first()
        return f"complaint:{found}" if found else ""
    return ""
