"""The addresses of messages: Meta's way in, the chat, answers by link, the officers' quarantine."""

from django.urls import path

from satuklik.spine.messaging.views import chat, desk, hooks, twins

app_name = "messaging"
urlpatterns = [
    path("hooks/whatsapp", hooks.hook, name="whatsapp"),
    path("obrolan/", chat.chat, name="chat"),
    path("obrolan/pesan/", chat.lines, name="lines"),
    path("obrolan/lampiran/<int:attachment_id>/", chat.file, name="chat-file"),
    path("balasan/<str:token>/", chat.answer, name="answer"),
    path("balasan/<str:token>/lampiran/<int:attachment_id>/", chat.answer_file, name="answer-file"),
    path("meja/karantina/", desk.quarantine, name="quarantine"),
    path("meja/karantina/<int:event_id>/", desk.event, name="event"),
    path("meja/karantina/<int:event_id>/coba-lagi/", desk.retry, name="retry"),
    path("meja/karantina/<int:event_id>/selesai/", desk.settle, name="settle"),
    path("meja/karantina/pesan/<int:message_id>/kirim-lagi/", desk.send_again, name="send-again"),
    path("meja/karantina/pesan/<int:message_id>/biarkan/", desk.leave, name="leave"),
    path("peraga/kanal/", twins.kanal, name="kanal"),
    path("peraga/kanal/baru/", twins.new, name="kanal-new"),
    path("peraga/kanal/<int:person_id>/", twins.act, name="kanal-act"),
    path("peraga/graph/<path:path>", twins.graph, name="twin-graph"),
    path("peraga/telegram/<path:path>", twins.telegram, name="twin-telegram"),
]
