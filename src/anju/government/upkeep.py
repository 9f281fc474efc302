"""What signing in leaves behind and nobody needs any longer."""

from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from anju.government.models import Attempts, UsedCode
from anju.jobs.actions import job
from anju.jobs.models import Job

_kept_codes = timedelta(minutes=10)


@job
def forget(_: Job) -> None:
    """Remove sessions that have ended, attempts that no longer count and codes that would no longer be right."""
    now = timezone.now()
    with transaction.atomic():
        Session.objects.filter(expire_date__lt=now).delete()
        Attempts.objects.filter(since__lt=now - timedelta(minutes=settings.ANJU_LOCK_MINUTES)).delete()
        UsedCode.objects.filter(at__lt=now - _kept_codes).delete()
