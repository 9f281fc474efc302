"""Addresses of assistance months, of settled bills, of premiums, of comparisons and of land rents."""

from django.urls import include, path

from anju.payments.pages import comparisons, held, households, month, one, premiums, reassessments, rents, settlements

_pages = [
    path("", month.months, name="months"),
    path("begin/", month.begin, name="begin"),
    path("ask/", month.ask, name="ask"),
    path("close/", month.close, name="close"),
    path("withdraw/", month.withdraw, name="withdraw"),
    path("held/", held.held, name="held"),
    path("households/", households.households, name="households"),
    path("households/list.xlsx", households.take, name="households_list"),
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
    path("<uuid:batch>/return/", premiums.ask_return, name="ask_return"),
    path("<uuid:batch>/return/confirm/", premiums.confirm_return, name="confirm_return"),
    path("<uuid:batch>/return/withdraw/", premiums.withdraw_return, name="withdraw_return"),
    path("<uuid:batch>/list.xlsx", premiums.take, name="list"),
]
_comparisons = [
    path("", comparisons.comparisons, name="comparisons"),
    path("follow/", comparisons.follow, name="follow"),
    path("open/", comparisons.open_together, name="open"),
    path("<uuid:comparison>/again/", comparisons.again, name="again"),
    path("<uuid:comparison>/list.xlsx", comparisons.take, name="list"),
]
_reassessments = [
    path("of/<uuid:person>/", reassessments.of_person, name="of"),
    path("<uuid:key>/", reassessments.file, name="household"),
    path("<uuid:key>/draw-up/", reassessments.draw_up, name="draw_up"),
    path("<uuid:key>/agree/", reassessments.agree, name="agree"),
    path("<uuid:key>/withdraw/", reassessments.withdraw, name="withdraw"),
    path("<uuid:key>/paper/", reassessments.paper, name="paper"),
]
_rents = [
    path("", rents.rents, name="rents"),
    path("budget/", rents.budget, name="budget"),
    path("list.xlsx", rents.take, name="list"),
    path("new/<uuid:person>/", rents.new, name="new"),
    path("<uuid:grant>/", rents.one, name="one"),
    path("<uuid:grant>/approve/", rents.approve, name="approve"),
    path("<uuid:grant>/withdraw/", rents.withdraw, name="withdraw"),
    path("<uuid:grant>/reverse/", rents.reverse, name="reverse"),
]
urlpatterns = [
    path("payments/", include((_pages, "payments"))),
    path("settlements/", include((_settlements, "settlements"))),
    path("premiums/", include((_premiums, "premiums"))),
    path("reassessments/", include((_reassessments, "reassessments"))),
    path("rents/", include((_rents, "rents"))),
    path("comparisons/", include((_comparisons, "comparisons"))),
]
