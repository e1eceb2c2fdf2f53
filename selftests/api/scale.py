#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""What segd takes for 10,000 segments and 40,000 binding maps.

    scale.py [--kernel]

Against the backend without a kernel, or as root, in a test machine, against the
kernel. Prints figures, and ends with 1 if one is beyond its bound: a full list
by pages 3 s, from start to converged 60 s (with the kernel: also if nothing is
there yet), resident memory 200 MB, and without a kernel, where single PUTs are
measured, their 99th percentile 20 ms, the disk's flush aside.
"""

import os
import statistics
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

import client as api  # noqa: E402

PARENTS, CHILDREN = 10, 10000
S = "/infra/segments/"


def segment(i, *children):
    return {"resource_type": "ChildSegment",
            "Segment": {"id": i, "children": list(children)}}


def binding(i, parent, tag):
    return {"resource_type": "ChildSegmentConnectionBindingMap",
            "SegmentConnectionBindingMap": {
                "id": i, "segment_path": S + parent,
                "vlan_traffic_tag": tag}}


def maps_of(child):
    """Four maps; each parent has 4,000 at most."""
    return [binding(f"m{n}", f"parent{(child + n) % PARENTS}",
                    child // PARENTS * 4 + n + 1)
            for n in range(4) if child // PARENTS * 4 + n < 4094]


def fill(c):
    c.patch("/infra", {"children": [segment(f"parent{i}")
                                    for i in range(PARENTS)]})
    for start in range(0, CHILDREN, 999):
        c.patch("/infra", {"children": [
            segment(f"child{i:05}", *maps_of(i))
            for i in range(start, min(start + 999, CHILDREN))]})


def resident(d):
    """The most that it ever had, in MB."""
    with open(f"/proc/{d.process.pid}/status", encoding="ascii") as f:
        return {line.split(":")[0]: line.split(":")[1] for line in f}


def megabytes(d, key):
    return int(resident(d)[key].split()[0]) / 1024


def flush_time(folder):
    """What one flush of the disk takes, in ms."""
    times = []
    with open(os.path.join(folder, "flush"), "wb") as f:
        for _ in range(200):
            f.write(b"x" * 4096)
            f.flush()
            began = time.monotonic()
            os.fdatasync(f.fileno())
            times.append((time.monotonic() - began) * 1000)
    return statistics.median(times)


def listed(c):
    began = time.monotonic()
    cursor, count = None, 0
    while True:
        query = {"cursor": cursor} if cursor else {}
        answer = c.raw("GET", api.POLICY + "/infra/segments?" + "&".join(
            f"{k}={api.http_quote(v)}" for k, v in query.items())).json
        count += len(answer["results"])
        cursor = answer.get("cursor")
        if not cursor:
            break
    return time.monotonic() - began, count


def converged(c):
    text = c.raw("GET", "/metrics?fabric=false").text
    states = {line.split('"')[1]: int(line.split()[-1])
              for line in text.splitlines()
              if line.startswith("segd_objects{")}
    return states["pending"] == 0 and states["error"] == 0 and \
        states["realized"] > 0


def puts(c, n=1000):
    times = []
    for i in range(n):
        began = time.monotonic()
        c.raw("PUT", f"{api.POLICY}{S}extra{i}", "{}")
        times.append((time.monotonic() - began) * 1000)
    times.sort()
    return times[n // 2], times[n * 99 // 100]


def remove_devices():
    """As after a reboot: the kernel has none of them."""
    names = [name for name in os.listdir("/sys/class/net")
             if name.startswith("sg-")]
    subprocess.run(["ip", "-batch", "-"], check=True, text=True,
                   input="".join(f"link del {name}\n" for name in names))
    return len(names)


def main():
    kernel = sys.argv[1:] == ["--kernel"]
    good = True

    def figure(what, value, unit, bound=None):
        nonlocal good
        print(f"{what}: {value:.1f} {unit}" +
              (f" (bound {bound})" if bound else ""), flush=True)
        good &= bound is None or value <= bound

    def start(d, what):
        began = time.monotonic()
        d.start()
        api.wait_for(lambda: converged(c), "converged", 900)
        figure(f"start to converged, {what}", time.monotonic() - began, "s",
               60)

    with api.daemon("body-limit = 100000000",
                    backend="kernel" if kernel else "fake") as d:
        c = api.Client(d)
        flush = flush_time(d.folder)
        began = time.monotonic()
        fill(c)
        figure("fill", time.monotonic() - began, "s")
        maps = c.get("/search/query", page_size=1, query="resource_type:"
                     "SegmentConnectionBindingMap")["result_count"]
        figure("binding maps", maps, "")
        api.wait_for(lambda: converged(c), "converged", 900)
        figure("fill and converged", time.monotonic() - began, "s")
        seconds, count = listed(c)
        figure(f"full list of {count} segments by pages", seconds, "s", 3)
        if not kernel:
            median, p99 = puts(c)
            figure("one flush of the disk", flush, "ms")
            figure("PUT, median", median, "ms")
            figure("PUT, 99th percentile, less a flush", p99 - flush, "ms",
                   20)
            c.patch("/infra", {"children": [segment("big")]})
            began = time.monotonic()
            c.patch("/infra", {"children": [
                segment(f"more{i}", binding("m", "big", i + 1))
                for i in range(4000)]})
            figure("one request with 4000 maps", time.monotonic() - began,
                   "s")
            api.wait_for(lambda: converged(c), "converged", 900)
        c.close()
        d.stop()
        start(d, "all is there")
        if kernel:
            c.close()
            d.stop()
            began = time.monotonic()
            figure("devices", remove_devices(), "")
            figure("removed", time.monotonic() - began, "s")
            start(d, "nothing is there")
        listed(c)
        figure("resident memory", megabytes(d, "VmRSS"), "MB", 200)
        figure("most resident memory", megabytes(d, "VmHWM"), "MB", 200)
        c.close()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
