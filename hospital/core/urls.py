from django.urls import path

from hospital.core import views

app_name = "core"
urlpatterns = [
    path("", views.home, name="home"),
    path("help/", views.help_page, name="help_index"),
    path("help/<slug:page>/", views.help_page, name="help"),
]
