#!/usr/bin/env python3
"""Broken captures and broken packets: no crash, no sanitizer report, and at most one line of complaint a file.

    malformed.py PROGRAMS               exit code 77 where there are no real captures
"""
import concurrent.futures
import pathlib
import sys

import inspection

FOLDERS = ("malformed", "odd", "fuzz-seeds")


TOGETHER = 20  # captures that one `linnet inspect` reads: starting its three programs costs more than most of these files


def complaint(way: str, captures: list[pathlib.Path], ended) -> list[str]:
    wrong = (ended.returncode not in (0, 1) or ended.stderr.count("\n") > len(captures)
             or (ended.returncode == 1 and not ended.stderr))
    return [f"{way} {' '.join(map(str, captures))}: exit code {ended.returncode}, on stderr: {ended.stderr}"] if wrong else []


def failures_of(programs: pathlib.Path, captures: list[pathlib.Path]) -> list[str]:
    failures = complaint("linnet inspect", captures,
                         inspection.run(programs / "linnet", "inspect", "--json", "--flows", *map(str, captures)))
    for capture in captures:
        failures += complaint("linnet-sensor --print", [capture],
                              inspection.run(programs / "linnet-sensor", "--read", str(capture), "--print"))
    return failures


def main() -> int:
    folder = inspection.real_captures()
    if folder is None:
        print("There are no real captures beside the source tree, and LINNET_CAPTURES names none.")
        return 77
    captures = sorted(path for name in FOLDERS for path in (folder / name).rglob("*") if path.is_file())
    groups = [captures[i:i + TOGETHER] for i in range(0, len(captures), TOGETHER)]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        failures = [text for found in pool.map(lambda group: failures_of(pathlib.Path(sys.argv[1]), group), groups) for text in found]
    print(*failures, f"{len(captures)} files, {len(failures)} failures", sep="\n")
    return 1 if failures or not captures else 0


sys.exit(main())
