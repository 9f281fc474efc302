"""Addresses of letters."""

from django.urls import include, path

from anju.documents.pages import lists, offices, one

app_name = "documents"
_letter = [
    path("", one.one, name="letter"),
    path("revise/", one.revise, name="revise"),
    path("hand-over/", one.hand_over, name="hand_over"),
    path("countersign/", one.countersign, name="countersign"),
    path("send-back/", one.send_back, name="send_back"),
    path("issue/", one.issue, name="issue"),
    path("void/", one.void, name="void"),
    path("receive/", one.receive, name="receive"),
    path("file/", one.take, name="take"),
]
urlpatterns = [
    path("letters/", lists.letters, name="letters"),
    path("letters/offices/", offices.offices, name="offices"),
    path("letters/<uuid:letter>/", include(_letter)),
]
