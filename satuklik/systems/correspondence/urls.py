"""The addresses of correspondence (/naskah/)."""

from django.urls import path

from satuklik.systems.correspondence.views import agenda, boxes, chain, incoming, naskah, sheets, writing

app_name = "correspondence"
urlpatterns = [
    path("naskah/", boxes.start, name="start"),
    path("naskah/kotak/<slug:name>/", boxes.box, name="box"),
    path("naskah/tulis/", writing.choose, name="choose"),
    path("naskah/tulis/<slug:slug>/", writing.write, name="write"),
    path("naskah/contoh/<slug:slug>.png", sheets.sample, name="sample"),
    path("naskah/agenda/<slug:direction>/", agenda.agenda, name="agenda"),
    path("naskah/agenda/<slug:direction>.csv", agenda.csv, name="agenda-csv"),
    path("naskah/agenda/<slug:direction>.xlsx", agenda.xlsx, name="agenda-xlsx"),
    path("naskah/masuk/catat/", incoming.register, name="register"),
    path("naskah/masuk/<int:incoming_id>/", incoming.incoming, name="incoming"),
    path("naskah/masuk/<int:incoming_id>/disposisi/", incoming.dispose, name="dispose"),
    path("naskah/masuk/<int:incoming_id>/disposisi/<int:disposition_id>/lapor/", incoming.report, name="report"),
    path("naskah/masuk/<int:incoming_id>/selesai/", incoming.close, name="close"),
    path("naskah/masuk/<int:incoming_id>/berkas/", sheets.incoming_file, name="incoming-file"),
    path("naskah/masuk/<int:incoming_id>/halaman.png", sheets.incoming_picture, name="incoming-picture"),
    path("naskah/masuk/<int:incoming_id>/lembar-disposisi.pdf", sheets.disposition_sheet, name="disposition-sheet"),
    path("naskah/surat/<slug:reference>/", naskah.naskah, name="naskah"),
    path("naskah/surat/<slug:reference>/ubah/", writing.edit, name="edit"),
    path("naskah/surat/<slug:reference>/naik/", chain.send_up, name="send-up"),
    path("naskah/surat/<slug:reference>/paraf/", naskah.paraf, name="paraf"),
    path("naskah/surat/<slug:reference>/kembalikan/", naskah.give_back, name="give-back"),
    path("naskah/surat/<slug:reference>/teruskan/", naskah.forward, name="forward"),
    path("naskah/surat/<slug:reference>/tandatangani/", naskah.sign, name="sign"),
    path("naskah/surat/<slug:reference>/tarik/", naskah.withdraw, name="withdraw"),
    path("naskah/surat/<slug:reference>/batalkan/", naskah.cancel, name="cancel"),
    path("naskah/surat/<slug:reference>/kirim/", naskah.dispatch, name="dispatch"),
    path("naskah/surat/<slug:reference>/penerima/<int:recipient_id>/", naskah.confirm_sent, name="confirm-sent"),
    path("naskah/surat/<slug:reference>/halaman.png", sheets.picture, name="picture"),
    path("naskah/surat/<slug:reference>/naskah.pdf", sheets.pdf, name="pdf"),
    path("naskah/surat/<slug:reference>/lembar-kendali.pdf", sheets.control_sheet, name="control-sheet"),
]  # fmt: skip
