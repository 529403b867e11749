"""The addresses of this machine that servers listen on."""

import socket

HOST = "127.0.0.1"


def port_is_taken(port: int) -> bool:
    """Tell whether something accepts connections on the port.

    Asked by connecting: macOS lets a program bind a port that another one serves for all addresses.
    """
    try:
        socket.create_connection((HOST, port), timeout=0.2).close()
    except OSError:
        return False
    return True
