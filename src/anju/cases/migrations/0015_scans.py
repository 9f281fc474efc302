"""What a file shows lies in a table of its own, once for all cases that it was handed in to."""

from typing import Any
from uuid import UUID

import django.db.models.deletion
from django.db import migrations, models

import anju.register.models.subjects
import anju.sealing.fields
from anju.government.second_wall import everything
from anju.sealing.ciphertext import Opener, Sealer


def share(apps: Any, schema_editor: Any) -> None:
    """Seal every content anew where it lies now, one at a time."""
    papers, scans = (apps.get_model("cases", name)._base_manager for name in ("Paper", "Scan"))
    opened = Opener("cases_paper", "content")
    with everything():
        known: dict[str, UUID] = {}
        for paper in list(papers.order_by("pk").defer("content")):
            if paper.digest not in known:
                sealed = bytes(papers.values_list("content", flat=True).get(pk=paper.pk))
                scan = scans.model(media=paper.media, size=paper.size, digest=paper.digest)
                scan.content = Sealer("cases_scan", "content").seal(scan.pk, opened.open(paper.pk, sealed))
                scan.save(force_insert=True)
                known[paper.digest] = scan.pk
            papers.filter(pk=paper.pk).update(scan=known[paper.digest])
        _settle(schema_editor)


def copy_back(apps: Any, schema_editor: Any) -> None:
    """Seal a copy of its content into every paper."""
    papers = apps.get_model("cases", "Paper")._base_manager
    opened = Opener("cases_scan", "content")
    with everything():
        for key in list(papers.order_by("pk").values_list("pk", flat=True)):
            paper = papers.select_related("scan").get(pk=key)
            scan = paper.scan
            paper.content = Sealer("cases_paper", "content").seal(key, opened.open(scan.pk, scan.content.ciphertext))
            paper.media, paper.size, paper.digest = scan.media, scan.size, scan.digest
            paper.save(update_fields=["media", "size", "digest", "content"])
        _settle(schema_editor)


def _settle(schema_editor: Any) -> None:
    """PostgreSQL changes no table that still has to check a row of this transaction."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [("cases", "0014_papers_by_hand")]

    operations = [
        migrations.CreateModel(
            name="Scan",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=anju.register.models.subjects.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "media",
                    models.CharField(
                        choices=[("image/jpeg", "jpg"), ("image/png", "png"), ("application/pdf", "pdf")],
                        max_length=15,
                        verbose_name="格式",
                    ),
                ),
                ("size", models.PositiveIntegerField(verbose_name="大小")),
                ("digest", models.CharField(max_length=64)),
                ("content", anju.sealing.fields.SealedField(verbose_name="内容")),
            ],
        ),
        migrations.AddConstraint(
            model_name="scan",
            constraint=models.UniqueConstraint(
                fields=("digest",),
                name="scan_once",
                violation_error_message="这一份刚刚有人也在交，请再交一次。",
            ),
        ),
        migrations.AddConstraint(
            model_name="scan",
            constraint=models.CheckConstraint(
                condition=models.Q(("media__in", ["image/jpeg", "image/png", "application/pdf"]), ("size__gt", 0)),
                name="scan_words_known",
                violation_error_message="材料只收照片（.jpg、.png）和 .pdf，并且不能是空的。",
            ),
        ),
        migrations.RemoveConstraint(model_name="paper", name="paper_once"),
        migrations.RemoveConstraint(model_name="paper", name="paper_words_known"),
        migrations.AddField(
            model_name="paper",
            name="scan",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.scan"
            ),
        ),
        migrations.AlterField("paper", "media", models.CharField(max_length=15, null=True)),
        migrations.AlterField("paper", "size", models.PositiveIntegerField(null=True)),
        migrations.AlterField("paper", "digest", models.CharField(max_length=64, null=True)),
        migrations.AlterField("paper", "content", anju.sealing.fields.SealedField(null=True)),
        migrations.RunPython(share, copy_back),
        migrations.RemoveField("paper", "media"),
        migrations.RemoveField("paper", "size"),
        migrations.RemoveField("paper", "digest"),
        migrations.RemoveField("paper", "content"),
        migrations.AlterField(
            "paper",
            "scan",
            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.scan"),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.UniqueConstraint(
                fields=("case", "scan"),
                name="paper_once",
                violation_error_message="这一份已经在这一件里了。",
            ),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(
                condition=models.Q(("after__gt", 0), ("kind__in", ["consent", "reply", "evidence"]), ("step__gt", 0)),
                name="paper_words_known",
                violation_error_message="没有这种材料。",
            ),
        ),
    ]
