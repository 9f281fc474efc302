"""What is stored of payments: assistance months, settled bills, premiums that the government pays."""

from anju.payments.models.assistance import Amount, Closing, Kind, Month, Payer, Sort, State, clause, gives
from anju.payments.models.premiums import Batch, Premium, Scheme, lines_of_scheme
from anju.payments.models.settlements import Did, Settlement, procedure, settling_lines

__all__ = [
    "Amount",
    "Batch",
    "Closing",
    "Did",
    "Kind",
    "Month",
    "Payer",
    "Premium",
    "Scheme",
    "Settlement",
    "Sort",
    "State",
    "clause",
    "gives",
    "lines_of_scheme",
    "procedure",
    "settling_lines",
]
