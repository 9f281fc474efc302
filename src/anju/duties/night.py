"""Evaluation in the background: every night, after the pages have changed, and when somebody asks for it."""

from __future__ import annotations

from django.utils import timezone

from anju.duties.everyone import evaluate_all
from anju.duties.models import GuidelineVersion
from anju.jobs.actions import job, report
from anju.jobs.models import Job
from anju.register.guideline import guideline


@job
def evaluate_everyone(begun: Job) -> None:
    """Evaluate everyone. Killed and begun again, it finds what is left to do by itself."""
    changed = evaluate_all(timezone.localdate(), report=lambda done, total: report(job=begun, done=done, total=total))
    said = f"开出 {changed.opened} 件，了结 {changed.closed} 件"
    Job.objects.filter(pk=begun.pk).update(message=said)


@job
def evaluate_new_pages(begun: Job) -> None:
    """Evaluate everyone as soon as the pages are others than those that evaluated last; else nothing."""
    if GuidelineVersion.objects.filter(pk=guideline().version, evaluated_at__isnull=False).exists():
        return
    evaluate_all(timezone.localdate(), report=lambda done, total: report(job=begun, done=done, total=total))
