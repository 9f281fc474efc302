"""`python -m anju` is the `anju` command."""

import sys

from anju.cli import main

sys.exit(main())
