"""People, households, sites, relations, wishes, and what facts were before."""

import datetime

import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import django.db.models.lookups
import django.utils.timezone
from django.db import migrations, models

import anju.register.models.subjects
import anju.sealing.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="CountyFacts",
            fields=[
                ("facts", models.JSONField(default=dict, verbose_name="事实")),
                ("revision", models.PositiveIntegerField(default=1, verbose_name="版次")),
                ("code", models.CharField(max_length=12, primary_key=True, serialize=False, verbose_name="区县")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            django.db.models.lookups.Exact(django.db.models.functions.text.Length("code"), 12),
                            ("code__gte", "0"),
                            ("code__lt", ":"),
                            ("code__endswith", "000000"),
                            models.Q(("code__endswith", "00000000"), _negated=True),
                        ),
                        name="county_is_code",
                        violation_error_message="区县要是 6 位代码补足 12 位。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Former",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=anju.register.models.subjects.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("subject_kind", models.CharField(max_length=10)),
                ("subject_id", models.CharField(max_length=36)),
                ("until", models.DateTimeField()),
                ("facts", models.JSONField()),
                ("guarded", anju.sealing.fields.SealedField(blank=True, null=True)),
                ("revision", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subject_kind", "subject_id", "revision"),
                        name="former_revision_once",
                        violation_error_message="别人刚刚改过，请打开最新的再改。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("subject_kind__in", ["person", "household", "site", "county"])),
                        name="former_subject_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("facts", models.JSONField(default=dict, verbose_name="事实")),
                ("revision", models.PositiveIntegerField(default=1, verbose_name="版次")),
                (
                    "id",
                    models.UUIDField(
                        default=anju.register.models.subjects.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                ("initials", models.CharField(blank=True, max_length=60)),
                ("pinyin", models.CharField(blank=True, max_length=160)),
                ("number", anju.sealing.fields.SealedField(blank=True, null=True, verbose_name="证件号码")),
                ("number_index", models.CharField(editable=False, max_length=64, null=True)),
                ("phone", anju.sealing.fields.SealedField(blank=True, null=True, verbose_name="联系电话")),
                ("birth_date", models.DateField(blank=True, null=True, verbose_name="出生日期")),
                ("sex", models.CharField(blank=True, default="", max_length=1, verbose_name="性别")),
                ("people", models.CharField(blank=True, default="", max_length=20, verbose_name="民族")),
                ("origin", models.CharField(blank=True, default="", max_length=12, verbose_name="迁出地")),
                ("destination", models.CharField(blank=True, default="", max_length=12, verbose_name="迁入地")),
                ("guarded", anju.sealing.fields.SealedField(blank=True, null=True, verbose_name="加密的事实")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="注销日")),
                ("ended_because", models.CharField(blank=True, default="", max_length=12, verbose_name="注销原因")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["destination", "pinyin", "id"], name="person_in"),
                    models.Index(fields=["origin", "pinyin", "id"], name="person_out"),
                    models.Index(fields=["name"], name="person_name"),
                    models.Index(fields=["initials"], name="person_initials"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("number_index",),
                        name="person_number_once",
                        violation_error_message="这个证件号码已经登记了，同一个人不能登记两次；人可能在别处名下，请联系那里核对。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("number", None), ("number_index", None)),
                            models.Q(("number__isnull", False), ("number_index__isnull", False)),
                            _connector="OR",
                        ),
                        name="person_number_with_index",
                        violation_error_message="证件号码和它的检索码要一起登记。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("origin", ""),
                                models.Q(
                                    django.db.models.lookups.Exact(
                                        django.db.models.functions.text.Length("origin"), 12
                                    ),
                                    ("origin__gte", "0"),
                                    ("origin__lt", ":"),
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                ("destination", ""),
                                models.Q(
                                    django.db.models.lookups.Exact(
                                        django.db.models.functions.text.Length("destination"), 12
                                    ),
                                    ("destination__gte", "0"),
                                    ("destination__lt", ":"),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="person_places_are_codes",
                        violation_error_message="迁出地、迁入地要是 12 位统计用区划代码。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("origin", ""), _negated=True),
                            models.Q(("destination", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="person_is_somewhere",
                        violation_error_message="迁出地、迁入地至少要知道一个，不然没有人看得到这个人。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sex__in", ["", "男", "女"])),
                        name="person_sex_known",
                        violation_error_message="性别写“男”或“女”。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_because", ""), ("ended_on", None)),
                            models.Q(("ended_because__in", ["death", "cancelled"]), ("ended_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="person_ended_with_reason",
                        violation_error_message="注销要有日期和原因（死亡或注销）。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Site",
            fields=[
                ("facts", models.JSONField(default=dict, verbose_name="事实")),
                ("revision", models.PositiveIntegerField(default=1, verbose_name="版次")),
                (
                    "id",
                    models.UUIDField(
                        default=anju.register.models.subjects.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="名称")),
                ("region", models.CharField(max_length=12, verbose_name="所在地")),
                ("initials", models.CharField(blank=True, max_length=80)),
                ("pinyin", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["region", "pinyin", "id"], name="site_listed"),
                    models.Index(fields=["initials"], name="site_initials"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("region", "name"),
                        name="site_named_once",
                        violation_error_message="这个地方已经有同名的安置点。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            django.db.models.lookups.Exact(django.db.models.functions.text.Length("region"), 12),
                            ("region__gte", "0"),
                            ("region__lt", ":"),
                        ),
                        name="site_region_is_code",
                        violation_error_message="安置点的所在地要是 12 位统计用区划代码。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Household",
            fields=[
                ("facts", models.JSONField(default=dict, verbose_name="事实")),
                ("revision", models.PositiveIntegerField(default=1, verbose_name="版次")),
                (
                    "id",
                    models.UUIDField(
                        default=anju.register.models.subjects.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=40, verbose_name="户编号")),
                ("origin", models.CharField(blank=True, default="", max_length=12, verbose_name="迁出地")),
                ("destination", models.CharField(blank=True, default="", max_length=12, verbose_name="迁入地")),
                ("address", anju.sealing.fields.SealedField(blank=True, null=True, verbose_name="住址")),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="households",
                        to="register.site",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Wish",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("hukou", "户籍意愿"),
                            ("hukou_choice", "落户选择"),
                            ("party", "党员意见"),
                            ("membership", "成员申请"),
                            ("pension", "养老意愿"),
                            ("medical", "医保意愿"),
                            ("assistance", "救助迁移申请"),
                            ("election", "选举选择"),
                        ],
                        max_length=12,
                        verbose_name="意愿",
                    ),
                ),
                ("choice", models.CharField(max_length=20, verbose_name="选择")),
                ("on", models.DateField(verbose_name="表态日")),
                ("how", models.CharField(blank=True, default="", max_length=40, verbose_name="方式")),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="登记时间")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="wishes", to="register.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PartyLife",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.CharField(max_length=12, verbose_name="参加地")),
                ("since", models.DateField(verbose_name="起")),
                ("until", models.DateField(verbose_name="止")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="party_lives", to="register.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            django.db.models.lookups.Exact(django.db.models.functions.text.Length("place"), 12),
                            ("place__gte", "0"),
                            ("place__lt", ":"),
                            ("since__lt", models.F("until")),
                        ),
                        name="party_life_days_in_order",
                        violation_error_message="参加地要是区划代码，止日要晚于起日。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("relation", models.CharField(blank=True, default="", max_length=12, verbose_name="与户主关系")),
                ("since", models.DateField(verbose_name="起")),
                ("until", models.DateField(default=datetime.date(9999, 12, 31), verbose_name="止")),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="register.household"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="register.person"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["household", "until"], name="membership_of_household")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("since__lt", models.F("until"))),
                        name="membership_days_in_order",
                        violation_error_message="离户的日子要晚于入户的日子。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("until", datetime.date(9999, 12, 31))),
                        fields=("person",),
                        name="membership_one_household",
                        violation_error_message="这个人现在已经在一户里，请先办离户。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("relation", "户主"), ("until", datetime.date(9999, 12, 31))),
                        fields=("household",),
                        name="membership_one_head",
                        violation_error_message="这一户已经有户主了。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Relation",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("hukou", "户籍"),
                            ("party", "党组织"),
                            ("collective", "集体成员"),
                            ("pension", "养老"),
                            ("medical", "医保"),
                            ("assistance", "救助"),
                            ("election", "选举"),
                        ],
                        max_length=10,
                        verbose_name="关系",
                    ),
                ),
                ("holder", models.CharField(blank=True, default="", max_length=12, verbose_name="归属地")),
                ("place_name", models.CharField(blank=True, default="", max_length=80, verbose_name="归属单位")),
                ("since", models.DateField(verbose_name="起")),
                ("after", models.DateField(blank=True, null=True, verbose_name="接着")),
                (
                    "because",
                    models.CharField(
                        choices=[
                            ("recorded", "登记"),
                            ("moved", "转接"),
                            ("confirmed", "确认"),
                            ("enrolled", "参加"),
                            ("death", "死亡"),
                            ("cancelled", "注销"),
                            ("status", "情况变化"),
                            ("withdrawn", "本人退出"),
                        ],
                        max_length=10,
                        verbose_name="原因",
                    ),
                ),
                ("evidence", models.CharField(blank=True, default="", max_length=200, verbose_name="凭据")),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="登记时间")),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="relations",
                        to="register.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "kind", "since"),
                        name="relation_step_once_a_day",
                        violation_error_message="这种关系在这一天已经有一条记录。",
                    ),
                    models.UniqueConstraint(
                        models.F("person"),
                        models.F("kind"),
                        django.db.models.functions.comparison.Coalesce(
                            "after", models.Value(datetime.date(9999, 12, 31))
                        ),
                        name="relation_one_after_another",
                        violation_error_message="这种关系刚刚有人接着办了，请打开最新的再看。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("after", None), ("after__lt", models.F("since")), _connector="OR"),
                        name="relation_days_in_order",
                        violation_error_message="日子要比上一条晚。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["hukou", "party", "collective", "pension", "medical", "assistance", "election"],
                            )
                        ),
                        name="relation_kind_known",
                        violation_error_message="没有这种关系。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                django.db.models.lookups.Exact(django.db.models.functions.text.Length("holder"), 12),
                                ("holder__gte", "0"),
                                ("holder__lt", ":"),
                                ("because__in", ["recorded", "moved", "confirmed", "enrolled"]),
                            ),
                            models.Q(("because__in", ["death", "cancelled", "status", "withdrawn"]), ("holder", "")),
                            _connector="OR",
                        ),
                        name="relation_held_or_ended",
                        violation_error_message="转到哪里要写明；没有人接的，要写明为什么终止。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("holder", ""), ("kind", "hukou"), _negated=True),
                            ("because__in", ["death", "cancelled"]),
                            _connector="OR",
                        ),
                        name="relation_hukou_has_place",
                        violation_error_message="户籍不能悬空，只有死亡或注销才没有户籍地。",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="household",
            index=models.Index(fields=["destination", "code"], name="household_in"),
        ),
        migrations.AddIndex(
            model_name="household",
            index=models.Index(fields=["origin", "code"], name="household_out"),
        ),
        migrations.AddConstraint(
            model_name="household",
            constraint=models.UniqueConstraint(
                fields=("code",), name="household_code_once", violation_error_message="这个户编号已经有一户用了。"
            ),
        ),
        migrations.AddConstraint(
            model_name="household",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("origin", ""),
                        models.Q(
                            django.db.models.lookups.Exact(django.db.models.functions.text.Length("origin"), 12),
                            ("origin__gte", "0"),
                            ("origin__lt", ":"),
                        ),
                        _connector="OR",
                    ),
                    models.Q(
                        ("destination", ""),
                        models.Q(
                            django.db.models.lookups.Exact(django.db.models.functions.text.Length("destination"), 12),
                            ("destination__gte", "0"),
                            ("destination__lt", ":"),
                        ),
                        _connector="OR",
                    ),
                ),
                name="household_places_are_codes",
                violation_error_message="迁出地、迁入地要是 12 位统计用区划代码。",
            ),
        ),
        migrations.AddConstraint(
            model_name="household",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("origin", ""), _negated=True),
                    models.Q(("destination", ""), _negated=True),
                    _connector="OR",
                ),
                name="household_is_somewhere",
                violation_error_message="迁出地、迁入地至少要知道一个，不然没有人看得到这一户。",
            ),
        ),
        migrations.AddConstraint(
            model_name="wish",
            constraint=models.UniqueConstraint(
                fields=("person", "kind", "on", "choice"),
                name="wish_once_a_day",
                violation_error_message="同一天同样的意愿已经登记了。",
            ),
        ),
        migrations.AddConstraint(
            model_name="wish",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "hukou",
                            "hukou_choice",
                            "party",
                            "membership",
                            "pension",
                            "medical",
                            "assistance",
                            "election",
                        ],
                    )
                ),
                name="wish_kind_known",
                violation_error_message="没有这种意愿。",
            ),
        ),
        migrations.AddConstraint(
            model_name="wish",
            constraint=models.CheckConstraint(
                condition=models.Q(("choice", ""), _negated=True),
                name="wish_says_something",
                violation_error_message="意愿要有选择。",
            ),
        ),
    ]
