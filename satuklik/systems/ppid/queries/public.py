"""What everybody may read: the lists of information, searched and exported, and published answers."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from satuklik.base.files import queries as files
from satuklik.base.ui.registry import SearchResult
from satuklik.systems.ppid import rules, words
from satuklik.systems.ppid.errors import NotFound
from satuklik.systems.ppid.models import InformationItem, PublishedAnswer
from satuklik.systems.ppid.queries.registers import safe

PER_PAGE = 25
FOUND = 8
_LOOKED_AT = 20
_WORD = re.compile(r"[^\W\d_]{3,}")
# What every request says.
_SAYS_NOTHING = frozenset(
    "mohon minta meminta permintaan permohonan data informasi dokumen salinan tahun untuk yang dengan dari pada dalam "  # noqa: SIM905 - a word a line is no list to read
    "kabupaten asahan kecamatan desa saya kami ingin mengenai tentang serta atau setiap tiap semua bapak selamat pagi "
    "dan ini itu ada apa bisa mau nya pak ibu hormat terima kasih bersama daftar jumlah rincian laporan berapa".split()
)
COLUMNS = ("judul", "ringkasan", "klasifikasi", "penanggung_jawab", "pejabat", "waktu_pembuatan", "tempat_pembuatan",
           "bentuk", "retensi", "tautan", "dasar_pengecualian")  # fmt: skip


def items(kind: str = "", text: str = "", page: int = 1) -> "Page[InformationItem]":
    """A page of shown lines: of one class, or all; matching `text`, best first."""
    rows = _shown()
    if kind:
        rows = rows.filter(kind=kind)
    wanted = text.replace("\0", "").strip()[:80]
    if wanted:
        rows = _matching(rows, wanted)
    else:
        rows = rows.order_by("-made_on", "title")
    return Paginator(rows, PER_PAGE).get_page(page)


def item(slug: str) -> InformationItem:
    """A shown line. Raises NotFound."""
    found = _shown().filter(slug=slug).first()
    if found is None:
        raise NotFound(slug)
    return found


def item_file(found: InformationItem, number: int) -> tuple[bytes, str, str]:
    """The bytes, media type and name of a file of a shown line. Raises NotFound."""
    if not 0 <= number < len(found.files):
        raise NotFound(found.slug)
    one = found.files[number]
    return files.read(one["sha256"]), files.media_type(one["sha256"]), one["name"]


def counts() -> dict[str, int]:
    """How many lines each class shows."""
    found = dict(_shown().order_by().values_list("kind").annotate(count=Count("pk")))
    return {kind: found.get(kind, 0) for kind in rules.CLASSES}


def answers(text: str = "", page: int = 1) -> "Page[PublishedAnswer]":
    """Published answers, the newest first."""
    rows = PublishedAnswer.objects.filter(state=PublishedAnswer.State.PUBLISHED)
    wanted = text.replace("\0", "").strip()[:80]
    if wanted:
        rows = rows.filter(
            Q(title__icontains=wanted) | Q(question__icontains=wanted) | Q(answer__icontains=wanted)
        )
    return Paginator(rows.order_by("-approved_at"), PER_PAGE).get_page(page)


def answer(slug: str) -> PublishedAnswer:
    """A published answer. Raises NotFound."""
    rows = PublishedAnswer.objects.filter(state=PublishedAnswer.State.PUBLISHED, slug=slug[:12])
    found = rows.first()
    if found is None:
        raise NotFound(slug)
    return found


def answer_file(found: PublishedAnswer, number: int) -> tuple[bytes, str, str]:
    """The bytes, media type and name of a file that was approved with an answer. Raises NotFound."""
    if not 0 <= number < len(found.files):
        raise NotFound(found.slug)
    one = found.files[number]
    return files.read(one["sha256"]), files.media_type(one["sha256"]), one["name"]


def export() -> Iterator[dict[str, Any]]:
    """The list of public information as data, one line each."""
    for one in _shown().order_by("kind", "title").iterator(500):
        yield dict(
            zip(
                COLUMNS,
                (one.title, one.summary, one.kind, one.agency.name, one.officer_title, one.made_on.isoformat(),
                 one.made_at, one.form, one.retention, one.link,
                 f"Pasal 17 huruf {one.ground}" if one.ground else ""),
                strict=True,
            )
        )  # fmt: skip


def export_csv() -> str:
    """The same as CSV (UTF-8, comma), safe to open in a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([safe(value) for value in row.values()] for row in export())
    return out.getvalue()


def search(query: str, language: str) -> list[SearchResult]:
    """What the portal's search finds here."""
    del language  # the list is Indonesian
    wanted = query.replace("\0", "").strip()[:80]
    if not wanted:
        return []
    return [
        SearchResult(
            title=one.title, summary=one.summary[:160] or str(words.CLASSES[one.kind]),
            url=reverse("ppid:item", args=[one.slug]), icon="file-search", score=min(0.6, 0.3 + one.rank),
            group=str(words.GROUP),
        )
        for one in _matching(_shown(), wanted)[:FOUND]
    ]  # fmt: skip


@dataclass(frozen=True)
class Alike:
    """Something that is open already and may be what is asked for."""

    title: str
    url: str
    about: str
    """Its class, or that it is an answer."""


def alike(asked: str, most: int = 3) -> list[Alike]:
    """What the lists and the published answers hold about `asked`, the best first: shown before a request is sent, so that
    nobody waits ten days for what he could read now. At least two of its words that say something must stand there."""
    said = [
        word for word in dict.fromkeys(_WORD.findall(asked.casefold()[:2_000])) if word not in _SAYS_NOTHING
    ][:20]
    if not said:
        return []
    query = SearchQuery(" OR ".join(said), config="indonesian", search_type="websearch")
    answers = PublishedAnswer.objects.filter(state=PublishedAnswer.State.PUBLISHED)
    vector = SearchVector("title", "question", config="indonesian")
    lines = _shown().exclude(kind="dikecualikan").filter(words=query)
    best = SearchRank(F("words"), query)
    known = [
        *((one.title, one.summary, reverse("ppid:item", args=[one.slug]), str(words.CLASSES[one.kind]))
          for one in lines.annotate(rank=best).order_by("-rank")[:_LOOKED_AT]),
        *((one.title, one.question, reverse("ppid:answer", args=[one.slug]), _("Jawaban yang sudah terbit"))
          for one in answers.annotate(said=vector).filter(said=query).order_by("-approved_at")[:_LOOKED_AT]),
    ]  # fmt: skip
    found = []
    for title, text, url, about in known:
        there = set(_WORD.findall(f"{title} {text}".casefold()))
        found.append((len(there.intersection(said)), Alike(title, url, about)))
    enough = min(2, len(said))
    return [one for hits, one in sorted(found, key=lambda pair: -pair[0]) if hits >= enough][:most]


def all_items(kind: str = "", text: str = "", page: int = 1) -> "Page[InformationItem]":
    """Every line for the desk, shown or not."""
    rows = InformationItem.objects.select_related("agency")
    if kind:
        rows = rows.filter(kind=kind)
    wanted = text.replace("\0", "").strip()[:80]
    if wanted:
        rows = rows.filter(Q(title__icontains=wanted) | Q(summary__icontains=wanted))
    return Paginator(rows.order_by("kind", "title"), PER_PAGE).get_page(page)


def any_item(slug: str) -> InformationItem:
    """A line for the desk, shown or not. Raises NotFound."""
    found = InformationItem.objects.select_related("agency", "test").filter(slug=slug).first()
    if found is None:
        raise NotFound(slug)
    return found


def _shown() -> QuerySet[InformationItem]:
    return InformationItem.objects.filter(published_at__isnull=False).select_related("agency")


def _matching(rows: QuerySet[InformationItem], wanted: str) -> QuerySet[InformationItem]:
    query = SearchQuery(wanted, config="indonesian", search_type="websearch")
    ranked = rows.annotate(rank=SearchRank(F("words"), query))
    return ranked.filter(Q(words=query) | Q(title__icontains=wanted)).order_by("-rank", "-made_on")
