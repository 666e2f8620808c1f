#!/usr/bin/env python3
"""The JA4 of every conversation in the real captures' ja4/EXPECTED.tsv is the published one.

    ja4.py PROGRAMS [FOLDER]       exit code 77 where there is no such table

Both what the sensor tells and what `linnet inspect --json --flows` says are looked at. A conversation of the table is found by
its ends.
"""
import csv
import json
import pathlib
import sys

import inspection

END = ("src", "src_port", "dst", "dest_port")


def told_by_sensor(programs: pathlib.Path, capture: pathlib.Path) -> dict[tuple, tuple]:
    ended = inspection.run(programs / "linnet-sensor", "--read", str(capture), "--print")
    hellos = [event for event in map(json.loads, ended.stdout.splitlines()) if event["event"] == "tls_handshake"]
    return {(h["client"]["ip"], str(h["client"]["port"]), h["server"]["ip"], str(h["server"]["port"])):
            (h.get("sni", ""), h.get("ja4", "")) for h in hellos}


def told_by_inspect(programs: pathlib.Path, capture: pathlib.Path) -> dict[tuple, tuple]:
    flows = inspection.inspect(programs, capture, "--flows").records("flow")
    return {(f["src_ip"], str(f.get("src_port")), f["dest_ip"], str(f.get("dest_port"))):
            (f["tls"].get("sni", ""), f["tls"].get("ja4", "")) for f in flows if "tls" in f}


def main() -> int:
    programs = pathlib.Path(sys.argv[1]).resolve()
    folder = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else inspection.real_captures()
    if folder is None or not (folder / "ja4" / "EXPECTED.tsv").is_file():
        print("There are no real captures with a ja4/EXPECTED.tsv.")
        return 77
    with (folder / "ja4" / "EXPECTED.tsv").open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    told: dict[str, list[dict[tuple, tuple]]] = {}
    failures = []
    for row in rows:
        capture = row["capture"]
        if capture not in told:
            told[capture] = [ask(programs, (folder / capture).resolve()) for ask in (told_by_sensor, told_by_inspect)]
        wanted = (row["server_name"], row["ja4"])
        for who, answers in zip(("sensor", "inspect"), told[capture]):
            found = answers.get(tuple(row[column] for column in END))
            if found != wanted:
                failures.append(f"{capture} {row['src']}:{row['src_port']}: {who} says {found}, the table {wanted}")
    print(*failures, f"{len(rows)} conversations, {len(failures)} answers wrong", sep="\n")
    return 1 if failures or not rows else 0


sys.exit(main())
