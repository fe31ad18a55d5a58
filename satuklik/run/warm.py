"""What a web process does before its first visitor comes, so that the first page is as quick as the next."""

import gc
import logging
from urllib.parse import urlsplit
from wsgiref.types import WSGIApplication
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.core.signals import request_finished
from django.db import DatabaseError, connections

log = logging.getLogger(__name__)
PAGES = ("/", "/layanan/", "/masuk/")
# A page of the desk makes some 50,000 objects and keeps none: looking for cycles every 700 costs it a fifth of its time.
# But what a request leaves behind goes right after its answer: let go of for hundreds at once, others wait for it; and an
# error (a mistyped passphrase) and its frames hold each other, and what was typed, until somebody looks.
COLLECT_AFTER = (50_000, 20, 20)


def warm_up(application: WSGIApplication) -> None:
    """Compile a letter, read the services and draw the first pages once; then let go of the database.

    A database that is away stops nothing: the process answers as soon as it is back.
    """
    from satuklik.spine.documents.actions import warm_up as warm_up_letters

    try:
        warm_up_letters()
        for page in PAGES:
            _visit(application, page)
    except DatabaseError:
        log.warning("The database did not answer while this process warmed up.")
    finally:
        connections.close_all()
    gc.collect()
    gc.freeze()  # what is loaded now stays: no collection looks at it again
    gc.set_threshold(*COLLECT_AFTER)
    request_finished.connect(_tidy, weak=False)


def _tidy(**_signal: object) -> None:
    gc.collect(1)  # what is young


def _visit(application: WSGIApplication, page: str) -> None:
    address = urlsplit(settings.PUBLIC_URL)
    environ: dict[str, object] = {
        "PATH_INFO": page,
        "HTTP_HOST": address.netloc,
        "wsgi.url_scheme": address.scheme,
    }
    setup_testing_defaults(environ)
    closing = application(environ, lambda status, headers, error=None: lambda _data: None)
    for _part in closing:
        pass
    if hasattr(closing, "close"):
        closing.close()
