"""The forms of cases."""

from anju.cases.forms.notices import DecideForm, NoticeForm, ObjectionForm, ProofForm
from anju.cases.forms.papers import ConsentForm, FileForm, PaperForm
from anju.cases.forms.steps import LeaveForm, OpenForm, StepForm, SuspendForm, name_of
from anju.cases.forms.votes import CallForm, CountForm, CountTogetherForm, RosterForm

__all__ = [
    "CallForm",
    "ConsentForm",
    "CountForm",
    "CountTogetherForm",
    "DecideForm",
    "FileForm",
    "LeaveForm",
    "NoticeForm",
    "ObjectionForm",
    "OpenForm",
    "PaperForm",
    "ProofForm",
    "RosterForm",
    "StepForm",
    "SuspendForm",
    "name_of",
]
