#!/usr/bin/env python3
"""Every server certificate of the real captures' CERTIFICATES.tsv is seen, with its dates, and its flaws are those of the table.

    certificates.py PROGRAMS [FOLDER]       exit code 77 where there is no such table

Left out are certificates that clients showed (the table has them as servers on the client's port) and those inside RADIUS.
Where the table has the ends of a tunnel, or no address, the subject and the dates decide.
"""
import csv
import pathlib
import re
import subprocess
import sys
import tempfile

import inspection

COLUMNS = ["server", "port", "client", "subject", "issuer", "not_before", "not_after", "flaws", "outcome"]


def seen_in(programs: pathlib.Path, capture: pathlib.Path) -> tuple[list[dict], set[tuple[str, str]]]:
    """The certificates, and the clients' ends of all conversations."""
    with tempfile.TemporaryFile("w+") as events:
        subprocess.run([programs / "linnet-sensor", "--read", capture, "--print"], stdout=events, check=True, timeout=300)
        events.seek(0)
        clients = set(re.findall(r'"event":"flow".*?"client":{"ip":"([^"]+)","port":(\d+)', events.read()))
        events.seek(0)
        listed = subprocess.run([programs / "certificate_flags"], stdin=events, capture_output=True, text=True, check=True,
                                timeout=300)
    return [dict(zip(COLUMNS, line.split("\t"))) for line in listed.stdout.splitlines()], clients


def flaws_of(row: dict) -> set[str]:
    """The table's flags in Linnet's words; it tells the weak signatures apart, and says nothing about names."""
    flags = set(row["flags"].split(",")) - {""}
    flaws = {"expired"} & {flag.lower() for flag in flags} | {"self-signed", "not-yet-valid"} & flags
    if flags & {"sha1-signature", "md5-signature"}:
        flaws.add("weak-signature")
    if key := re.fullmatch(r"(?:RSA|DSA)PublicKey(\d+)", row["key"]):
        if int(key[1]) < 2048:
            flaws.add("weak-key")
    return flaws


def is_same(row: dict, seen: dict) -> bool:
    def time(text: str) -> str:
        return text.replace(" ", "T")

    tunnelled = ":" in seen["server"] and ":" not in row["server"]
    places = [] if tunnelled else ["server", "port", "client"]
    return (all(not row[place] or row[place] == seen[place] for place in places) and time(row["not_before"]) == seen["not_before"]
            and time(row["not_after"]) == seen["not_after"] and seen["subject"].startswith(row["subject"][:100]))


def main() -> int:
    programs = pathlib.Path(sys.argv[1]).resolve()
    folder = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else inspection.real_captures()
    if folder is None or not (folder / "CERTIFICATES.tsv").is_file():
        print("There are no real captures with a CERTIFICATES.tsv.")
        return 77
    with (folder / "CERTIFICATES.tsv").open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    known: dict[str, tuple] = {}
    held, left_out, failures = 0, 0, []
    for row in rows:
        capture = row["capture"]
        if capture not in known:
            known[capture] = seen_in(programs, folder / capture)
        seen, clients = known[capture]
        if not row["port"] or (row["server"], row["port"]) in clients:
            left_out += 1
            continue
        same = [one for one in seen if is_same(row, one)]
        if not same:
            failures.append(f"MISSING {capture}: {row['server']}:{row['port']} {row['subject']}")
        elif not any(set(one["flaws"].split(",")) - {"", "wrong-name"} == flaws_of(row) for one in same):
            failures.append(f"FLAWS {capture}: {row['subject']}: table {sorted(flaws_of(row))}, Linnet {same[0]['flaws']}")
        else:
            held += 1
    print(*failures, f"{held} of {len(rows)} certificates as in the table, {left_out} left out, {len(failures)} wrong", sep="\n")
    return 1 if failures or held == 0 else 0


sys.exit(main())
