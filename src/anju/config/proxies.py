"""The reverse proxies before the site: of them alone is believed who asks, and whether by HTTPS.

Not granian's own `wrap_wsgi_with_proxy_headers`: it does not know an IPv4 proxy that the socket tells in IPv6, takes a hop that is no
address for the client, and believes the scheme only beside X-Forwarded-For.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network


class ProxiesWrong(ValueError):
    """No list of proxies; the message is a Chinese sentence."""


def proxies_of(text: str) -> tuple[Network, ...]:
    """The addresses and networks that ``ANJU_PROXIES`` names, between commas. Raises `ProxiesWrong`."""
    try:
        named = tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError:
        named = None
    if named is None or any(not network.prefixlen for network in named):
        raise ProxiesWrong(f"ANJU_PROXIES 是“{text}”，要写反向代理的 IP 地址或网段，用逗号分开，不能是所有地址。")
    return named


def client_of(peer: str, passed_on: str, proxies: Sequence[Network]) -> str:
    """Who asks: the last hop that is none of the proxies. What stands before it anybody may have written.

    Args:
        peer: the address that the server sees.
        passed_on: X-Forwarded-For, where each proxy has added whom it saw.
    """
    client = peer
    for hop in reversed(passed_on.split(",")):
        address = _address(hop.strip())
        if not is_proxy(client, proxies) or address is None:
            break
        client = str(address)
    return client


def is_proxy(address: str, proxies: Sequence[Network]) -> bool:
    """Whether the address is one of the proxies."""
    found = _address(address)
    return found is not None and any(found in network for network in proxies)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """An address; an IPv4 one also where a socket for both kinds writes it as IPv6."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
