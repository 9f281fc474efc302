"""Addresses of imports."""

from django.urls import path

from anju.exchange.pages import lists

app_name = "exchange"
urlpatterns = [
    path("import/", lists.imports, name="imports"),
]
