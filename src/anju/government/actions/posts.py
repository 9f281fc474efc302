"""Posts: opened and closed, given to officers and taken back."""

from datetime import date

from django.utils import timezone

from anju.government.actions.allowed import allowed, write
from anju.government.lines import Level
from anju.government.models import Officer, Post, PostHolding, Region, never
from anju.government.refusals import Refused
from anju.government.regions.reach import padded

_levels = {
    Region.Kind.CITY: Level.CITY,
    Region.Kind.COUNTY: Level.COUNTY,
    Region.Kind.TOWNSHIP: Level.TOWNSHIP,
    Region.Kind.VILLAGE: Level.VILLAGE,
}


def level_of(region: Region) -> Level:
    """The level of a post in that region; 重庆市 is both a province and a city. Raises `Refused` for a province."""
    if region.level == Region.Kind.PROVINCE and region.name.endswith("市"):
        return Level.CITY
    if region.level not in _levels:
        raise Refused(f"岗位设到市一级为止，{region.name}是省级。")
    return _levels[Region.Kind(region.level)]


def open_post(*, by: Officer, line: str, level: str, region: str, since: date) -> Post:
    """Have a post of a line in a region."""
    with allowed(by):
        post = Post(line=line, level=level, region=padded(region), since=since)
        post.full_clean()
        post.save()
        write(by, "government.open_post", "post", post.pk, post=str(post), since=str(since))
    return post


def close_post(*, by: Officer, post: Post, until: date) -> None:
    """The post no longer exists from that day on. Whoever holds it longer has to leave it first."""
    with allowed(by):
        post = Post.objects.select_for_update().get(pk=post.pk)
        longer = post.holdings.filter(until__gt=until).count()
        if longer:
            raise Refused(f"还有 {longer} 人任职到那天以后，请先让他们离岗。")
        systems = post.clients.filter(until__gt=until, officer__is_active=True).count()
        if systems:
            raise Refused(f"还有 {systems} 个对接系统用到那天以后，请先停用它们。")
        post.until = until
        post.save(update_fields=["until"])
        write(by, "government.close_post", "post", post.pk, post=str(post), until=str(until))


def give_post(*, by: Officer, officer: Officer, post: Post, since: date, until: date = never) -> PostHolding:
    """Let an officer hold a post from a day on, until another."""
    with allowed(by):
        post = Post.objects.select_for_update().get(pk=post.pk)
        if officer.handler is None:
            raise Refused("管理员和审计员的账号不能有岗位，请另开一个经办账号。")
        if since < post.since or until > post.until:
            raise Refused("任职要在岗位的起止日之内。")
        holding = PostHolding.objects.create(officer=officer, post=post, since=since, until=until)
        days = {"since": str(since), "until": str(until)}
        write(by, "government.give_post", "holding", holding.pk, officer=str(officer.pk), post=str(post), **days)
    return holding


def appoint(
    *, by: Officer, officer: Officer, line: str, region: Region, since: date, until: date = never
) -> PostHolding:
    """Give an officer the post of a line in a region, which is opened if nobody has had it yet."""
    with allowed(by):
        post = post_of(by=by, line=line, region=region, since=since)
        return give_post(by=by, officer=officer, post=post, since=since, until=until)


def post_of(*, by: Officer, line: str, region: Region, since: date) -> Post:
    """The post of a line in a region that is there from a day on; opened if there is none."""
    found = Post.objects.filter(line=line, region=region.code, until__gt=since).order_by("since").first()
    return found or open_post(by=by, line=line, level=level_of(region), region=region.code, since=since)


def end_post(*, by: Officer, holding: PostHolding, until: date) -> None:
    """The officer no longer holds the post from that day on."""
    with allowed(by):
        holding = PostHolding.objects.select_for_update().select_related("post").get(pk=holding.pk)
        if until > holding.post.until:
            raise Refused("任职要在岗位的起止日之内。")
        holding.until = until
        holding.save(update_fields=["until"])
        _write(by, "government.end_post", holding, until=str(until))


def withdraw_post(*, by: Officer, holding: PostHolding) -> None:
    """Take back at once what was given today or for later, by mistake: the officer has never held the post.

    A holding that was in force on an earlier day stays on record and can only end.
    """
    with allowed(by):
        holding = PostHolding.objects.select_for_update().select_related("post").get(pk=holding.pk)
        if holding.since < timezone.localdate():
            raise Refused("已经任过职，不能撤回，只能离岗。")
        _write(by, "government.withdraw_post", holding, since=str(holding.since))
        holding.delete()


def _write(by: Officer, action: str, holding: PostHolding, **detail: str) -> None:
    write(by, action, "holding", holding.pk, officer=str(holding.officer_id), post=str(holding.post), **detail)
