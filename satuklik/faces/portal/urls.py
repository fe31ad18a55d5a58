"""The addresses of the portal."""

from django.urls import path

from satuklik.faces.portal.views import about, apply, home, letters, matters, me, services, statistics

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("cari/", home.search, name="search"),
    path("layanan/", services.catalogue, name="services"),
    path("layanan/<slug:slug>/", services.service, name="service"),
    path("layanan/<slug:slug>/contoh-<int:version>.webp", services.picture, name="service-picture"),
    path("layanan/<slug:slug>/ajukan/", apply.check, name="check"),
    path("surat/", letters.letters, name="letters"),
    path("urusan/", matters.matters, name="matters"),
    path("urusan/<str:reference>/", matters.case, name="case"),
    path("urusan/<str:reference>/selesai/", matters.done, name="done"),
    path("urusan/<str:reference>/surat.pdf", letters.pdf, name="letter"),
    path("urusan/<str:reference>/surat.png", letters.picture, name="letter-picture"),
    path("urusan/<str:reference>/lengkapi/", matters.mend, name="mend"),
    path("urusan/<str:reference>/batalkan/", matters.withdraw, name="withdraw"),
    path("lampiran/<int:attachment_id>/", matters.attachment, name="attachment"),
    path("saya/", me.me, name="me"),
    path("saya/data/", me.data, name="data"),
    path("saya/akses/", me.accesses, name="accesses"),
    path("pesan/", me.inbox, name="inbox"),
    path("data-pribadi/", about.privacy, name="privacy"),
    path("aksesibilitas/", about.accessibility, name="accessibility"),
    path("statistik/", statistics.statistics, name="statistics"),
    path("bantuan/", about.contact, name="contact"),
]
