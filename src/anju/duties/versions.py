"""Versions of the guideline: the one that runs, and those that opened duties before."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.db.models import QuerySet

from anju.duties.models import GuidelineVersion
from anju.policy.load import read
from anju.policy.model import Policy
from anju.register.guideline import guideline
from anju.walls.prepared import prepared


def policy_of(version: str) -> Policy:
    """The pages of a version. Raises `GuidelineVersion.DoesNotExist` for one that was never used."""
    running = guideline()
    return running if version == running.version else _stored(version)


@lru_cache(maxsize=8)
def _stored(version: str) -> Policy:
    return read(GuidelineVersion.objects.get(pk=version).pages, guideline().name)


@prepared
def _kept(version: str) -> QuerySet[GuidelineVersion, str]:
    """Whether it is stored, without reading its pages."""
    return GuidelineVersion.objects.filter(pk=version).values_list("pk", flat=True)


def keep(policy: Policy, on: date) -> None:
    """Store the pages of a version before it opens its first duty."""
    if _kept(policy.version):
        return
    pages = {page.file: page.source for page in policy.pages}
    GuidelineVersion.objects.get_or_create(version=policy.version, defaults={"first_used_on": on, "pages": pages})
