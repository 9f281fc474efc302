"""Addresses of assistance months, of settled bills and of premiums."""

from django.urls import include, path

from anju.payments.pages import month, one, premiums, settlements

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
_settlements = [
    path("", settlements.settlements, name="settlements"),
    path("new/<uuid:person>/", settlements.new, name="new"),
    path("<uuid:settlement>/", settlements.settlement, name="one"),
    path("<uuid:settlement>/reverse/", settlements.reversal, name="reverse"),
    path("<uuid:settlement>/slip/", settlements.slip, name="slip"),
]
_premiums = [
    path("", premiums.premiums, name="premiums"),
    path("draw-up/", premiums.draw_up, name="draw_up"),
    path("<uuid:batch>/", premiums.one, name="batch"),
    path("<uuid:batch>/approve/", premiums.approve, name="approve"),
    path("<uuid:batch>/withdraw/", premiums.withdraw, name="withdraw"),
    path("<uuid:batch>/list.xlsx", premiums.take, name="list"),
]
urlpatterns = [
    path("payments/", include((_pages, "payments"))),
    path("settlements/", include((_settlements, "settlements"))),
    path("premiums/", include((_premiums, "premiums"))),
]
