"""The addresses of ideas: the portal (/ide/) and the desk (/meja/ide/)."""

from django.urls import path

from satuklik.systems.ideas.views import desk, portal, rounds

app_name = "ideas"
urlpatterns = [
    path("ide/", portal.listed, name="list"),
    path("ide/baru/", portal.submit, name="submit"),
    path("ide/putaran/<int:round_id>/", rounds.one, name="round"),
    path("ide/putaran/<int:round_id>/pilih/", rounds.vote, name="vote"),
    path("ide/<str:reference>/", portal.idea, name="idea"),
    path("ide/<str:reference>/dukung/", portal.support, name="support"),
    path("ide/<str:reference>/ikuti/<str:key>/", portal.idea, name="follow"),
    path("ide/<str:reference>/jawab/", portal.answer, name="answer"),
    path("ide/<str:reference>/foto/<int:photo_id>/", portal.photo, name="photo"),
    path("meja/ide/", desk.listed, name="desk"),
    path("meja/ide/putaran/", rounds.desk, name="rounds"),
    path("meja/ide/putaran/<int:round_id>/hitung/", rounds.count, name="count"),
    path("meja/ide/putaran/<int:round_id>/batalkan/", rounds.call_off, name="call-off"),
    path("meja/ide/<str:reference>/", desk.case, name="case"),
    path("meja/ide/<str:reference>/<slug:act>/", desk.act, name="act"),
]
