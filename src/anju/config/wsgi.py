"""The door for WSGI servers; `./dev run` starts granian with it, with one worker: a visit lives in one process."""

import os

from django.core.wsgi import get_wsgi_application

from anju.check import visits
from anju.config.beside import end_with

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anju.config.settings")

application = get_wsgi_application()
visits.begin()
if server := os.environ.get("ANJU_SERVER"):
    end_with(int(server))
