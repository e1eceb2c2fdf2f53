#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Make tables or a chart of what the benchmark has counted.

    report.py [--svg | --update DOCUMENT] FILE...

FILE is what "count" writes, of one kernel or of several. --update puts tables
into a document, each between the comments that say which. Figures are
instructions per frame, net of generator and sink, and in brackets all of them;
for a broadcast, per copy.
"""
import argparse
import json
import re
import statistics
import sys
import textwrap
from xml.sax.saxutils import escape

CASES = {
    "container-vm": "container and VM on a child",
    "container-container": "container to container, across two parents",
    "vm-vm": "VM to VM on one segment",
    "container-host": "container to the host on a child",
    "broadcast": "broadcast to 64 ports and the host, a copy",
    "veth": "container to VM, from a veth",
    "pod-geneve": "container to a machine behind a geneve tunnel",
}
# Cases of the big tables and of the chart; veth has a table of its own.
MAIN = [case for case in CASES if case != "veth"]
FRAMES = {"60": "60 bytes", "1514": "1514 bytes",
          "super": "TCP super-frames of 64 kB"}


WAYS = {"forward": "to the machine", "reverse": "from it",
        "dropped": "one of a flood, dropped", "turns": "both in turns"}
COUNTED = ("container-vm", "60")        # what "time" is set beside

TIME = "nanoseconds of a frame, net (all), and the ratio of instructions"

# Tables that have a row for each object and columns for each kernel: title,
# heads of the first columns, and for each unit a column and its divisor.
TABLES = {
    "flat": ("a frame among many, instructions, net",
             ("among", "way", "number"), {"instructions": ("", 1)}),
    "cost": ("what one more costs",
             ("one", "of", "number"),
             {"kB": ("kB", 1), "thousand instructions": ("k", 1)}),
    "addresses": ("what is done with all addresses, instructions for each",
                  ("to", "of", "number"), {"instructions": ("", 1)}),
    "rtnl": ("for how long RTNL is held at a time, milliseconds",
             ("to", "of", "number"),
             {"ns usually": ("mid", 1e6), "ns at most": ("max", 1e6)}),
    "cpus": ("two flows on two processors, and one alone: ns of a frame",
             ("path",), {"ns alone": ("one", 1), "ns at once": ("two", 1),
                         "times": ("x", 1)}),
    "tracing": ("what traces cost, instructions of a frame",
                ("frames",), {"notrace": ("none", 1), "trace": ("off", 1),
                              "watched": ("on", 1)}),
}


def rows_of(data, case, frame):
    """A row for each path, cheapest first: path, results by direction."""
    rows = {}
    for result in data["results"]:
        if (result["case"], result.get("frame")) == (case, frame):
            row = rows.setdefault(result["path"], {})
            row[result.get("direction", "skip")] = result
    return sorted(rows.items(), key=lambda row: min(
        result.get("net", 1 << 30) for result in row[1].values()))


def value(result, what="net"):
    return result[what] / result["copies"]


def cell(row, direction):
    result = row.get(direction)
    if not result:
        return ""
    return f"{value(result):.0f} ({value(result, 'total'):.0f})"


def share(row, own, direction):
    """What the path costs of segfab's."""
    if not own or direction not in row or direction not in own:
        return ""
    return f"{value(row[direction]) / value(own[direction]):.2f}"


def directions_of(rows):
    names = {name for _, row in rows for name in row if name != "skip"}
    return sorted(names)


def table(data, case, frame):
    """Header and lines, each a list of cells."""
    rows = rows_of(data, case, frame)
    directions = directions_of(rows)
    own = next((row for path, row in rows if path == "segfab"), None)
    header = ["path"]
    for name in directions:
        header += [name, "x"]
    lines = []
    for path, row in rows:
        line = [path]
        for name in directions:
            line += [cell(row, name), share(row, own, name)]
        if "skip" in row:
            line = [f"{path}: skipped, {row['skip']['skip']}"]
            line += [""] * (len(header) - 1)
        lines.append(line)
    return header, lines


def table_of(result):
    """The word in TABLES, or None for a data path."""
    unit = result.get("unit", "")
    if result["case"] in ("tracing", "cpus"):
        return result["case"]
    if result["case"].startswith("flat-"):
        return "flat"
    if unit == "instructions":
        return "addresses"
    if unit.startswith("ns"):
        return "rtnl"
    return "cost" if unit else None


def place_of(result):
    """Row and unit of a result in its table, and its value."""
    if result["case"] == "tracing":
        return (WAYS[result["direction"]],), result["path"], result["net"]
    if result["case"] == "cpus":
        return (result["path"].removeprefix("segfab, and "),), \
            result["unit"], result["value"]
    row = (result["case"].removeprefix("flat-"),
           result["path"].removeprefix("segfab, "), f'{result["number"]:,}')
    return row, result["unit"], result["value"]


def number_text(number, unit):
    if unit == "times":
        return f"{number:.2f}"
    return f"{number:,.0f}" if number >= 1000 else f"{number:.3g}"


def joint_table(kernels, word):
    """Header and lines of a table with columns for each kernel."""
    _, heads, units = TABLES[word]
    header, cells = list(heads), {}
    for kernel, data in kernels.items():
        header += [f"{kernel} {head}".strip() for head, _ in units.values()]
        for result in data["results"]:
            if table_of(result) == word:
                row, unit, number = place_of(result)
                row = cells.setdefault(row, {})
                row.setdefault((kernel, unit), []).append(number)
    # Of several set-ups the least, as a seed differs between them; of times
    # the middle.
    one = statistics.median_low if word == "cpus" else min
    lines = []
    for row, numbers in cells.items():
        lines.append(list(row) + [
            number_text(one(numbers[kernel, unit]) / divisor, unit)
            if (kernel, unit) in numbers else ""
            for kernel in kernels
            for unit, (_, divisor) in units.items()])
    return header, lines


def times(data, direction):
    """Results of "time" by path, the middle one of its rounds."""
    rounds = {}
    for result in data["results"]:
        if result["case"] == "time" and result.get("direction") == direction:
            rounds.setdefault(result["path"], []).append(result)
    return {path: {direction: sorted(some, key=value)[len(some) // 2]}
            for path, some in rounds.items()}


def time_tables(data):
    """Nanoseconds, and beside their ratio that of the instructions: header and
    lines for each direction.
    """
    counted = dict(rows_of(data, *COUNTED))
    for name in ("forward", "reverse"):
        rows = times(data, name)
        lines = [[path, cell(row, name), share(row, rows.get("segfab"), name),
                  share(counted.get(path, {}), counted.get("segfab"), name)]
                 for path, row in sorted(rows.items(), key=lambda item:
                                         value(item[1][name]))]
        if lines:
            yield ["path", name, "x", "counted"], lines


def length_table(data, case, what="net"):
    """What frames of each length take, forward: path, a column for each."""
    paths = {}
    for result in data["results"]:
        if result["case"] == case and result.get("direction") == "forward":
            paths.setdefault(result["path"], {})[result["frame"]] = result
    lines = [[path] + [f"{value(row[frame], what):.0f}" if frame in row else ""
                       for frame in FRAMES]
             for path, row in sorted(paths.items(), key=lambda item: min(
                 map(value, item[1].values())))]
    return ["path", *FRAMES], lines


def frame_tables(data, frames, cases):
    for frame in frames:
        for case in cases:
            header, lines = table(data, case, frame)
            if lines:
                yield f"{CASES[case]}, {FRAMES[frame]}", header, lines


def widths(header, lines):
    return [max(len(line[i]) for line in [header] + lines)
            for i in range(len(header))]


def row_text(line, sizes):
    cells = [line[0].ljust(sizes[0])]
    cells += [text.rjust(size) for text, size in zip(line[1:], sizes[1:])]
    return "  ".join(cells).rstrip()


def what_was_counted(data):
    return f'{data["package"]}, segfab {", ".join(sorted(data["commits"]))}'


def print_table(title, header, lines):
    sizes = widths(header, lines)
    print(f"\n{title}\n")
    for line in [header] + lines:
        print("  " + row_text(line, sizes))


def print_text(kernels):
    for data in kernels.values():
        print(f"instructions per frame, net (all); {what_was_counted(data)}")
        for title, header, lines in frame_tables(data, FRAMES, CASES):
            print_table(title, header, lines)
        for header, lines in time_tables(data):
            print_table(TIME, header, lines)
    for word, (title, *_) in TABLES.items():
        header, lines = joint_table(kernels, word)
        if lines:
            print_table(title, header, lines)


def rst_table(header, lines):
    lines = [[text or ".." if i == 0 else text
              for i, text in enumerate(line)] for line in lines]
    sizes = widths(header, lines)
    rule = "  ".join("=" * size for size in sizes)
    return "\n".join([rule, row_text(header, sizes), rule,
                      *(row_text(line, sizes) for line in lines), rule])


def rst_kernel(data):
    return textwrap.fill(f"Kernel {what_was_counted(data)}.", 80,
                         break_on_hyphens=False)


def rst_frames(data):
    """The tables of a kernel: data paths, and the lengths of frames."""
    parts = [rst_kernel(data)]
    for title, header, lines in frame_tables(data, ["60"], MAIN):
        parts.append(f"{title[0].upper()}{title[1:]}:\n\n"
                     f"{rst_table(header, lines)}")
    if len(parts) == 1:
        return None
    parts.append("Container and VM on a child, forward, by the length of a "
                 "frame:\n\n"
                 f"{rst_table(*length_table(data, 'container-vm'))}")
    return "\n\n".join(parts)


def rst_veth(data):
    header, lines = length_table(data, "veth", "total")
    return lines and rst_table(header, lines)


def rst_time(data):
    parts = [rst_table(header, lines) for header, lines in time_tables(data)]
    return parts and "\n\n".join([rst_kernel(data), *parts])


# Tables of one kernel; each is None or empty if nothing of it was counted.
RST = {"frames": rst_frames, "veth": rst_veth, "time": rst_time}


def rst_joint(kernels, word):
    header, lines = joint_table(kernels, word)
    return lines and rst_table(header, lines)


def update(kernels, name):
    """Replace what is between comments such as ".. bench: frames 6.1"."""
    def fresh(match):
        word, _, kernel = match[1].partition(" ")
        if kernel and kernel not in kernels:
            return match[0]
        text = RST[word](kernels[kernel]) if word in RST else \
            rst_joint(kernels, word)
        if not text:
            return match[0]     # it was not counted
        return f".. bench: {match[1]}\n\n{text}\n\n.. bench: end\n"

    with open(name, encoding="utf-8") as file:
        text = file.read()
    text = re.sub(r"\.\. bench: ((?!end)[^\n]+)\n.*?\.\. bench: end\n", fresh,
                  text, flags=re.DOTALL)
    with open(name, "w", encoding="utf-8") as file:
        file.write(text)


BAR, GAP, LABEL, SCALE = 14, 4, 330, 0.1
COLOURS = {"forward": "#4477aa", "reverse": "#aaccee"}


def bars(data, case, frame, top):
    """SVG of one case, and where it ends."""
    rows = rows_of(data, case, frame)
    out = [f'<text x="10" y="{top + 12}" font-weight="bold">'
           f'{escape(CASES[case])}</text>']
    top += 22
    for path, row in rows:
        if "skip" in row:
            continue
        weight = ' font-weight="bold"' if path.startswith("segfab") else ""
        out.append(f'<text x="{LABEL - 8}" y="{top + 11}" text-anchor="end"'
                   f'{weight}>{escape(path)}</text>')
        for name in directions_of(rows):
            if name not in row:
                continue
            number = value(row[name])
            out.append(f'<rect x="{LABEL}" y="{top}" height="{BAR}" '
                       f'width="{number * SCALE:.0f}" '
                       f'fill="{COLOURS[name]}"/>')
            out.append(f'<text x="{LABEL + 4 + number * SCALE:.0f}" '
                       f'y="{top + 11}">{number:.0f}</text>')
            top += BAR + 1
        top += GAP
    return out, top + 10


def print_svg(kernels):
    data = next(iter(kernels.values()))
    out, top = [], 40
    for case in MAIN:
        if rows_of(data, case, "60"):
            part, top = bars(data, case, "60", top)
            out += part
    print('<svg xmlns="http://www.w3.org/2000/svg" width="860" '
          f'height="{top}" font-family="sans-serif" font-size="11">')
    print(f'<rect width="860" height="{top}" fill="white"/>')
    print('<text x="10" y="20" font-size="13">Instructions per frame of 60 '
          'bytes, net of generator and sink (dark: forward, light: reverse). '
          f'{escape(what_was_counted(data))}</text>')
    print("\n".join(out))
    print("</svg>")


def read(names):
    """What was counted, by kernel, the oldest first."""
    kernels = {}
    for name in names:
        with open(name, encoding="utf-8") as file:
            part = json.load(file)
        data = kernels.setdefault(part["kernel"], {
            "package": part["package"], "commits": set(), "results": []})
        data["commits"].add(part["commit"])
        data["results"] += part["results"]
    return dict(sorted(kernels.items(), key=lambda item: [
        int(number) for number in item[0].split(".")]))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--svg", action="store_true")
    form.add_argument("--update", metavar="DOCUMENT")
    parser.add_argument("file", nargs="+")
    args = parser.parse_args()
    kernels = read(args.file)
    if args.update:
        update(kernels, args.update)
    elif args.svg:
        print_svg(kernels)
    else:
        print_text(kernels)
    return 0


sys.exit(main())
