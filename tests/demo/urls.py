"""The site as `ANJU_DEMO=1` starts it, with one more page that asks for a confirmation first."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from anju.config import urls
from anju.government.door import confirmed_again, for_everyone


@for_everyone
@confirmed_again
def in_full(request: HttpRequest) -> HttpResponse:
    """Shows something in full."""
    return HttpResponse("完整号码")


handler403, handler404 = urls.handler403, urls.handler404
urlpatterns = [*urls.urlpatterns, path("demo/", include("anju.demo.urls")), path("in-full/", in_full)]
