"""The lists of public and of exempt information (DIP, DIK): lines are entered, changed, shown and taken away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from satuklik.base.audit import actions as audit
from satuklik.systems.ppid import rules
from satuklik.systems.ppid.actions.opening import TICK, require_officer
from satuklik.systems.ppid.actions.receiving import GivenFile, store_files
from satuklik.systems.ppid.errors import BadInput
from satuklik.systems.ppid.models import ConsequenceTest, InformationItem

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Agency, Official


@dataclass(frozen=True)
class Item:
    """What a line of the list says."""

    title: str
    kind: str
    agency: "Agency"
    made_on: date
    retention: str
    summary: str = ""
    officer_title: str = ""
    made_at: str = ""
    form: str = "soft"
    link: str = ""
    ground: str = ""
    closed_until: date | None = None


@transaction.atomic
def save_item(
    given: Item, *, by: "Official", now: datetime, item: InformationItem | None = None,
    files: Sequence[GivenFile] = (), test: ConsequenceTest | None = None, publish: bool = False,
) -> InformationItem:  # fmt: skip
    """Enter or change a line. What is exempt needs its ground and a consequence test (ps. 17, 19), and shows no file.
    Nothing is shown before `publish`. Raises NotYours, BadInput."""
    require_officer(by, now)
    problems = [
        (name, _("Isian ini wajib diisi."))
        for name in ("title", "retention")
        if not rules.tidy(getattr(given, name))
    ]
    if given.kind not in rules.CLASSES:
        problems.append(("kind", _("Pilih klasifikasinya.")))
    if given.link and not given.link.startswith(("https://", "http://")):
        problems.append(("link", _("Tulis alamat yang dimulai dengan https://.")))
    exempt = given.kind == rules.EXEMPT
    kept_test = test or (item.test if item is not None else None)
    if exempt and given.ground not in rules.EXCEPTIONS:
        problems.append(("ground", _("Pilih dasar pengecualian Pasal 17.")))
    elif exempt and (kept_test is None or kept_test.ground != given.ground or not kept_test.exempt):
        problems.append(("ground", _("Catat uji konsekuensi untuk dasar pengecualian ini.")))
    if exempt and files:
        problems.append(("files", _("Informasi yang dikecualikan tidak menampilkan berkas.")))
    if problems:
        raise BadInput(problems)
    if item is None:
        made = InformationItem(slug=_slug(given.title), files=[])
    else:
        made = InformationItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    made.title, made.kind, made.agency, made.made_on = (
        rules.tidy(given.title, 200),
        given.kind,
        given.agency,
        given.made_on,
    )
    made.summary, made.retention = rules.tidy(given.summary, 5_000), rules.tidy(given.retention, 120)
    made.officer_title, made.made_at = rules.tidy(given.officer_title, 160), rules.tidy(given.made_at, 80)
    made.form, made.link = given.form, given.link[:300]
    made.ground = given.ground if exempt else ""
    made.test, made.closed_until = (kept_test, given.closed_until) if exempt else (None, None)
    made.files = (
        []
        if exempt
        else [
            *made.files,
            *({"sha256": one.sha256, "name": rules.file_name(one.name)} for one in store_files(files, now)),
        ]
    )
    made.changed_at, made.changed_by = now, by
    if publish and made.published_at is None:
        made.published_at = now
    made.save()
    _record(made, "item_saved", by, now)
    return made


@transaction.atomic
def show_item(item: InformationItem, *, shown: bool, by: "Official", now: datetime) -> InformationItem:
    """Show a line on the portal, or take it away. Raises NotYours."""
    require_officer(by, now)
    made = InformationItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    made.published_at = (made.published_at or now) if shown else None
    made.changed_at, made.changed_by = max(now, made.changed_at + TICK), by
    made.save(update_fields=["published_at", "changed_at", "changed_by"])
    _record(made, "item_shown" if shown else "item_hidden", by, now)
    return made


@transaction.atomic
def drop_file(item: InformationItem, sha256: str, *, by: "Official", now: datetime) -> InformationItem:
    """Take a file off a line. Raises NotYours."""
    require_officer(by, now)
    made = InformationItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    made.files = [one for one in made.files if one["sha256"] != sha256]
    made.changed_at, made.changed_by = max(now, made.changed_at + TICK), by
    made.save(update_fields=["files", "changed_at", "changed_by"])
    _record(made, "item_file_dropped", by, now)
    return made


def _slug(title: str) -> str:
    """A short name for the address that nobody has yet."""
    base = slugify(title)[:100] or "informasi"
    taken = set(InformationItem.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    if base not in taken:
        return base
    return next(f"{base}-{number}" for number in range(2, len(taken) + 3) if f"{base}-{number}" not in taken)


def _record(item: InformationItem, kind: str, by: "Official", now: datetime) -> None:
    facts = {"slug": item.slug, "class": item.kind, "shown": item.published_at is not None}
    audit.record(
        f"ppid-item:{item.slug}"[:60], [audit.Happening(f"ppid.{kind}", f"official:{by.pk}", facts)], at=now
    )
