"""The addresses of the chat inbox (/meja/pesan/)."""

from django.urls import path

from satuklik.faces.inbox.views import acts, canned, conversation, joining, listing, making

app_name = "inbox"
urlpatterns = [
    path("meja/pesan/", listing.inbox, name="list"),
    path("meja/pesan/jawaban/", canned.answers, name="canned"),
    path("meja/pesan/jawaban/<slug:slug>/", canned.edit, name="canned-edit"),
    path("meja/pesan/triase/", listing.triage, name="triage"),
    path("meja/pesan/<int:conversation_id>/", conversation.conversation, name="conversation"),
    path("meja/pesan/<int:conversation_id>/langsung/", conversation.live, name="live"),
    path(
        "meja/pesan/<int:conversation_id>/berkas/<int:attachment_id>/", conversation.attachment, name="file"
    ),
    path("meja/pesan/<int:conversation_id>/balas/", acts.answer, name="answer"),
    path("meja/pesan/<int:conversation_id>/catat/", acts.note, name="note"),
    path("meja/pesan/<int:conversation_id>/bagi/", acts.assign, name="assign"),
    path("meja/pesan/<int:conversation_id>/selesai/", acts.set_aside, name="set-aside"),
    path("meja/pesan/<int:conversation_id>/tenang/", acts.calm, name="calm"),
    path("meja/pesan/<int:conversation_id>/buka/", acts.uncover, name="uncover"),
    path(
        "meja/pesan/<int:conversation_id>/pesan/<int:message_id>/kirim-lagi/",
        acts.send_again,
        name="send-again",
    ),
    path("meja/pesan/<int:conversation_id>/pesan/<int:message_id>/biarkan/", acts.leave, name="leave"),
    path("meja/pesan/<int:conversation_id>/jadikan/", making.make, name="make"),
    path("meja/pesan/<int:conversation_id>/catat-jawaban/", making.take_answer, name="take-answer"),
    path("meja/pesan/<int:conversation_id>/gabung/", joining.merge, name="merge"),
    path("meja/pesan/<int:conversation_id>/pisah/<int:identity_id>/", joining.split, name="split"),
]
