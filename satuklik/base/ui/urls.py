"""The addresses of the interface's own switch."""

from django.urls import path

from satuklik.base.ui import views

app_name = "ui"
urlpatterns = [path("tampilan/tema/", views.theme, name="theme")]
