import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import anju.government.columns
import anju.sealing.fields


class Migration(migrations.Migration):
    dependencies = [
        ("register", "0010_formerly"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Joining",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=anju.government.columns.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("right", models.JSONField(default=dict)),
                ("because", models.CharField(max_length=300, verbose_name="为什么")),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="申请的时间")),
                ("decide_by", models.DateTimeField(verbose_name="等到")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("waiting", "待确认"),
                            ("joined", "已并档"),
                            ("refused", "没有并"),
                            ("lapsed", "没有人确认"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True, verbose_name="确认的时间")),
                ("message", models.CharField(blank=True, default="", max_length=300)),
                ("kept", anju.sealing.fields.SealedField(null=True, verbose_name="没有接过来的")),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="person",
            name="person_number_once",
        ),
        migrations.RemoveConstraint(
            model_name="person",
            name="person_is_somewhere",
        ),
        migrations.AddField(
            model_name="person",
            name="joined_into",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="register.person",
                verbose_name="并入的档",
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                condition=models.Q(("joined_into__isnull", False)), fields=["joined_into"], name="person_joined"
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                condition=models.Q(("joined_into", None), ("number_index", None)),
                fields=["name", "birth_date"],
                name="person_unnumbered",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.UniqueConstraint(
                condition=models.Q(("joined_into", None)),
                fields=("number_index",),
                name="person_number_once",
                violation_error_message="这个证件号码已经登记了，同一个人不能登记两次；人可能在别处名下，请联系那里核对。",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("joined_into", None),
                        models.Q(
                            models.Q(("origin", ""), _negated=True),
                            models.Q(("destination", ""), _negated=True),
                            _connector="OR",
                        ),
                    ),
                    models.Q(("destination", ""), ("joined_into__isnull", False), ("origin", "")),
                    _connector="OR",
                ),
                name="person_is_somewhere",
                violation_error_message="迁出地、迁入地至少要知道一个，不然没有人看得到这个人。",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("joined_into", None), models.Q(("joined_into", models.F("id")), _negated=True), _connector="OR"
                ),
                name="person_joined_into_another",
                violation_error_message="一条档不能并入它自己。",
            ),
        ),
        migrations.AddField(
            model_name="joining",
            name="asked_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="申请的人",
            ),
        ),
        migrations.AddField(
            model_name="joining",
            name="decided_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="确认的人",
            ),
        ),
        migrations.AddField(
            model_name="joining",
            name="goes",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="register.person",
                verbose_name="并掉的档",
            ),
        ),
        migrations.AddField(
            model_name="joining",
            name="stays",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="register.person",
                verbose_name="留下的档",
            ),
        ),
        migrations.AddIndex(
            model_name="joining",
            index=models.Index(condition=models.Q(("stage", "waiting")), fields=["decide_by"], name="joining_waits"),
        ),
        migrations.AddConstraint(
            model_name="joining",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by", None), models.Q(("decided_by", models.F("asked_by")), _negated=True), _connector="OR"
                ),
                name="joining_two_people",
                violation_error_message="自己申请的并档自己不能确认，请另一位看得到两条的干部确认。",
            ),
        ),
        migrations.AddConstraint(
            model_name="joining",
            constraint=models.CheckConstraint(
                condition=models.Q(("goes", models.F("stays")), _negated=True),
                name="joining_two_records",
                violation_error_message="要选两条不同的档。",
            ),
        ),
        migrations.AddConstraint(
            model_name="joining",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided_at__lte", models.F("decide_by")),
                        ("decided_by__isnull", False),
                        ("stage__in", ("joined", "refused")),
                    ),
                    models.Q(("decided_at", None), ("decided_by", None), ("stage__in", ["waiting", "lapsed"])),
                    _connector="OR",
                ),
                name="joining_decided_in_time",
                violation_error_message="等确认的期限已经过了，这次申请不再算数；还要并的话请重新申请。",
            ),
        ),
        migrations.AddConstraint(
            model_name="joining",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("because", ""), _negated=True),
                    models.Q(
                        models.Q(("stage", "refused"), _negated=True),
                        models.Q(("message", ""), _negated=True),
                        _connector="OR",
                    ),
                ),
                name="joining_says_why",
                violation_error_message="并档和不并都要写明为什么。",
            ),
        ),
        migrations.AddConstraint(
            model_name="joining",
            constraint=models.UniqueConstraint(
                condition=models.Q(("stage__in", ["waiting", "joined"])),
                fields=("goes",),
                name="joining_once_at_a_time",
                violation_error_message="这条档已经有人申请并了，请先看那一次。",
            ),
        ),
    ]
