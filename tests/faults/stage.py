"""What tests/faults/run has for every fault: the wire, the home, packets, patience. The other scripts here play on it."""
import importlib.machinery
import importlib.util
import pathlib
import sys

sys.dont_write_bytecode = True
_loader = importlib.machinery.SourceFileLoader("run", str(pathlib.Path(__file__).with_name("run")))
_run = importlib.util.module_from_spec(importlib.util.spec_from_loader("run", _loader))
_loader.exec_module(_run)

Account, Home, address, check, conversation, frame, hallmark_syn, ip_checksum, main, segment, until = (
    _run.Account, _run.Home, _run.address, _run.check, _run.conversation, _run.frame, _run.hallmark_syn, _run.ip_checksum, _run.main, _run.segment,
    _run.until)


def write_capture(file: pathlib.Path, packets) -> None:
    """`packets`: (seconds since 1970, frame)."""
    with file.open("wb") as out:
        out.write(b"\xd4\xc3\xb2\xa1\x02\x00\x04\x00" + bytes(8) + b"\xff\xff\x00\x00\x01\x00\x00\x00")
        for at, one in packets:
            out.write(int(at).to_bytes(4, "little") + int(at % 1 * 1e6).to_bytes(4, "little") + 2 * len(one).to_bytes(4, "little") + one)
