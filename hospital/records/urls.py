from django.urls import path

from hospital.records import views

app_name = "records"
urlpatterns = [
    path("patients/", views.patient_list, name="patients"),
    path("patients/<uuid:patient_id>/", views.patient_detail, name="patient"),
    path("my/", views.my_record, name="my"),
    path("my/reports/<uuid:report_id>/", views.my_report, name="my_report"),
]
