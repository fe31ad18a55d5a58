"""Two pages for machines: the health check, and an empty page that the benchmark measures against."""

from django.db import connection
from django.http import HttpRequest, HttpResponse


def health(request: HttpRequest) -> HttpResponse:
    """`ok` when this process answers and reaches its database (for load balancers and the supervisor)."""
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    return HttpResponse("ok", content_type="text/plain")


def empty(request: HttpRequest) -> HttpResponse:
    """Nothing, through the same middleware as every page: the floor of `make bench`."""
    return HttpResponse("")


for view in (health, empty):
    view.permission = "public"  # type: ignore[attr-defined]
