"""Addresses for machines."""

import os

from django.urls import path

from satuklik.run import views

urlpatterns = [path("sehat/", views.health, name="health")]
if os.environ.get("SATUKLIK_BENCH") == "1":
    urlpatterns.append(path("kosong/", views.empty, name="empty"))
