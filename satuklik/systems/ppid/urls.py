"""The addresses of information requests: /ppid/ for everybody, /meja/ppid/ for officers."""

from django.urls import path

from satuklik.systems.ppid.views import asking, desk, letters, objections

app_name = "ppid"
urlpatterns = [
    path("ppid/minta/", asking.ask, name="ask"),
    path("ppid/permohonan/<slug:reference>/<slug:key>/", asking.track, name="track"),
    path("ppid/permohonan/<slug:reference>/<slug:key>/surat.pdf", asking.letter, name="track-letter"),
    path("ppid/permohonan/<slug:reference>/<slug:key>/berkas/<int:file_id>/", asking.file, name="track-file"),
    path("ppid/permohonan/<slug:reference>/<slug:key>/keberatan/", asking.objection, name="object"),
    path("ppid/permohonan/<slug:reference>/<slug:key>/<slug:name>/", asking.tell, name="tell"),
    path("ppid/keberatan/<slug:reference>/<slug:key>/", asking.track_objection, name="objection-track"),
    path(
        "ppid/keberatan/<slug:reference>/<slug:key>/tanggapan/", asking.tell_objection, name="objection-tell"
    ),
    path(
        "ppid/keberatan/<slug:reference>/<slug:key>/surat.pdf",
        asking.objection_letter,
        name="objection-letter",
    ),
    path("meja/ppid/", desk.start, name="start"),
    path("meja/ppid/catat/", desk.new, name="new"),
    path("meja/ppid/keberatan/", objections.start, name="objections"),
    path("meja/ppid/keberatan/<slug:reference>/", objections.show, name="objection"),
    path("meja/ppid/keberatan/<slug:reference>/sengketa.zip", objections.dispute_file, name="dispute-file"),
    path(
        "meja/ppid/keberatan/<slug:reference>/berkas/<int:file_id>/", objections.file, name="objection-file"
    ),
    path("meja/ppid/keberatan/<slug:reference>/<slug:name>/", objections.act, name="objection-act"),
    path("meja/ppid/surat/<slug:reference>/", letters.show, name="letter"),
    path("meja/ppid/surat/<slug:reference>/tandatangani/", letters.sign, name="letter-sign"),
    path("meja/ppid/surat/<slug:reference>/kembalikan/", letters.give_back, name="letter-back"),
    path("meja/ppid/surat/<slug:reference>/halaman.png", letters.picture, name="letter-picture"),
    path("meja/ppid/surat/<slug:reference>/surat.pdf", letters.pdf, name="letter-pdf"),
    path("meja/ppid/permohonan/<slug:reference>/", desk.show, name="request"),
    path("meja/ppid/permohonan/<slug:reference>/berkas/<int:file_id>/", desk.file, name="file"),
    path("meja/ppid/permohonan/<slug:reference>/<slug:name>/", desk.act, name="act"),
]
