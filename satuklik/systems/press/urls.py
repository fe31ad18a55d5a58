"""The addresses of the press: the portal for journalists, releases and their feeds, the desk."""

from django.urls import path

from satuklik.systems.press.views import after, desk, feeds, portal, releases, settings, statement

app_name = "press"
urlpatterns = [
    path("pers/", portal.portal, name="portal"),
    path("pers/tanya/", portal.ask, name="ask"),
    path("pers/lacak/<str:key>/", portal.tracking, name="tracking"),
    path("pers/lacak/<str:key>/terbit/", portal.published, name="tracking-published"),
    path("pers/lacak/<str:key>/cabut/", portal.withdraw, name="tracking-withdraw"),
    path("siaran-pers/", releases.public_list, name="releases"),
    path("siaran-pers/atom.xml", feeds.atom, name="atom"),
    path("siaran-pers/feed.json", feeds.json_feed, name="json-feed"),
    path("siaran-pers/<slug:slug>/", releases.public_release, name="release"),
    path("siaran-pers/<slug:slug>/foto.jpg", releases.photo, name="photo"),
    path("meja/pers/", desk.desk, name="desk"),
    path("meja/pers/catat/", desk.register, name="register"),
    path("meja/pers/persetujuan/", desk.approvals, name="approvals"),
    path("meja/pers/media/", settings.outlets, name="outlets"),
    path("meja/pers/aturan/", settings.policy, name="policy"),
    path("meja/pers/siaran/", releases.desk_list, name="releases-desk"),
    path("meja/pers/siaran/tulis/", releases.write, name="release-write"),
    path("meja/pers/siaran/<int:release_id>/", releases.desk_release, name="release-desk"),
    path("meja/pers/siaran/<int:release_id>/ubah/", releases.edit, name="release-edit"),
    path("meja/pers/siaran/<int:release_id>/foto.jpg", releases.desk_photo, name="release-photo"),
    path("meja/pers/siaran/<int:release_id>/<slug:act>/", releases.act, name="release-act"),
    path("meja/pers/<slug:reference>/", desk.enquiry, name="enquiry"),
    path("meja/pers/<slug:reference>/tugaskan/", desk.assign, name="assign"),
    path("meja/pers/<slug:reference>/mendesak/", desk.urgent, name="urgent"),
    path("meja/pers/<slug:reference>/upaya/", desk.attempt, name="attempt"),
    path("meja/pers/<slug:reference>/fakta/", desk.facts, name="facts"),
    path("meja/pers/<slug:reference>/serahkan/", desk.hand_over, name="hand-over"),
    path("meja/pers/<slug:reference>/cabut/", desk.withdraw, name="withdraw"),
    path("meja/pers/<slug:reference>/pernyataan/", statement.write, name="write"),
    path("meja/pers/<slug:reference>/setujui/", statement.approve, name="approve"),
    path("meja/pers/<slug:reference>/kembalikan/", statement.give_back, name="give-back"),
    path("meja/pers/<slug:reference>/kirim/", statement.send, name="send"),
    path("meja/pers/<slug:reference>/terbit/", after.published, name="published"),
    path("meja/pers/<slug:reference>/nilai/", after.judge, name="judge"),
    path("meja/pers/<slug:reference>/hak-jawab/", after.write_letter, name="letter"),
    path("meja/pers/<slug:reference>/hak-jawab/setujui/", after.approve_letter, name="letter-approve"),
    path("meja/pers/<slug:reference>/hak-jawab/kirim/", after.send_letter, name="letter-send"),
    path("meja/pers/<slug:reference>/hak-jawab/hasil/", after.outcome, name="letter-outcome"),
]
