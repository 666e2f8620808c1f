#!/usr/bin/env python3
"""Runs every capture of a folder through `linnet inspect --json` and compares with the folder's TRUTH.tsv.

    truth.py PROGRAMS [FOLDER]          without FOLDER: the real captures; exit code 77 where there are none

TRUTH.tsv: capture, detector, service, src, dst, dest_port, username, count, outcome, note; an empty column says nothing.
Three things can go wrong: a row without its alert (missing), an alert that a `benign` or `none:NAME` row excludes, and a
login, telnet session or old TLS that no row lists (extra), the last except in folders of broken packets.
"""
import collections
import csv
import pathlib
import sys

import inspection

SCANS = {"mirai-scan", "horizontal-scan", "vertical-scan"}
LISTED = {"cleartext-login", "default-login", "telnet", "tls-obsolete"}  # all of them are in the table
NOT_BENIGN = {"mirai-scan", "horizontal-scan", "vertical-scan", "brute-force", "flood", "c2-contact", "malware-download",
              "exploit-attempt"}
UNLISTED = {"TLS 1.2", "TLS 1.3"}  # a broken cipher in a version that is not old: the table has versions only
# What the table lacks and tshark shows: a server hello that came a second time, after packets that belong behind it.
TABLE_LACKS = {("devices/ntop-nDPI__google_ssl.pcap", "tls-obsolete", "216.58.212.100")}
BROKEN = {"malformed", "fuzz-seeds", "odd"}  # folders in which a login may be anything


def fields_of(alert: dict) -> dict[str, str]:
    """An alert in the columns of TRUTH.tsv."""
    linnet = alert["linnet"]
    scan = linnet["detector"] in SCANS
    return {
        "detector": linnet["detector"],
        "service": alert.get("proto", "").lower().removeprefix("ipv6-") if scan else linnet.get("service", ""),
        "src": alert.get("src_ip", ""),
        "dst": alert.get("dest_ip", ""),
        "dest_port": str(alert.get("dest_port", "")),
        "username": linnet.get("username", ""),
        "count": str(linnet["count"]),
        "outcome": linnet.get("outcome", ""),
    }


def is_looked_for(row: dict) -> bool:
    return row["detector"] != "benign" and not row["detector"].startswith("none:")


def wanted(row: dict, column: str) -> str:
    """Where a packet came through a tunnel, src and dst list the addresses of every layer: those inside are what counts."""
    return row[column].split(",")[-1] if column in ("src", "dst") else row[column]


def matches(row: dict, fields: dict[str, str]) -> bool:
    return all(not row[column] or wanted(row, column) == value for column, value in fields.items()
               if not (column == "service" and row["detector"] == "telnet"))


class Comparison:
    def __init__(self) -> None:
        self.tally = collections.Counter()  # (detector and service, "held" | "missing" | "excluded" | "extra")
        self.failures = []

    def fail(self, kind: str, what: str, verdict: str, capture: str, detail: object) -> None:
        self.tally[what, kind] += 1
        self.failures.append(f"{verdict}: {capture}: {detail}")

    def compare(self, capture: str, rows: list[dict], alerts: list[dict]) -> None:
        found = [fields_of(alert) for alert in alerts]
        explained = set()
        for row in filter(is_looked_for, rows):
            what = f"{row['detector']} {row['service']}".strip()
            hit = next((n for n, fields in enumerate(found) if n not in explained and matches(row, fields)), None)
            if hit is None:
                wanted = {column: row[column] for column in row if row[column] and column not in ("capture", "note")}
                self.fail("missing", what, "MISSING", capture, wanted)
            else:
                explained.add(hit)
                self.tally[what, "held"] += 1
        self.exclude(capture, rows, found)
        self.look_for_extras(capture, [fields for n, fields in enumerate(found) if n not in explained])

    def exclude(self, capture: str, rows: list[dict], found: list[dict]) -> None:
        for row in rows:
            excluded = {"benign": NOT_BENIGN, "none": {row["detector"].removeprefix("none:")}}.get(row["detector"].split(":")[0])
            if excluded is None:
                continue
            wrong = [fields for fields in found if fields["detector"] in excluded]
            for fields in wrong:
                self.fail("excluded", row["detector"], "EXCLUDED", capture, fields)
            if not wrong:
                self.tally[row["detector"], "held"] += 1

    def look_for_extras(self, capture: str, unexplained: list[dict]) -> None:
        if capture.split("/")[0] in BROKEN:
            return
        for fields in unexplained:
            lacking = (capture, fields["detector"], fields["dst"]) in TABLE_LACKS
            if fields["detector"] in LISTED and fields["service"] not in UNLISTED and not lacking:
                self.fail("extra", f"{fields['detector']} {fields['service']}".strip(), "EXTRA", capture, fields)

    def print(self) -> None:
        print(*self.failures, sep="\n")
        print(f"{'':32}{'held':>8}{'missing':>8}{'excluded':>9}{'extra':>8}")
        for what in sorted({what for what, _ in self.tally}):
            counts = [self.tally[what, kind] for kind in ("held", "missing", "excluded", "extra")]
            print(f"{what:32}{counts[0]:>8}{counts[1]:>8}{counts[2]:>9}{counts[3]:>8}")


def main() -> int:
    programs = pathlib.Path(sys.argv[1])
    folder = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else inspection.real_captures()
    if folder is None:
        print("There are no real captures beside the source tree, and LINNET_CAPTURES names none.")
        return 77
    with (folder / "TRUTH.tsv").open(newline="") as file:
        truth = collections.defaultdict(list)
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            truth[row["capture"]].append({column: text or "" for column, text in row.items()})
    captures = sorted(path for path in folder.rglob("*") if ".pcap" in path.name or path.suffix in (".cap", ".trace"))
    comparison = Comparison()
    for seen in inspection.inspect_all(programs, captures):
        name = str(seen.capture.relative_to(folder))
        if seen.exit_code not in (0, 1):
            comparison.fail("missing", "inspect", "FAILED", name, f"exit code {seen.exit_code}: {seen.complaint}")
        comparison.compare(name, truth.pop(name, []), seen.records("alert"))
    for name, rows in truth.items():
        comparison.fail("missing", "capture", "ABSENT", name, f"{len(rows)} rows")
    comparison.print()
    return 1 if comparison.failures else 0


sys.exit(main())
