"""The addresses of the desk (/meja/) and the counter (/loket/)."""

from django.urls import path

from satuklik.faces.desk.views import assisted, batches, case, counter, inbox, life, pdf, signing

app_name = "desk"
urlpatterns = [
    path("meja/", inbox.inbox, name="inbox"),
    path("meja/kotak/<slug:slug>/", inbox.box, name="box"),
    path("meja/perkara/<str:reference>/", case.case, name="case"),
    path("meja/perkara/<str:reference>/putuskan/", case.decide, name="decide"),
    path("meja/perkara/<str:reference>/serahkan/", case.hand_over, name="hand-over"),
    path("meja/perkara/<str:reference>/tuntaskan/", case.finish, name="finish"),
    path("meja/perkara/<str:reference>/pratinjau.png", case.preview_picture, name="preview"),
    path("meja/perkara/<str:reference>/pratinjau.pdf", case.preview_pdf, name="preview-pdf"),
    path("meja/perkara/<str:reference>/surat.pdf", case.letter, name="letter"),
    path("meja/perkara/<str:reference>/cabut/", life.annul, name="annul"),
    path("meja/perkara/<str:reference>/cabut/keputusan/", life.sign_annulment, name="annul-sign"),
    path("meja/perkara/<str:reference>/cabut/keputusan.png", life.preview_picture, name="annul-preview"),
    path("meja/perkara/<str:reference>/cabut/keputusan.pdf", life.preview_pdf, name="annul-preview-pdf"),
    path("meja/perkara/<str:reference>/keputusan.pdf", life.annulment, name="annulment"),
    path("meja/lampiran/<int:attachment_id>/", case.attachment, name="attachment"),
    path("meja/tandatangan/", signing.sign, name="sign"),
    path("meja/tandatangan/pdf/", pdf.upload, name="pdf"),
    path("meja/tandatangan/pdf/<str:reference>/", pdf.one, name="pdf-one"),
    path("meja/tandatangan/pdf/<str:reference>/halaman.png", pdf.picture, name="pdf-picture"),
    path("meja/tandatangan/pdf/<str:reference>/dokumen.pdf", pdf.download, name="pdf-file"),
    path("meja/tandatangan/<uuid:batch_id>/", batches.batch, name="batch"),
    path("meja/tandatangan/<uuid:batch_id>/lanjutkan/", batches.resume, name="batch-resume"),
    path("loket/", counter.find, name="counter"),
    path("loket/buka/", counter.open_visit, name="counter-open"),
    path("loket/<uuid:visit_id>/", assisted.visit, name="counter-visit"),
    path("loket/<uuid:visit_id>/identitas/", counter.identity, name="counter-identity"),
    path("loket/<uuid:visit_id>/buktikan/", counter.prove, name="counter-prove"),
    path("loket/<uuid:visit_id>/akhiri/", counter.end, name="counter-end"),
    path("loket/<uuid:visit_id>/layanan/<slug:slug>/", assisted.service, name="counter-service"),
    path("loket/<uuid:visit_id>/permohonan/<str:reference>/", assisted.done, name="counter-done"),
    path(
        "loket/<uuid:visit_id>/permohonan/<str:reference>/surat.pdf", assisted.letter, name="counter-letter"
    ),
]
