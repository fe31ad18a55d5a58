"""The addresses of information requests: /ppid/ for everybody, /meja/ppid/ for officers."""

from django.urls import path

app_name = "ppid"
