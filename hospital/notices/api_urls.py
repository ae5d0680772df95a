from rest_framework.routers import SimpleRouter

from hospital.notices.api import NoticeViewSet

router = SimpleRouter()
router.register("notices", NoticeViewSet, basename="notice")
urlpatterns = router.urls
