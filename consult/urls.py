from django.urls import path

from consult.views import app, chat, quality

app_name = "consult"
urlpatterns = [
    path("chat/", chat.chat, name="chat"),
    path("chat/talks/", chat.talks, name="talks"),
    path("chat/<uuid:conversation_id>/", chat.chat, name="talk"),
    path("chat/manifest.webmanifest", app.manifest, name="manifest"),
    path("chat/worker.js", app.worker, name="worker"),
    path("chat/offline/", app.offline, name="offline"),
    path("conversations/quality/", quality.quality_page, name="quality"),
]
