"""The addresses of referrals: the one-tap link, the officials' desk, the public board."""

from django.urls import path

from satuklik.spine.referrals.views import board, desk, link, settings

app_name = "referrals"
urlpatterns = [
    path("t/<str:token>/", link.link, name="link"),
    path("t/<str:token>/jawab/", link.answer, name="link-answer"),
    path("papan-jawaban/", board.board, name="board"),
    path("papan-jawaban.json", board.board_json, name="board-json"),
    path("meja/penerusan/", desk.waiting, name="list"),
    path("meja/penerusan/diam/", desk.silent, name="silent"),
    path("meja/penerusan/aturan/", settings.policy, name="policy"),
    path("meja/penerusan/narahubung/", settings.contacts, name="contacts"),
    path("meja/penerusan/<slug:reference>/", desk.referral, name="referral"),
    path("meja/penerusan/<slug:reference>/terima/", desk.acknowledge, name="acknowledge"),
    path("meja/penerusan/<slug:reference>/jawab/", desk.answer, name="answer"),
    path("meja/penerusan/<slug:reference>/kembalikan/", desk.give_back, name="give-back"),
    path("meja/penerusan/<slug:reference>/tarik/", desk.recall, name="recall"),
    path("meja/penerusan/<slug:reference>/berkas/<str:sha256>/", desk.file, name="file"),
]
