"""The options that several verbs share, and the types of their values."""

import argparse
import ipaddress

from tour.system import address

LAST_PORT = 65535


def positive(text: str) -> int:
    """Return the whole number, one or more, that the text is."""
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 1 on")
    return int(text)


def add_address(parser: argparse.ArgumentParser) -> None:
    """Add the options that choose the host and the port."""
    parser.add_argument(
        "--host",
        type=ip_address,
        default=address.HOST,
        metavar="ADDRESS",
        help="serve others too, at this address of this machine, or at each that it has with"
        f" 0.0.0.0; by default only this machine, at {address.HOST}",
    )
    parser.add_argument(
        "--port",
        type=port_number,
        metavar="N",
        help=f"Flack's, 1 to {LAST_PORT}; by default {address.PORTS[0]}, or the next that is free",
    )


def ip_address(text: str) -> str:
    """Return the IP address in its usual form; raise ArgumentTypeError when it is none."""
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text} is not an IP address, as 192.168.1.5 is; 0.0.0.0 stands for all addresses"
        ) from None


def port_number(text: str) -> int:
    """Return the number that the text holds; raise ArgumentTypeError when it is no port's."""
    if not text.isdecimal() or not 1 <= int(text) <= LAST_PORT:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1 to {LAST_PORT}")
    return int(text)
