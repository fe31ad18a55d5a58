"""The addresses of the survey and its figures."""

from django.urls import path

from satuklik.systems.services import views

app_name = "services"
urlpatterns = [
    path("survei/<str:reference>/", views.survey, name="survey"),
    path("kepuasan/", views.satisfaction, name="satisfaction"),
]
