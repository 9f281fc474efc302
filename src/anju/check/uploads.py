"""Ledgers on their way in: written to a private folder while they arrive, refused when they grow too large."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest

from anju.check import visits


class LimitedUpload(TemporaryFileUploadHandler):
    """Streams an upload to the visits' folder; past ``ANJU_LARGEST_UPLOAD`` bytes it stops and ``too_large`` says so."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.received = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file in the visits' folder (``FILE_UPLOAD_TEMP_DIR``), which only this user can read."""
        visits.prepare()
        super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Write on, or stop: the rest of the request is read and thrown away, so that the page can still answer."""
        self.received += len(raw_data)
        if self.received > settings.ANJU_LARGEST_UPLOAD:
            if self.request is not None:
                self.request.META["anju.too_large"] = True
            self.file.close()
            raise StopUpload(connection_reset=False)
        return super().receive_data_chunk(raw_data, start)
