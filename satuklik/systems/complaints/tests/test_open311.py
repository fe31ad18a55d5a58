"""GeoReport v2: every field in its order, in JSON and XML; only released reports; the standard's errors."""

import json
import xml.etree.ElementTree as ET
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from satuklik.base.accounts.actions import create_application, create_token
from satuklik.systems.complaints import actions
from satuklik.systems.complaints.models import Complaint
from satuklik.systems.complaints.open311 import REQUEST_FIELDS, SERVICE_FIELDS
from tests.people import NOW, VILLAGE

BASE = "/open311/v2"


@pytest.fixture
def key(sari: Any) -> str:
    return create_token(sari.user, "open311")


@pytest.fixture
def released(report: Any, petugas: Any) -> Complaint:
    complaint = report(now=timezone.now() - timedelta(days=1), latitude=2.98, longitude=99.61)
    actions.verify(
        complaint.pk, by=petugas, level="normative", category="jalan", title="Lubang", now=timezone.now()
    )
    return actions.release(
        complaint.pk,
        by=petugas,
        title="Lubang & <jalan>",
        text='Jalan "berlubang" & dalam <50 cm>',
        point=True,
        photos=[],
        checked=True,
        now=timezone.now(),
    )


def both(client: Client, path: str, query: str = "") -> tuple[Any, ET.Element, int]:
    """The JSON, the XML root, and the status, which is the same."""
    as_json, as_xml = client.get(f"{BASE}{path}.json{query}"), client.get(f"{BASE}{path}.xml{query}")
    assert as_json.status_code == as_xml.status_code
    assert as_xml["Content-Type"].startswith("text/xml")
    return json.loads(as_json.content), ET.fromstring(as_xml.content), as_json.status_code


def flat(element: ET.Element) -> dict[str, str]:
    return {child.tag: child.text or "" for child in element}


def test_services_have_every_field_in_order(regency: None, client: Client) -> None:
    as_json, as_xml, status = both(client, "/services")
    assert status == 200
    assert as_xml.tag == "services"
    assert [child.tag for child in as_xml] == ["service"] * len(as_json)
    for one, other in zip(as_json, as_xml, strict=True):
        assert tuple(one) == tuple(child.tag for child in other) == SERVICE_FIELDS
        assert one["metadata"] is False
        assert flat(other)["metadata"] == "false"
        assert flat(other)["service_code"] == one["service_code"]
        assert one["type"] == "realtime"


def test_requests_have_every_field_in_order(released: Complaint, client: Client) -> None:
    as_json, as_xml, status = both(client, "/requests")
    assert status == 200
    (one,), (other,) = as_json, as_xml
    assert as_xml.tag == "service_requests"
    assert other.tag == "request"
    assert tuple(one) == tuple(child.tag for child in other) == REQUEST_FIELDS
    assert flat(other)["description"] == one["description"] == 'Jalan "berlubang" & dalam <50 cm>'
    assert one["status"] in ("open", "closed")
    assert (one["lat"], one["long"]) == (2.978516, 99.611328)  # the middle of its block, not its place
    for name in ("requested_datetime", "updated_datetime", "expected_datetime"):
        assert parse_datetime(one[name]).tzinfo is not None  # type: ignore[union-attr]
    assert "Siti" not in json.dumps(one)
    single, _, status = both(client, f"/requests/{released.reference}")
    assert (single, status) == (as_json, 200)


def test_discovery_and_definition(regency: None, client: Client) -> None:
    as_json, as_xml, _ = both(client, "/discovery")
    assert as_json["endpoints"][0]["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert [child.text for child in as_xml.find("endpoints/endpoint/formats")] == [
        "text/xml",
        "application/json",
    ]  # type: ignore[union-attr]
    as_json, as_xml, status = both(client, "/services/jalan")
    assert (as_json["service_code"], as_xml.tag, status) == ("jalan", "service_definition", 200)
    assert client.get(f"{BASE}/discovery", headers={"Accept": "text/xml"})["Content-Type"].startswith(
        "text/xml"
    )
    assert client.get(f"{BASE}/discovery")["Content-Type"].startswith("application/json")


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/requests", "?status=half", 400), ("/requests", "?service_code=x", 400), ("/requests", "?start_date=yesterday", 400),
        ("/requests", "?start_date=2026-01-01T00:00:00Z&end_date=2026-06-01T00:00:00Z", 400), ("/requests", "?page=x", 400),
        ("/requests", "?start_date=2026-06-01T00:00:00Z&end_date=2026-05-01T00:00:00Z", 400), ("/requests", "?page=-1", 400), ("/requests", "?page_size=x", 400),
        ("/requests/PD-0000-0000", "", 404), ("/services/x", "", 404), ("/tokens/x", "", 404), ("/requests", "?end_date=9999-99-99T00:00:00Z", 400),
        ("/requests", "?start_date=0001-01-01T00:00:00Z", 400),
    ],
)  # fmt: skip
def test_errors_have_the_standards_shape(
    regency: None, client: Client, path: str, query: str, status: int
) -> None:
    as_json, as_xml, given = both(client, path, query)
    assert given == status
    assert as_json == [{"code": status, "description": as_json[0]["description"]}]
    assert as_xml.tag == "errors"
    assert [child.tag for child in as_xml[0]] == ["code", "description"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?status=open", 1), ("?status=closed", 0), ("?status=open,closed", 1), ("?service_code=jalan", 1), ("?service_code=sampah", 0),
        ("?service_code=jalan,sampah", 1), ("?service_request_id=PD-0000-0000", 0), ("?end_date=2026-01-01T00:00:00Z", 0), ("?page=1", 1), ("?page=2", 0),
        ("?page=1&page_size=1", 1), ("?page=2&page_size=1", 0),
    ],
)  # fmt: skip
def test_the_filters(released: Complaint, client: Client, query: str, found: int) -> None:
    as_json, as_xml, status = both(client, "/requests", query)
    assert (len(as_json), len(as_xml), status) == (found, found, 200)


def test_private_ones_are_not_there(report: Any, client: Client) -> None:
    complaint = report(now=timezone.now())
    assert both(client, "/requests")[0] == []
    assert both(client, f"/requests/{complaint.reference}")[2] == 404


def test_a_report_from_another_program(key: str, client: Client) -> None:
    given = {
        "api_key": key, "service_code": "jalan", "lat": "2.98", "long": "99.61", "description": "Jalan berlubang di depan pasar.",
        "email": "warga@contoh.example", "first_name": "Budi", "media_url": "http://169.254.169.254/latest/meta-data",
        "address_id": VILLAGE,
    }  # fmt: skip
    answer = client.post(f"{BASE}/requests.xml", given)
    assert answer.status_code == 201
    (one,) = ET.fromstring(answer.content)
    assert [child.tag for child in one] == ["service_request_id", "service_notice", "account_id"]
    complaint = Complaint.objects.get()
    assert (complaint.reference, complaint.village_id, complaint.channel) == (
        flat(one)["service_request_id"],
        VILLAGE,
        "open311",
    )
    assert complaint.released_at is None
    assert complaint.photos.count() == 0  # nothing was fetched
    token, _, status = both(client, f"/tokens/{complaint.reference}")
    assert (token[0]["service_request_id"], status) == (complaint.reference, 200)


def test_the_same_message_again_is_answered_with_the_first_number(
    key: str, client: Client, petugas: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {
        "api_key": key,
        "service_code": "jalan",
        "lat": "2.98",
        "long": "99.61",
        "description": "Jalan berlubang di pasar.",
    }

    def sent(minutes: float, **more: str) -> str:
        monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(minutes=minutes))
        answer = client.post(f"{BASE}/requests.json", given | more)
        assert answer.status_code == 201
        return str(answer.json()[0]["service_request_id"])

    first = sent(4)
    assert {sent(4.5), sent(8), sent(13.9)} == {first}  # NOW is on the hour: a border of spans lies between
    assert Complaint.objects.count() == 1
    others = {
        sent(4, description="Jalan berlubang di sekolah."), sent(4, lat="2.97"), sent(4, media_url="https://a.example/b.jpg"),
        sent(4, api_key=create_token(petugas.user, "lain")), sent(4, email="lain@contoh.example"), sent(14.1),
    }  # fmt: skip
    assert len(others - {first}) == 6


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"api_key": ""}, 403), ({"api_key": "sk_wrong"}, 403), ({"service_code": ""}, 400), ({"service_code": "x"}, 404),
        ({"lat": "", "long": ""}, 400), ({"lat": "nan"}, 400), ({"lat": "91"}, 400), ({"description": "x" * 4001}, 400),
        ({"description": "pendek"}, 400), ({"address_id": "x"}, 400), ({"description": "\x00\x00"}, 400),
        ({"lat": "", "long": "", "address_string": "depan pasar"}, 201), ({"email": "not one", "phone": "x"}, 201),
        ({"description": "\u202e😀 jalan berlubang <b>"}, 201),
    ],
)  # fmt: skip
def test_what_is_wrong_with_it_is_said(key: str, client: Client, change: dict[str, str], status: int) -> None:
    given = {
        "api_key": key,
        "service_code": "jalan",
        "lat": "2.98",
        "long": "99.61",
        "description": "Jalan berlubang di pasar.",
    }
    answer = client.post(f"{BASE}/requests.json", given | change)
    assert answer.status_code == status
    assert "code" in answer.json()[0] or status == 201


@pytest.mark.parametrize(("scope", "status"), [("open311", 201), ("sign", 403)])
def test_a_program_has_a_key_for_this(
    people: dict[str, Any], client: Client, scope: str, status: int
) -> None:
    """There was no way to give a program a key that sends reports and does nothing else."""
    _program, token = create_application(
        f"laporku-{scope}", people["petugas"].agency.pk, [scope], actor="command", now=NOW
    )
    given = {"api_key": token, "service_code": "jalan", "lat": "2.98", "long": "99.61", "description": "Jalan berlubang di pasar."}  # fmt: skip
    assert client.post(f"{BASE}/requests.json", given).status_code == status


def test_other_methods(regency: None, client: Client) -> None:
    assert client.delete(f"{BASE}/requests.json").status_code == 405
    assert client.post(f"{BASE}/services.json").status_code in (403, 405)
