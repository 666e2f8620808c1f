#!/usr/bin/env python3
"""One device, however many addresses: IDENTITY.tsv says, by hand, what must come of each capture.

    identity.py PROGRAMS        columns: capture, device (its name), addresses (hardware addresses), why (its history has it)

The device is there once, has that many addresses, and its history tells of each that was joined, and why.
"""
import csv
import json
import pathlib
import sys

import inspection

HERE = pathlib.Path(__file__).resolve().parent


def faults(row: dict[str, str], devices: list[dict]) -> list[str]:
    found = [device for device in devices if row["device"] in (device.get("name"), device.get("hostname"))]
    if len(found) != 1:
        return [f"{len(found)} devices of that name"]
    device = found[0]
    joined = [entry["text"] for entry in device.get("history", []) if entry["event"] == "joined"]
    wrong = []
    if len(device.get("macs", [device.get("mac")])) != int(row["addresses"]):
        wrong.append(f"its addresses are {device.get('macs')}")
    if len(joined) != int(row["addresses"]) - 1 or not all(row["why"] in text for text in joined):
        wrong.append(f"its history is {joined}")
    return wrong


def main(programs: pathlib.Path) -> int:
    failed = 0
    for row in csv.DictReader((HERE / "IDENTITY.tsv").open(), delimiter="\t"):
        output = inspection.inspect(programs, HERE / row["capture"]).output
        records = [json.loads(line) for line in output.splitlines()]
        devices = [record["linnet"]["device"] for record in records if record["event_type"] == "device"]
        for fault in faults(row, devices):
            print(f"{row['capture']}: {row['device']}: {fault}")
            failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
