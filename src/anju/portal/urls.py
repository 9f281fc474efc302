"""Addresses of the residents' pages, below ``my/``."""

from django.urls import path

from anju.portal.pages import applying, cases, mine, papers

app_name = "portal"
urlpatterns = [
    path("", mine.mine, name="mine"),
    path("sign-out/", mine.sign_out, name="sign_out"),
    path("apply/<slug:procedure>/", applying.apply, name="apply"),
    path("wishes/<slug:kind>/", applying.say, name="say"),
    path("cases/<uuid:case>/", cases.one, name="case"),
    path("cases/<uuid:case>/step/", cases.step, name="step"),
    path("cases/<uuid:case>/papers/", papers.keep, name="keep_paper"),
    path("cases/<uuid:case>/papers/<uuid:paper>/", papers.paper, name="paper"),
    path("cases/<uuid:case>/withdraw/", cases.leave, name="withdraw"),
    path("letters/<uuid:letter>/", mine.letter, name="letter"),
]
