#!/usr/bin/env python3
"""Scans as Mirai's scanner.c does, inside the lab only: SYNs without TCP options whose sequence number is the destination
address, one in ten to port 2323 and the rest to 23, window and source port constant for one run.

    mirai_scanner.py COUNT [SEED]

It sends to documentation addresses (RFC 5737) alone, at most 2,000 SYNs, and refuses to run anywhere but in a network
namespace of the lab whose only way out is the lab's router.
"""
import os
import random
import socket
import struct
import subprocess
import sys
import time

TARGETS = ("203.0.113.", "198.51.100.")
MOST = 2000
PER_SECOND = 160  # SCANNER_RAW_PPS in Mirai's source


def refuse_outside_the_lab() -> None:
    name = subprocess.run(["ip", "netns", "identify", str(os.getpid())], capture_output=True, text=True).stdout.strip()
    if not name.startswith("linnet-lab"):
        sys.exit("mirai_scanner: runs only inside the lab's network namespaces")
    if {name for _, name in socket.if_nameindex()} != {"lo", "eth0"} or os.path.exists("/sys/class/net/eth0/device"):
        sys.exit("mirai_scanner: these are not the interfaces of a device of the lab")
    routes = subprocess.run(["ip", "-4", "route"], capture_output=True, text=True, check=True).stdout.split("\n")
    for route in filter(None, routes):
        if not route.startswith(("default via 192.168.1.1 ", "192.168.1.0/24 ")):
            sys.exit(f"mirai_scanner: not the lab's route: {route}")


def checksum(data: bytes) -> int:
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def syn(source: str, target: str, port: int, source_port: int, window: int, identification: int) -> bytes:
    source_bytes, target_bytes = socket.inet_aton(source), socket.inet_aton(target)
    sequence = struct.unpack("!I", target_bytes)[0]  # the hallmark

    def header(check: int) -> bytes:
        return struct.pack("!HHIIBBHHH", source_port, port, sequence, 0, 5 << 4, 0x02, window, check, 0)

    pseudo = source_bytes + target_bytes + struct.pack("!BBH", 0, socket.IPPROTO_TCP, 20)
    tcp = header(checksum(pseudo + header(0)))
    # The kernel fills in the length and the checksum of the IP header.
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 40, identification, 0, 64, socket.IPPROTO_TCP, 0, source_bytes, target_bytes)
    return ip + tcp


def own_address() -> str:
    probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    probe.connect((TARGETS[0] + "1", 9))  # chooses a route, sends nothing
    return probe.getsockname()[0]


def main() -> None:
    refuse_outside_the_lab()
    count = min(int(sys.argv[1]), MOST)
    chance = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    source, source_port, window = own_address(), chance.randrange(1024, 65536), chance.randrange(1024, 65536)
    raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
    for number in range(count):
        target = chance.choice(TARGETS) + str(chance.randrange(1, 255))
        port = 2323 if number % 10 == 0 else 23
        raw.sendto(syn(source, target, port, source_port, window, chance.randrange(65536)), (target, 0))
        time.sleep(1 / PER_SECOND)


main()
