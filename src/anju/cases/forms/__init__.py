"""The forms of cases."""

from anju.cases.forms.notices import DecideForm, NoticeForm, ObjectionForm
from anju.cases.forms.papers import PaperForm
from anju.cases.forms.steps import LeaveForm, OpenForm, StepForm, SuspendForm, name_of
from anju.cases.forms.votes import CallForm, CountForm, RosterForm

__all__ = [
    "CallForm",
    "CountForm",
    "DecideForm",
    "LeaveForm",
    "NoticeForm",
    "ObjectionForm",
    "OpenForm",
    "PaperForm",
    "RosterForm",
    "StepForm",
    "SuspendForm",
    "name_of",
]
