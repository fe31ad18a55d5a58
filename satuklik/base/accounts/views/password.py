"""The first login with a password that was handed over: its owner chooses one that nobody else has seen."""

from allauth.account.stages import LoginStageController
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from satuklik.base.accounts import actions
from satuklik.base.accounts.forms import NewPasswordForm
from satuklik.base.accounts.permissions import public
from satuklik.base.accounts.stages import NewPasswordStage
from satuklik.base.accounts.views.entry import after_login


@public
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def new_password(request: HttpRequest) -> HttpResponse:
    """A password of one's own, before being logged in."""
    if request.user.is_authenticated:
        return redirect(after_login(request))
    stage = LoginStageController.enter(request, NewPasswordStage.key)
    if stage is None or stage.login.user is None:
        return redirect("official_login")
    user = stage.login.user
    if not user.must_change_password:  # changed meanwhile in another window: then the new one has to be typed
        return redirect("official_login")
    form = NewPasswordForm(user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.change_password(user, form.cleaned_data["password"], now=timezone.now())
        answer: HttpResponse = stage.exit()
        return answer
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/new_password.html", {"form": form}, status=status)
