#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Run the examples of the documents and compare what they print.

    examples.py [--update] [DOCUMENT...]

An example is a literal block with lines that begin with "# ", which are
commands, followed by what they print. A command goes on in the next line after
a backslash or an open quote, and up to "done" after "for ... do". In what is expected "..." stands for any
text within a line, and a line of nothing else for any lines. A comment

    .. run:
       COMMAND

is run too; it has to succeed and what it prints is of no interest. If a command
of ".. needs:" fails, the document is skipped from there on. In README.md such a
comment begins with "<!-- run:".

The commands of a document run one after another in one shell, in network
namespaces of their own, all on one processor. --update writes what they
print into the document where it differs. Needs root and the module. Output is
KTAP; the exit status is 0, 1 if an example failed, 4 if nothing can run here.
"""

import os
import pathlib
import re
import subprocess
import sys

TREE = pathlib.Path(__file__).resolve().parents[2]
DOCUMENTS = [TREE / 'README.md',
             *sorted((TREE / 'Documentation').glob('*.rst'))]
PROMPT = re.compile(r'(\s*)# (\S.*)')
HIDDEN = re.compile(r'(?:\.\. |<!-- )(run|needs):$')
OPENING = re.compile(r'(```console|\.\. code-block:: console|.*::)$')
END = '=== end of the command, status '


class Command:
    """A command of a document: lines [first, last) are what it prints."""

    def __init__(self, text, indent, first, hidden=None):
        self.text = text
        self.indent = indent
        self.first = self.last = first
        self.hidden = hidden	# "run", "needs"

    def expected(self, lines):
        cut = len(self.indent)
        return [line[cut:] for line in lines[self.first:self.last]]


def hidden_commands(lines, at, kind):
    """Yield the commands of a comment from line @at on."""
    while at < len(lines) and lines[at].startswith('   '):
        yield Command(lines[at].strip(), '', at + 1, kind)
        at += 1


def unfinished(text):
    """Does the command go on in the next line?"""
    return (text.endswith('\\') or text.count("'") % 2 == 1 or
            re.match(r'for .* do$', text, re.M) is not None and
            re.search(r'^\s*done', text, re.M) is None)


def block_commands(lines, at, fence):
    """Yield the commands of the literal block after line @at."""
    command = None
    indent = None
    while at < len(lines):
        line = lines[at]
        if fence and line == '```':
            break
        if indent is None and line:
            match = PROMPT.match(line)
            if not match or not fence and not match[1]:
                return
            indent = match[1]
        if indent is not None and line and not line.startswith(indent):
            break
        if indent is not None and line.startswith(indent + '# '):
            if command:
                yield command
            text = line[len(indent) + 2:]
            while unfinished(text):
                at += 1
                text += '\n' + lines[at]
            command = Command(text, indent, at + 1)
        elif command and line:
            command.last = at + 1
        at += 1
    if command:
        yield command


def commands_of(lines):
    """Return the commands of a document, in order."""
    commands = []
    for at, line in enumerate(lines):
        if commands and at < commands[-1].last:
            continue
        hidden = HIDDEN.match(line)
        if hidden:
            commands += hidden_commands(lines, at + 1, hidden[1])
        elif OPENING.match(line):
            commands += block_commands(lines, at + 1, line.startswith('```'))
    return commands


def pattern_of(expected):
    """Return a regular expression for expected lines."""
    parts = []
    for line in expected:
        if line.strip() == '...':
            parts.append(r'(?:.*\n)*?')
        else:
            words = [re.escape(word) for word in line.split('...')]
            parts.append('.*?'.join(words).rstrip() + r' *\n')
    return re.compile(''.join(parts))


class Shell:
    """A shell in namespaces of its own."""

    def __init__(self):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        script = ('mount --make-rprivate / && mkdir -p /run/netns && '
                  'mount -t tmpfs examples /run/netns && '
                  'ip link set lo up && exec bash --noprofile --norc')
        self.process = subprocess.Popen(
            ['unshare', '--net', '--mount', 'sh', '-c', script],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, cwd=TREE,
            env={**os.environ, 'LC_ALL': 'C', 'COLUMNS': '80'})

    def run(self, text):
        """Return (lines that the command printed, its exit status)."""
        self.process.stdin.write('%s </dev/null\necho "%s$?"\n'
                                 % ('{ %s\n}' % text, END))
        self.process.stdin.flush()
        lines = []
        for line in self.process.stdout:
            line = line.rstrip('\n')
            if END in line:
                rest, status = line.split(END)
                return lines + ([rest] if rest else []), int(status)
            lines.append(line.expandtabs())
        raise RuntimeError('the shell ended: ' + '\n'.join(lines))

    def close(self):
        """End the shell, and with it everything that was made in it."""
        self.run('for name in $(ip netns list | cut -d" " -f1); do '
                 'ip netns pids $name | xargs -r kill; ip netns del $name; '
                 'done')
        self.process.stdin.close()
        self.process.wait()


def matches(command, lines, got, status):
    """Is this what the document says?"""
    if command.hidden:
        return status == 0
    text = ''.join(line.rstrip() + '\n' for line in got).rstrip('\n') + '\n'
    text = text if text != '\n' else ''
    return bool(pattern_of(command.expected(lines)).fullmatch(text))


def complain(path, command, lines, got):
    """Print what differs."""
    print('# %s, line %d: %s' % (path.name, command.first, command.text))
    for title, output in (('expected', command.expected(lines)),
                          ('got', got)):
        print('#   %s:' % title)
        for line in output:
            print('#     ' + line)


def run_commands(path, lines, shell):
    """Return (commands that print something else, why the rest is skipped)."""
    changes = []
    for command in commands_of(lines):
        got, status = shell.run(command.text)
        if matches(command, lines, got, status):
            continue
        if command.hidden == 'needs':
            return changes, 'fails: ' + command.text
        complain(path, command, lines, got)
        changes.append((command, got))
    return changes, None


def run_document(path, update):
    """Return (what is wrong with it, why it was skipped)."""
    lines = path.read_text().splitlines()
    shell = Shell()
    changes, skipped = run_commands(path, lines, shell)
    shell.close()
    if update:
        for command, got in reversed(changes):
            lines[command.first:command.last] = [
                (command.indent + line).rstrip() for line in got]
        path.write_text('\n'.join(lines) + '\n')
    return changes, skipped


def main():
    args = sys.argv[1:]
    update = '--update' in args
    paths = [pathlib.Path(arg) for arg in args if arg != '--update']
    paths = [path for path in paths or DOCUMENTS
             if commands_of(path.read_text().splitlines())]
    print('KTAP version 1')
    if os.geteuid() or not os.path.exists('/sys/module/segfab'):
        print('1..0 # SKIP needs root and the module')
        return 4
    print('1..%d' % len(paths))
    status = 0
    for number, path in enumerate(paths, 1):
        wrong, skipped = run_document(path, update)
        print('%sok %d examples of %s%s' % (
            'not ' if wrong else '', number, path.name,
            ' # SKIP ' + skipped if skipped and not wrong else ''), flush=True)
        status |= bool(wrong)
    return status


if __name__ == '__main__':
    sys.exit(main())
