#!/usr/bin/env python3
"""Scans as Mirai's scanner.c does, inside the lab only: SYNs without TCP options whose sequence number is the destination
address, one in ten to port 2323 and the rest to 23, window and source port constant for one run.

    mirai_scanner.py COUNT [SEED]

It sends to documentation addresses (RFC 5737) alone, at most 2,000 SYNs, and refuses to run anywhere but in a network
namespace of the lab whose only way out is the lab's router.
"""
import random
import socket
import struct
import sys
import time

import lab_only

MOST = 2000
PER_SECOND = 160  # SCANNER_RAW_PPS in Mirai's source


def syn(source: str, target: str, port: int, source_port: int, window: int, identification: int) -> bytes:
    source_bytes, target_bytes = socket.inet_aton(source), socket.inet_aton(target)
    sequence = struct.unpack("!I", target_bytes)[0]  # the hallmark

    def header(check: int) -> bytes:
        return struct.pack("!HHIIBBHHH", source_port, port, sequence, 0, 5 << 4, 0x02, window, check, 0)

    pseudo = source_bytes + target_bytes + struct.pack("!BBH", 0, socket.IPPROTO_TCP, 20)
    tcp = header(lab_only.checksum(pseudo + header(0)))
    # The kernel fills in the length and the checksum of the IP header.
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 40, identification, 0, 64, socket.IPPROTO_TCP, 0, source_bytes, target_bytes)
    return ip + tcp


def main() -> None:
    lab_only.refuse_elsewhere("mirai_scanner")
    count = min(int(sys.argv[1]), MOST)
    chance = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    source, source_port, window = lab_only.own_address(), chance.randrange(1024, 65536), chance.randrange(1024, 65536)
    raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
    for number in range(count):
        target = chance.choice(lab_only.OUTSIDE) + str(chance.randrange(1, 255))
        port = 2323 if number % 10 == 0 else 23
        raw.sendto(syn(source, target, port, source_port, window, chance.randrange(65536)), (target, 0))
        time.sleep(1 / PER_SECOND)


main()
