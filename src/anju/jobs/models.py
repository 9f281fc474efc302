"""What is stored of background work; the queue itself is django_tasks_db's."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django_tasks_db.models import DBTaskResult


class Job(models.Model):
    """One piece of work that somebody (``owner``, an officer's id) or the schedule (an empty one) wanted done once.

    ``arguments`` and ``message`` stand in the database as they are: codes and counts, never a person's data.
    """

    class State(models.TextChoices):
        """Waiting or under way · ended well · ended with a sentence that says why not."""

        OPEN = "open", "未完成"
        DONE = "done", "已完成"
        FAILED = "failed", "没办成"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=200, help_text="the same key begins the same job, however often it is sent")
    owner = models.CharField(max_length=64, blank=True)
    title = models.CharField(max_length=100)
    arguments = models.JSONField(default=dict)
    task = models.OneToOneField(DBTaskResult, null=True, on_delete=models.SET_NULL, related_name="job")
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True)
    begun_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="jobs_job_key_once"),
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="jobs_job_done_within_total"),
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None) | Q(state__in=["done", "failed"], ended_at__isnull=False),
                name="jobs_job_ended_or_open",
            ),
        ]
        indexes = [models.Index(fields=["owner", "-begun_at"], name="jobs_job_of_owner")]

    def __str__(self) -> str:
        return self.title


class Effect(models.Model):
    """A step of a job that has happened; the row is written in the step's own transaction, so that it happens once."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="effects")
    step = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "step"], name="jobs_effect_step_once")]

    def __str__(self) -> str:
        return f"{self.job_id}:{self.step}"


class Worker(models.Model):
    """A process that works; one that has not been seen for the length of a lease has ended, whatever it was doing."""

    id = models.CharField(primary_key=True, max_length=64)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.id


class Schedule(models.Model):
    """When a job that recurs begins next; ``settings.ANJU_SCHEDULES`` says which there are."""

    name = models.CharField(primary_key=True, max_length=100)
    next_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
