"""Addresses of cases."""

from django.urls import include, path

from anju.cases.pages import answers, bulk, leaving, letters, lists, notices, one, opening, overdue, papers, votes

_pages = [
    path("", lists.cases, name="cases"),
    path("answers/list/", answers.download, name="list_elsewhere"),
    path("answers/", answers.returned, name="returned"),
    path("bulk/", bulk.bulk, name="bulk"),
    path("letters/<slug:kind>/", letters.together, name="letters"),
    path("notices/", notices.notices, name="notices"),
    path("overdue/", overdue.overdue, name="overdue"),
    path("overdue/<slug:rung>/", overdue.press, name="press"),
    path("new/<slug:procedure>/<str:subject>/", opening.new, name="new"),
    path("<uuid:case>/", one.one, name="case"),
    path("<uuid:case>/step/", one.step, name="step"),
    path("<uuid:case>/letters/<slug:kind>/", letters.letter, name="letter"),
    path("<uuid:case>/notice/", notices.post, name="post_notice"),
    path("<uuid:case>/objections/", notices.record, name="record_objection"),
    path("<uuid:case>/objections/<uuid:objection>/", notices.decide, name="decide_objection"),
    path("<uuid:case>/papers/", papers.keep, name="keep_paper"),
    path("<uuid:case>/papers/<uuid:paper>/", papers.paper, name="paper"),
    path("<uuid:case>/vote/", votes.call, name="call_vote"),
    path("<uuid:case>/vote/count/", votes.count, name="count_vote"),
    path("<uuid:case>/vote/names/", votes.names, name="roster"),
    path("<uuid:case>/withdraw/", leaving.withdraw, name="withdraw"),
    path("<uuid:case>/suspend/", leaving.suspend, name="suspend"),
    path("<uuid:case>/resume/", leaving.resume, name="resume"),
    path("<uuid:case>/terminate/", leaving.terminate, name="terminate"),
]
urlpatterns = [path("cases/", include((_pages, "cases")))]
