#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Check what can be checked of the documents without running anything.

They are well-formed, their links lead somewhere, netlink.rst is in step with
the specification, and each reason for drops and each setting is described.
What the examples print is checked by selftests/docs/examples.py.
"""

import io
import os
import pathlib
import re
import subprocess
import sys

from spec import TREE, Spec, SPEC

TREE = pathlib.Path(TREE)
PAGES = sorted((TREE / 'Documentation').glob('*.rst'))
TEXTS = sorted(TREE.glob('*.md'))
WIDTH = 80

# Attributes that operators know by another name, or do not set.
OPERATORS_WORDS = {'ageing-time': 'ageing', 'mcast-flood': 'mcast_flood',
                   'bcast-flood': 'bcast_flood', 'zone-vlan': 'vlan',
                   'zone-vni': 'vni', 'zone-ifindex': 'zone',
                   'zone-fdb-limit': 'fdb-limit',
                   'zone-fdb-limit-policy': 'fdb-limit-policy'}

# Names of files of the tree, and targets of links.
FILES = re.compile(r'``((?:kmod|uapi|tools|selftests|bench|Documentation)/'
                   r'[\w./*-]+)``|\]\(([\w./-]+)\)')

problems = []


def problem(path, text):
    problems.append('%s: %s' % (path.relative_to(TREE), text))


def check_form(path):
    """docutils has nothing to say about it."""
    try:
        from docutils.core import publish_doctree
    except ImportError:
        print('docutils is missing (python3-docutils)')
        sys.exit(4)
    warnings = io.StringIO()
    publish_doctree(path.read_text(), settings_overrides={
        'warning_stream': warnings, 'report_level': 1, 'halt_level': 5,
        'file_insertion_enabled': False})
    for line in warnings.getvalue().splitlines():
        problem(path, line)


def prose_lines(path):
    """Yield numbers and lines but those that were printed by a run."""
    literal = False
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if re.match(r'\.\. (code-block|run|needs):|.*::$|```|<!-- run', line):
            literal = True
        elif line and not line.startswith(' ') and line != '-->' and \
                path.suffix == '.rst':
            literal = False
        elif line in ('```', '-->'):
            literal = False
        if not literal:
            yield number, line


def check_lines(path):
    for number, line in prose_lines(path):
        if len(line) > WIDTH:
            problem(path, 'line %d has %d columns' % (number, len(line)))
        if line != line.rstrip():
            problem(path, 'line %d ends with a blank' % number)


def check_links(path):
    """Files that it names exist."""
    for match in FILES.finditer(path.read_text()):
        name = match[1] or match[2]
        if not list(TREE.glob(name.rstrip('/'))):
            problem(path, 'there is no ' + name)


def check_reasons(path):
    """Each reason for drops is described."""
    text = path.read_text()
    for name in Spec(SPEC).sets['drops']:
        if name != 'pad' and not re.search('^%s ' % name, text, re.M):
            problem(path, 'says nothing of ' + name)


def check_settings(path):
    """Each setting is described."""
    text = path.read_text()
    for operation in ('segment-set', 'port-set'):
        for name in Spec(SPEC).operations[operation].attributes:
            word = OPERATORS_WORDS.get(name, name)
            if name not in ('ifindex', 'name') and '``%s``' % word not in text:
                problem(path, 'says nothing of ' + word)


def check_reference():
    tool = TREE / 'Documentation' / 'netlink' / 'rst.py'
    done = subprocess.run([tool, '--check'], capture_output=True, text=True,
                          check=False)
    if done.returncode:
        problem(tool, (done.stdout + done.stderr).strip())


def main():
    for path in PAGES:
        check_form(path)
    for path in PAGES + TEXTS:
        check_lines(path)
        check_links(path)
    for name in ('statistics.rst', 'datapath.rst'):
        check_reasons(TREE / 'Documentation' / name)
    check_settings(TREE / 'Documentation' / 'segfab.rst')
    check_reference()
    print('\n'.join(problems) or
          '%d documents are in order' % len(PAGES + TEXTS))
    return bool(problems)


if __name__ == '__main__':
    os.chdir(TREE)
    sys.exit(main())
