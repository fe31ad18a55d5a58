"""The rule and the contacts are set: dated, by name, in the audit log."""

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from satuklik.base.agencies import queries as agencies
from satuklik.base.audit import actions as audit
from satuklik.spine.referrals import permits, rules
from satuklik.spine.referrals.errors import BadContact, BadPolicy, NotYours
from satuklik.spine.referrals.models import AgencyContact, Policy

if TYPE_CHECKING:
    from satuklik.base.agencies.models import Agency, Official


@transaction.atomic
def set_policy(policy: rules.Policy, *, by: "Official", now: datetime) -> Policy:
    """The rule from `policy.valid_from` on; questions that were asked before keep theirs. Raises BadPolicy, NotYours."""
    if not permits.is_utama(by, now):
        raise NotYours(by.name, "aturan")
    faults = rules.faults_of(policy)
    if faults:
        raise BadPolicy(faults)
    fields = asdict(policy)
    hops = [{**hop, "roles": list(hop["roles"])} for hop in fields.pop("hops")]
    day = fields.pop("valid_from")
    row, _made = Policy.objects.update_or_create(
        valid_from=day, defaults={**fields, "hops": hops, "set_by": by, "set_at": now}
    )
    audit.record(
        "referral-policy",
        [
            audit.Happening(
                "referral.policy", f"official:{by.pk}", {"valid_from": day, "hops": hops, **fields}
            )
        ],
        at=now,
    )
    return row


@transaction.atomic
def set_contact(
    agency: "Agency", *, contact: "Official | None", deputy: "Official | None", by: "Official", now: datetime
) -> AgencyContact:
    """Who is asked first and second at an agency; None leaves it to the roster. By its head or secretary, or by PPID
    Utama. Raises NotYours, BadContact."""
    own = by.role in ("head", "secretary") and agencies.works_for(by, agency.pk, now)
    if not (permits.is_utama(by, now) or own):
        raise NotYours(by.name, agency.short_name)
    for named in (contact, deputy):
        if named is not None and not (
            agencies.in_office(named, now) and agencies.works_for(named, agency.pk, now)
        ):
            raise BadContact
    row, _made = AgencyContact.objects.update_or_create(
        agency=agency,
        defaults={"contact": contact, "deputy": deputy, "changed_by": by, "changed_at": now},
    )
    audit.record(
        f"referral-contact:{agency.code}",
        [
            audit.Happening(
                "referral.contact",
                f"official:{by.pk}",
                {"contact": contact and contact.pk, "deputy": deputy and deputy.pk},
            )
        ],
        at=now,
    )
    return row
