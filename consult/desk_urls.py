"""The staff's desk."""

from django.urls import path

from consult.views import desk

app_name = "desk"
ONE = "conversations/<uuid:talk_id>/"

urlpatterns = [
    path("conversations/", desk.desk, name="queue"),
    path(ONE, desk.talk, name="talk"),
    path(f"{ONE}taking/", desk.taking, name="taking"),
    path(f"{ONE}messages/", desk.message, name="message"),
    path(f"{ONE}corrections/<uuid:turn_id>/", desk.correction, name="correction"),
    path(f"{ONE}return/", desk.move, {"noun": "return"}, name="return"),
    path(f"{ONE}queue/", desk.move, {"noun": "queue"}, name="waiting"),
    path(f"{ONE}closing/", desk.move, {"noun": "closing"}, name="closing"),
]
