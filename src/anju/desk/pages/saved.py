"""After something was done: back to where it is seen, with a sentence that says so."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anju.register.guideline import guideline

_sentences = {
    "new": _("已经登记。"),
    "facts": _("事实已经记下，应办重新算过了。"),
    "relation": _("关系已经登记。"),
    "withdrawn": _("最后一条已经撤回；写过什么，日志里还有。"),
    "party": _("参加组织生活已经登记；组织关系没有动。"),
    "party_left": _("已经登记不再参加。"),
    "wish": _("意愿已经登记；以前的都还在。"),
    "changed": _("已经更正；改了什么，日志里有。"),
    "ended": _("已经注销，各种关系在那一天终止。"),
    "restored": _("注销已经撤销，各种关系从原来的地方接着。"),
    "placed": _("地点已经更正。"),
    "joined": _("已经入户。"),
    "one_record": _("已经并成一档；并掉的那一条写过什么，在“并档前的记录”里。"),
    "left": _("已经离户。"),
}


def title_of(clause: str) -> str:
    """A clause's title, as it stands over its form."""
    known = guideline().clauses
    return known[clause].title if clause in known else gettext("基本情况")


def saved(what: str, name: str, *arguments: Any, anchor: str = "") -> HttpResponseRedirect:
    """Lead to a page that says what was done."""
    return HttpResponseRedirect(f"{reverse(name, args=arguments)}?saved={what}{anchor and f'#{anchor}'}")


def saved_sentence(request: HttpRequest) -> Any:
    """What was just done, if the address says so."""
    return _sentences.get(request.GET.get("saved", ""), "")
