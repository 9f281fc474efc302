"""A reverse proxy that terminates TLS: on 127.0.0.1, with a certificate made for the test, in a thread that ends with it."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

_longest_head = 1 << 16
_patience = 60.0
_own = (b"connection:", b"x-forwarded-proto:")


def certificate(folder: Path, host: str) -> Path:
    """A file with a certificate for the host and 127.0.0.1, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)]), datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName(host), x509.IPAddress(IPv4Address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = folder / "certificate.pem"
    file.write_bytes(key.private_bytes(*plain) + made.public_bytes(serialization.Encoding.PEM))
    return file


@contextmanager
def tls_proxy(file: Path, port: int, *, calls_from: str) -> Iterator[int]:
    """Its port. It hands on to ``port`` from an address of its own, and adds whom it saw, as proxies do, in one more line of the header."""

    async def hand_on(client: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            head = await client.readuntil(b"\r\n\r\n")
            lines = [line for line in head.split(b"\r\n") if line and not line.lower().startswith(_own)]
            saw = str(back.get_extra_info("peername")[0]).encode()
            lines += [b"X-Forwarded-For: " + saw, b"X-Forwarded-Proto: https", b"Connection: close", b"", b""]
            answer, server = await asyncio.open_connection("127.0.0.1", port, local_addr=(calls_from, 0))
            server.write(b"\r\n".join(lines))
            sending = asyncio.create_task(_pour(client, server))
            await _pour(answer, back)
            sending.cancel()
            server.close()
        back.close()

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    opened = asyncio.start_server(hand_on, "127.0.0.1", 0, ssl=context, limit=_longest_head)
    listening = asyncio.run_coroutine_threadsafe(opened, loop).result(_patience)
    try:
        yield int(listening.sockets[0].getsockname()[1])
    finally:
        asyncio.run_coroutine_threadsafe(_end(listening), loop).result(_patience)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(_patience)
        loop.close()


async def _pour(source: asyncio.StreamReader, into: asyncio.StreamWriter) -> None:
    while piece := await source.read(1 << 16):
        into.write(piece)
        await into.drain()


async def _end(listening: asyncio.Server) -> None:
    listening.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
