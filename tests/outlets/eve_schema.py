"""The fields that Linnet's EVE has in common with Suricata's, and their types, as etc/schema.json of Suricata (github.com/OISF/suricata,
commit 00356732) gives them. Linnet's own things are in `linnet` and in lines whose event_type Suricata does not have; what else is
there must be here."""
import re

TIMESTAMP = re.compile(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d+[+\-]\d+$")
SHARED = {
    "timestamp": str, "event_type": str, "flow_id": int, "src_ip": str, "src_port": int, "dest_ip": str, "dest_port": int, "proto": str,
    "app_proto": str,
    "alert": {"action": str, "category": str, "gid": int, "rev": int, "severity": int, "signature": str, "signature_id": int},
    # Newer ones than that commit have ja4.
    "tls": {"version": str, "sni": str, "subject": str, "issuerdn": str, "notbefore": str, "notafter": str, "ja4": str},
    "stats": {"capture": {"kernel_drops": int, "kernel_ifdrops": int, "kernel_packets": int},
              "decoder": {"pkts": int, "bytes": int, "invalid": int},
              # Newer ones than that commit have total and active; evicted is there as flow.mgr.flows_evicted.
              "flow": {"total": int, "active": int, "evicted": int}},
}
REQUIRED = ("timestamp", "event_type")
OWN_EVENTS = {"device"}


def check(line: dict, schema: dict = SHARED, path: str = "") -> None:
    """ValueError where a field is of another type than Suricata's, or one that Suricata does not have."""
    if not path:
        missing = [key for key in REQUIRED if key not in line]
        if missing or not TIMESTAMP.match(line["timestamp"]):
            raise ValueError(f"{missing} {line.get('timestamp')}")
        if line["event_type"] in OWN_EVENTS:
            return
    for key, value in line.items():
        if not path and key == "linnet":
            continue
        wanted = schema.get(key)
        if wanted is None:
            raise ValueError(f"Suricata has no {path}{key}")
        if isinstance(wanted, dict):
            if not isinstance(value, dict):
                raise ValueError(f"{path}{key} is an object in Suricata's schema")
            check(value, wanted, f"{path}{key}.")
        elif type(value) is not wanted:  # a bool is no number
            raise ValueError(f"{path}{key}: {value!r} is not of Suricata's type")
