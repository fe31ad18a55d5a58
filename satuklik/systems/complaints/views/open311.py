"""GeoReport v2: discovery, services, requests, tokens, in JSON and XML, with the standard's errors."""

import hashlib
import json
import math
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.csrf import csrf_exempt

from satuklik.base.accounts import limits
from satuklik.base.accounts import queries as accounts
from satuklik.base.accounts.errors import TooManyAttempts
from satuklik.base.accounts.permissions import public
from satuklik.base.regions import queries as regions
from satuklik.systems.complaints import actions, catalogue, keys, open311, queries
from satuklik.systems.complaints.actions.reporting import LONGEST_TEXT, Report
from satuklik.systems.complaints.errors import Missing
from satuklik.systems.complaints.models import Complaint
from satuklik.systems.complaints.queries.public import Asked

MOST_ROWS = 1000  # GeoReport v2: the first 1000 of at most 90 days
LONGEST_SPAN = timedelta(days=90)  # GeoReport v2: a query covers at most 90 days
MOST_AN_HOUR = 600
_UNSEEN = {0: None, **dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])}


class Refused(Exception):
    """An error as the standard writes it."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status, self.description = status, description


View = Callable[..., tuple[str, Any, int]]


def answers(*methods: str) -> Callable[[View], Callable[..., HttpResponse]]:
    """Write what the view gives as JSON or XML, and its errors in the standard's shape."""

    def wrap(view: View) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, form: str = "", **kwargs: Any) -> HttpResponse:
            form = form or ("xml" if _prefers_xml(request) else "json")
            try:
                if request.method not in methods:
                    raise Refused(405, f"Use {' or '.join(methods)}.")
                root, content, status = view(request, *args, **kwargs)
            except Refused as error:
                root, content, status = _error(error.status, error.description)
            except TooManyAttempts:
                root, content, status = _error(
                    429, "Too many requests from this key or address. Try again later."
                )
            response = _response(form, root, content, status)
            if status == 405:
                response["Allow"] = ", ".join(methods)
            return response

        return answer

    return wrap


def _prefers_xml(request: HttpRequest) -> bool:
    kind = request.get_preferred_type(["application/json", "application/xml", "text/xml"])
    return kind in ("application/xml", "text/xml")


def _error(status: int, description: str) -> tuple[str, Any, int]:
    return "errors", [{"code": status, "description": description}], status


def _response(form: str, root: str, content: Any, status: int) -> HttpResponse:
    if form == "xml":
        response = HttpResponse(open311.xml(root, content), "text/xml; charset=utf-8", status)
    else:
        response = HttpResponse(
            json.dumps(content, ensure_ascii=False), "application/json; charset=utf-8", status
        )
    response["Access-Control-Allow-Origin"] = "*"  # public data, read without cookies
    response["Cache-Control"] = "no-store" if status != 200 else "public, max-age=60"
    return response


@public
@answers("GET", "HEAD")
def discovery(request: HttpRequest) -> tuple[str, Any, int]:
    """What this endpoint is."""
    return "discovery", open311.discovery(), 200


@public
@answers("GET", "HEAD")
def services(request: HttpRequest) -> tuple[str, Any, int]:
    """What one may complain about."""
    return "services", [open311.service(one) for one in catalogue.categories().values()], 200


@public
@answers("GET", "HEAD")
def definition(request: HttpRequest, code: str) -> tuple[str, Any, int]:
    """The attributes of a kind: we ask no more than the standard's own fields."""
    if code not in catalogue.categories():
        raise Refused(404, "service_code was not found.")
    return "service_definition", {"service_code": code, "attributes": []}, 200


@csrf_exempt
@public
@answers("GET", "HEAD", "POST")
def requests(request: HttpRequest) -> tuple[str, Any, int]:
    """List released complaints, or make one."""
    if request.method == "POST":
        return "service_requests", [_take_in(request)], 201
    asked = _asked(request)
    page = max(1, _number(request.GET.get("page", "1"), "page"))
    size = min(MOST_ROWS, _number(request.GET.get("page_size", str(MOST_ROWS)), "page_size")) or MOST_ROWS
    # A page past the end is empty: who asks for page after page must find the end.
    rows = queries.released(asked)[(page - 1) * size : page * size]
    return "service_requests", [open311.request(row) for row in rows], 200


@public
@answers("GET", "HEAD")
def request(request: HttpRequest, reference: str) -> tuple[str, Any, int]:
    """One released complaint (or several, their numbers separated by commas, as the standard allows)."""
    found = list(queries.released(Asked(references=(keys.tidy_reference(reference),))))
    if not found:
        raise Refused(404, "service_request_id was not found.")
    return "service_requests", [open311.request(row) for row in found], 200


@public
@answers("GET", "HEAD")
def token(request: HttpRequest, token: str) -> tuple[str, Any, int]:
    """The number of what was sent in; ours is known at once."""
    if not Complaint.objects.filter(reference=keys.tidy_reference(token), channel="open311").exists():
        raise Refused(404, "token was not found.")
    number = keys.tidy_reference(token)
    return "service_requests", [{"service_request_id": number, "token": number}], 200


def _asked(request: HttpRequest) -> Asked:
    numbers = request.GET.get("service_request_id", "")
    if numbers:
        # The standard: other arguments are then left aside.
        return Asked(references=tuple(keys.tidy_reference(one) for one in numbers.split(",")[:MOST_ROWS]))
    status = request.GET.get("status", "")
    if status and set(status.split(",")) - {"open", "closed"}:
        raise Refused(400, "status must be open or closed.")
    codes = request.GET.get("service_code", "")
    if codes and set(codes.split(",")) - set(catalogue.categories()):
        raise Refused(400, "service_code is not known.")
    first, last = _time(request, "start_date"), _time(request, "end_date")
    now = timezone.now()
    last = last or (first + LONGEST_SPAN if first else now)
    first = first or last - LONGEST_SPAN
    if first > last:
        raise Refused(400, "start_date must be before end_date.")
    if last - first > LONGEST_SPAN:
        raise Refused(400, "A query covers at most 90 days.")
    return Asked(category=codes, status="" if "," in status else status, first=first, last=last)


def _time(request: HttpRequest, name: str) -> datetime | None:
    given = request.GET.get(name, "")
    if not given:
        return None
    try:
        # In an address, an unescaped «+» has become a blank.
        found = parse_datetime(given.replace(" ", "+") if given.count("T") else given)
    except ValueError:
        found = None
    if found is None or found.year < 1970 or found.year > 9000:
        raise Refused(400, f"{name} must be a time such as 2026-11-24T00:00:00Z.")
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def _number(given: str, name: str) -> int:
    if not (given.isascii() and given.isdigit() and 0 < len(given) < 7):
        raise Refused(400, f"{name} must be a number.")
    return int(given)


def _take_in(request: HttpRequest) -> open311.Fields:
    """A report of another program, named by its API key. Its media_url is not fetched: it is noted in the text. The same
    message again within ten minutes is answered with the first one's number."""
    given = {name: request.POST.get(name, "").translate(_UNSEEN).strip() for name in request.POST}
    key, now = given.get("api_key", ""), timezone.now()
    if not key:
        raise Refused(403, "api_key was not provided.")
    limits.check("open311-key", limits.address(request), most=MOST_AN_HOUR, seconds=3600, now=now)
    user = accounts.user_by_token(key)
    if user is None:
        raise Refused(403, "api_key is not valid.")
    program = accounts.application_of(user)
    if program is not None and program.Scope.OPEN311 not in program.scopes:
        raise Refused(403, "api_key may not send reports.")
    limits.check("open311", f"{user.pk}", most=MOST_AN_HOUR, seconds=3600, now=now)
    code = given.get("service_code", "")
    if not code:
        raise Refused(400, "service_code was not provided.")
    if code not in catalogue.categories():
        raise Refused(404, "service_code was not found.")
    latitude, longitude = _coordinate(given, "lat", 90), _coordinate(given, "long", 180)
    if (
        (latitude is None or longitude is None)
        and not given.get("address_string")
        and not given.get("address_id")
    ):
        raise Refused(400, "lat and long, or address_string, or address_id must be provided.")
    description = given.get("description", "")
    if len(description) > LONGEST_TEXT:
        raise Refused(400, "description may have at most 4,000 characters.")
    name = " ".join(part for part in (given.get("first_name", ""), given.get("last_name", "")) if part)
    report = Report(
        text=description, mode=Complaint.Mode.CONTACT, category=code, village=_village(given, latitude, longitude),
        place=given.get("address_string", "")[:200], latitude=latitude, longitude=longitude, name=name[:120],
        phone=_phone(given.get("phone", "")), email=_email(given.get("email", "")), channel="open311",
        note=f"media_url: {given['media_url'][:1000]}" if given.get("media_url") else "",
    )  # fmt: skip
    try:
        done = actions.submit_of_program(report, sent=_sent(user, given), now=now)
    except Missing as error:
        raise Refused(400, "description must have at least 10 characters.") from error
    return {
        "service_request_id": done.complaint.reference, "service_notice": "Akan diperiksa petugas sebelum tampil untuk umum.",
        "account_id": "",
    }  # fmt: skip


# What makes a message the same: who sent it, what, about which place, and for whom.
_SAME = (
    "service_code", "description", "media_url", "lat", "long", "address_string", "address_id", "email", "phone", "first_name",
    "last_name", "device_id", "account_id",
)  # fmt: skip


def _sent(user: Any, given: dict[str, str]) -> str:
    """A word for this message of this client: its fields, as a digest."""
    told = json.dumps([user.pk, given["api_key"], *(given.get(name, "") for name in _SAME)])
    return f"open311:{hashlib.sha256(told.encode()).hexdigest()}"


def _coordinate(given: dict[str, str], name: str, most: int) -> float | None:
    if not given.get(name):
        return None
    try:
        found = float(given[name])
    except ValueError:
        found = math.nan
    if not math.isfinite(found) or abs(found) > most:
        raise Refused(400, f"{name} must be a number of degrees (WGS 84).")
    return found


def _village(given: dict[str, str], latitude: float | None, longitude: float | None) -> str:
    if given.get("address_id"):
        try:
            return regions.place(given["address_id"]).village.code
        except regions.NoSuchRegion as error:
            raise Refused(400, "address_id must be the code of a desa or kelurahan.") from error
    if latitude is not None and longitude is not None:
        village = regions.village_at(longitude, latitude)
        return village.code if village else ""
    return ""


def _phone(typed: str) -> str:
    found = accounts.identifier(typed)
    return found[1] if found and found[0] == "phone" else ""


def _email(typed: str) -> str:
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    try:
        validate_email(typed)
    except ValidationError:
        return ""
    return typed[:254]
