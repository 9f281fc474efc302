"""A visitor's browser in the tests: hands in ledgers and waits for answers."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

PATIENCE_SECONDS = 60


class Visitor:
    """One browser with its cookies."""

    def __init__(self) -> None:
        self.browser = Client()

    def get(self, address: str, *, htmx: bool = False) -> Response:
        """The page at an address; ``htmx`` asks for the part of it that htmx would fetch."""
        return self.browser.get(address, headers={"HX-Request": "true"} if htmx else {})

    def text(self, address: str, *, htmx: bool = False) -> str:
        """The page at an address as text; it has to be there."""
        response = self.get(address, htmx=htmx)
        assert response.status_code == 200, (address, response.status_code)
        return response.content.decode()

    def hand_in(self, name: str, content: bytes, **fields: str) -> Response:
        """Hand in a ledger on the front page."""
        return self.browser.post("/check/", {"ledger": SimpleUploadedFile(name, content), **fields})

    def check(self, name: str, content: bytes, **fields: str) -> str:
        """Hand in a ledger and wait for the answer; the visit's address."""
        return self.wait(self.hand_in(name, content, **fields))

    def try_sample(self, name: str) -> str:
        """Press the button of a sample and wait for the answer; the visit's address."""
        return self.wait(self.browser.post(f"/samples/{name}/"))

    def wait(self, response: Response) -> str:
        """Follow a check until it has failed or everything can be downloaded; the visit's address."""
        assert response.status_code == 302, response.content.decode()
        address = response.headers["Location"]
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            files = self.text(f"{address}progress/?part=files")
            if "/files/parquet/" in files or "alert-danger" in self.text(f"{address}progress/"):
                return address
            time.sleep(0.1)
        raise AssertionError(f"no answer within {PATIENCE_SECONDS} s")


def read_download(response: Response, path: Path) -> Path:
    """A download, written to a file."""
    path.write_bytes(b"".join(response))
    return path
