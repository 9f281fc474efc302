"""The forms of cases."""

from anju.cases.forms.notices import DecideForm, NoticeForm, ObjectionForm
from anju.cases.forms.papers import PaperForm
from anju.cases.forms.steps import LeaveForm, OpenForm, StepForm, SuspendForm, name_of

__all__ = [
    "DecideForm",
    "LeaveForm",
    "NoticeForm",
    "ObjectionForm",
    "OpenForm",
    "PaperForm",
    "StepForm",
    "SuspendForm",
    "name_of",
]
