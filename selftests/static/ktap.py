# SPDX-License-Identifier: GPL-2.0
"""What checks found, as KTAP."""


def report(results):
    """Print RESULTS, (name, lines of what is wrong) each; return an exit code."""
    results = list(results)
    print("KTAP version 1")
    print(f"1..{len(results)}")
    for number, (name, lines) in enumerate(results, 1):
        for line in lines:
            print(f"# {line}")
        print(f"{'not ok' if lines else 'ok'} {number} {name}")
    return 1 if any(lines for _, lines in results) else 0
