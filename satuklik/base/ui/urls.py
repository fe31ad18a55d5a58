"""The addresses of the interface's own switches."""

from django.urls import path

from satuklik.base.ui import views

app_name = "ui"
urlpatterns = [
    path("tampilan/bahasa/", views.language, name="language"),
    path("tampilan/tema/", views.theme, name="theme"),
]
