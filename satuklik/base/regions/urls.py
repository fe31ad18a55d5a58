"""The addresses of the regions: their outlines, for maps that move."""

from django.urls import path

from satuklik.base.regions import views

app_name = "regions"
urlpatterns = [path("peta/batas/<str:code>.json", views.boundaries, name="boundaries")]
