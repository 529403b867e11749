"""A room without internet: start the tour in the current folder, ask Flack for its page, end it.

A program of its own, for it runs in a network namespace: `unshare --map-root-user --net python
room.py`. It prints what the tour prints and then Flack's page, and ends with the tour's code.
"""

import fcntl
import re
import signal
import socket
import struct
import subprocess
import sys
import urllib.request

# from linux/sockios.h and linux/if.h
SIOCSIFFLAGS = 0x8914
IFF_UP = 0x1

ADDRESS = re.compile(r"Flack \S+ is at (\S+)")


def main() -> int:
    """Run the tour until Flack has answered, and return the code that it ended with."""
    interfaces = [name for _, name in socket.if_nameindex()]
    if interfaces != ["lo"]:
        print(f"the network is not cut off: {', '.join(interfaces)}")
        return 1
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sh22x", b"lo", IFF_UP))
    command = [sys.executable, "-m", "tour", "start"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as tour:
        try:
            for line in tour.stdout:
                print(line, end="")
                found = ADDRESS.match(line)
                if found:
                    with urllib.request.urlopen(found[1]) as answer:
                        print(answer.read().decode())
                    tour.send_signal(signal.SIGINT)
        except BaseException:
            # else it would be waited for without an end
            tour.send_signal(signal.SIGINT)
            raise
    return tour.returncode


if __name__ == "__main__":
    sys.exit(main())
