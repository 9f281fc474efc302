"""Who is on an insurer's list and in no register is forgotten as long after it came in as the contents of an import are."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import timezone

from anju.government.second_wall import everything
from anju.jobs.actions import job
from anju.jobs.models import Job
from anju.payments.models import Finding, Found, ListRow


@job
def forget_strangers(_: Job) -> None:
    """Delete the rows about them and what was found of them. A list that has nobody else keeps its rows: its month was compared."""
    until = timezone.now() - timedelta(days=settings.ANJU_BATCHES_KEPT_DAYS)
    with everything():
        same = {name: OuterRef(name) for name in ("insurance", "county", "month")}
        others = ListRow.objects.unscoped().filter(**same, person__isnull=False)
        ListRow.objects.unscoped().filter(Exists(others), person=None, recorded_at__lte=until).delete()
        old = Finding.objects.unscoped().filter(sort=Found.STRANGER, comparison__compared_at__lte=until)
        old.filter(Exists(others)).delete()
