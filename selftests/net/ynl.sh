#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The kernel tree's own netlink client and code generator (tools/net/ynl of
# Linux 6.12, unmodified) know the family from its specification alone.
#
#   na, nb     parents
#   red        a child of na
#
# SEGFAB_YNL is the folder with tools/net/ynl and Documentation/netlink;
# without it the one that selftests/vm/ynl has put into the cache.

. "$(dirname "$0")/lib.sh"

TREE=$(cd "$NET_DIR/../.." && pwd)
SPEC=$TREE/Documentation/netlink/specs/segfab.yaml
YNL=${SEGFAB_YNL:-$("$TREE/selftests/vm/ynl" --path)} ||
	skip_all "there is no tools/net/ynl: run selftests/vm/ynl first"
TOOLS=$YNL/tools/net/ynl
SCHEMA=$YNL/Documentation/netlink/genetlink-legacy.yaml
PYTHON=/usr/bin/python3

# cli ARGUMENT...: its command line in HOST; it checks the specification against
# the schema before anything else. It takes seconds for each call.
cli()
{
	ip netns exec "$HOST" "$PYTHON" "$TOOLS/cli.py" --schema "$SCHEMA" \
		--output-json "$@"
}

# ask QUESTION: the answer of ynl_session.py goes to reply.
ask()
{
	echo "${1//$'\n'/ }" >&5
	IFS= read -rt 60 reply <&6 || fail "ynl_session.py is gone"
}

# gives WHAT EXPECTED FILTER QUESTION: what jq makes of the answer.
gives()
{
	ask "$4"
	check_eq "$1" "$2" "$(jq -c "$3" <<<"$reply" 2>/dev/null ||
		echo "$reply")"
}

# says PATTERN QUESTION
says()
{
	ask "$2"
	check_match "$2" "$1" "$reply"
}

# generate FILE ARGUMENT...: the code generator. It looks for MAINTAINERS in
# the folders above the specification.
generate()
{
	timeout 60 "$PYTHON" "$TOOLS/ynl-gen-c.py" -o "$1" "${@:2}" \
		--spec "$FOLDER/Documentation/netlink/specs/segfab.yaml"
}

subtest schema "the specification keeps to the kernel's schema"
schema()
{
	local broken=$FOLDER/broken.yaml

	check_eq "binding maps" '["red","a","na",1002]' "$(
		cli --spec "$SPEC" --dump binding-get |
		jq -c '.[] | [.child, .id, .parent, .vlan]')"
	# and the schema is looked at
	sed 's/^protocol: .*/protocol: pigeon/' "$SPEC" >"$broken"
	refused "*pigeon*" cli --spec "$broken" --list-ops
}

subtest header "its uapi header has the names and numbers of ours"
header()
{
	check generate "$FOLDER/segfab.h" --mode uapi --header
	check "$PYTHON" - "$FOLDER/segfab.h" <<-END
		import sys
		sys.path.insert(0, "$TREE/selftests/static")
		from spec import Header
		theirs, ours = Header(sys.argv[1]), Header()
		theirs = theirs.macros | theirs.enumerators
		ours = ours.macros | ours.enumerators
		wrong = {k for k in theirs if theirs[k] != ours.get(k)}
		wrong |= set(ours) - set(theirs) - {
		    "SEGFAB_LINK_KIND", "SEGFAB_ZONE_LINK_KIND",
		    "SEGFAB_MCGRP_CONFIG"}
		sys.exit(" ".join(sorted(wrong)) or 0)
	END
}

# Not the kernel's: the generator of 6.12 knows no operation that is a dump and
# nothing else. The module's own tables are held against the specification by
# netlink_contract.py.
subtest code "its code for user space, and its document, can be made"
code()
{
	local kind

	for kind in source header; do
		check generate "$FOLDER/segfab-user-$kind" --mode user "--$kind"
		check grep -q segfab_trace_read "$FOLDER/segfab-user-$kind"
	done
	check "$PYTHON" "$TOOLS/ynl-gen-rst.py" -i "$SPEC" \
		-o "$FOLDER/segfab.rst"
	check grep -q trace-read "$FOLDER/segfab.rst"
}

subtest list "it lists binding maps, segments, ports and addresses"
list()
{
	gives "binding maps" '["red","a","na",1002,65536,"forward"]' \
		'.[] | [.child, .id, .parent, .vlan, ."fdb-limit",
			."fdb-limit-policy"]' '["dump", "binding-get", {}]'
	gives "one binding map" 1002 .vlan \
		'["do", "binding-get", {"child": "red", "id": "a"}]'
	gives "segments" '["na","nb","red"]' '[.[].name] | sort' \
		'["dump", "segment-get", {}]'
	gives "ports of red" '["R"]' '[.[].name]' \
		'["dump", "port-get", {"segment": "red"}]'
	frames send R 01-ff
	gives "addresses" '["02:00:00:00:00:01","R","learned"]' \
		'.[] | [.mac, .port, .state]' \
		'["dump", "fdb-get", {"port": "R"}]'
}

subtest counters "it reads counters, and drops by reason"
counters()
{
	local reasons

	reasons=$("$PYTHON" - <<-END
		import sys
		sys.path.insert(0, "$TREE/selftests/static")
		from spec import Spec
		print(len(set(Spec().sets["drops"]) - {"pad"}))
	END
	)
	frames send R 01-ff 01-ff@9
	gives "counters" "[true,true,$reasons]" '.stats |
		[."ingress-broadcast-packets" >= 1,
		 .drops."unbound-vlan" >= 1, (.drops | length)]' \
		'["do", "port-get", {"name": "R"}]'
}

subtest change "it makes, changes and removes binding maps"
change()
{
	local b='"child": "red", "id": "b"'

	says null "[\"do\", \"binding-new\",
		{$b, \"parent\": \"nb\", \"vlan\": 7}, \"CREATE\"]"
	says "refused: red has a binding map b already" "[\"do\",
		\"binding-new\", {$b, \"parent\": \"nb\", \"vlan\": 8},
		\"CREATE\"]"
	says null "[\"do\", \"binding-new\", {$b, \"vlan\": 9},
		\"REPLACE\"]"
	show "{child}/{id} {parent} {vlan}" binding show
	check_lines "binding maps" "red/a na 1002" "red/b nb 9"
	says null "[\"do\", \"binding-del\", {$b}]"
	says "refused: red has no binding map b" \
		"[\"do\", \"binding-del\", {$b}]"
	says "refused: no device is named nosuch" \
		'["dump", "binding-get", {"child": "nosuch"}]'
}

subtest events "it receives notifications"
events()
{
	says null '["subscribe", "config"]'
	check seg binding add red c parent nb vlan 70
	check seg binding set red c vlan 71
	check seg binding del red c
	check seg segment set red ageing 60
	gives "events" "$(tr -d '\n' <<-END
		[["binding-ntf","c",70],["binding-ntf","c",71],
		["binding-del-ntf","c",71],["segment-ntf",null,null]]
		END
		)" '[.[] | [.name, .msg.id, .msg.vlan]]' '["events"]'
	says "[]" '["events"]'
}

start_fabric
need jq
FOLDER=$(mktemp -d)
defer rm -rf "$FOLDER"
mkdir -p "$FOLDER/Documentation/netlink/specs"
touch "$FOLDER/MAINTAINERS"
cp "$YNL"/Documentation/netlink/*.yaml "$FOLDER/Documentation/netlink"
cp "$SPEC" "$FOLDER/Documentation/netlink/specs"
segments na nb red
ports red R
bind red a na 1002

coproc SESSION {
	exec ip netns exec "$HOST" "$PYTHON" "$NET_DIR/ynl_session.py" \
		"$TOOLS" "$SPEC"
}
# shellcheck disable=SC2154 # coproc sets it
defer quietly kill "$SESSION_PID"
to=${SESSION[1]} from=${SESSION[0]}
exec 5>&"$to" 6<&"$from"
run_subtests
