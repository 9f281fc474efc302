"""Who acts, for the journal: the officer, the posts held today, the office of the first of them, and the address."""

from allauth.core import context
from django.utils import timezone

from anju.government.queries import posts_of
from anju.government.residents import Resident, Somebody, own_hand
from anju.journal.actions import Actor

_most = 200


def acting(who: Somebody | None) -> Actor:
    """An officer, or a resident, as the journal keeps it; nobody but an address before signing in, the system on the command line.

    Of several posts all are kept, by region; the office, which says whose chain the entry goes into, is that of the first.
    """
    request = context.request
    ip = request.META["REMOTE_ADDR"] if request else ""
    if who is None:
        return Actor(name="" if request else "系统", ip=ip)
    if isinstance(who, Resident):
        hand = who.guardian
        person, called = (hand.person, hand.called) if hand else (who.person, who.called)
        return Actor(officer=str(person), name=called, post=own_hand, organisation=who.place, ip=ip)
    posts = posts_of(who, timezone.localdate())
    held = "；".join(map(str, posts)) or who.get_duty_display()
    return Actor(
        officer=str(who.pk),
        name=who.name,
        post=held if len(held) <= _most else f"{held[: _most - 1]}…",
        organisation=posts[0].region if posts else "",
        ip=ip,
    )
