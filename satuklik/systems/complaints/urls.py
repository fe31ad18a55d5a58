"""The addresses of complaints: the portal (/pengaduan/), the desk (/meja/pengaduan/), Open311 (/open311/v2/)."""

from django.urls import path, re_path

from satuklik.systems.complaints.views import desk, desk_map, exchanging, open311, public, report, track

app_name = "complaints"
urlpatterns = [
    path("pengaduan/", report.report, name="report"),
    path("pengaduan/kirim/", report.send, name="send"),
    path("pengaduan/saya/<str:reference>/", track.mine, name="mine"),
    path("pengaduan/lacak/", track.find, name="find"),
    path("pengaduan/lacak/<str:key>/", track.track, name="track"),
    path("pengaduan/lacak/<str:key>/balas/", track.say, name="say"),
    path("pengaduan/lacak/<str:key>/nilai/", track.judge, name="judge"),
    path("pengaduan/lacak/<str:key>/buka-kembali/", track.reopen, name="reopen"),
    path("pengaduan/lacak/<str:key>/foto/<int:photo_id>/", track.photo, name="track-photo"),
    path("pengaduan/peta/", public.listed, name="map"),
    path("pengaduan/peta/titik.json", public.points, name="points"),
    path("pengaduan/peta/<str:reference>/", public.one, name="public"),
    path("pengaduan/peta/<str:reference>/dukung/", public.support, name="support"),
    path("pengaduan/dukungan/<str:token>/", public.prove_support, name="prove-support"),
    path("pengaduan/peta/<str:reference>/foto/<int:photo_id>/", public.photo, name="public-photo"),
    path("meja/pengaduan/", desk.listed, name="desk"),
    path("meja/pengaduan/peta/", desk_map.drawn, name="desk-map"),
    path("meja/pengaduan/peta/titik.json", desk_map.points, name="desk-points"),
    path("meja/pengaduan/sp4n/", exchanging.exchange, name="exchange"),
    path("meja/pengaduan/sp4n/<str:form>/", exchanging.export, name="export"),
    path("meja/pengaduan/<str:reference>/", desk.case, name="case"),
    path("meja/pengaduan/<str:reference>/foto/<int:photo_id>/", desk.photo, name="photo"),
    path("meja/pengaduan/<str:reference>/identitas/", desk.reveal, name="reveal"),
    path("meja/pengaduan/<str:reference>/<slug:act>/", desk.act, name="act"),
    # With .json or .xml as the standard writes them; without, the Accept header decides.
    re_path(r"^open311/v2/discovery(?:\.(?P<form>json|xml))?$", open311.discovery, name="o311-discovery"),
    re_path(r"^open311/v2/services(?:\.(?P<form>json|xml))?$", open311.services, name="o311-services"),
    re_path(
        r"^open311/v2/services/(?P<code>[\w-]+)(?:\.(?P<form>json|xml))?$",
        open311.definition,
        name="o311-definition",
    ),
    re_path(r"^open311/v2/requests(?:\.(?P<form>json|xml))?$", open311.requests, name="o311-requests"),
    re_path(
        r"^open311/v2/requests/(?P<reference>[\w-]+)(?:\.(?P<form>json|xml))?$",
        open311.request,
        name="o311-request",
    ),
    re_path(
        r"^open311/v2/tokens/(?P<token>[\w-]+)(?:\.(?P<form>json|xml))?$", open311.token, name="o311-token"
    ),
]
