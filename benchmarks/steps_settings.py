"""The site's settings, with viewflow's tables in the same database where it is installed."""

from importlib.util import find_spec

from anju.config.settings import *  # noqa: F403 - these settings and one app more
from anju.config.settings import INSTALLED_APPS as OURS

INSTALLED_APPS = [*OURS, *(["viewflow", "viewflow.workflow"] if find_spec("viewflow") else []), "benchmarks"]
