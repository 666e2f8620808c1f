"""A strict reader of Prometheus' text format 0.0.4 ("Exposition formats" of its documentation) and of its naming conventions."""
import math
import re

NAME, LABEL = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*"), re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
TYPES = {"counter", "gauge", "histogram"}


def need(condition, what: str) -> None:
    if not condition:
        raise ValueError(what)


def labels_of(text: str, line: str) -> tuple[tuple, str]:
    """The labels behind "{", and what follows "}"."""
    labels: dict[str, str] = {}
    while not text.startswith("}"):
        name = LABEL.match(text)
        need(name and name[0] not in labels and text[name.end():name.end() + 2] == '="', f"a label: {line}")
        text, value = text[name.end() + 2:], ""
        while not text.startswith('"'):
            need(text, f"a label's end: {line}")
            if text[0] == "\\":
                need(text[1:2] in ("\\", '"', "n"), f"an escape: {line}")
                value, text = value + {"n": "\n"}.get(text[1], text[1]), text[2:]
            else:
                value, text = value + text[0], text[1:]
        labels[name[0]], text = value, text[1:]
        if text.startswith(","):
            text = text[1:]
        else:
            need(text.startswith("}"), f"behind a label: {line}")
    return tuple(sorted(labels.items())), text[1:]


def family_of(name: str, types: dict) -> str:
    for end in ("_bucket", "_sum", "_count"):
        if name.endswith(end) and types.get(name.removesuffix(end)) == "histogram":
            return name.removesuffix(end)
    return name


def check_histogram(name: str, samples: dict) -> None:
    buckets = [(float(dict(labels)["le"]), value) for (sample, labels), value in samples.items() if sample == name + "_bucket"]
    need(buckets == sorted(buckets) and [value for _, value in buckets] == sorted(value for _, value in buckets), f"buckets of {name}")
    need(buckets and math.isinf(buckets[-1][0]) and buckets[-1][1] == samples[(name + "_count", ())], f"the last bucket of {name}")
    need((name + "_sum", ()) in samples, f"the sum of {name}")


def read(text: str) -> dict:
    """{(name, labels): value}; ValueError where something is not as it has to be."""
    need(text.endswith("\n"), "the last line has no end")
    helped, types, samples, last, done = set(), {}, {}, None, set()
    for line in text[:-1].split("\n"):
        if line.startswith("# HELP "):
            name = line.split(" ")[2]
            need(name not in helped and len(line.split(" ", 3)) == 4, f"help: {line}")
            helped.add(name)
        elif line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            need(name in helped and name not in types and kind in TYPES, f"type: {line}")
            need((kind == "counter") == name.endswith("_total"), f"a counter's name ends with _total, and no other: {line}")
            types[name] = kind
        else:
            match = NAME.match(line)
            need(match, f"a name: {line}")
            rest, labels = line[match.end():], ()
            if rest.startswith("{"):
                labels, rest = labels_of(rest[1:], line)
            need(re.fullmatch(r" (-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?|\+Inf|-Inf|NaN)", rest), f"a value: {line}")
            family = family_of(match[0], types)
            need(family in types and (family == last or family not in done), f"samples of {family} do not stand together: {line}")
            need((match[0], labels) not in samples, f"twice: {line}")
            samples[match[0], labels], last = float(rest), family
            done.add(family)
    need(types.keys() == helped == done, "something is declared and has no sample")
    for name, kind in types.items():
        if kind == "histogram":
            check_histogram(name, samples)
    return samples
