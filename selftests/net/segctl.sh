#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# segctl: each command with a kernel behind it. Command lines as such are
# tested in tools/tests, without one.
#
#   red    a segment with the port R
#   blue   a segment with the port B
#   web    a segment that becomes a child

. "$(dirname "$0")/lib.sh"

# Here segctl is what is tested: a process for each command, its own words.
seg()
{
	segctl -n "$HOST" "$@"
}

TOOLS=$NET_DIR/../../tools

# json WORD...: what "segctl -j WORD..." shows is valid and as the schema of
# its object says; it goes to reply.
json()
{
	local definition=$1

	[[ $1 != -* ]] || definition=$2
	reply=$(seg -j "$@") || { fail "segctl -j $*: exit code $?"; return; }
	as_schema "$definition" <<<"$reply"
}

as_schema() # DEFINITION, arrays in standard input
{
	local wrong

	wrong=$(jq -rn --slurpfile schema "$TOOLS/segctl/segctl.schema.json" \
		--arg name "$1" -f "$TOOLS/tests/schema.jq" 2>&1)
	[[ -z $wrong ]] || fail "schema of $1:" "${wrong//$'\n'/$'\n# '}"
}

# field WHAT EXPECTED FILTER: of the object in reply.
field()
{
	check_eq "$1" "$2" "$(jq -rc ".[0] | $3" <<<"$reply")"
}

# ends CODE PATTERN COMMAND...: with this exit code and these words of error.
ends()
{
	local code=$1 pattern=$2 err status

	shift 2
	err=$("$@" 2>&1 >/dev/null)
	status=$?
	check_eq "exit code of $*" "$code" "$status"
	check_match "error of $*" "$pattern" "$err"
}

# silent COMMAND...: succeeds and says nothing.
silent()
{
	local out

	out=$("$@" 2>&1) || fail "$*: exit code $?"
	check_eq "output of $*" "" "$out"
}

subtest segment_commands "segment add, set, show and del"
segment_commands()
{
	check seg segment add tmp ageing 10 flood off guest-vlans 1-5,7 \
		mtu 1400 address 02:00:00:00:0a:01 up
	json segment show tmp
	field settings '[10,false,[1,2,3,4,5,7],1400,"02:00:00:00:0a:01",true]' \
		'[.ageing_time,.flood,.guest_vlans,.mtu,.address,.up]'
	silent seg segment set tmp ageing 20 flood on guest-vlans none \
		mtu 1500 address 02:00:00:00:0a:02 down
	json segment show tmp
	field settings '[20,true,[],1500,"02:00:00:00:0a:02",false]' \
		'[.ageing_time,.flood,.guest_vlans,.mtu,.address,.up]'
	check_match text "tmp down no-carrier mtu 1500 address 02:00:00:00:0a:02
    ports 0 parents 0 children 0 fdb 1 ageing 20 flood on" \
		"$(seg segment show tmp)"
	json segment show
	check_eq names "blue red tmp web" \
		"$(jq -r '[.[].name] | sort | join(" ")' <<<"$reply")"
	check seg segment del tmp
	ends 2 "Error: *tmp*" seg segment show tmp
	ends 2 "Error: *tmp*" seg segment del tmp
	ends 2 "Error: *red* exists*" seg segment add red
}

subtest only_segments "segment set leaves other devices alone"
only_segments()
{
	local mtu

	check host link add dummy0 type dummy
	defer host link del dummy0
	ends 2 "Error: *dummy0*" seg segment set dummy0 mtu 1400
	ends 2 "Error: *dummy0*" seg segment set dummy0 ageing 5
	ends 2 "Error: *dummy0*" seg segment del dummy0
	mtu=$(host -j link show dummy0 | jq '.[0].mtu')
	check_eq "MTU of dummy0" 1500 "$mtu"
}

subtest port_commands "port add, set, show and del"
port_commands()
{
	check host link add tap0 type dummy
	defer host link del tap0
	check host link set tap0 up
	check seg port add tap0 segment web learning off fdb-limit 7 \
		fdb-limit-policy drop
	json port show tap0
	field settings '["web",false,true,7,"drop"]' \
		'[.segment,.learning,.flood,.fdb_limit,.fdb_limit_policy]'
	silent seg port set tap0 learning on flood off mcast_flood off \
		bcast_flood off isolated on fdb-limit none \
		fdb-limit-policy forward
	json port show tap0
	field settings '[true,false,false,false,true,0,"forward"]' \
		'[.learning,.flood,.mcast_flood,.bcast_flood,.isolated,
		  .fdb_limit,.fdb_limit_policy]'
	json port show segment web
	check_eq "ports of web" '["tap0"]' "$(jq -c '[.[].name]' <<<"$reply")"

	ends 2 "Error: tap0 is a port of web already." \
		seg port add tap0 segment web
	ends 2 "Error: tap0 has another master already." \
		seg port add tap0 segment red
	check seg port del tap0
	ends 2 "Error: *tap0*" seg port show tap0
	ends 2 "Error: *tap0*" seg port del tap0
	ends 2 "Error: there is no interface \"tap9\"." \
		seg port add tap9 segment web
}

subtest other_masters "port add and del leave other masters alone"
other_masters()
{
	check host link add bridge0 type bridge
	defer host link del bridge0
	check host link add tap0 type dummy
	defer host link del tap0
	check host link set tap0 master bridge0
	ends 2 "Error: *bridge0*" seg port add tap0 segment bridge0
	ends 2 "Error: *" seg port add tap0 segment web
	ends 2 "Error: *tap0*" seg port del tap0
	check_eq "master of tap0" bridge0 \
		"$(host -j link show tap0 | jq -r '.[0].master')"
}

subtest binding_commands "binding add, set, replace, show and del"
binding_commands()
{
	silent seg binding add web m1 parent red vlan 10 fdb-limit 5 \
		fdb-limit-policy drop
	json binding show web m1
	field "binding map" '["web","m1","red",10,5,"drop"]' \
		'[.child,.id,.parent,.vlan,.fdb_limit,.fdb_limit_policy]'
	ends 2 "Error: *m1 already." seg binding add web m1 parent blue vlan 1
	silent seg binding set web m1 vlan 11
	silent seg binding replace web m1 parent blue vlan 12 fdb-limit none
	check seg binding replace web m2 parent red vlan 13
	json binding show child web
	check_eq "binding maps" '["m1 blue 12 0","m2 red 13 65536"]' "$(jq -c \
		'[.[] | "\(.id) \(.parent) \(.vlan) \(.fdb_limit)"] | sort' \
		<<<"$reply")"
	json binding show parent red
	check_eq "those of red" '["m2"]' "$(jq -c '[.[].id]' <<<"$reply")"
	json binding show web vlan 1-12
	check_eq "those with tags 1-12" '["m1"]' \
		"$(jq -c '[.[].id]' <<<"$reply")"
	check_eq "text" "web m2 parent red vlan 13 fdb 0" \
		"$(seg binding show web m2)"
	reply=$(seg binding show -j)
	as_schema binding <<<"$reply"
	field "with the option behind" '["web","m1","blue",12,5,"number"]' \
		'[.child,.id,.parent,.vlan,.fdb_count+5,(.child_ifindex|type)]'
	check seg binding del web m1
	ends 2 "Error: *m1*" seg binding del web m1
	ends 2 "Error: *m1*" seg binding set web m1 vlan 5
	ends 2 "Error: *m1*" seg binding show web m1
	check seg binding del child web
	json binding show
	check_eq "binding maps" '[]' "$reply"
	ends 2 "Error: there is no such binding map." \
		seg binding del parent red
}

subtest auto_tags "R8 binding add auto tells the tag that it took"
auto_tags()
{
	segments one two
	check_eq one "one m1 parent red vlan 1 fdb 0" \
		"$(seg binding add one m1 parent red vlan auto)"
	json binding add two m1 parent red vlan auto range 1-2
	field two 2 .vlan
	ends 2 "Error: *1*2*red*" \
		seg binding add web m1 parent red vlan auto range 1-2
	check_eq web "web m1 parent red vlan 7 fdb 0" \
		"$(seg binding add web m1 parent red vlan auto range 7-9)"
	check seg binding del parent red
}

subtest lists_of_tags "a list of tags makes all binding maps or none"
lists_of_tags()
{
	segments c1 c2 c3 c5
	check seg binding add c% m-% parent red vlan 1-3,5
	json binding show
	check_eq "binding maps" '["c1 m-1 1","c2 m-2 2","c3 m-3 3","c5 m-5 5"]' \
		"$(jq -c '[.[] | "\(.child) \(.id) \(.vlan)"] | sort' \
		<<<"$reply")"
	check seg binding del parent red vlan 2-3
	json binding show
	check_eq tags '[1,5]' "$(jq -c '[.[].vlan] | sort' <<<"$reply")"
	check seg binding del parent red

	bind web m1 red 3
	ends 2 "Error: c3 m-3 vlan 3: *web*; none was made." \
		seg binding add c% m-% parent red vlan 1-3,5
	json binding show
	check_eq tags '[3]' "$(jq -c '[.[].vlan]' <<<"$reply")"
}

subtest in_the_way "R9 segment del lists the binding maps in the way"
in_the_way()
{
	bind web m1 red 10
	bind web m2 blue 20
	ends 2 "Error: *web*m1*
    web m1 parent red vlan 10
    web m2 parent blue vlan 20" seg segment del web
	ends 2 "Error: *red*m1*
    web m1 parent red vlan 10" seg segment del red
	json segment show web
	field parents 2 .parent_count
}

subtest fdb_commands "fdb add, set, replace, get, show, del and flush"
fdb_commands()
{
	local a=02:00:00:00:0b:01 b=02:00:00:00:0b:02 c=02:00:00:00:0b:03

	bind web m1 red 10
	check seg segment set red guest-vlans 5
	defer seg segment set red guest-vlans none
	check seg fdb add red "$a" port R
	check seg fdb add red "$a" port R guest-vlan 5
	check seg fdb add web "$b" port R
	ends 2 "Error: *" seg fdb add red "$a" port R
	ends 2 "Error: *" seg fdb set red "$c" port R
	silent seg fdb replace red "$a" port R

	json fdb get web "$b"
	field entry '["web","R","m1",10,"static",null,null]' \
		'[.segment,.port,.binding,.vlan,.state,.age,.guest_vlan]'
	check_eq text "web $b port R vlan 10 binding m1 static" \
		"$(seg fdb get web "$b")"
	json fdb show red mac "$a"
	check_eq "guest VLANs" '[null,5]' \
		"$(jq -c '[.[].guest_vlan] | sort' <<<"$reply")"
	json fdb show port R state static
	check_eq "entries behind R" 3 "$(jq length <<<"$reply")"
	json fdb show web binding m1
	check_eq "entries behind m1" 1 "$(jq length <<<"$reply")"
	json fdb show vlan 10
	check_eq "entries with tag 10" 1 "$(jq length <<<"$reply")"

	frames exchange R 01-02
	json fdb show red state learned
	field learned '["R","learned",true]' '[.port,.state,.age < 60000]'

	check seg fdb flush red
	json fdb show red state learned
	check_eq "learned after flush" '[]' "$reply"
	check seg fdb flush red static port R mac "$a"
	json fdb show red state static
	check_eq "static after flush" '[]' "$reply"
	check seg fdb del web "$b"
	ends 2 "Error: *$b*" seg fdb del web "$b"
	ends 2 "Error: *$b*" seg fdb get web "$b"
	ends 2 "Error: *nowhere*" seg fdb show nowhere
}

subtest statistics "stats show, and rates with -w"
statistics()
{
	local lines

	segments calm
	ports calm C
	bind web m1 calm 10
	frames send C 01-ff/100x3 0a-0b@10/200x5 0a-0b@77x2
	frames got
	json stats show port C
	field "ingress of C" '[8,1300,2]' \
		'.stats | [.ingress_packets, .ingress_bytes, .drops.unbound_vlan]'
	json stats show binding web m1
	field "ingress of m1" '[5,1000]' \
		'.stats | [.ingress_packets, .ingress_bytes]'
	json stats show
	check_eq objects "binding port segment" "$(jq -r \
		'[.[].object] | unique | join(" ")' <<<"$reply")"

	# the rate of an interval is what came in it by its length
	seg -j stats show segment calm -w 1 count 2 >"$answer" &
	pause 0.5
	frames send C 01-ff/100x50
	frames got
	wait $!
	as_schema stats <"$answer"
	mapfile -t lines <"$answer"
	check_eq "lines of -w" 2 "${#lines[@]}"
	check_range "frames in both intervals" 40 60 "$(jq -s \
		'[.[][0].rates.ingress_packets] | add | round' "$answer")"
	ends 2 "Error: *nothing*" seg stats show segment nothing
	ends 2 "Error: *nothing*" seg stats show port nothing -w 1 count 1
	check_match text "port C segment calm*ingress*all*multicast*dropped*" \
		"$(seg stats show port C)"
	check_match text "*per sec*" "$(seg stats show port C -w 1 count 1)"
}

# saw FILTER: an event in the log of the monitor passes it.
saw()
{
	jq -e -s "flatten | any(.[]; $1)" "$answer" >/dev/null
}

sees() # FILTER
{
	eventually 10 saw "$1"
}

probe()
{
	seg segment set blue ageing 299
	seg segment set blue ageing 300
	[[ -s $answer ]]
}

subtest monitor "monitor tells of each kind of change"
monitor()
{
	local pid

	: >"$answer"
	segctl -n "$HOST" -j monitor >"$answer" &
	pid=$!
	defer eval "kill $pid 2>/dev/null"
	eventually 10 probe

	check seg binding add web m1 parent red vlan 10
	check seg binding set web m1 vlan 11
	check seg port set R learning off
	check seg port set R learning on
	check seg fdb add web 02:00:00:00:0c:01 port R
	check seg fdb del web 02:00:00:00:0c:01
	check seg binding del web m1
	check host link add tap0 type dummy
	check seg port add tap0 segment web
	check seg port del tap0
	check seg port add tap0 segment web
	check host link del tap0
	check seg segment add tmp
	check seg segment del tmp

	sees '.object == "segment" and .data.name == "blue"'
	sees '.object == "binding" and .event == "changed" and
		.data.vlan == 10'
	sees '.object == "binding" and .event == "changed" and
		.data.vlan == 11'
	sees '.object == "binding" and .event == "deleted" and
		.data.id == "m1"'
	sees '.object == "port" and .data.name == "R" and
		(.data.learning | not)'
	sees '.object == "fdb" and .event == "changed" and
		.data.mac == "02:00:00:00:0c:01" and .data.segment == "web" and
		.data.port == "R" and .data.vlan == 11 and
		.data.state == "static"'
	sees '.object == "fdb" and .event == "deleted" and
		.data.mac == "02:00:00:00:0c:01"'
	sees '.object == "link" and .event == "changed" and
		.data.name == "tap0" and .data.segment == "web"'
	sees '.object == "link" and .event == "deleted" and
		.data.name == "tap0" and .data.segment == "web"'
	sees '.object == "link" and .event == "changed" and
		.data.name == "tmp" and .data.segment == null'
	sees '.object == "link" and .event == "deleted" and
		.data.name == "tmp"'
	as_schema event <"$answer"

	kill -INT "$pid"
	wait "$pid"
	check_eq "exit code of monitor" 0 $?
}

subtest monitor_some "monitor tells of what was asked for, with the time"
monitor_some()
{
	local pid

	: >"$answer"
	segctl -n "$HOST" monitor binding segment -t >"$answer" &
	pid=$!
	defer eval "kill $pid 2>/dev/null"
	eventually 10 probe
	check seg port set R learning off
	check seg port set R learning on
	check seg binding add web m1 parent red vlan 10
	check seg binding del web m1
	eventually 10 grep -q Deleted "$answer"
	check_match "last line" "\[20??-??-??T??:??:??.??????\] Deleted\
 binding web m1 parent red vlan 10 fdb 0" "$(tail -n 1 "$answer")"
	if grep -q " port R" "$answer"; then
		fail "ports were not asked for"
	fi
	kill "$pid"
	wait "$pid"
	check_eq "exit code of monitor" 0 $?
}

# full OBJECT FILTER: what monitor said of R, or of the map m1, being full, in
# the order of its words, passes it.
full()
{
	jq -e -s "[flatten[] | select(.object == \"$1\") | .data |
		select(.name == \"R\" or .id == \"m1\") | .fdb_full] | $2" \
		"$answer" >/dev/null
}

subtest monitor_limit "monitor tells that a limit is reached, once, and left"
monitor_limit()
{
	local pid mac

	bind web m1 red 10 fdb-limit 2
	check seg port set R fdb-limit 16
	defer seg port set R fdb-limit 4096
	: >"$answer"
	segctl -n "$HOST" -j monitor port binding segment >"$answer" &
	pid=$!
	defer eval "kill $pid 2>/dev/null"
	eventually 10 probe
	frames send R 1{0..9}-ff 2{0..5}-ff a{0..1}-ff@10
	pause 0.5
	frames send R 3{0..9}-ff a{2..3}-ff@10
	eventually 10 full port '. == [true]'
	eventually 10 full binding '. == [true]'
	# some that go and others that take their place are no news
	check seg fdb del red 02:00:00:00:00:10
	check seg fdb del red 02:00:00:00:00:11
	pause 0.5
	frames send R 4{0..9}-ff
	pause 0.5
	full port '. == [true]' || fail "told more than once" "$(<"$answer")"
	for mac in 40 41 20; do
		check seg fdb del red "02:00:00:00:00:$mac"
	done
	eventually 10 full port '. == [true, false]'
	check seg fdb flush web
	eventually 10 full binding '. == [true, false]'
	kill "$pid"
	wait "$pid"
	as_schema event <"$answer"
}

# It is stopped while more changes than its socket holds: who may not administrate
# gets a small one.
subtest monitor_lost "monitor says that events were lost, and what is now"
monitor_lost()
{
	local i pid

	: >"$answer"
	setpriv --bounding-set -net_admin --inh-caps -net_admin \
		segctl -n "$HOST" -j monitor segment >"$answer" &
	pid=$!
	defer eval "kill -KILL $pid 2>/dev/null"
	eventually 10 probe
	kill -STOP "$pid"
	for ((i = 0; i < 1000; i++)); do
		echo "segment set blue ageing $((299 + i % 2))"
	done >"$tmp/batch"
	check seg -b "$tmp/batch"
	check seg segment set blue ageing 77
	kill -CONT "$pid"
	sees '.event == "lost"'
	sees '.event == "state" and .object == "segment" and
		.data.name == "blue" and .data.ageing_time == 77'
	check seg segment set blue ageing 300
	sees '.event == "changed" and .data.ageing_time == 300'
	as_schema event <"$answer"
	kill -INT "$pid"
	wait "$pid"
	check_eq "exit code of monitor" 0 $?
}

subtest topology "topology as text, JSON, dot and svg"
topology()
{
	bind web m1 red 10
	bind web m2 blue 20
	check host addr add 10.1.2.1/24 dev web
	defer host addr del 10.1.2.1/24 dev web
	check_eq text "blue (parent) up mtu 1500
|-- port B carrier
\`-- vlan 20 -> web id m2
red (parent) up mtu 1500
|-- port R carrier
\`-- vlan 10 -> web id m1
web (child) up mtu 1500 10.1.2.1/24
|-- vlan 20 <- blue id m2
\`-- vlan 10 <- red id m1" "$(seg topology)"
	check_match "with UTF-8" "*├── vlan 20 ← blue id m2*" \
		"$(LC_ALL=C.UTF-8 segctl -n "$HOST" topology)"
	json topology
	field first '["blue","parent",["B"],["web"],[]]' \
		'[.name, .role, [.ports[].name], [.children[].child], .parents]'
	check_match dot "digraph*web*10.1.2.1/24*label=\"10?nm1\"*" \
		"$(seg topology dot)"
	command -v dot >/dev/null ||
		ends 2 "Error: svg needs the program \"dot\"*" \
			seg topology svg
	ends 2 "Error: svg needs the program \"dot\": install graphviz*" \
		env PATH=/nowhere "$(command -v segctl)" topology svg
}

# A picture has the names of segments, ports and binding maps as they are, but
# for what is no text: that is a "?".
subtest topology_names "topology draws whatever names there are"
topology_names()
{
	local odd=$'a&lt;"\\N<b>\xc3\xa9' bad=$'&#1;\x01\xff\xc3-'
	local name large=$'\xf4\x90\x80\x80\xef\xbf\xbf\xe0\x80\x80'

	for name in "$odd" "$bad" "$large"; do
		check host link add name "$name" type segment
		defer host link del dev "$name"
	done
	check segctl -n "$HOST" binding add "$bad" $'m&lt;"\\' parent "$odd" vlan 10
	seg topology dot >"$tmp/graph"
	iconv -f UTF-8 -t UTF-8 "$tmp/graph" >/dev/null ||
		fail "it is not UTF-8"
	command -v dot >/dev/null || { skip "there is no dot"; return; }
	check dot -Tcanon -o /dev/null "$tmp/graph"
	seg topology svg >"$tmp/picture"
	check_eq "names in the picture" \
		$'&#1;???-|????????|B|R|a&lt;"\\N<b>\xc3\xa9|blue|m&lt;"\\|red|web' \
		"$(labels "$tmp/picture")"
}

# labels PICTURE: the texts in it that are no tags or numbers, in order.
labels()
{
	python3 - "$1" <<-END
		import sys
		import xml.etree.ElementTree as tree
		texts = {text.text for text in tree.parse(sys.argv[1]).iter()
		         if text.tag.endswith("}text")}
		sys.stdout.buffer.write("|".join(sorted(
		    text for text in texts if not text.isdigit())).encode())
	END
}

# found CHECK OBJECT: the doctor says so, and leaves with 2.
found()
{
	ends 2 "" seg doctor
	reply=$(seg -j doctor)
	as_schema doctor <<<"$reply"
	jq -e --arg c "$1" --arg o "$2" \
		'any(.[]; .check == $c and (.object // "") == $o)' \
		<<<"$reply" >/dev/null || fail "doctor: no $1 of $2:" "$reply"
}

healthy()
{
	check_eq "exit code and words of doctor" "nothing found 0" \
		"$(seg doctor) $?"
	check_eq JSON '[]' "$(seg -j doctor)"
}

subtest doctor "doctor finds each trouble, and nothing where there is none"
doctor()
{
	bind web m1 red 10
	healthy

	check seg segment set web down
	found segment-down web
	check seg segment set web up
	check seg segment set red down
	found segment-down red
	check_match "a parent that is down" "*containers of its children pass*" \
		"$(seg doctor)"
	check seg segment set red up
	eventually 5 carrier R

	check vms link set R down
	found port-carrier R
	check vms link set R up
	check host link set R mtu 1400
	found mtu R
	check host link set R mtu 1500
	eventually 5 carrier R
	healthy

	check host link add link R name R.10 type vlan id 10
	found vlan-device R.10
	check host link del R.10
	bind web m3 blue 20
	segments lonely other
	bind other m1 lonely 5
	found parent-without-port "other m1"
	check seg binding del other m1
	healthy

	check ethtool_off R
	found vlan-offload R
	check ip netns exec "$HOST" ethtool -K R tx-vlan-offload on
	healthy

	check host addr add 10.1.2.1/24 dev web
	check ip netns exec "$HOST" sysctl -qw net/ipv4/conf/web/rp_filter=1
	found rp-filter web
	check ip netns exec "$HOST" sysctl -qw net/ipv4/conf/web/rp_filter=2
	healthy
	check ip netns exec "$HOST" sysctl -qw net/ipv4/conf/web/rp_filter=0
	check host addr del 10.1.2.1/24 dev web
}

carrier() # PORT
{
	seg -j port show "$1" | grep -q '"carrier":true'
}

ethtool_off() # PORT
{
	ip netns exec "$HOST" ethtool -K "$1" tx-vlan-offload off
}

# mends CHECK: what the doctor says of it, which is a command, is done.
mends()
{
	local words

	read -ra words < <(seg -j doctor | jq -r --arg check "$1" \
		'[.[] | select(.check == $check).mend][0]')
	check ip netns exec "$HOST" "${words[@]}"
}

subtest doctor_zones "doctor finds zones and policies that lead nowhere"
doctor_zones()
{
	zones vlan zone
	check seg segment set red zone zone vlan 100
	defer seg segment set red zone none
	found zone-without-uplink zone
	uplinks zone up1 up2
	check seg policy add zone gold active up1
	healthy

	check host link set dev up1 down
	check_match "a policy that no segment has" \
		"note: policy gold of zone zone has no uplink with a carrier*" \
		"$(seg doctor)"
	found policy-without-uplink "zone gold"
	check seg segment set red teaming gold
	found uplink-carrier up1
	found policy-without-uplink "zone gold"
	check seg policy set zone gold standby up2
	check_eq "with one that stands by" '["uplink-carrier"]' "$(checks)"
	mends uplink-carrier
	healthy

	check seg policy set zone gold standby none
	check seg uplink del up1
	found policy-without-uplink "zone gold"
	mends policy-without-uplink
	healthy
	check host link set dev up2 down
	check_eq "where no uplink has a carrier" \
		'["zone-without-uplink","uplink-carrier"]' "$(checks)"
	mends zone-without-uplink
	eventually 5 has_carrier up2
	segments large
	check seg segment set large mtu 1450 zone zone vlan 101
	check host link set dev up2 mtu 1400
	found uplink-mtu large
	mends uplink-mtu
	healthy
	check seg segment set red teaming zone
	check seg uplink del up2
	found policy-without-uplink "zone gold"
}

checks() # that found something
{
	seg -j doctor | jq -c 'map(.check)'
}

noted() # EXIT-CODE OBJECT: a note if the exit code is 0
{
	ends "$1" "" seg doctor
	reply=$(seg -j doctor)
	as_schema doctor <<<"$reply"
	check_eq "what doctor says of br_netfilter" \
		"[\"br-netfilter\",\"$2\",$((!$1))]" \
		"$(jq -c '.[] | [.check, .object // "", if .note then 1 else 0 end]' \
			<<<"$reply")"
}

subtest doctor_bridge "doctor notes br_netfilter, and warns of it where there is a bridge"
doctor_bridge()
{
	if ! modprobe br_netfilter 2>/dev/null; then
		skip "there is no br_netfilter"
		return
	fi
	defer modprobe -r br_netfilter
	noted 0 ""
	check_match text "note: br_netfilter is loaded*mend: sysctl -w *" \
		"$(seg doctor)"
	check host link add br0 type bridge
	defer host link del br0
	noted 0 ""
	# of a bridge without a carrier doctor would have more to say
	check host link add name inner type dummy
	defer host link del inner
	check host link set inner master br0 up
	check host link set br0 master red up
	eventually 5 carrier br0
	noted 2 br0
	check host link set br0 nomaster
	check host link set red master br0
	noted 2 br0
	check host link set red nomaster
	noted 0 ""
}

subtest doctor_drops "doctor reads the counters"
doctor_drops()
{
	segments quiet
	ports quiet Q
	frames send Q 01-02@77 01-02@s5 01-02@5.6
	frames got
	found unbound-vlan Q
	found service-vlan Q
	found double-tagged Q
	check_match text "*port Q dropped 1 frames as unbound-vlan*mend:*quiet*" \
		"$(seg doctor)"
}

subtest errors "refusals: the kernel's words, exit code 2, nothing on stdout"
errors()
{
	bind web m1 red 10
	ends 2 "Error: VLAN 10 of red is bound to web, by m1." \
		seg binding add blue m1 parent red vlan 10
	ends 2 "Error: * \(errno 17, attribute \"vlan\"\)" \
		seg -d binding add blue m1 parent red vlan 10
	check_eq "standard output" "" \
		"$(seg -j binding add blue m1 parent red vlan 10 2>/dev/null)"
	check_eq "standard output" "" \
		"$(seg -j binding show nothing 2>/dev/null)"
	ends 2 "Error: *nothing*" seg binding add nothing m1 parent red vlan 1
	ends 2 "Error: *nothing*" seg port show segment nothing
	ends 2 "Error: network namespace \"nothing\": *" \
		segctl -n nothing segment show
	ends 0 "" segctl -n "/run/netns/$HOST" segment show red
}

subtest batch "a batch is one process, and says where it stopped"
batch()
{
	local n=200 i

	for ((i = 1; i <= n; i++)); do
		echo "segment add b$i"
	done >"$answer"
	check seg segment add many
	defer seg segment del many
	check seg -b "$answer"
	defer seg -b "$answer.del"
	sed 's/add/del/' "$answer" >"$answer.del"
	defer seg binding del parent many

	for ((i = 1; i <= n; i++)); do
		echo "binding add b$i m parent many vlan $i"
	done >"$answer"
	check seg -b "$answer"
	json segment show many
	field "binding maps" "$n" .child_count

	# the first error ends it, unless -force
	printf '%s\n' "segment set b1 ageing 7" "segment set none ageing 7" \
		"segment set b2 ageing 7" >"$answer"
	ends 2 "Error: $answer:2: *none*" seg -b "$answer"
	json segment show b2
	field "ageing time" 300 .ageing_time
	ends 2 "Error: $answer:2: *none*" seg -force -b "$answer"
	json segment show b2
	field "ageing time" 7 .ageing_time
}

subtest batch_options "an option in a line of a batch is for this line"
batch_options()
{
	check_match text "\[{*}\]
red up*" "$(seg -b - <<<$'segment show red -j\nsegment show red')"
}

# It is one of the commands that end when there is a signal.
subtest batch_stopped "a signal ends the batch, not only its command"
batch_stopped()
{
	local pid

	printf '%s\n' "stats show segment red -w 1" \
		"segment set red ageing 7" >"$answer"
	segctl -n "$HOST" -b "$answer" >"$answer.out" 2>&1 &
	pid=$!
	defer eval "kill -KILL $pid 2>/dev/null"
	eventually 10 test -s "$answer.out"
	kill -INT "$pid"
	wait "$pid"
	check_eq "exit code" 2 $?
	check_eq "the last words" "Error: $answer:2: stopped by a signal." \
		"$(tail -n 1 "$answer.out")"
	json segment show red
	field "ageing time" 300 .ageing_time
}

subtest big_dump "dumps of many addresses are complete"
big_dump()
{
	local n=$((20000 / SCALE)) started spent

	segments big
	ports big G
	awk -v n="$n" 'BEGIN {
		for (i = 0; i < n; i++)
			printf "fdb add big 02:01:00:%02x:%02x:%02x port G\n",
				i / 65536, i / 256 % 256, i % 256
	}' >"$answer"
	check seg -b "$answer"
	started=${EPOCHREALTIME/./}
	seg fdb show big state static >"$answer"
	spent=$(((${EPOCHREALTIME/./} - started) / 1000))
	echo "# $n addresses shown in $spent ms"
	check_eq addresses "$n" "$(wc -l <"$answer")"
	check_eq "different addresses" "$n" "$(sort -u "$answer" | wc -l)"
	check_eq "addresses in JSON" "$n" \
		"$(seg -j fdb show big state static | grep -o '"mac"' | wc -l)"
}

subtest changing "a dump while the configuration changes is consistent"
changing()
{
	local i pid wrong=0

	bind web m1 red 10
	check seg -b - < <(for ((i = 0; i < 2000; i++)); do
		printf 'fdb add web 02:02:00:00:%02x:%02x port R\n' \
			$((i / 256)) $((i % 256))
	done)
	for ((i = 0; i < 500; i++)); do
		printf 'segment set blue ageing %u\n' 100 200
	done >"$answer"
	(while :; do seg -b "$answer"; done) &
	pid=$!
	defer eval "kill $pid; wait $pid; segctl -n $HOST segment set blue \
		ageing 300" 2>/dev/null
	for ((i = 0; i < 20; i++)); do
		seg fdb show web state static 2>/dev/null >"$answer.out"
		[[ $(sort -u "$answer.out" | wc -l) == 2000 ]] || wrong=1
	done
	((!wrong)) || fail "addresses are missing"
	rm -f "$answer.out"
}

subtest no_leaks "no leaks and no invalid accesses under valgrind"
no_leaks()
{
	local out

	command -v valgrind >/dev/null || { skip "there is no valgrind"; return; }
	bind web m1 red 10
	cat >"$answer" <<-END
		segment add vg ageing 5 guest-vlans 1-5
		segment set vg ageing 6 mtu 1400
		segment show
		segment del red
		port show
		binding add vg m1 parent red vlan auto
		binding show
		binding add vg m1 parent red vlan auto
		fdb add vg 02:00:00:00:00:01 port R
		fdb show
		fdb flush vg
		binding del vg m1
		stats show
		topology
		topology dot
		doctor
		segment del vg
		nonsense
	END
	out=$(valgrind -q --leak-check=full --error-exitcode=99 \
		"$(command -v segctl)" -n "$HOST" -j -force -b "$answer" 2>&1 \
		>/dev/null)
	(($? != 99)) || fail "valgrind:" "${out//$'\n'/$'\n# '}"
	out=$(valgrind -q --leak-check=full --error-exitcode=99 timeout -s INT 4 \
		"$(command -v segctl)" -n "$HOST" monitor 2>&1 >/dev/null)
	(($? != 99)) || fail "valgrind:" "${out//$'\n'/$'\n# '}"
}

# completed LINE [WORD]...: these are what bash offers, in any order.
completed()
{
	local -A expected=() offered=()
	local word

	COMP_LINE="segctl -n $HOST $1"
	COMP_POINT=${#COMP_LINE}
	COMPREPLY=()
	_segctl
	for word in "${COMPREPLY[@]}"; do
		offered[$word]=1
	done
	for word in "${@:2}"; do
		expected[$word]=1
		[[ ${offered[$word]-} ]] ||
			fail "completion of \"$1\": no \"$word\""
	done
	for word in "${!offered[@]}"; do
		[[ ${expected[$word]-} ]] ||
			fail "completion of \"$1\": \"$word\""
	done
}

subtest completion "bash completes words and names"
completion()
{
	# shellcheck source=../../tools/segctl/segctl.bash-completion
	. "$TOOLS/segctl/segctl.bash-completion"
	bind web m1 red 10
	bind web m2 blue 10

	completed "bin" binding
	completed "-" -V -b -d -h -j -n -p -s -t --batch --color --details \
		--force --help --json --netns --pretty --stats --timestamp \
		--version
	completed "s" segment stats
	completed "segment " add del help set show
	completed "segment del " blue red web
	completed "segment set web fl" flood
	completed "segment set web flood " off on
	completed "port show " B R segment
	completed "port show segment " blue red web
	completed "port set R fdb-limit-policy " drop forward
	completed "binding add w" web
	completed "binding add web m3 " fdb-limit fdb-limit-policy parent \
		range vlan
	completed "binding add web m3 parent " blue red web
	completed "binding add web m3 parent red vlan " auto
	completed "binding del web " m1 m2
	completed "binding show -" -j --json -p --pretty -s --stats -d \
		--details
	completed "binding del child " blue red web
	completed "fdb show web b" binding
	completed "fdb show web binding " m1 m2
	completed "fdb add web 02:00:00:00:00:01 port " B R
	completed "stats show p" port
	completed "stats show port " -w B R count
	completed "monitor f" fdb
	completed "topology " dot help svg text
	completed "trace " --live --remote B R help
	completed "trace R " arp icmp raw tcp udp via
	completed "trace R via " blue red web
	completed "trace R via web a" arp
	completed "trace R arp sm" smac
	completed "trace --live " B R blue red web
	completed "trace --live R proto " icmp icmp6 tcp udp
	completed "why " help mac port segment since
	completed "why port " B R
}

# Who may choose an id must not choose what root's shell does.
subtest completion_names "completion does not do what names say"
completion_names()
{
	# shellcheck source=../../tools/segctl/segctl.bash-completion
	. "$TOOLS/segctl/segctl.bash-completion"
	# shellcheck disable=SC2016 # nothing is to be expanded
	bind web '$(echo$IFS-done>&2)' red 10
	bind web m2 blue 10
	completed "binding del web " m2 2>"$answer"
	check_eq "what was done" "" "$(<"$answer")"
}

subtest traces "what trace and why print, and with which exit code"
traces()
{
	local frame=(arp smac 02:00:00:00:00:0a src 192.0.2.1 dst 192.0.2.2)

	bind web m1 red 10
	json trace R via web "${frame[@]}"
	field verdict '["delivered",1,0]' '[.verdict, .frames, .dropped]'
	ends 0 "" seg trace R via web "${frame[@]}"
	ends 1 "" seg trace R "${frame[@]}" vlan 11
	ends 2 "" seg trace R via web "${frame[@]}" limit 1 timeout 0
	ends 2 "Error: no device is named X." seg trace X "${frame[@]}"
	reply=$(seg -j trace R "${frame[@]}" vlan 11)
	as_schema trace <<<"$reply"
	field drop '["unbound-vlan","vlan","R"]' \
		'.observations[-1] | [.reason, .component, .port]'
	frames send R 0b-ff@11
	json why mac 02:00:00:00:00:0b port R
	field record '["red","R",11,"unbound-vlan",60]' \
		'[.segment, .port, .vlan, .reason, .length]'
	ends 0 "" seg why --since 5
	check_match text "*port R vlan 11 dropped unbound-vlan*guest-vlans*" \
		"$(seg why mac 02:00:00:00:00:0b port R)"
}

start_fabric
need jq
answer=$(mktemp)
defer rm -f "$answer" "$answer.del" "$answer.out"
segments red blue web
ports red R
ports blue B
run_subtests
