"""GeoReport v2 (Open311): how complaints look to other programs, as JSON and as XML. Only what was released.

http://wiki.open311.org/GeoReport_v2: the element names and their order are those of the standard; fields that we do
not have are there and empty, as it asks.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from satuklik.systems.complaints import catalogue, wording
from satuklik.systems.complaints.models import Complaint
from satuklik.systems.complaints.queries.public import public_point
from satuklik.systems.complaints.rules import states

Fields = dict[str, Any]
NAMES = {
    "services": "service", "service_requests": "request", "errors": "error", "endpoints": "endpoint",
    "formats": "format", "attributes": "attribute", "values": "value",
}  # fmt: skip
SERVICE_FIELDS = ("service_code", "service_name", "description", "metadata", "type", "keywords", "group")
REQUEST_FIELDS = (
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description", "agency_responsible",
    "service_notice", "requested_datetime", "updated_datetime", "expected_datetime", "address", "address_id", "zipcode",
    "lat", "long", "media_url",
)  # fmt: skip


def discovery() -> Fields:
    """What this endpoint is."""
    base = f"{settings.PUBLIC_URL}/open311/v2"
    return {
        "changeset": "2026-11-24T00:00:00+07:00",
        "contact": f"{settings.REGENCY_NAME}: {settings.PUBLIC_URL}{reverse('complaints:report')}",
        "key_service": f"{settings.PUBLIC_URL}{reverse('complaints:map')}#open311",
        "endpoints": [
            {
                "specification": "http://wiki.open311.org/GeoReport_v2",
                "url": base,
                "changeset": "2026-11-24T00:00:00+07:00",
                "type": "test" if settings.DEMO else "production",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }


def service(category: catalogue.Category) -> Fields:
    """A kind of complaint."""
    return {
        "service_code": category.code, "service_name": category.label(), "description": category.description(),
        "metadata": False, "type": "realtime", "keywords": "", "group": "",
    }  # fmt: skip


def request(complaint: Complaint) -> Fields:
    """A released complaint."""
    point = public_point(complaint)  # the middle of a block of some 430 m: see kernel.maps.CELL
    category = catalogue.category(complaint.category)
    photos = getattr(complaint, "shown_photos", [])
    due = complaint.completion.due_on if complaint.completion and complaint.state in states.OPEN else None
    village = complaint.village
    return {
        "service_request_id": complaint.reference,
        "status": states.public_status(complaint.state),
        "status_notes": wording.state_of(complaint, desk=True),
        "service_name": category.label(),
        "service_code": category.code,
        "description": complaint.public_text[:4_000],
        "agency_responsible": category.agency,
        "service_notice": "",
        "requested_datetime": stamp(complaint.received_at),
        "updated_datetime": stamp(complaint.updated_at),
        "expected_datetime": f"{due.isoformat()}T23:59:59+07:00" if due else "",
        "address": f"{village.name}, {village.parent.name}" if village is not None and village.parent else "",
        "address_id": complaint.village_id or "",
        "zipcode": "",
        "lat": point[1] if point else "",
        "long": point[0] if point else "",
        "media_url": (
            f"{settings.PUBLIC_URL}{reverse('complaints:public-photo', args=[complaint.reference, photos[0].pk])}"
            if photos else ""
        ),
    }  # fmt: skip


def stamp(at: datetime) -> str:
    """A time as the standard writes it (W3C, with the zone)."""
    return timezone.localtime(at).isoformat(timespec="seconds")


def xml(root: str, content: Any) -> str:
    """The document in the standard's XML: lists repeat the element of their singular."""
    return f'<?xml version="1.0" encoding="utf-8"?>\n{_element(root, content)}\n'


def _element(name: str, content: Any) -> str:
    if isinstance(content, Mapping):
        inside = "".join(_element(key, value) for key, value in content.items())
    elif isinstance(content, Sequence) and not isinstance(content, str):
        inside = "".join(_element(NAMES.get(name, "item"), item) for item in content)
    else:
        inside = _plain(content)
    return f"<{name}>{inside}</{name}>" if inside else f"<{name}/>"


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    # XML 1.0 knows no control characters besides tab and line breaks, and no lone surrogates.
    return escape("".join(sign for sign in str(value) if _allowed(ord(sign))))


def _allowed(code: int) -> bool:
    return code in (0x9, 0xA, 0xD) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000
