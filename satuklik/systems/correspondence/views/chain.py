"""Send a draft up: whose parafs it needs, in which order, who side by side."""

import re
from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from satuklik.base.accounts.permissions import official
from satuklik.base.agencies.queries import Official
from satuklik.spine.documents.errors import LetterError
from satuklik.systems.correspondence import actions, queries
from satuklik.systems.correspondence.boxes import BY_NAME, address
from satuklik.systems.correspondence.errors import BadContent, NaskahError, NoRecipient
from satuklik.systems.correspondence.forms import named
from satuklik.systems.correspondence.queries import NaskahView
from satuklik.systems.correspondence.rules import MOST_STEPS
from satuklik.systems.correspondence.views.boxes import who
from satuklik.systems.correspondence.views.naskah import not_done, status_of, view_of

SLOT = re.compile(r"g-(\d{1,2})-(\d{1,2})")


@official()
@require_http_methods(["GET", "HEAD", "POST"])
def send_up(request: HttpRequest, reference: str) -> HttpResponse:
    """The proposed chain, changed as the drafter likes; then up it goes."""
    view = view_of(request, reference)
    if "submit" not in view.may:
        return not_done(request, view, _("Naskah ini tidak dapat dinaikkan sekarang."), 409)
    by = who(request)
    people = {person.pk: person for person in queries.colleagues(by)}
    if request.method != "POST":
        naskah = view.naskah
        proposed = queries.proposed_chain(by, signed_for=naskah.signed_for, signer=naskah.signer)
        return _page(request, view, [[person.pk for person in group] for group in proposed], people)
    chosen = _chosen(request.POST)
    if request.POST.get("aksi") != "naik":
        return _page(request, view, chosen, people, more=request.POST.get("aksi", ""))
    if any(pk not in people for group in chosen for pk in group):
        return _page(
            request, view, chosen, people,
            problem=_("Seorang pejabat dalam urutan ini tidak lagi bertugas. Pilih yang lain."), status=422,
        )  # fmt: skip
    chain = [[people[pk] for pk in group] for group in chosen]
    try:
        actions.submit(view.naskah, by=by, now=timezone.now(), chain=chain)
    except (BadContent, NoRecipient) as error:
        return _page(request, view, chosen, people, problem=str(error), incomplete=True, status=422)
    except NaskahError as error:
        return _page(
            request, view_of(request, reference), chosen, people, problem=str(error), status=status_of(error)
        )
    except LetterError:
        problem = _(
            "Naskah ini belum dapat dicetak. Periksa isinya: ada huruf atau tanda yang tidak dikenal."
        )
        return _page(request, view, chosen, people, problem=problem, incomplete=True, status=422)
    messages.success(request, _("%(reference)s sudah naik.") % {"reference": reference})
    return redirect("correspondence:naskah", reference)


def _chosen(data: QueryDict) -> list[list[int]]:
    """The groups as typed, in order; empty places and groups are left out."""
    places: dict[int, dict[int, int]] = {}
    for key in data:
        slot = SLOT.fullmatch(key)
        value = data[key]
        if slot and value.isascii() and value.isdigit() and len(value) < 18:
            places.setdefault(int(slot[1]), {})[int(slot[2])] = int(value)
    groups = [[group[number] for number in sorted(group)] for _key, group in sorted(places.items())]
    return [list(dict.fromkeys(group)) for group in groups][:MOST_STEPS]


def _page(
    request: HttpRequest,
    view: NaskahView,
    groups: Sequence[Sequence[int]],
    people: dict[int, Official],
    *,
    more: str = "",
    problem: str = "",
    incomplete: bool = False,
    status: int = 200,
) -> HttpResponse:
    """Each group shows its officials and a free place where one was asked for; a new group comes last."""
    shown = [
        [*group, *([None] if more == f"sejajar:{number}" else [])] for number, group in enumerate(groups)
    ]
    if more == "tingkat" or not shown:
        shown.append([None])
    return render(
        request,
        "correspondence/chain.html",
        {
            "view": view, "groups": shown, "choices": named(list(people.values())), "problem": problem,
            "incomplete": incomplete, "alone": not people, "rail_here": address(BY_NAME["draf"]),
        },
        status=status,
    )  # fmt: skip
