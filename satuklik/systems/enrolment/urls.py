"""The addresses of enrolment, all of them on the officials' desk (/meja/tte/)."""

from django.urls import path

from satuklik.systems.enrolment.views import board, importing, own, person, verifiers

app_name = "enrolment"
urlpatterns = [
    path("meja/tte/", board.board, name="board"),
    path("meja/tte/pejabat/<int:enrolment_id>/", person.person, name="person"),
    path("meja/tte/pejabat/<int:enrolment_id>/verifikasi/", person.verify, name="verify"),
    path("meja/tte/pejabat/<int:enrolment_id>/kembalikan/", person.give_back, name="give-back"),
    path("meja/tte/pejabat/<int:enrolment_id>/ingatkan/", person.remind, name="remind"),
    path("meja/tte/pejabat/<int:enrolment_id>/bekukan/", person.suspend, name="suspend"),
    path("meja/tte/pejabat/<int:enrolment_id>/aktifkan/", person.resume, name="resume"),
    path("meja/tte/pejabat/<int:enrolment_id>/cabut/", person.revoke, name="revoke"),
    path("meja/tte/pejabat/<int:enrolment_id>/akun/", person.open_login, name="open-login"),
    path("meja/tte/pejabat/<int:enrolment_id>/akhir-jabatan/", person.end_term, name="end-term"),
    path("meja/tte/berkas/<int:document_id>/", person.document, name="document"),
    path("meja/tte/saya/", own.own, name="own"),
    path("meja/tte/saya/kata-sandi/", own.passphrase, name="passphrase"),
    path("meja/tte/saya/bsre/", own.from_bsre, name="bsre"),
    path("meja/tte/saya/perbarui/", own.renew, name="renew"),
    path("meja/tte/saya/kunci-baru/", own.new_key, name="new-key"),
    path("meja/tte/saya/bekukan/", own.suspend, name="own-suspend"),
    path("meja/tte/saya/aktifkan/", own.resume, name="own-resume"),
    path("meja/tte/saya/cabut/", own.revoke, name="own-revoke"),
    path("meja/tte/impor/", importing.upload, name="import"),
    path("meja/tte/impor/templat.xlsx", importing.template, name="template"),
    path("meja/tte/impor/<uuid:draft_id>/", importing.run, name="import-run"),
    path("meja/tte/verifikator/", verifiers.verifiers, name="verifiers"),
    path("meja/tte/verifikator/<int:verifier_id>/akhiri/", verifiers.end, name="verifier-end"),
]
