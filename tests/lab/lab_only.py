"""Programs that send what an attacker would send run inside the lab only."""
import os
import socket
import subprocess
import sys

OUTSIDE = ("203.0.113.", "198.51.100.")  # documentation addresses (RFC 5737): all that the lab's router leads to


def refuse_elsewhere(program: str) -> None:
    """Ends the program but in a network namespace of the lab whose only way out is the lab's router."""
    name = subprocess.run(["ip", "netns", "identify", str(os.getpid())], capture_output=True, text=True).stdout.strip()
    if not name.startswith("linnet-lab"):
        sys.exit(f"{program}: runs only inside the lab's network namespaces")
    if {name for _, name in socket.if_nameindex()} != {"lo", "eth0"} or os.path.exists("/sys/class/net/eth0/device"):
        sys.exit(f"{program}: these are not the interfaces of a device of the lab")
    routes = subprocess.run(["ip", "-4", "route"], capture_output=True, text=True, check=True).stdout.split("\n")
    for route in filter(None, routes):
        if not route.startswith(("default via 192.168.1.1 ", "192.168.1.0/24 ")):
            sys.exit(f"{program}: not the lab's route: {route}")


def own_address() -> str:
    probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    probe.connect((OUTSIDE[0] + "1", 9))  # chooses a route, sends nothing
    return probe.getsockname()[0]


def checksum(data: bytes) -> int:
    """RFC 1071."""
    data += b"\0" * (len(data) % 2)
    total = sum(int.from_bytes(data[at:at + 2], "big") for at in range(0, len(data), 2))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
