from django.urls import path

from hospital.notices import views

app_name = "notices"
urlpatterns = [
    path("notices/", views.notice_list, name="list"),
    path("notices/bell/", views.bell, name="bell"),
    path("notices/read/", views.reading_of_all, name="read_all"),
    path("notices/mail/", views.mail, name="mail"),
    path("notices/<uuid:notice_id>/read/", views.reading, name="read"),
]
