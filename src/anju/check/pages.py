"""The front page: a ledger comes in. Samples and empty templates to try it with, the language switch, and error pages."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import date
from pathlib import Path, PurePath
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from anju.check import blank, samples, visits, work
from anju.check.forms import CheckForm
from anju.check.queries import guideline
from anju.tables.uploads import largest, too_large
from anju.tables.workbooks import xlsx


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """What this is for, and the place to drop a ledger."""
    return _front(request, CheckForm())


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Take a ledger and begin to check it."""
    form = CheckForm(request.POST, request.FILES)
    if request.META.get("anju.too_large"):
        form.errors["ledger"] = form.error_class([too_large()])
        return _front(request, form, status=413)
    if not form.is_valid():
        return _front(request, form, status=422)
    ledger = form.cleaned_data["ledger"]
    asked = {
        "name": PurePath(ledger.name).name[:120],
        "suffix": PurePath(ledger.name).suffix.lower(),
        "on": form.cleaned_data["on"].isoformat(),
        "settings": form.cleaned_data["settings"],
        "subject": form.cleaned_data["subject"],
    }
    return _begin(request, form, Path(ledger.temporary_file_path()), asked)


@require_POST
def start_sample(request: HttpRequest, name: str) -> HttpResponse:
    """Begin to check a sample, as if it had been dropped here."""
    sample = _sample(name)
    path = visits.prepare() / f"sample-{secrets.token_hex(8)}.xlsx"
    samples.write(sample, path)
    asked = {
        "name": sample.file,
        "suffix": ".xlsx",
        "on": date.today().isoformat(),
        "settings": list(sample.settings),
        "subject": "",
    }
    return _begin(request, CheckForm(), path, asked)


@require_GET
def sample_file(request: HttpRequest, name: str) -> FileResponse:
    """A sample as a workbook."""
    return _workbook(_sample(name).file, lambda path: samples.write(_sample(name), path))


@require_GET
def blank_template(request: HttpRequest, subject: str) -> FileResponse:
    """An empty workbook with the terms as headers, drop-down lists and an explanation of each column."""
    if subject not in blank.titles:
        raise Http404
    return _workbook(f"{blank.titles[subject]}.xlsx", lambda path: blank.write(guideline(), subject, path))


@require_GET
def choose_language(request: HttpRequest, code: str) -> HttpResponse:
    """Remember the language in a cookie and go back to the page."""
    if code not in dict(settings.LANGUAGES):
        raise Http404
    back = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("check:front")
    response = HttpResponseRedirect(back)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=365 * 24 * 3600,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


def _front(request: HttpRequest, form: CheckForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "samples": samples.samples,
        "templates": blank.titles,
        "clauses": [page for page in guideline().pages if page.clause != "0"],
        "minutes": settings.ANJU_IDLE_MINUTES,
        "largest": largest(),
    }
    return render(request, "check/front.html", context, status=status)


def _begin(request: HttpRequest, form: CheckForm, source: Path, asked: dict[str, Any]) -> HttpResponse:
    secret = request.COOKIES.get(settings.ANJU_VISIT_COOKIE) or visits.new_secret()
    try:
        visit = visits.open_visit(secret, source, asked)
    except visits.TooManyVisits:
        source.unlink(missing_ok=True)
        form.add_error(None, _("现在用的人太多，放不下新的文件；请过几分钟再交。"))
        return _front(request, form, status=503)
    work.start(visit)
    response = HttpResponseRedirect(reverse("check:visit", args=[visit.token]))
    response.set_cookie(
        settings.ANJU_VISIT_COOKIE, secret, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return response


def _sample(name: str) -> samples.Sample:
    found = next((sample for sample in samples.samples if sample.name == name), None)
    if found is None:
        raise Http404
    return found


def _workbook(name: str, write: Callable[[Path], None]) -> FileResponse:
    """A workbook made for this answer alone; its file is gone before it is sent."""
    path = visits.prepare() / f"made-{secrets.token_hex(8)}.xlsx"
    try:
        write(path)
        stream = path.open("rb")
    finally:
        path.unlink(missing_ok=True)
    return FileResponse(stream, as_attachment=True, filename=name, content_type=xlsx)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request makes no sense."""
    return _error(request, 400, _("这个请求看不懂"), _("请回到首页再来一次。"))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: not allowed."""
    return _error(request, 403, _("不能这样做"), _("请回到首页再来一次。"))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form did not come from this site, or is too old."""
    if request.META.get("anju.too_large"):
        return _error(request, 413, _("文件太大"), too_large())
    return _error(request, 403, _("这张表单过期了"), _("请回到首页，刷新以后再交一次；浏览器要允许 cookie。"))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: no such page, or a visit that has been cleared, or somebody else's; the three look the same."""
    advice = _("地址不对，或者要找的已经不在，或者不在您能看的范围里。请从首页再进。")
    return _error(request, 404, _("没有这一页"), advice)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault."""
    return _error(request, 500, _("出错了"), _("这是程序的问题，不是您的问题。请再试一次；还不行，请告诉维护的人。"))


def _error(request: HttpRequest, status: int, title: str, advice: str) -> HttpResponse:
    return render(request, "error.html", {"title": title, "advice": advice}, status=status)
