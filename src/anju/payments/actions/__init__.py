"""What one may do with assistance months."""

from anju.payments.actions.beginning import begin_months
from anju.payments.actions.closing import ask_closing, close_month, withdraw_closing
from anju.payments.actions.months import hold_month, postpone, release_month
from anju.payments.actions.paying import Given, pay, record_amounts, take_back

__all__ = [
    "Given",
    "ask_closing",
    "begin_months",
    "close_month",
    "hold_month",
    "pay",
    "postpone",
    "record_amounts",
    "release_month",
    "take_back",
    "withdraw_closing",
]
