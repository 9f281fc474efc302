"""A real OpenID Connect provider in a process of its own."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import requests

from tests.browser.conftest import free_port

PATIENCE_SECONDS = 120  # nothing is measured: it only ends at some time


@contextmanager
def provider() -> Iterator[str]:
    """The address of a provider that runs meanwhile."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "oidc_provider_mock", "--port", str(port)])
    address = f"http://127.0.0.1:{port}"
    try:
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                requests.get(f"{address}/.well-known/openid-configuration", timeout=PATIENCE_SECONDS)
                break
            except requests.ConnectionError:
                assert time.monotonic() < end, "the provider does not answer"
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)
