"""What one may do with cases: each one transaction and one entry in the journal."""

from anju.cases.actions.leaving import resume, suspend, terminate, withdraw
from anju.cases.actions.opening import open_case
from anju.cases.actions.stepping import take_step

__all__ = ["open_case", "resume", "suspend", "take_step", "terminate", "withdraw"]
