"""Addresses of the demo; the site has them only where it was started as one (`anju.config.urls`)."""

from django.urls import path

from anju.demo import pages

urlpatterns = [
    path("sign-in/", pages.sign_in, name="demo_sign_in"),
    path("resident/", pages.sign_in_resident, name="demo_sign_in_resident"),
    path("confirm/", pages.confirm, name="demo_confirm"),
]
