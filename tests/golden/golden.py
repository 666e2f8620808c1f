#!/usr/bin/env python3
"""Compares what comes of a capture with what is committed beside it, or writes that anew.

    golden.py check PROGRAMS NAME       NAME.pcap (or .pcap.gz) against NAME.events.jsonl and NAME.alerts.jsonl,
                                        and NAME.report.txt and NAME.report.json where they exist
    golden.py update PROGRAMS [NAME]…   all that are golden, or these; read the difference before you commit it

Where the events would be more than LARGE bytes (a flood), only the alerts are kept.

A golden file freezes mistakes too, so it never stands alone: TRUTH.tsv says by hand what each capture must give.
"""
import difflib
import pathlib
import sys

import inspection

HERE = pathlib.Path(__file__).resolve().parent
LARGE = 300_000


def produce(programs: pathlib.Path, name: str) -> dict[str, str]:
    capture = next(HERE.glob(f"{name}.pcap*"))
    events = inspection.run(programs / "linnet-sensor", "--read", capture.name, "--print", folder=HERE)
    alerts = inspection.inspect(programs, capture)
    for complaint, code in ((events.stderr, events.returncode), (alerts.complaint, alerts.exit_code)):
        if code != 0 or complaint:
            sys.exit(f"{name}: exit code {code}: {complaint}")
    produced = {f"{name}.events.jsonl": events.stdout, f"{name}.alerts.jsonl": alerts.output}
    for report, format in ((f"{name}.report.txt", "text"), (f"{name}.report.json", "json")):
        if (HERE / report).exists():
            produced[report] = inspection.run(programs / "linnet", "inspect", "--report", format, capture.name, folder=HERE).stdout
    return {file: text for file, text in produced.items() if len(text) < LARGE or not file.endswith(".events.jsonl")}


def check(programs: pathlib.Path, name: str) -> int:
    failed = 0
    for file, produced in produce(programs, name).items():
        expected = (HERE / file).read_text()
        if produced != expected:
            failed = 1
            sys.stdout.writelines(difflib.unified_diff(expected.splitlines(True), produced.splitlines(True), file, "produced"))
    return failed


def update(programs: pathlib.Path, names: list[str]) -> int:
    for name in names or sorted(path.name.removesuffix(".alerts.jsonl") for path in HERE.glob("*.alerts.jsonl")):
        for file, produced in produce(programs, name).items():
            (HERE / file).write_text(produced)
    return 0


if __name__ == "__main__":
    mode, programs, *names = sys.argv[1:]
    sys.exit(check(pathlib.Path(programs), names[0]) if mode == "check" else update(pathlib.Path(programs), names))
