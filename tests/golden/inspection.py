"""What `linnet inspect --json` says about a capture, for the tests in this folder."""
import concurrent.futures
import dataclasses
import json
import os
import pathlib
import subprocess

# A sanitizer's report ends the program with this code, so that it cannot pass for an ordinary failure.
SANITIZER = 99
ENVIRONMENT = os.environ | {
    "TZ": "UTC",
    "ASAN_OPTIONS": f"exitcode={SANITIZER}:detect_leaks=0",
    "UBSAN_OPTIONS": f"halt_on_error=1:exitcode={SANITIZER}",
    "TSAN_OPTIONS": f"{os.environ.get('TSAN_OPTIONS', '')} exitcode={SANITIZER}",
}


@dataclasses.dataclass
class Inspection:
    capture: pathlib.Path
    exit_code: int
    output: str
    complaint: str  # standard error

    def records(self, event_type: str) -> list[dict]:
        return [r for r in map(json.loads, self.output.splitlines()) if r["event_type"] == event_type]


def run(program: pathlib.Path, *arguments: str, folder: pathlib.Path | None = None) -> subprocess.CompletedProcess:
    return subprocess.run([program.resolve(), *arguments], cwd=folder, env=ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, errors="replace", timeout=300)


def inspect(programs: pathlib.Path, capture: pathlib.Path, *options: str) -> Inspection:
    ended = run(programs / "linnet", "inspect", "--json", *options, capture.name, folder=capture.parent)
    return Inspection(capture, ended.returncode, ended.stdout, ended.stderr)


def inspect_all(programs: pathlib.Path, captures: list[pathlib.Path], jobs: int = 2) -> list[Inspection]:
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(lambda capture: inspect(programs, capture), captures))


def real_captures() -> pathlib.Path | None:
    """Real captures with their truth are no part of the repository: $LINNET_CAPTURES, or ../shared/captures."""
    beside = pathlib.Path(__file__).resolve().parents[3] / "shared" / "captures"
    folder = pathlib.Path(os.environ.get("LINNET_CAPTURES", beside))
    return folder if (folder / "TRUTH.tsv").is_file() else None
