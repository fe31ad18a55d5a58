"""Where a message may go: public https addresses, unless the installation allows networks inside."""

import ipaddress
from urllib.parse import urlsplit

LONGEST_URL = 500

# Networks that Python calls global, and that lead inside by translation all the same (RFC 6052, RFC 8215, RFC 3056,
# RFC 3879).
_TRANSLATED = [
    ipaddress.ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "fec0::/10")
]


def problem_of_url(url: str, *, private: bool) -> str:
    """Why no message may go to this address; "" when it may. `private`: networks inside, and plain http, are
    allowed."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "not_a_url"
    if len(url) > LONGEST_URL or not parts.hostname or not url.isascii() or not url.isprintable():
        return "not_a_url"
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        return "not_https"
    if parts.username is not None or parts.password is not None or parts.fragment or port == 0:
        return "not_a_url"
    return ""


def is_public(address: str) -> bool:
    """Whether an IP address lies in the open Internet: not in a network inside, on this machine, or in a range that
    leads to one by translation."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return is_public(str(found.ipv4_mapped))
        if any(found in net for net in _TRANSLATED):
            return False
    return found.is_global and not found.is_multicast and not found.is_reserved
