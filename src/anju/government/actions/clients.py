"""Other offices' systems: registered for one post, given another secret, changed, ended at once."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

from django.conf import settings
from django.utils import timezone

from anju.government import lockout
from anju.government.actions.allowed import allowed, write
from anju.government.actions.posts import post_of
from anju.government.clients import digest_of, networks_of, new_secret
from anju.government.models import Client, ClientKey, Officer, Region
from anju.government.refusals import Refused


def create_client(
    *, by: Officer, name: str, line: str, region: Region, since: date, until: date, networks: str = ""
) -> tuple[Client, str]:
    """Register a system for one post, from a day until another. Returns it and its secret, which is kept nowhere."""
    with allowed(by):
        post = post_of(by=by, line=line, region=region, since=since)
        if since < post.since or until > post.until:
            raise Refused("起止日要在岗位的起止日之内。")
        key = uuid4()
        officer = Officer(id=key, account=f"api-{key.hex[:12]}", name=name.strip(), duty=Officer.Duty.CLIENT)
        officer.set_unusable_password()
        officer.full_clean(exclude=["handler"])
        officer.save()
        client = Client.objects.create(
            officer=officer, post=post, since=since, until=until, networks=_checked(networks)
        )
        secret = _new_key(client)
        days = {"since": str(since), "until": str(until)}
        write(by, "government.create_client", "client", key, post=str(post), networks=client.networks, **days)
    return client, secret


def change_client(*, by: Officer, client: Client, until: date, networks: str) -> None:
    """Let a system be there for longer or shorter, or ask from other networks."""
    with allowed(by):
        client = _standing(client)
        if until > client.post.until:
            raise Refused("起止日要在岗位的起止日之内。")
        client.until, client.networks = until, _checked(networks)
        client.save(update_fields=["until", "networks"])
        write(by, "government.change_client", "client", client.pk, until=str(until), networks=client.networks)


def renew_key(*, by: Officer, client: Client, at_once: bool) -> str:
    """Give a system another secret, which is returned and kept nowhere. The former one opens for ``settings.ANJU_KEYS_OVERLAP_HOURS``
    more, or ``at_once`` no longer.
    """
    with allowed(by):
        client, now = _standing(client), timezone.now()
        ends = now if at_once else now + timedelta(hours=settings.ANJU_KEYS_OVERLAP_HOURS)
        client.keys.filter(ends_at=None).update(ends_at=ends)
        if at_once:
            client.keys.filter(ends_at__gt=now).update(ends_at=now)
        secret = _new_key(client)
        lockout.release("client", str(client.pk))
        write(by, "government.renew_key", "client", client.pk, former=ends.isoformat(timespec="seconds"))
    return secret


def end_client(*, by: Officer, client: Client) -> None:
    """No secret of the system opens any more, from now on and for good."""
    with allowed(by):
        client, now = _standing(client), timezone.now()
        client.keys.exclude(ends_at__lte=now).update(ends_at=now)
        client.officer.is_active = False
        client.officer.save(update_fields=["is_active"])
        write(by, "government.end_client", "client", client.pk)


def _standing(client: Client) -> Client:
    """The system, locked. Raises `Refused` once it has been ended."""
    found = Client.objects.select_for_update(of=("self",)).select_related("officer", "post").get(pk=client.pk)
    if not found.officer.is_active:
        raise Refused("这个对接系统已经停用；要再用，请另开一个。")
    return found


def _new_key(client: Client) -> str:
    secret = new_secret(client.pk)
    ClientKey.objects.create(client=client, digest=digest_of(secret))
    return secret


def _checked(networks: str) -> str:
    try:
        return ", ".join(str(network) for network in networks_of(networks))
    except ValueError as error:
        raise Refused("网段看不懂：写成 10.20.0.0/16 或 10.20.3.4，几个之间用逗号隔开。") from error
