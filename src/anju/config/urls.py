"""Every address of the site."""

from django.conf import settings
from django.urls import include, path

from anju.config import pages

urlpatterns = [
    path("", include("anju.check.urls")),
    path("", include("anju.government.urls")),
    path("", include("anju.documents.urls")),
    path("", include("anju.duties.urls")),
    path("", include("anju.cases.urls")),
    path("", include("anju.payments.urls")),
    path("", include("anju.exchange.urls")),
    path("", include("anju.desk.urls")),
    path("my/", include("anju.portal.urls")),
    path("system/", pages.system, name="system"),
]
if settings.ANJU_DEMO:
    urlpatterns.append(path("demo/", include("anju.demo.urls")))

handler400 = "anju.check.pages.bad_request"
handler403 = "anju.check.pages.forbidden"
handler404 = "anju.check.pages.not_found"
handler500 = "anju.check.pages.server_error"
