#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Compare what was counted with what it may be.

    budgets.py FILE...

FILE is what "count" wrote. Limits are of figures of the same
run, or absolute; TOLERANCE is added to each. What was not measured is not
looked at. Exit status 1 if a limit is broken.
"""
import json
import sys

TOLERANCE = 0.02
FLAT = 0.03
TRACING = 0.01

# case, directions, path, factor, rival
RATIOS = (
    ("container-vm", ("forward", "reverse"), "segfab", 0.5,
     "bridge vlan_filtering"),
    ("container-vm", ("forward", "reverse"), "segfab", 1.25,
     "floor A: array, dev_queue_xmit()"),
    ("container-vm", ("forward", "reverse"), "segfab", 1,
     "tc eBPF: map lookup"),
    ("container-container", ("forward",), "segfab", 0.35,
     "bridge + VLAN device + bridge + VLAN device + bridge"),
    ("vm-vm", ("reverse",), "segfab", 0.6, "bridge"),
    ("broadcast", ("forward",), "segfab", 1, "bridge"),
)
AIM = ("container-vm", ("forward", "reverse"), "segfab", 1 / 3,
       "bridge vlan_filtering")

# case, path, unit, limit, of what it may be more than
COSTS = (
    ("binding", "segfab", "kB", 1, None),
    ("binding", "segfab", "thousand instructions", 100, None),
    ("device", "segment", "kB", 8, "dummy"),
    ("mac", "segfab", "kB", 192 / 1024, None),
)


def judge(name, value, limit, word="limit"):
    """Print a line; True if the limit holds."""
    holds = value <= limit * (1 + TOLERANCE)
    verdict = "ok" if holds else "BROKEN" if word == "limit" else "not yet"
    print(f"{verdict:8} {name}: {value:.3g}, {word} {limit:.3g}")
    return holds


def frame_costs(results):
    return {(r["case"], r["direction"], r["path"]): r["net"] / r["copies"]
            for r in results if "net" in r and r["frame"] == "60" and
            r["copies"]}


def ratios(costs, budgets, word="limit"):
    for case, directions, path, factor, rival in budgets:
        for way in directions:
            own = costs.get((case, way, path))
            other = costs.get((case, way, rival))
            if own and other:
                yield judge(f"{case}, {way}: {own:.0f} of {other:.0f}, "
                            f"{rival}", own / other, factor, word)


def flatness(results):
    series = {}
    for r in results:
        if r["case"].startswith("flat-"):
            key = (r["case"], r["path"])
            series.setdefault(key, {})[r["number"]] = r["value"]
    for (case, path), values in series.items():
        text = ", ".join(f"{n}: {v:.0f}" for n, v in sorted(values.items()))
        first = values[min(values)]
        worst = max(values.values()) / first
        yield judge(f"{case}, {path} ({text})", worst - 1, FLAT)


def costs_of_one(results):
    values = {(r["case"], r["path"], r["unit"]): r["value"]
              for r in results if "unit" in r}
    for case, path, unit, limit, more_than in COSTS:
        if (case, path, unit) not in values:
            continue
        if more_than:
            limit += values[case, more_than, unit]
        yield judge(f"one {case}, {unit}", values[case, path, unit], limit)


def tracing(results):
    """What frames that are forwarded pay for traces that nobody makes."""
    for way in ("forward", "reverse"):
        least = {}
        for r in results:
            if r["case"] == "tracing" and r["direction"] == way:
                path = r["path"]
                least[path] = min(r["net"], least.get(path, r["net"]))
        if least:
            yield judge(f'tracing, {way}: {least["trace"]} of '
                        f'{least["notrace"]} without',
                        least["trace"] / least["notrace"] - 1, TRACING)


def main():
    results = []
    for name in sys.argv[1:]:
        with open(name, encoding="utf-8") as file:
            results += json.load(file)["results"]
    costs = frame_costs(results)
    verdicts = [*ratios(costs, RATIOS), *flatness(results),
                *costs_of_one(results), *tracing(results)]
    list(ratios(costs, [AIM], "aim"))
    broken = verdicts.count(False)
    print(f"{len(verdicts)} budgets, {broken} broken")
    return 1 if broken or not verdicts else 0


sys.exit(main())
