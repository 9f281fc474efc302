"""Addresses of assistance months."""

from django.urls import include, path

from anju.payments.pages import month, one

_pages = [
    path("", month.months, name="months"),
    path("begin/", month.begin, name="begin"),
    path("ask/", month.ask, name="ask"),
    path("close/", month.close, name="close"),
    path("withdraw/", month.withdraw, name="withdraw"),
    path("<uuid:key>/", one.file, name="person"),
    path("<uuid:key>/amount/", one.amount, name="amount"),
    path("<uuid:key>/hold/", one.hold, name="hold"),
    path("<uuid:key>/postpone/", one.postpone, name="postpone"),
]
urlpatterns = [path("payments/", include((_pages, "payments")))]
