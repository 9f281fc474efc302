"""The security administrator's page about posts: which there are, who holds them, and a post opened or closed."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anju.government import actions
from anju.government.actions.posts import level_of
from anju.government.door import confirmed_again, officer_of
from anju.government.models import Post, never
from anju.government.office_forms import LastDay, NewPost, PostFilter, carried_out
from anju.government.pages.accounts import security
from anju.government.queries.lists import Listed, posts
from anju.government.queries.places import place_names


@security
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """The posts of a region and a line, with those who hold them today."""
    return _listed(request)


@security
@require_POST
@confirmed_again
def opened(request: HttpRequest) -> HttpResponse:
    """Have a post in a region, before somebody is given it."""
    form, by = NewPost(request.POST, auto_id="new-%s"), officer_of(request)

    def open_post(given: dict[str, Any]) -> None:
        region = given.pop("region")
        actions.open_post(by=by, level=level_of(region), region=region.code, **given)

    return _back("open") if carried_out(form, open_post) else _listed(request, new=form)


@security
@require_POST
@confirmed_again
def closed(request: HttpRequest, post: int) -> HttpResponse:
    """Let a post be no more from a day on."""
    found, form = get_object_or_404(Post, pk=post), LastDay(request.POST, auto_id=f"close-{post}-%s")
    by = officer_of(request)
    if carried_out(form, lambda given: actions.close_post(by=by, post=found, until=given["until"])):
        return _back("close")
    return _listed(request, closing=(found.pk, form))


def _listed(
    request: HttpRequest, *, new: forms.Form | None = None, closing: tuple[int, forms.Form] | None = None
) -> HttpResponse:
    today = timezone.localdate()
    wanted = PostFilter(request.GET if request.method == "GET" else {}, auto_id="of-%s")
    found = _found(wanted, today)
    names = place_names((post.region for post in found.rows), today)
    forms_of = dict([closing] if closing else [])
    rows = [(post, names[post.region], forms_of.get(post.pk) or _last_day(post)) for post in found.rows]
    if closing and closing[0] not in {post.pk for post in found.rows}:
        post = Post.objects.get(pk=closing[0])
        rows.insert(0, (post, place_names([post.region], today)[post.region], closing[1]))
    context = {
        "rows": rows,
        "more": found.more,
        "wanted": wanted,
        "never": never,
        "today": today,
        "new": new or NewPost(auto_id="new-%s", initial={"since": today}),
        "done": {"open": _("岗位开好了。"), "close": _("岗位撤销的日子记下了。")}.get(request.GET.get("done", "")),
        "open": "new" if new else f"close-{closing[0]}" if closing else "",
    }
    return render(request, "government/office/posts.html", context, status=422 if new or closing else 200)


def _found(wanted: PostFilter, today: date) -> Listed[Post]:
    if not wanted.is_valid():
        return Listed(())
    asked = wanted.cleaned_data
    return posts(
        region=asked["region"], line=asked["line"], on=today, closed=asked["closed"], after=asked["after"] or 0
    )


def _last_day(post: Post) -> LastDay:
    return LastDay(auto_id=f"close-{post.pk}-%s", initial={"until": timezone.localdate()})


def _back(done: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('government:posts')}?done={done}")
