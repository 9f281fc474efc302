"""The officers of the tests: at the origin, at the destination, a stranger from a third county, and the separate duties."""

from datetime import date
from uuid import uuid4

from anju.government.clients import digest_of, new_secret
from anju.government.lines import Level, Line
from anju.government.models import Client, ClientKey, Officer, Post, PostHolding, never

ORIGIN = "500236127000"
DESTINATION = "500235104000"
ELSEWHERE = "500154000000"
SINCE = date(2024, 1, 1)


PASSWORD = "Qing-shan-2026-lv"


def with_password(account: str, name: str = "李干部", duty: str = Officer.Duty.HANDLER) -> Officer:
    """A stored officer who has chosen a password."""
    who = Officer(account=account, name=name, duty=duty)
    who.set_password(PASSWORD)
    who.save()
    return who


def officer(account: str, name: str = "李干部", duty: str = Officer.Duty.HANDLER) -> Officer:
    """A stored officer without a password."""
    who = Officer(account=account, name=name, duty=duty)
    if duty == Officer.Duty.CLIENT:
        who.set_unusable_password()
    who.save()
    return who


def post(region: str = ORIGIN, level: str = Level.TOWNSHIP, line: str = Line.CIVIL_AFFAIRS) -> Post:
    """The post of a line in a region; made at the first call."""
    return Post.objects.get_or_create(line=line, level=level, region=region, defaults={"since": SINCE})[0]


def hold(who: Officer, what: Post, since: date = SINCE, until: date = never) -> PostHolding:
    """The officer holds the post."""
    return PostHolding.objects.create(officer=who, post=what, since=since, until=until)


def client(
    region: str = ORIGIN,
    level: str = Level.TOWNSHIP,
    line: str = Line.CIVIL_AFFAIRS,
    *,
    name: str = "某社保系统",
    since: date = SINCE,
    until: date = never,
    networks: str = "",
) -> tuple[Client, str]:
    """Another office's system that stands in for a post, with its secret."""
    key = uuid4()
    account = f"api-{key.hex[:12]}"
    who = Officer(id=key, account=account, name=name, duty=Officer.Duty.CLIENT)
    who.set_unusable_password()
    who.save()
    made = Client.objects.create(
        officer=who, post=post(region, level, line), since=since, until=until, networks=networks
    )
    secret = new_secret(key)
    ClientKey.objects.create(client=made, digest=digest_of(secret))
    return made, secret
