"""What one may do with assistance months, bills and premiums."""

from anju.payments.actions.beginning import begin_months
from anju.payments.actions.closing import ask_closing, close_month, withdraw_closing
from anju.payments.actions.months import hold_month, postpone, release_month
from anju.payments.actions.paying import Given, pay, record_amounts, take_back
from anju.payments.actions.premiums import approve, draw_up, withdraw
from anju.payments.actions.settling import Charged, reverse, settle_bill, work_out

__all__ = [
    "Charged",
    "Given",
    "approve",
    "ask_closing",
    "begin_months",
    "close_month",
    "draw_up",
    "hold_month",
    "pay",
    "postpone",
    "record_amounts",
    "release_month",
    "reverse",
    "settle_bill",
    "take_back",
    "withdraw",
    "withdraw_closing",
    "work_out",
]
