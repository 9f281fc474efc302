"""Addresses of imports and exports, and of the answers to other offices' systems."""

from django.urls import include, path

from anju.exchange.pages import api, batch, deeds, exports, handing_in, lists, taking, undoing

app_name = "exchange"
_batch = [
    path("", batch.one, name="batch"),
    path("progress/", batch.progress, name="progress"),
    path("decide/", deeds.decide, name="decide"),
    path("choose/", deeds.choose, name="choose"),
    path("accept/", deeds.accept, name="accept"),
    path("reject/", deeds.reject, name="reject"),
    path("undo/", undoing.ask, name="undo"),
    path("undo/approve/", undoing.approve, name="undo_approve"),
    path("undo/refuse/", undoing.refuse, name="undo_refuse"),
    path("again/", deeds.again, name="again"),
    path("problems.xlsx", deeds.problems, name="problems"),
]
_export = [
    path("", exports.one, name="export"),
    path("progress/", exports.progress, name="export_progress"),
    path("change/", taking.change, name="export_change"),
    path("ask/", taking.ask, name="export_ask"),
    path("approve/", taking.approve, name="export_approve"),
    path("refuse/", taking.refuse, name="export_refuse"),
    path("again/", taking.again, name="export_again"),
    path("download/", taking.download, name="export_download"),
]
_api = [
    path("v1/steps/", api.steps, name="api_steps"),
    path("v1/steps/<uuid:case>/", api.step, name="api_step"),
    path("v1/steps/<uuid:case>/answer/", api.take, name="api_answer"),
    path("v1/steps/<uuid:case>/identity/", api.identity, name="api_identity"),
    path("<path:rest>", api.nothing, name="api_nothing"),
]
urlpatterns = [
    path("api/", include(_api)),
    path("import/", lists.imports, name="imports"),
    path("import/new/", handing_in.new, name="new"),
    path("import/templates/<slug:kind>.xlsx", handing_in.blank, name="blank"),
    path("import/<uuid:batch>/", include(_batch)),
    path("export/", exports.exports, name="exports"),
    path("export/new/", taking.begin, name="export_new"),
    path("export/<uuid:export>/", include(_export)),
]
