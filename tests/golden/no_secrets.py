#!/usr/bin/env python3
"""No password leaves the sensor: plays captures with logins through the real programs and searches everything that comes
out (events, JSON, text, database, logs) for the passwords in them.

    no_secrets.py PROGRAMS golden       the lab's recordings, whose passwords are known
    no_secrets.py PROGRAMS real         the real captures, whose passwords tshark reads; exit code 77 without either
"""
import base64
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import inspection

HERE = pathlib.Path(__file__).resolve().parent
# What the lab's scripts type: "xc3511" is on Mirai's list, all others are made up after one pattern: word-word-number.
LAB_DEFAULTS = ["xc3511"]
MADE_UP = re.compile(r"\b[a-z]+(?:-[a-z]+)+-[0-9]{1,3}\b")
# Where tshark shows a secret: a filter, fields, and what in their values it is.
WHERE = [
    ('ftp.request.command == "PASS"', ["ftp.request.arg"], lambda arg: [arg]),
    ('pop.request.command == "PASS"', ["pop.request.parameter"], lambda parameter: [parameter]),
    ("http.authbasic", ["http.authbasic"], lambda pair: [pair.partition(":")[2]]),
    ("urlencoded-form", ["urlencoded-form.key", "urlencoded-form.value"],
     lambda keys, values: [value for key, value in zip(keys.split(","), values.split(",")) if "pass" in key.lower()]),
    ('imap.request.command == "LOGIN"', ["imap.request"],
     lambda line: re.findall(r"LOGIN \S+ ([^\s,]+)", line, re.IGNORECASE)),
    ("smtp.auth.password", ["smtp.auth.password"], lambda text: [base64.b64decode(text + "==").decode(errors="replace")]),
    ("mqtt.passwd", ["mqtt.passwd"], lambda text: [text]),
    ("snmp.community", ["snmp.community"], lambda text: text.split(",")),
    ("ldap.simple", ["ldap.simple"], lambda text: [text]),
    ("socks.password", ["socks.password"], lambda text: [text]),
    ('irc.request.command == "PASS"', ["irc.request.command_parameter"], lambda text: [text.split(",")[0]]),
    ("resp contains \"AUTH\"", ["resp.bulk_string.value"], lambda text: [bytes.fromhex(text.split(",")[-1]).decode()]),
]
SHORTEST = 5  # a shorter word turns up by chance in any database
OWN_WORDS = {"password", "capture", "public"}  # Linnet's own sentences have them


def lab_secrets() -> set[str]:
    lab = HERE.parent / "lab"
    scripts = [path.read_text() for path in [lab / "record", *lab.glob("*.sh")]]
    return set(LAB_DEFAULTS) | {secret for text in scripts for secret in MADE_UP.findall(text)}


def forms_of(secret: str) -> list[bytes]:
    """As it is, and as Basic authentication or SASL would carry it, at each of the three places base64 can begin."""
    plain = secret.encode()
    shifted = [base64.b64encode(b"\0" * lead + plain)[4 if lead else 0:-4] for lead in range(3)]
    return [plain] + [form for form in shifted if len(form) >= 8]


def found_in(text: bytes, secret: str) -> bool:
    """Whole words only: 'admin' inside 'administration' is no leak."""
    plain, *encoded = forms_of(secret)
    word = rb"(?<![A-Za-z0-9])" + re.escape(plain) + rb"(?![A-Za-z0-9])"
    return re.search(word, text) is not None or any(form in text for form in encoded)


def everything_said_about(programs: pathlib.Path, capture: pathlib.Path) -> dict[str, bytes]:
    """What each program writes anywhere, with the database of an analyzer that is kept for this."""
    said = {}
    for what, command in {"events": ["linnet-sensor", "--print", "--read", capture.name],
                          "JSON": ["linnet", "inspect", "--json", "--flows", capture.name],
                          "text": ["linnet", "inspect", capture.name]}.items():
        ended = inspection.run(programs / command[0], *command[1:], folder=capture.parent)
        said[what] = (ended.stdout + ended.stderr).encode()
    folder = pathlib.Path(tempfile.mkdtemp())
    try:
        store(programs, capture, folder)
        said |= {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    finally:
        shutil.rmtree(folder)
    return said


def store(programs: pathlib.Path, capture: pathlib.Path, folder: pathlib.Path) -> None:
    with (folder / "analyzer.log").open("w") as log:
        analyzer = subprocess.Popen([programs / "linnet-analyzer", "--listen", f"ipc://{folder}/events", "--api",
                                     f"ipc://{folder}/api", "--database", folder / "linnet.db", "--strangers-local"],
                                    stdout=log, stderr=log)
        try:
            deadline = time.monotonic() + 20
            while not (folder / "events").exists() and time.monotonic() < deadline:
                time.sleep(0.02)
            ended = inspection.run(programs / "linnet-sensor", "--read", str(capture), "--connect", f"ipc://{folder}/events")
            (folder / "sensor.log").write_text(ended.stdout + ended.stderr)
            shutil.copy(folder / "linnet.db", folder / "as-committed.db")
        finally:
            analyzer.send_signal(signal.SIGTERM)
            analyzer.wait(20)


def secrets_of(capture: pathlib.Path) -> set[str]:
    secrets = set()
    for wanted, fields, pick in WHERE:
        names = [argument for field in fields for argument in ("-e", field)]
        listed = subprocess.run(["tshark", "-r", capture, "-Y", wanted, "-T", "fields", *names], capture_output=True, text=True,
                                errors="replace")
        for line in filter(str.strip, listed.stdout.splitlines()):
            secrets.update(secret.strip('"') for secret in pick(*line.split("\t")))
    return secrets | telnet_secrets_of(capture)


def telnet_secrets_of(capture: pathlib.Path) -> set[str]:
    """What the client typed after `Password:` until Return."""
    listed = subprocess.run(["tshark", "-r", capture, "-Y", "telnet.data", "-T", "fields", "-e", "tcp.stream", "-e",
                             "tcp.dstport", "-e", "telnet.data"], capture_output=True, text=True, errors="replace")
    typed, asked, secrets = {}, set(), set()
    for line in listed.stdout.splitlines():
        stream, port, data = (line.split("\t") + ["", ""])[:3]
        if port != "23":
            if "assword" in data:
                asked.add(stream)
                typed[stream] = ""
        elif stream in asked:
            typed[stream] += data.replace("\\r", "\r").replace("\\n", "\n").replace("\\b", "\b").replace(",", "")
            if "\r" in typed[stream] or "\n" in typed[stream]:
                secrets.add(re.sub(".\b", "", re.split(r"[\r\n]", typed[stream])[0]))
                asked.discard(stream)
    return secrets


def user_names() -> set[str]:
    """A secret that is also a user name (user/user, the SNMP community), or its part before the @, is shown as the name."""
    rows = (inspection.real_captures() / "TRUTH.tsv").read_text().splitlines()
    names = {row.split("\t")[6] for row in rows}
    return names | {name.partition("@")[0] for name in names}


def leaks(programs: pathlib.Path, capture: pathlib.Path, secrets: set[str]) -> list[str]:
    said = everything_said_about(programs, capture)
    if not any(b'"login"' in text for text in said.values()):
        print(f"{capture.name}: no login was seen")
    return [f"{capture.name}: a password occurs in {where}" for where, text in said.items() for secret in secrets
            if found_in(text, secret)]


def main() -> int:
    programs, kind = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    if kind == "golden":
        work = {capture: lab_secrets() for capture in sorted(HERE.glob("*.pcap*"))}
    elif inspection.real_captures() is None or shutil.which("tshark") is None:
        print("There are no real captures, or no tshark to read their passwords.")
        return 77
    else:
        names = user_names()
        captures = sorted(path for path in (inspection.real_captures() / "credentials").iterdir()) + sorted(
            path for path in (inspection.real_captures() / "cleartext").iterdir())
        work = {capture: {secret for secret in secrets_of(capture) if len(secret) >= SHORTEST and secret not in names | OWN_WORDS}
                for capture in captures}
    searched = {capture: secrets for capture, secrets in work.items() if secrets}
    failures = [text for capture, secrets in searched.items() for text in leaks(programs, capture, secrets)]
    print(*failures, f"{len(searched)} captures, {len(set().union(*searched.values()))} passwords, {len(failures)} leaks", sep="\n")
    return 1 if failures or not searched else 0


if __name__ == "__main__":
    os.umask(0o077)
    sys.exit(main())
