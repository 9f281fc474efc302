"""The private folder of this installation: its secret key, readable by its user alone. The demo has a folder within it."""

import contextlib
import os
import secrets
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path

_elsewhere = (
    "ANJU_DATABASE_URL",
    "ANJU_KEYS",
    "ANJU_ANCHORS",
    "ANJU_HOSTS",
    "ANJU_PROXIES",
    "ANJU_OIDC_ISSUER",
    "ANJU_RESIDENTS_ISSUER",
)
"""What would take a demo away from its own folder or from this machine."""


class DemoRefused(Exception):
    """This cannot be a demo; the message is a Chinese sentence that says what to leave out."""


def demo() -> bool:
    """Whether ``ANJU_DEMO=1`` asks for the demo: a city of made-up people in a folder, a database and with keys of its own."""
    return os.environ.get("ANJU_DEMO") == "1"


def check_demo(environment: Mapping[str, str]) -> None:
    """Raise `DemoRefused` where something is set that could bring the demo and real data, or other machines, together."""
    set_too = [name for name in _elsewhere if environment.get(name)]
    if set_too:
        raise DemoRefused(f"演示只在本机开，只用自己的库和密钥：请不要设 {'、'.join(set_too)}，或者不设 ANJU_DEMO。")


def is_loopback(host: str) -> bool:
    """Whether an address is this machine's own, out of reach for others."""
    with contextlib.suppress(ValueError):
        address = ip_address(host)
        return (getattr(address, "ipv4_mapped", None) or address).is_loopback
    return host == "localhost"


def runtime_folder() -> Path:
    """``ANJU_RUNTIME``, or ``anju`` below the user's state folder; the demo's is ``demo`` in it. Made with mode 0700."""
    state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    folder = Path(os.environ.get("ANJU_RUNTIME") or state / "anju")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if demo():
        folder = folder / "demo"
        folder.mkdir(exist_ok=True, mode=0o700)
    return folder


def secret_key() -> str:
    """The key of this installation; made at the first start, with mode 0600."""
    path = runtime_folder() / "secret-key"
    with contextlib.suppress(FileExistsError):
        made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(made, "w", encoding="ascii") as stream:
            stream.write(secrets.token_urlsafe(50))
    return path.read_text(encoding="ascii")
