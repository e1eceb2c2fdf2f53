#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Write the reference part of netlink.rst from the specification.

    rst.py [--check]

--check writes nothing and fails if netlink.rst is not in step.
"""

import pathlib
import sys
import textwrap

import yaml

HERE = pathlib.Path(__file__).resolve().parent
SPEC = HERE / 'specs' / 'segfab.yaml'
PAGE = HERE.parent / 'netlink.rst'
BEGIN = '.. From netlink/specs/segfab.yaml by netlink/rst.py: do not edit.\n'
END = '.. End of what netlink/rst.py wrote.\n'


def prose(text, indent=''):
    """Return text as paragraphs of at most 79 columns."""
    paragraphs = text.strip().split('\n\n')
    return '\n\n'.join(textwrap.fill(' '.join(p.split()), 79,
                                     initial_indent=indent,
                                     subsequent_indent=indent,
                                     break_on_hyphens=False)
                       for p in paragraphs) + '\n'


def heading(text, line):
    return '%s\n%s\n\n' % (text, line * len(text))


def bounds(checks, constants):
    """Return what an attribute may be, in words."""
    def number(value):
        return str(constants.get(value, value))

    words = []
    if 'min' in checks and 'max' in checks:
        words.append(number(checks['min']) + ' to ' + number(checks['max']))
    elif 'min' in checks:
        words.append('at least ' + number(checks['min']))
    elif 'max' in checks:
        words.append('at most ' + number(checks['max']))
    if 'max-len' in checks:
        words.append('at most %s characters' % number(checks['max-len']))
    if 'exact-len' in checks:
        words.append(number(checks['exact-len']) + ' bytes')
    return words


def attribute_text(attribute, constants):
    words = [attribute['type']]
    if 'enum' in attribute:
        words.append('``%s``' % attribute['enum'])
    if 'nested-attributes' in attribute:
        words.append('of ``%s``' % attribute['nested-attributes'])
    words += bounds(attribute.get('checks', {}), constants)
    text = '``%s``: %s\n' % (attribute['name'], ', '.join(words))
    if 'doc' in attribute:
        text += prose(attribute['doc'], '   ')
    return text + '\n'


def definitions_text(spec):
    text = heading('Enumerations', '-')
    for item in spec['definitions']:
        if item['type'] != 'enum':
            continue
        text += prose('``%s``: %s' % (item['name'], item['doc'])) + '\n'
        value = item.get('value-start', 0)
        for entry in item['entries']:
            text += prose('``%s`` (%d): %s' % (entry['name'], value,
                                               entry['doc']), '   ') + '\n'
            value += 1
    return text


def attribute_sets_text(spec):
    constants = {item['name']: item['value'] for item in spec['definitions']
                 if item['type'] == 'const'}
    text = heading('Attributes', '-')
    for group in spec['attribute-sets']:
        text += heading('Attribute set ' + group['name'], '~')
        if 'doc' in group:
            text += prose(group['doc']) + '\n'
        for attribute in group['attributes']:
            if attribute['type'] != 'pad':
                text += attribute_text(attribute, constants)
    return text


def listed(names):
    return ', '.join('``%s``' % name for name in names)


def field(name, text):
    return textwrap.fill(':%s: %s' % (name, text), 79,
                         subsequent_indent='   ',
                         break_on_hyphens=False) + '\n'


def operation_text(operation):
    text = heading(operation['name'], '~') + prose(operation['doc']) + '\n'
    if 'notify' in operation:
        return text + field('like', 'the reply of ``%s``'
                            % operation['notify']) + \
            field('group', '``%s``' % operation['mcgrp']) + '\n'
    text += field('attributes', '``%s``' % operation['attribute-set'])
    text += field('right', 'CAP_NET_ADMIN' if 'uns-admin-perm' in
                  operation.get('flags', []) else 'none')
    mode = operation.get('do') or operation['dump']
    text += field('request', listed(mode['request']['attributes']))
    if 'reply' in mode:
        text += field('reply', listed(name for name in
                                      mode['reply']['attributes']
                                      if name != 'pad'))
    text += field('dump', 'yes' if 'do' in operation and 'dump' in operation
                  else 'only' if 'dump' in operation else 'no')
    return text + '\n'


def reference(spec):
    text = heading('Commands', '-')
    for operation in spec['operations']['list']:
        text += operation_text(operation)
    return text + attribute_sets_text(spec) + definitions_text(spec)


def main():
    spec = yaml.safe_load(SPEC.read_text())
    page = PAGE.read_text()
    head, rest = page.split(BEGIN)
    tail = rest.split(END)[1]
    new = head + BEGIN + '\n' + reference(spec) + END + tail
    if '--check' not in sys.argv[1:]:
        PAGE.write_text(new)
        return 0
    if new == page:
        return 0
    print('netlink.rst is not in step: run Documentation/netlink/rst.py')
    return 1


if __name__ == '__main__':
    sys.exit(main())
