"""Addresses of a county's own figures."""

from django.urls import path

from anju.duties import pages

app_name = "duties"
urlpatterns = [
    path("parameters/", pages.parameters, name="parameters"),
    path("parameters/set/", pages.set_value, name="set_value"),
    path("parameters/<int:value>/end/", pages.end_value, name="end_value"),
]
