"""Faults of the spool and of the link that it feeds. `lab` is the script `run`, which plays them."""
import contextlib
import os
import pathlib
import random
import shutil
import signal
import subprocess
import tempfile
import threading
import time

FLOWS = "SELECT client_ip, client_port, count(*) FROM flows WHERE stage = 2 AND server_port = 7 GROUP BY 1, 2"


class Account:
    """What arrived of the conversations 0 to `played` - 1."""

    def __init__(self, home, played: int) -> None:
        rows = [((ip[-1] - 10) * 50000 + port - 10000, count) for ip, port, count in home.rows(FLOWS)]
        self.arrived = {number for number, _ in rows}
        self.twice = [number for number, count in rows if count > 1]
        self.missing = [number for number in range(played) if number not in self.arrived]
        self.lost, self.reasons = home.rows("SELECT total(count), group_concat(DISTINCT reason) FROM lost")[0]
        self.numbers = int(home.rows("SELECT total(committed) FROM sensors")[0][0])


@contextlib.contextmanager
def folder():
    path = pathlib.Path(tempfile.mkdtemp(prefix="linnet-spool-"))
    try:
        yield path
    finally:
        shutil.rmtree(path)


def play(wire, lab, first: int, count: int, pause: float = 0.002) -> int:
    for number in range(first, first + count):
        wire.send(*lab.conversation(number))
        time.sleep(pause)
    return first + count


def end_analyzer(home) -> None:
    home.analyzer.send_signal(signal.SIGTERM)
    home.analyzer.wait(30)


def end_sensor(home, lab) -> float:
    begun = time.monotonic()
    home.sensor.send_signal(signal.SIGTERM)
    lab.check(home.sensor.wait(40) == 0, f"the sensor ended with {home.sensor.returncode}")
    return time.monotonic() - begun


def is_all_delivered(home) -> bool:
    """One run of the sensor is connected, and 2 s later no other has come: it delivers the old ones first."""
    def runs() -> dict:
        return {sensor["epoch"]: sensor["connected"] for sensor in home.ask("status")[0]["sensors"]}
    before = runs()
    time.sleep(2)
    after = runs()
    return sum(after.values()) == 1 and set(before) == set(after)


def faults(lab) -> dict:
    def kill_shippers(programs, wire, settings: str, kills: int) -> str:
        chance = random.Random(7)
        over = threading.Event()
        played = 0

        def keep_playing() -> None:
            nonlocal played
            while not over.is_set():
                played = play(wire, lab, played, 1, 0.004)

        with lab.Home(programs, wire, sensor="linnet-sensor", settings=settings) as home:
            home.wait_for_connection()
            player = threading.Thread(target=keep_playing)
            player.start()
            shippers = analyzers = 0
            try:
                while shippers < kills:
                    time.sleep(chance.uniform(0.02, 0.4))
                    if chance.random() < 0.2:
                        home.analyzer.kill()
                        home.analyzer.wait()
                        home.start_analyzer()
                        analyzers += 1
                    elif pid := home.child("linnet-shipper"):
                        os.kill(pid, signal.SIGKILL)
                        shippers += 1
            finally:
                over.set()
                player.join()
            lab.until(lambda: home.child("linnet-shipper"), 5, "the last shipper runs")
            # Every run of a shipper is an epoch of its own: until all is delivered.
            lab.until(lambda: is_all_delivered(home), 60, "everything is delivered")
            home.stop()
            account = Account(home, played)
            lab.check(not account.missing and not account.twice,
                      f"of {played} flows {len(account.missing)} are missing, {len(account.twice)} are there twice")
            lab.check(account.lost == 0, f"{account.lost} events are told as lost: {account.reasons}")
            return f"{shippers} shippers and {analyzers} analyzers killed: all of {played} flows once, nothing lost"

    def shipper_killed(programs, wire) -> str:
        kills = int(os.environ.get("LINNET_FAULT_KILLS", "30")) // 2
        on_disk = kill_shippers(programs, wire, 'spool = "{folder}/spool"\n', kills)
        in_memory = kill_shippers(programs, wire, "", kills)
        return f"in a folder: {on_disk}; in memory: {in_memory}"

    def link_cut_for_a_day(programs, wire) -> str:
        """Simulated: more events than the spool holds."""
        with lab.Home(programs, wire, sensor="linnet-sensor", settings="spool_max_mb = 1\n") as home:
            home.wait_for_connection()
            end_analyzer(home)
            played = play(wire, lab, 0, 8000, 0.001)
            time.sleep(6)  # until the last conversations are told
            home.start_analyzer()
            lab.until(lambda: lost_in(home) > 0, 20, "the loss is told")
            played = play(wire, lab, played, 200)
            time.sleep(1)
            home.stop()
            account = Account(home, played)
            lab.check(not account.twice, f"{len(account.twice)} are there twice")
            lab.check(account.lost > 0 and account.reasons == "the sensor's spool was full", f"told: {account.lost}, {account.reasons}")
            lab.check(account.lost >= len(account.missing) > 0, f"{len(account.missing)} are missing, {account.lost} are told")
            lab.check(account.missing == list(range(account.missing[0], account.missing[0] + len(account.missing))),
                      "what is missing is one piece")
            rows = home.rows("SELECT count(*) FROM lost")[0][0]
            lab.check(rows == 1, f"the loss is told in {rows} records")
            return (f"{played} flows: {len(account.arrived)} arrived once, {len(account.missing)} are gone, the oldest; "
                    f"{account.lost:.0f} of {account.numbers} events told in one Lost record")

    def lost_in(home) -> int:
        return sum(sensor["lost"] for sensor in home.ask("status")[0]["sensors"])

    def sensor_restarts_while_analyzer_is_away(programs, wire) -> str:
        with lab.Home(programs, wire, sensor="linnet-sensor", settings='spool = "{folder}/spool"\n') as home:
            home.wait_for_connection()
            end_analyzer(home)
            played, longest = 0, 0.0
            for _ in range(4):
                played = play(wire, lab, played, 300)
                time.sleep(0.5)
                longest = max(longest, end_sensor(home, lab))
                home.start_sensor()
            home.start_analyzer()
            played = play(wire, lab, played, 100)
            lab.until(lambda: len(home.ask("status")[0]["sensors"]) >= 5 and is_all_delivered(home), 60, "all runs are delivered")
            home.stop()
            account = Account(home, played)
            lab.check(not account.missing and not account.twice,
                      f"of {played} flows {len(account.missing)} are missing, {len(account.twice)} are there twice")
            lab.check(account.lost == 0, f"{account.lost} events are told as lost: {account.reasons}")
            return f"4 restarts, {longest:.1f} s to stop at the longest: all of {played} flows once, nothing lost"

    def spool_disk_full(programs, wire) -> str:
        with folder() as place:
            disk = place / "disk"
            disk.mkdir()
            if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=512k", "none", disk], capture_output=True).returncode != 0:
                return "skipped: no file system can be mounted here"
            try:
                with lab.Home(programs, wire, sensor="linnet-sensor",
                              settings=f'spool = "{disk}/spool"\n') as home:
                    home.wait_for_connection()
                    end_analyzer(home)
                    played = play(wire, lab, 0, 1500, 0.001)
                    time.sleep(6)  # until they are in the spool
                    ballast = disk / "ballast"
                    with contextlib.suppress(OSError):
                        ballast.write_bytes(bytes(512 * 1024))
                    played = play(wire, lab, played, 3000, 0.001)
                    time.sleep(6)
                    ballast.unlink()
                    home.start_analyzer()
                    lab.until(lambda: lost_in(home) > 0, 20, "the loss is told")
                    first = played
                    played = play(wire, lab, played, 200)
                    time.sleep(1)
                    home.stop()
                    account = Account(home, played)
                    lab.check(not account.twice, f"{len(account.twice)} are there twice")
                    lab.check(account.lost >= len(account.missing) > 0, f"{len(account.missing)} are missing, {account.lost} are told")
                    lab.check(max(account.missing) < first, "what came when there was room again is there")
                    said = home.log.read_text().count("no more room for the spool")
                    lab.check(1 <= said <= 2, f"said {said} times")
                    return (f"{played} flows: {len(account.arrived)} arrived once, {len(account.missing)} missing, "
                            f"{account.lost:.0f} events told; all 200 that came later arrived")
            finally:
                subprocess.run(["umount", disk], check=False)

    return {function.__name__.replace("_", "-"): function for function in
            (shipper_killed, link_cut_for_a_day, sensor_restarts_while_analyzer_is_away, spool_disk_full)}
