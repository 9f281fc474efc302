"""Who acts, for the journal: the officer, the post held today, the county or the office of it, and the address."""

from allauth.core import context
from django.utils import timezone

from anju.government.models import Officer
from anju.government.queries import held_posts
from anju.journal.actions import Actor


def acting(officer: Officer | None) -> Actor:
    """The officer as the journal keeps it; nobody but an address before signing in, the system on the command line."""
    request = context.request
    ip = request.META["REMOTE_ADDR"] if request else ""
    if officer is None:
        return Actor(name="" if request else "系统", ip=ip)
    holding = held_posts(officer, timezone.localdate()).first()
    post, organisation = (str(holding.post), holding.post.region) if holding else (officer.get_duty_display(), "")
    return Actor(officer=str(officer.pk), name=officer.name, post=post, organisation=organisation, ip=ip)
