from django.urls import path

from hospital.core import health, views

app_name = "core"
urlpatterns = [
    path("", views.home, name="home"),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("help/", views.help_page, name="help_index"),
    path("help/<slug:page>/", views.help_page, name="help"),
]
