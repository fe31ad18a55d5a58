"""Events and certificates made ready for a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from satuklik.spine.signing.queries import KeyFacts
from satuklik.systems.enrolment import queries, rules, wording

SHORT_SERIAL = 16


@dataclass(frozen=True)
class EventLine:
    """One event in words."""

    at: datetime
    title: Promise | str
    who: str
    text: str


@dataclass(frozen=True)
class KeyView:
    """A certificate on a page."""

    facts: KeyFacts
    state: Promise
    tone: str
    serial: str
    days_left: int
    renewable: bool


def key_view(key: KeyFacts | None, now: datetime) -> KeyView | None:
    """A certificate in words; None for none."""
    if key is None:
        return None
    ends, today = timezone.localdate(key.not_after), timezone.localdate(now)
    return KeyView(
        key,
        wording.KEY_STATES[key.status],
        wording.KEY_TONES[key.status],
        key.serial[:SHORT_SERIAL].upper(),
        max(0, (ends - today).days),
        key.status == "valid" and rules.may_renew(ends, today),
    )


def lines_of(events: Sequence[Any]) -> list[EventLine]:
    """The history, the newest first."""
    names = queries.names_of({event.actor for event in events})
    return [
        EventLine(
            event.at,
            wording.EVENTS.get(event.kind.removeprefix("enrolment."), event.kind),
            names.get(event.actor) or _nobody(event.actor),
            _text(event),
        )
        for event in reversed(events)
    ]


def _nobody(actor: str) -> str:
    return _("Perintah admin server") if actor == "command" else _("Sistem")


def _text(event: Any) -> str:
    data = event.data
    what = wording.KINDS.get(str(data.get("document", "")))
    parts = [str(what)] if what else ["NIK"] if data.get("document") == "nik" else []
    parts += [str(data[name]) for name in ("reason",) if data.get(name)]
    if event.kind == "enrolment.reopened":
        parts.append(str(data.get("why", "")))
    if "serial" in data:
        parts.append(_("nomor seri %(serial)s") % {"serial": str(data["serial"])[:SHORT_SERIAL].upper()})
    return " · ".join(part for part in parts if part)
