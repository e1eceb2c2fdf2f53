# SPDX-License-Identifier: GPL-2.0
"""Let an allocation of this process fail, with the kernel's fault injection."""

import os

DEBUGFS = "/sys/kernel/debug"
NTH = "/proc/thread-self/fail-nth"
MOST = 500		# allocations, of one request
SETTINGS = {"failslab/ignore-gfp-wait": "N", "failslab/verbose": 0,
            # Pages are behind slabs; for them the kernel prints its stack.
            "fail_page_alloc/min-order": 10}


def write(path, value):
    with open(path, "w", encoding="ascii") as file:
        file.write(str(value))


def available():
    """Can allocations of this process be made to fail? If so, those of others
    do not, and the log is not filled.
    """
    paths = {f"{DEBUGFS}/{name}": value for name, value in SETTINGS.items()}
    if not all(os.path.exists(path) for path in [NTH, *paths]):
        return False
    for path, value in paths.items():
        write(path, value)
    return True


class Nth:
    """The allocation that fails in what is done below it, counted from 1."""

    def __init__(self, number):
        self.number, self.failed = number, False

    def __enter__(self):
        # Open before: to open it is an allocation.
        self.file = os.open(NTH, os.O_RDWR)
        os.write(self.file, b"%d" % self.number)
        return self

    def __exit__(self, *_):
        self.failed = not int(os.pread(self.file, 32, 0))
        os.write(self.file, b"0")
        os.close(self.file)
