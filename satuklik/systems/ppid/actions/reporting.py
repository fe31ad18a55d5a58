"""What people write into the yearly report and the evidence for the Information Commission's monitoring."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from satuklik.base.audit import actions as audit
from satuklik.systems.ppid import rules
from satuklik.systems.ppid.actions.opening import require_officer
from satuklik.systems.ppid.actions.receiving import GivenFile, store_files
from satuklik.systems.ppid.errors import BadInput
from satuklik.systems.ppid.models import AnnualReport, Evidence

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Official

TEXTS = ("policy", "facilities", "staff", "obstacles", "recommendations")
NUMBERS = ("staff_count", "budget", "budget_used")


@transaction.atomic
def save_report(year: int, given: dict[str, Any], *, by: "Official", now: datetime) -> AnnualReport:
    """Keep the written parts of a year's report (TEXTS, NUMBERS; rupiah as whole numbers). Raises NotYours."""
    require_officer(by, now)
    report, _new = AnnualReport.objects.select_for_update().get_or_create(
        year=year, defaults={"changed_at": now}
    )
    for name in TEXTS:
        setattr(report, name, rules.tidy(given.get(name) or "", 20_000))
    for name in NUMBERS:
        setattr(report, name, given.get(name) or 0)
    report.changed_at, report.changed_by = now, by
    report.save()
    audit.record(f"ppid-report:{year}", [audit.Happening("ppid.report_saved", f"official:{by.pk}")], at=now)
    return report


@transaction.atomic
def add_evidence(
    year: int, indicator: str, *, title: str, note: str, link: str, score: int, file: GivenFile | None, by: "Official",
    now: datetime,
) -> Evidence:  # fmt: skip
    """Add a piece of evidence under an indicator; `score` is the body's own assessment, 0–100. Raises NotYours,
    BadInput."""
    require_officer(by, now)
    problems = []
    if indicator not in rules.INDICATORS:
        problems.append(("indicator", _("Pilih indikatornya.")))
    if not rules.tidy(title):
        problems.append(("title", _("Isian ini wajib diisi.")))
    if not 0 <= score <= 100:
        problems.append(("score", _("Nilai antara 0 dan 100.")))
    if problems:
        raise BadInput(problems)
    kept = store_files([file], now)[0] if file else None
    made = Evidence.objects.create(
        year=year, indicator=indicator, title=rules.tidy(title, 200), note=rules.tidy(note, 5_000), link=link[:300],
        file_id=kept.sha256 if kept else None, file_name=rules.file_name(kept.name) if kept else "", score=score,
        added_at=now, added_by=by,
    )  # fmt: skip
    facts = {"indicator": indicator, "evidence": made.pk}
    audit.record(
        f"ppid-report:{year}", [audit.Happening("ppid.evidence_added", f"official:{by.pk}", facts)], at=now
    )
    return made


@transaction.atomic
def remove_evidence(evidence_id: int, *, by: "Official", now: datetime) -> bool:
    """Take a piece away; whether it was there. Raises NotYours."""
    require_officer(by, now)
    found = Evidence.objects.select_for_update().filter(pk=evidence_id).first()
    if found is None:
        return False
    facts = {"indicator": found.indicator, "evidence": evidence_id}
    audit.record(
        f"ppid-report:{found.year}",
        [audit.Happening("ppid.evidence_removed", f"official:{by.pk}", facts)],
        at=now,
    )
    found.delete()
    return True
