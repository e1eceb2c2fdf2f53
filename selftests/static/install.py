#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""`make install` puts everything where it belongs and nothing anywhere else; what
is installed can be used. `make help` names every target. KTAP."""

import os
import re
import subprocess
import sys
import tempfile

import ktap
from spec import TREE

KVER = "6.1.0-test"
PROGRAM = r"""
#include <stdio.h>
#include <segfab.h>

int main(void)
{
	struct segfab *h = segfab_new();

	puts(h ? "made" : "not made");
	segfab_free(h);
	return 0;
}
"""


def run(*words, **options):
    result = subprocess.run(words, capture_output=True, text=True, check=False,
                            cwd=TREE, **options)
    if result.returncode:
        raise AssertionError(f"{' '.join(words)}: {result.stdout}"
                             f"{result.stderr}")
    return result.stdout


def installed(root):
    """Each file, as seen from the root: mode, or where a link leads."""
    files = {}
    for folder, _, names in os.walk(root):
        for name in names:
            path = os.path.join(folder, name)
            files[path[len(root):]] = (
                os.readlink(path) if os.path.islink(path)
                else f"{os.stat(path).st_mode & 0o7777:o}")
    return files


def wanted(prefix):
    version = re.search(r"^VERSION\s*:?=\s*(\S+)",
                        open(f"{TREE}/tools/Makefile",
                             encoding="ascii").read(), re.M).group(1)
    library = f"libsegfab.so.{version}"
    soname = "libsegfab.so." + version.split(".", maxsplit=1)[0]
    want = {f"{prefix}/sbin/segctl": "755", f"{prefix}/sbin/segd": "755",
            f"{prefix}/lib/systemd/system/segd.service": "644",
            f"{prefix}/lib/libsegfab.a": "644",
            f"{prefix}/lib/{library}": "755",
            f"{prefix}/lib/{soname}": library,
            f"{prefix}/lib/libsegfab.so": soname,
            f"{prefix}/lib/pkgconfig/libsegfab.pc": "644",
            f"{prefix}/include/segfab.h": "644",
            f"{prefix}/include/linux/segfab.h": "644",
            f"{prefix}/share/bash-completion/completions/segctl": "644",
            f"{prefix}/share/segctl/segctl.schema.json": "644",
            f"/lib/modules/{KVER}/extra/segfab.ko": "644"}
    for page in os.listdir(f"{TREE}/tools/man"):
        want[f"{prefix}/share/man/man{page[-1]}/{page}"] = "644"
    return want


def install(root, *words):
    run("make", "-s", "install", f"DESTDIR={root}", f"KVER={KVER}", *words)


def places(root):
    install(root)
    assert installed(root) == wanted("/usr/local"), installed(root)


def prefix(root):
    install(root, "PREFIX=/opt/segfab")
    assert installed(root) == wanted("/opt/segfab"), installed(root)
    unit = open(f"{root}/opt/segfab/lib/systemd/system/segd.service",
                encoding="ascii").read()
    program = re.search(r"^ExecStart=(\S+)", unit, re.M).group(1)
    assert os.access(root + program, os.X_OK), f"there is no {program}"
    said = run("pkg-config", "--cflags", "--libs", "libsegfab",
               env=dict(os.environ, PKG_CONFIG_PATH=f"{root}/opt/segfab/lib/"
                        "pkgconfig"))
    assert "-I/opt/segfab/include" in said, said


def library(root):
    """A program is made and runs with what pkg-config says of it."""
    install(root)
    lib = f"{root}/usr/local/lib"
    env = dict(os.environ, PKG_CONFIG_SYSROOT_DIR=root,
               PKG_CONFIG_PATH=f"{lib}/pkgconfig")
    flags = run("pkg-config", "--cflags", "--libs", "libsegfab", env=env)
    run("cc", "-x", "c", "-", "-o", f"{root}/program",
        *(w.replace(root + root, root) for w in flags.split()),
        input=PROGRAM)
    said = run(f"{root}/program", env=dict(env, LD_LIBRARY_PATH=lib))
    assert said == "made\n", said


def targets(_):
    """Everything that make knows by name is in `make help`."""
    makefile = open(f"{TREE}/Makefile", encoding="ascii").read()
    phony = re.search(r"^\.PHONY:((?:.*\\\n)*.*)", makefile, re.M).group(1)
    said = run("make", "help")
    for target in set(phony.replace("\\\n", " ").split()) - {
            "all", "help", "packages"}:
        assert re.search(rf"^make {target}\b", said, re.M), target
    for word in re.findall(r"^make ([a-z-]+)", said, re.M):
        assert word in phony.split(), word
    assert max(map(len, said.splitlines())) <= 80, "80 columns"


def tried(test, name):
    with tempfile.TemporaryDirectory() as root:
        try:
            test(root)
        except AssertionError as why:
            return name, str(why).splitlines() or ["it is not so"]
    return name, []


if __name__ == "__main__":
    sys.exit(ktap.report([
        tried(places, "make install puts each file in its place"),
        tried(prefix, "PREFIX and DESTDIR lead to other places"),
        tried(library, "a program can be made with the installed library"),
        tried(targets, "make help names each target, and no other")]))
