"""What templates need beyond Django's own tags."""

import functools
import hashlib

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static

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
