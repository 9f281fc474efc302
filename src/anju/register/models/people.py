"""People, households, sites, and who belongs to which household from when to when."""

from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from anju.government.models import Officer, never
from anju.government.residents import Resident
from anju.government.scoped import ScopedQuerySet, joined, scopes_of
from anju.register.models.subjects import Subject, code_or_blank, is_code, new_id, place
from anju.sealing.fields import SealedField

head = "户主"
_ended = Q(ended_on__isnull=False)
_listed = ("pinyin", "id")


class Sites(ScopedQuerySet["Site"]):
    """Sites, seen from the region they lie in."""

    region_columns = ("region",)


class Site(Subject):
    """A resettlement site 安置点."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField("名称", max_length=80)
    region = place("所在地")
    initials = models.CharField(max_length=80, blank=True)
    pinyin = models.CharField(max_length=200, blank=True)

    objects = Sites.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["region", "name"],
                name="site_named_once",
                violation_error_message="这个地方已经有同名的安置点。",
            ),
            models.CheckConstraint(
                condition=is_code("region"),
                name="site_region_is_code",
                violation_error_message="安置点的所在地要是 12 位统计用区划代码。",
            ),
        )
        indexes = (
            models.Index(fields=["region", "pinyin", "id"], name="site_listed"),
            models.Index(fields=["initials"], name="site_initials"),
        )

    def __str__(self) -> str:
        return self.name


class Households(ScopedQuerySet["Household"]):
    """Households, seen from where they came from and where they are."""

    region_columns = ("origin", "destination")


class Household(Subject):
    """A relocated household 搬迁户; ``code`` is its 户编号, and nobody else has it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField("户编号", max_length=40)
    origin = place("迁出地", blank=True)
    destination = place("迁入地", blank=True)
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="households")
    address: "SealedField[Any, Any]" = SealedField("住址", null=True, blank=True)

    objects = Households.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["code"],
                name="household_code_once",
                opclasses=["varchar_pattern_ops"],  # numbers that begin so are asked for, too
                violation_error_message="这个户编号已经有一户用了。",
            ),
            models.CheckConstraint(
                condition=code_or_blank("origin") & code_or_blank("destination"),
                name="household_places_are_codes",
                violation_error_message="迁出地、迁入地要是 12 位统计用区划代码。",
            ),
            models.CheckConstraint(
                condition=~Q(origin="") | ~Q(destination=""),
                name="household_is_somewhere",
                violation_error_message="迁出地、迁入地至少要知道一个，不然没有人看得到这一户。",
            ),
        )
        indexes = (
            # in the order of a list; the other place lies in each, since PostgreSQL's second wall asks for both: a row that is only
            # counted is not read
            models.Index(fields=["destination", "code", "origin"], name="household_in"),
            models.Index(fields=["origin", "code", "destination"], name="household_out"),
        )

    def __str__(self) -> str:
        return self.code


class Persons(ScopedQuerySet["Person"]):
    """People, seen from where they came from and where they are; by residents, themselves."""

    region_columns = ("origin", "destination")

    def own(self, resident: Resident) -> Q:
        """The resident, and nobody of the household."""
        return Q(pk=resident.person)

    def unscoped(self) -> Self:
        """Everybody; not the records that were joined into another one, which are nobody any more."""
        return super().unscoped().filter(joined_into=None)

    def unscoped_with_joined(self) -> Self:
        """The same with them: for who has to tell what was written under such a record."""
        return super().unscoped()


class Person(Subject):
    """A relocated person. The ID number lies sealed; ``number_index`` finds it again (I15: nobody is there twice).

    ``guarded`` are the facts of clauses whose facts are sealed (`anju.register.privacy`), as JSON. ``ended_with``: of somebody who has
    ended, what the end took away, for the day on which it turns out to be a mistake: ``steps`` of relations that were registered as later,
    and the ``memberships`` that it ended, with the ends that they had (`anju.register.actions.ending`).

    ``joined_into``: the record of the same person that stays. One that was joined is nowhere, so that no scope reaches it; what was
    written under it (cases, the journal) stays there, and is shown with the record that stays (docs/adr/0023).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField("姓名", max_length=60)
    initials = models.CharField(max_length=60, blank=True)
    pinyin = models.CharField(max_length=160, blank=True)
    number: "SealedField[Any, Any]" = SealedField("证件号码", null=True, blank=True)
    number_index = models.CharField(max_length=64, null=True, editable=False)  # noqa: DJ001 - many may have none
    phone: "SealedField[Any, Any]" = SealedField("联系电话", null=True, blank=True)
    birth_date = models.DateField("出生日期", null=True, blank=True)
    sex = models.CharField("性别", max_length=1, blank=True, default="")
    people = models.CharField("民族", max_length=20, blank=True, default="")
    origin = place("迁出地", blank=True)
    destination = place("迁入地", blank=True)
    guarded: "SealedField[Any, Any]" = SealedField("加密的事实", null=True, blank=True)
    ended_on = models.DateField("注销日", null=True, blank=True)
    ended_because = models.CharField("注销原因", max_length=12, blank=True, default="")
    ended_with = models.JSONField(null=True, editable=False)
    joined_into = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="+", db_index=False, verbose_name="并入的档"
    )

    objects = Persons.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["number_index"],
                condition=Q(joined_into=None),
                name="person_number_once",
                violation_error_message="这个证件号码已经登记了，同一个人不能登记两次；人可能在别处名下，请联系那里核对。",
            ),
            models.CheckConstraint(
                condition=Q(number=None, number_index=None) | Q(number__isnull=False, number_index__isnull=False),
                name="person_number_with_index",
                violation_error_message="证件号码和它的检索码要一起登记。",
            ),
            models.CheckConstraint(
                condition=code_or_blank("origin") & code_or_blank("destination"),
                name="person_places_are_codes",
                violation_error_message="迁出地、迁入地要是 12 位统计用区划代码。",
            ),
            models.CheckConstraint(
                condition=Q(joined_into=None) & (~Q(origin="") | ~Q(destination=""))
                | Q(joined_into__isnull=False, origin="", destination=""),
                name="person_is_somewhere",
                violation_error_message="迁出地、迁入地至少要知道一个，不然没有人看得到这个人。",
            ),
            models.CheckConstraint(
                condition=Q(joined_into=None) | ~Q(joined_into=F("id")),
                name="person_joined_into_another",
                violation_error_message="一条档不能并入它自己。",
            ),
            models.CheckConstraint(
                condition=Q(sex__in=["", "男", "女"]),
                name="person_sex_known",
                violation_error_message="性别写“男”或“女”。",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None, ended_because="")
                | Q(ended_on__isnull=False, ended_because__in=["death", "cancelled"]),
                name="person_ended_with_reason",
                violation_error_message="注销要有日期和原因（死亡或注销）。",
            ),
        )
        indexes = (
            # in the order of a list; what lists are narrowed by stands in them as well, and the other place, for which PostgreSQL's second
            # wall asks, so that a row that is not shown is not read
            models.Index(fields=["destination", *_listed, "ended_on", "name", "initials", "origin"], name="person_in"),
            models.Index(fields=["origin", *_listed, "ended_on", "name", "initials", "destination"], name="person_out"),
            models.Index(fields=["destination", *_listed, "origin"], name="person_in_ended", condition=_ended),
            models.Index(fields=["origin", *_listed, "destination"], name="person_out_ended", condition=_ended),
            models.Index(fields=["joined_into"], name="person_joined", condition=Q(joined_into__isnull=False)),
            # those without a number in their order: whom they may be as well is found by name and birth date
            models.Index(
                fields=["pinyin", "id"], name="person_unnumbered", condition=Q(number_index=None, joined_into=None)
            ),
            # names that begin so; and who has this name and birth date
            models.Index(
                fields=["name", "birth_date"], name="person_name", opclasses=["varchar_pattern_ops", "date_ops"]
            ),
            models.Index(fields=["initials"], name="person_initials", opclasses=["varchar_pattern_ops"]),
        )

    def __str__(self) -> str:
        return self.name


class Memberships(ScopedQuerySet["Membership"]):
    """Who belongs to a household, seen from where the household came from and where it is."""

    region_columns = ("household__origin", "household__destination")

    def of_people_seen_by(self, officer: Officer, *, purpose: str) -> Self:
        """Those of people whom the officer may see as well: by a join, since a subquery would ask about everybody."""
        within = Q(pk__in=[])
        for lo, hi in joined(scopes_of(officer, purpose)):
            within |= Q(person__origin__gte=lo, person__origin__lt=hi)
            within |= Q(person__destination__gte=lo, person__destination__lt=hi)
        return self.visible_to(officer, purpose=purpose).filter(within)


class Membership(models.Model):
    """A person belongs to a household from a day until another; ``relation`` is what the person is to its head 与户主关系.

    One that ends on the day it begins is void: its person had ended by then. The household has had somebody all the same.
    ``ended_at``: when the end was recorded, so that what was known at a moment is known later.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    household = models.ForeignKey(
        Household, models.PROTECT, related_name="memberships", db_index=False
    )  # `membership_of_household` serves
    relation = models.CharField("与户主关系", max_length=12, blank=True, default="")
    since = models.DateField("起")
    until = models.DateField("止", default=never)
    recorded_at = models.DateTimeField("登记时间", default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    objects = Memberships.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(since__lte=F("until")),
                name="membership_days_in_order",
                violation_error_message="离户的日子要晚于入户的日子。",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(until=never),
                name="membership_one_household",
                violation_error_message="这个人现在已经在一户里，请先办离户。",
            ),
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(until=never, relation=head),
                name="membership_one_head",
                violation_error_message="这一户已经有户主了。",
            ),
        )
        indexes = (models.Index(fields=["household", "until"], name="membership_of_household"),)

    def __str__(self) -> str:
        return f"{self.person_id} · {self.household_id} · {self.since}"
