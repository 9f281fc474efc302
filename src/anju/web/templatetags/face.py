"""What templates need beyond Django's own tags."""

import functools
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponseBase
from django.templatetags.static import static
from django.urls import NoReverseMatch, resolve, reverse
from django.utils import timezone

from anju.government.door import is_offered
from anju.government.queries import visible_regions

register = template.Library()


@register.simple_tag
def asset(name: str) -> str:
    """The address of a built asset with its fingerprint, so that a new version is fetched at once."""
    return f"{static(name)}?{_fingerprint(name)}"


@functools.cache
def _fingerprint(name: str) -> str:
    found = finders.find(name)
    if not isinstance(found, str):
        return "unbuilt"
    with open(found, "rb") as stream:  # noqa: PTH123 - the finder gives a plain name
        return hashlib.file_digest(stream, "sha256").hexdigest()[:12]


@register.filter
def thousands(number: int) -> str:
    """12345 → 12,345."""
    return f"{number:,}"


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of the frame's navigation; `here` where the page shown lies below it."""

    url: str
    label: str
    here: bool


@register.simple_tag(takes_context=True)
def navigation(context: template.Context) -> list[Link]:
    """What ``settings.ANJU_NAVIGATION`` offers to the officer who came through the door, as far as one of the posts does its work."""
    request, officer = context["request"], context["request"].officer
    offered = [(known(name), label) for duties, name, label in settings.ANJU_NAVIGATION if officer.duty in duties]
    scopes = visible_regions(officer, timezone.localdate())
    shown = [(url, label) for url, label in offered if url and is_offered(_page(url, settings.ROOT_URLCONF), scopes)]
    here = max((url for url, _ in shown if url != "/" and request.path.startswith(url)), key=len, default="")
    return [Link(url, str(label), url == here) for url, label in shown]


def known(name: str) -> str:
    """The address of that name, or nothing where no app has it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@functools.cache
def _page(address: str, addresses: str) -> Callable[..., HttpResponseBase]:
    """The page at an address: every frame asks for a dozen, and to walk all addresses to each was a tenth of a page's time."""
    return resolve(address, addresses).func


@register.filter
def at(known: Mapping[str, object], key: str) -> object:
    """What a mapping has under a key that stands in a variable; "" where it has nothing."""
    return known.get(key, "")
