"""Addresses of the front page, of visits, samples and templates, and of the guideline."""

from django.urls import path

from anju.check import guideline_pages, pages, visit_pages

app_name = "check"
urlpatterns = [
    path("", pages.front, name="front"),
    path("check/", pages.start, name="start"),
    path("samples/<slug:name>/", pages.start_sample, name="sample"),
    path("samples/<slug:name>.xlsx", pages.sample_file, name="sample_file"),
    path("templates/<slug:subject>.xlsx", pages.blank_template, name="template"),
    path("language/<slug:code>/", pages.choose_language, name="language"),
    path("check/<slug:token>/", visit_pages.overview, name="visit"),
    path("check/<slug:token>/progress/", visit_pages.progress, name="progress"),
    path("check/<slug:token>/rows/<int:part>/<slug:decision>/", visit_pages.rows, name="rows"),
    path("check/<slug:token>/row/<int:part>/<int:at>/", visit_pages.row, name="row"),
    path("check/<slug:token>/missing/", visit_pages.missing, name="missing"),
    path("check/<slug:token>/problems/", visit_pages.problems, name="problems"),
    path("check/<slug:token>/files/<slug:kind>/", visit_pages.download, name="download"),
    path("check/<slug:token>/clear/", visit_pages.clear, name="clear"),
    path("guideline/", guideline_pages.contents, name="guideline"),
    path("guideline/<str:clause>/", guideline_pages.page, name="clause"),
    path("guideline/<str:clause>/try/", guideline_pages.attempt, name="try"),
]
