"""Addresses of imports."""

from django.urls import include, path

from anju.exchange.pages import batch, deeds, handing_in, lists

app_name = "exchange"
_batch = [
    path("", batch.one, name="batch"),
    path("progress/", batch.progress, name="progress"),
    path("decide/", deeds.decide, name="decide"),
    path("choose/", deeds.choose, name="choose"),
    path("accept/", deeds.accept, name="accept"),
    path("reject/", deeds.reject, name="reject"),
    path("undo/", deeds.undo, name="undo"),
    path("again/", deeds.again, name="again"),
    path("problems.xlsx", deeds.problems, name="problems"),
]
urlpatterns = [
    path("import/", lists.imports, name="imports"),
    path("import/new/", handing_in.new, name="new"),
    path("import/templates/<slug:kind>.xlsx", handing_in.blank, name="blank"),
    path("import/<uuid:batch>/", include(_batch)),
]
