#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""A session with the kernel tree's netlink client, which takes seconds to read
a specification: ynl.sh asks, one question a line, and gets one line back.

    ynl_session.py YNL SPEC

Questions, in JSON: ["do"|"dump", OPERATION, ATTRIBUTES, FLAG...],
["subscribe", GROUP], ["events"]. A refusal comes back as "refused: TEXT".
"""

import json
import sys

sys.path.insert(0, sys.argv[1])
# pylint: disable=wrong-import-position,import-error
from lib import Netlink, NlError, YnlFamily


def answer(ynl, question, listeners):
    """The answer to one question. Who subscribes has a socket of its own."""
    what, *words = question
    if what == "do":
        flags = [getattr(Netlink, f"NLM_F_{word}") for word in words[2:]]
        return ynl.do(words[0], words[1], flags)
    if what == "dump":
        return ynl.dump(*words)
    if what == "subscribe":
        listeners.append(YnlFamily(sys.argv[2], schema=""))
        return listeners[-1].ntf_subscribe(*words)
    listener = listeners[-1]
    listener.check_ntf()
    found, listener.async_msg_queue = listener.async_msg_queue, []
    return found


def main():
    ynl, listeners = YnlFamily(sys.argv[2], schema=""), []
    for line in sys.stdin:
        try:
            found = json.dumps(answer(ynl, json.loads(line), listeners),
                               default=bytes.hex)
        except NlError as refused:
            found = f"refused: {refused.nl_msg.extack.get('msg')}"
        print(found, flush=True)


if __name__ == "__main__":
    main()
