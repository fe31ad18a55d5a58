"""The addresses of messages."""

from django.urls import path

from satuklik.spine.messaging.views import hooks

app_name = "messaging"
urlpatterns = [
    path("hooks/whatsapp", hooks.hook, name="whatsapp"),
]
