#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Make a table or a chart of what the benchmark has counted.

    report.py [--text | --rst | --svg | --update DOCUMENT] FILE

FILE is the JSON that "run" writes. --update puts the tables into a document,
between the comments that say where. Figures are instructions per frame, net of
generator and sink, and in brackets all of them; for a broadcast, per copy.
"""
import argparse
import contextlib
import io
import json
import sys
from xml.sax.saxutils import escape

CASES = {
    "container-vm": "container and VM on a child",
    "container-container": "container to container, across two parents",
    "vm-vm": "VM to VM on one segment",
    "container-host": "container to the host on a child",
    "broadcast": "broadcast to 64 ports and the host, a copy",
    "pod-geneve": "container to a machine behind a geneve tunnel",
}
FRAMES = {"60": "60 bytes", "1514": "1514 bytes",
          "super": "TCP super-frames of 64 kB"}


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


def scale_tables(data):
    """What was counted of many objects: flat or not, and what one costs."""
    flat = [r for r in data["results"] if r["case"].startswith("flat-")]
    if flat:
        lines = [[r["case"][5:], f'{r["number"]}', r["path"],
                  f'{r["value"]:.0f}'] for r in flat]
        yield "a frame among many, instructions, net", [
            "of what", "number", "path", "frame"], lines
    costs = {}
    for r in data["results"]:
        if "unit" in r and not r["case"].startswith("flat-"):
            key = (r["case"], r["path"], r["number"])
            costs.setdefault(key, {})[r["unit"]] = r["value"]
    if costs:
        lines = [[what, path, f"{number}", f'{units["kB"]:.2f}',
                  f'{units["thousand instructions"]:.1f}']
                 for (what, path, number), units in costs.items()]
        yield "what one more costs, counted over so many", [
            "one", "of", "number", "kB", "thousand instructions"], lines


def tables(data):
    yield from frame_tables(data)
    yield from scale_tables(data)


def frame_tables(data):
    for frame, frame_text in FRAMES.items():
        for case, case_text in CASES.items():
            header, lines = table(data, case, frame)
            if lines:
                yield f"{case_text}, {frame_text}", header, lines


def widths(header, lines):
    return [max(len(line[i]) for line in [header] + lines)
            for i in range(len(header))]


def row_text(line, sizes):
    cells = [line[0].ljust(sizes[0])]
    cells += [text.rjust(size) for text, size in zip(line[1:], sizes[1:])]
    return "  ".join(cells).rstrip()


def print_text(data):
    print(f"instructions per frame, net (all); kernel {data['kernel']}, "
          f"segfab {data['commit']}")
    for title, header, lines in tables(data):
        sizes = widths(header, lines)
        print(f"\n{title}\n")
        for line in [header] + lines:
            print("  " + row_text(line, sizes))


def print_rst(data):
    print(f"Kernel {data['kernel']}, segfab {data['commit']}.")
    for title, header, lines in tables(data):
        lines = [[text or ".." if i == 0 else text
                  for i, text in enumerate(line)] for line in lines]
        sizes = widths(header, lines)
        rule = "  ".join("=" * size for size in sizes)
        print(f"\n{title[0].upper() + title[1:]}:\n\n{rule}")
        print(f"{row_text(header, sizes)}\n{rule}")
        for line in lines:
            print(row_text(line, sizes))
        print(rule)


BEGIN, END = ".. tables: begin\n", ".. tables: end\n"


def update(data, name):
    with open(name, encoding="utf-8") as file:
        text = file.read()
    tables_of = io.StringIO()
    with contextlib.redirect_stdout(tables_of):
        print_rst(data)
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    with open(name, "w", encoding="utf-8") as file:
        file.write(f"{before}{BEGIN}\n{tables_of.getvalue()}\n{END}{after}")


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


def print_svg(data):
    out, top = [], 40
    for case in CASES:
        if rows_of(data, case, "60"):
            part, top = bars(data, case, "60", top)
            out += part
    print('<svg xmlns="http://www.w3.org/2000/svg" width="860" '
          f'height="{top}" font-family="sans-serif" font-size="11">')
    print(f'<rect width="860" height="{top}" fill="white"/>')
    print('<text x="10" y="20" font-size="13">Instructions per frame of 60 '
          'bytes, net of generator and sink (dark: forward, light: reverse). '
          f'{escape(data["kernel"])}, segfab {escape(data["commit"])}</text>')
    print("\n".join(out))
    print("</svg>")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--text", action="store_true")
    form.add_argument("--rst", action="store_true")
    form.add_argument("--svg", action="store_true")
    form.add_argument("--update", metavar="DOCUMENT")
    parser.add_argument("file")
    args = parser.parse_args()
    with open(args.file, encoding="utf-8") as file:
        data = json.load(file)
    if args.update:
        update(data, args.update)
        return 0
    {args.rst: print_rst, args.svg: print_svg}.get(True, print_text)(data)
    return 0


sys.exit(main())
