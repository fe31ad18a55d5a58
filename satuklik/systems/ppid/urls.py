"""The addresses of information requests: /ppid/ for everybody, /meja/ppid/ for officers."""

from django.urls import path

from satuklik.systems.ppid.views import asking, desk, finding, keeping, letters, objections, public, settings

app_name = "ppid"
urlpatterns = [
    path("ppid/", public.home, name="home"),
    path("ppid/daftar/<slug:kind>/", public.section, name="section"),
    path("ppid/informasi/<slug:slug>/", public.item, name="item"),
    path("ppid/informasi/<slug:slug>/berkas/<int:number>/", public.item_file, name="item-file"),
    path("ppid/dip.csv", public.export_csv, name="dip-csv"),
    path("ppid/dip.json", public.export_json, name="dip-json"),
    path("ppid/jawaban/", public.answers, name="answers"),
    path("ppid/jawaban/<slug:slug>/", public.answer, name="answer"),
    path("ppid/jawaban/<slug:slug>/berkas/<int:number>/", public.answer_file, name="answer-file"),
    path("ppid/minta/", asking.ask, name="ask"),
    path("ppid/lacak/", finding.find, name="find"),
    path("ppid/permohonan/<slug:reference>/<slug:key>/", asking.track, name="track"),
    path("ppid/permohonan/<slug:reference>/<slug:key>/surat.pdf", asking.letter, name="track-letter"),
    path(
        "ppid/permohonan/<slug:reference>/<slug:key>/perpanjangan.pdf",
        asking.extension_letter,
        name="track-extension",
    ),
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
    path("meja/ppid/register/<slug:name>/", keeping.register, name="register"),
    path("meja/ppid/register/<slug:name>.xlsx", keeping.register_xlsx, name="register-xlsx"),
    path("meja/ppid/register/<slug:name>.pdf", keeping.register_pdf, name="register-pdf"),
    path("meja/ppid/laporan/", keeping.report, name="report"),
    path("meja/ppid/laporan.xlsx", keeping.report_xlsx, name="report-xlsx"),
    path("meja/ppid/laporan.pdf", keeping.report_pdf, name="report-pdf"),
    path("meja/ppid/aturan/", settings.settings, name="settings"),
    path("meja/ppid/aturan/<int:row_id>/<slug:name>/", settings.act, name="settings-act"),
    path("meja/ppid/monev/", keeping.monitoring, name="monitoring"),
    path("meja/ppid/monev/<int:evidence_id>/hapus/", keeping.remove_evidence, name="evidence-remove"),
    path("meja/ppid/monev.zip", keeping.monitoring_zip, name="monitoring-zip"),
    path("meja/ppid/daftar/", keeping.items, name="items"),
    path("meja/ppid/daftar/baru/", keeping.item, name="item-new"),
    path("meja/ppid/daftar/<slug:slug>/", keeping.item, name="item-edit"),
    path("meja/ppid/daftar/<slug:slug>/berkas/", keeping.item_file, name="item-file-drop"),
    path("meja/ppid/terbitkan/<slug:reference>/", keeping.publish, name="publish"),
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
