"""What the register looks after at night."""

from __future__ import annotations

from django.utils import timezone

from anju.government.second_wall import everything, looking_everywhere
from anju.jobs.actions import job, once
from anju.jobs.models import Job
from anju.register.actions.joining import lapse
from anju.register.models import Joining, Stage


@job
def lapse_joinings(work: Job) -> None:
    """Requests to join two records for which nobody came wait no longer."""
    with looking_everywhere():
        late = Joining.objects.unscoped().filter(stage=Stage.WAITING, decide_by__lt=timezone.now())
        keys = list(late.values_list("pk", flat=True))
    if keys:
        with everything():
            once(lambda: lapse(keys), job=work, step="lapsed")
