"""What one may do with assistance months, bills, premiums and land rents."""

from anju.payments.actions.beginning import begin_months
from anju.payments.actions.closing import ask_closing, close_month, withdraw_closing
from anju.payments.actions.comparing import compare_again, follow_list, open_cases
from anju.payments.actions.months import confirm_hold, hold_month, postpone, release_month
from anju.payments.actions.paying import Given, pay, record_amounts, take_back
from anju.payments.actions.premiums import approve, draw_up, withdraw
from anju.payments.actions.reassessing import (
    Share,
    agree_reassessment,
    draw_up_reassessment,
    withdraw_reassessment,
)
from anju.payments.actions.rents import approve_rent, propose_rent, reverse_rent, set_rent_budget, withdraw_rent
from anju.payments.actions.returning import ask_return, confirm_return, withdraw_return
from anju.payments.actions.settling import Charged, reverse, settle_bill, work_out

__all__ = [
    "Charged",
    "Given",
    "Share",
    "agree_reassessment",
    "approve",
    "approve_rent",
    "ask_closing",
    "ask_return",
    "begin_months",
    "close_month",
    "compare_again",
    "confirm_hold",
    "confirm_return",
    "draw_up",
    "draw_up_reassessment",
    "follow_list",
    "hold_month",
    "open_cases",
    "pay",
    "postpone",
    "propose_rent",
    "record_amounts",
    "release_month",
    "reverse",
    "reverse_rent",
    "set_rent_budget",
    "settle_bill",
    "take_back",
    "withdraw",
    "withdraw_closing",
    "withdraw_reassessment",
    "withdraw_rent",
    "withdraw_return",
    "work_out",
]
