#!/usr/bin/env python3
"""Broken captures and broken packets: no crash, no sanitizer report, and at most one line of complaint a file.

    malformed.py PROGRAMS               exit code 77 where there are no real captures
"""
import concurrent.futures
import pathlib
import sys

import inspection

FOLDERS = ("malformed", "odd", "fuzz-seeds")


def failures_of(programs: pathlib.Path, capture: pathlib.Path) -> list[str]:
    ways = {
        "linnet-sensor --print": inspection.run(programs / "linnet-sensor", "--read", str(capture), "--print"),
        "linnet inspect": inspection.run(programs / "linnet", "inspect", "--json", "--flows", str(capture)),
    }
    return [f"{way} {capture}: exit code {ended.returncode}, on stderr: {ended.stderr}" for way, ended in ways.items()
            if ended.returncode not in (0, 1) or ended.stderr.count("\n") > 1 or (ended.returncode == 1 and not ended.stderr)]


def main() -> int:
    folder = inspection.real_captures()
    if folder is None:
        print("There are no real captures beside the source tree, and LINNET_CAPTURES names none.")
        return 77
    captures = sorted(path for name in FOLDERS for path in (folder / name).rglob("*") if path.is_file())
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        failures = [text for found in pool.map(lambda c: failures_of(pathlib.Path(sys.argv[1]), c), captures) for text in found]
    print(*failures, f"{len(captures)} files, {len(failures)} failures", sep="\n")
    return 1 if failures or not captures else 0


sys.exit(main())
