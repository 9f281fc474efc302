"""Who asks, and who gets no answer: strangers to a demo's machine, and whoever comes to a named host in the plain. And what every answer
of the site carries: its security headers and its language.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from anju.config.proxies import client_of, is_proxy
from anju.config.runtime import is_loopback

Answer = Callable[[HttpRequest], HttpResponse]

_headers = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def told_by_the_proxy(answer: Answer) -> Answer:
    """Who asks and whether by HTTPS is what a proxy of ours says; of all others these headers mean nothing."""

    def answer_whom_it_speaks_for(request: HttpRequest) -> HttpResponse:
        peer = request.META["REMOTE_ADDR"]
        if is_proxy(peer, settings.ANJU_PROXIES):
            request.META["REMOTE_ADDR"] = client_of(
                peer, request.headers.get("X-Forwarded-For", ""), settings.ANJU_PROXIES
            )
            if (scheme := request.headers.get("X-Forwarded-Proto")) in ("http", "https"):
                request.META["wsgi.url_scheme"] = scheme
        return answer(request)

    return answer_whom_it_speaks_for


def security_headers(answer: Answer) -> Answer:
    """No foreign script, style, frame or form; pages are never kept by a cache unless they say so themselves."""

    def answer_safely(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        for name, value in _headers.items():
            response.headers[name] = value
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return answer_safely


def on_this_machine_alone(answer: Answer) -> Answer:
    """For the demo: whoever comes from elsewhere, or through a proxy, gets nothing, however the site was started."""
    passed_on = ("X-Forwarded-For", "X-Real-IP", "Forwarded")

    def answer_here(request: HttpRequest) -> HttpResponse:
        if any(name in request.headers for name in passed_on) or not is_loopback(request.META["REMOTE_ADDR"]):
            refused = "这是演示，只在开它的那台机器上用。"
            return HttpResponse(refused, status=403, content_type="text/plain; charset=utf-8")
        return answer(request)

    return answer_here


def by_https_alone(answer: Answer) -> Answer:
    """For named hosts: what comes in the plain is refused. Leading it on would go in circles behind a proxy that is not named."""
    refused = "这个网站只用 HTTPS，请用 https:// 打开。已经是的，请系统管理员看 docs/site.md：反向代理的地址要写进 ANJU_PROXIES。"

    def answer_safely(request: HttpRequest) -> HttpResponse:
        if not request.is_secure():
            return HttpResponse(refused, status=403, content_type="text/plain; charset=utf-8")
        return answer(request)

    return answer_safely


def chosen_language(answer: Answer) -> Answer:
    """Chinese, unless the visitor has switched: design.md §6, "Chinese first, English switch"."""
    known = {code for code, _ in settings.LANGUAGES}

    def answer_in_language(request: HttpRequest) -> HttpResponse:
        wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = wanted if wanted in known else settings.LANGUAGE_CODE
        with translation.override(language):
            response = answer(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return answer_in_language
