"""How an act at the desk ends: done, or the page again with what was typed and why it was not done."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django import forms as django_forms
from django.http import HttpResponse
from django.utils.translation import gettext as _

from satuklik.spine.documents.errors import LetterError
from satuklik.systems.ppid import uploads
from satuklik.systems.ppid.errors import BadInput, NotYours, PpidError, WrongState


def carry_out(
    name: str, form: Any, *, do: Callable[[], None], again: Callable[..., HttpResponse], done: Callable[[], HttpResponse]
) -> HttpResponse:  # fmt: skip
    """Do the act `name`. `form`: what was typed for it, or None; `again(given, problem=…, status=…)` gives the page as it
    is now, with the form beside its name; `done()` says what was done and where to go."""
    given = {name: form} if form is not None else {}
    if form is not None and not form.is_valid():
        return again(given, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        do()
    except uploads.BadFile as error:
        return again(given, problem=str(error), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except PpidError as error:
        if form is not None and isinstance(error, BadInput):
            into(form, error)
        return again(given, problem=str(error), status=status_of(error))
    except LetterError:
        problem = _(
            "Surat tidak dapat dicetak: ada huruf yang tidak dikenal pencetak. Ganti huruf itu, lalu ulangi."
        )
        return again(given, problem=problem, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return done()


def status_of(error: PpidError) -> HTTPStatus:
    """403: not his; 409: not now; 422: mend what was typed."""
    if isinstance(error, NotYours):
        return HTTPStatus.FORBIDDEN
    return HTTPStatus.CONFLICT if isinstance(error, WrongState) else HTTPStatus.UNPROCESSABLE_ENTITY


def into(form: django_forms.Form, error: BadInput) -> None:
    """Put each sentence beside its field."""
    for field, sentence in error.problems:
        form.add_error(field if field in form.fields else None, sentence)
