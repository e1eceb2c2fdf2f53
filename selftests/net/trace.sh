#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Traces: each step of a frame that was made for it, and of frames of others;
# and that nobody else notices.
#
#	red (R R2)      blue (B)        pods behind them with tags
#	 | 10            | 20
#	web (W W2)                      machines

. "$(dirname "$0")/lib.sh"

readonly A=02:00:00:00:00:0a B=02:00:00:00:00:0b C=02:00:00:00:00:0c
readonly IP=(src 192.0.2.10 dst 192.0.2.11)

segtrace()
{
	segctl -n "$HOST" trace "$@" 2>&1
}

# trace CODE WORD...: ends with the code, and prints standard input.
trace()
{
	local code=$1 want out

	shift
	want=$(cat)
	out=$(segtrace "$@")
	check_eq "exit code of trace $*" "$code" $?
	check_eq "trace $*" "$want" "$out"
}

# ends REASON PORT WORD...: the trace ends with a drop for a reason.
ends()
{
	local out reason=$1

	shift
	out=$(segtrace "$@")
	check_eq "exit code of trace $*" 1 $?
	check_match "trace $*" "*dropped at *: $reason" "$out"
}

# unnoticed: nothing was counted, taught, recorded or delivered.
unnoticed()
{
	counted
	# shellcheck disable=SC2119 # nothing arrived
	arrived
	show "{mac} {state}" fdb show
	check_eq "the forwarding tables" "$known" "$reply"
	check_eq "what the flight recorder knows" "[]" \
		"$(segctl -n "$HOST" -j why mac "$A")"
}

# pods know each other, and a machine
learn()
{
	passes R 0a-ff@10 R2=0a-ff@10 B=0a-ff@20 W=0a-ff W2=0a-ff
	passes B 0b-0a@20 R=0b-0a@10
	passes W 0c-0a R=0c-0a@10
	passes R2 02-ff R=02-ff
	show "{mac} {state}" fdb show
	known=$reply
	mark
}

subtest pod_to_pod "a container to a container on the same child"
pod_to_pod()
{
	learn
	trace 0 R via web udp smac "$A" dmac "$B" "${IP[@]}" sport 5 dport 6 <<-END
		  segment R received segment web vlan 10 binding m1
		    fdb B forwarded segment web vlan 20 binding m2
		      port B delivered segment web vlan 20 binding m2
		delivered to B
	END
	unnoticed
}

subtest pod_to_vm "a container to a regular port of its child"
pod_to_vm()
{
	learn
	trace 0 R via web tcp smac "$A" dmac "$C" "${IP[@]}" sport 5 dport 6 <<-END
		  segment R received segment web vlan 10 binding m1
		    fdb W forwarded segment web
		      port W delivered segment web
		delivered to W
	END
	unnoticed
}

subtest from_parent "from a port of a parent, its own traffic and with a tag"
from_parent()
{
	learn
	trace 0 R icmp smac 02:00:00:00:00:01 dmac 02:00:00:00:00:02 "${IP[@]}" <<-END
		port R received segment red from 02:00:00:00:00:01 to 02:00:00:00:00:02 length 60
		  segment R received segment red
		    fdb R2 forwarded segment red
		      port R2 delivered segment red
		delivered to R2
	END
	trace 0 R icmp smac "$A" dmac "$C" "${IP[@]}" vlan 10 <<-END
		port R received segment red vlan 10 from $A to $C length 60
		  vlan R forwarded segment web vlan 10 binding m1
		    fdb W forwarded segment web
		      port W delivered segment web
		delivered to W
	END
	unnoticed
}

subtest broadcast "a broadcast shows the whole tree"
broadcast()
{
	learn
	trace 0 R via web arp smac "$A" "${IP[@]}" <<-END
		  segment R received segment web vlan 10 binding m1
		    fdb replicated segment web
		      port W delivered segment web
		      port W2 delivered segment web
		      port R2 delivered segment web vlan 10 binding m1
		      port B delivered segment web vlan 20 binding m2
		      host delivered segment web
		delivered 5 times
	END
	unnoticed
}

subtest known_host "a frame to the host"
known_host()
{
	local mac

	mac=$(host -j link show dev web | jq -r '.[].address')
	learn
	trace 0 R via web icmp smac "$A" dmac "$mac" "${IP[@]}" <<-END
		  segment R received segment web vlan 10 binding m1
		    fdb forwarded segment web
		      host delivered segment web
		delivered to the host in web
	END
	unnoticed
}

subtest ipv6 "frames of IPv6, and raw ones"
ipv6()
{
	learn
	trace 0 R via web icmp smac "$A" dmac "$C" src 2001:db8::1 \
		dst 2001:db8::2 size 200 <<-END
		  segment R received segment web vlan 10 binding m1
		    fdb W forwarded segment web
		      port W delivered segment web
		delivered to W
	END
	trace 0 R raw 02000000000c02000000000a8100000a88b50000 <<-END
		port R received segment red vlan 10 from $A to $C length 16
		  vlan R forwarded segment web vlan 10 binding m1
		    fdb W forwarded segment web
		      port W delivered segment web
		delivered to W
	END
	unnoticed
}

subtest drops "drops at every reason that a machine can cause"
drops()
{
	local word=(smac "$A" "${IP[@]}")

	learn
	ends unbound-vlan R arp "${word[@]}" vlan 12
	ends reserved-address R icmp "${word[@]}" dmac 01:80:c2:00:00:02
	ends invalid-source R icmp "${IP[@]}" smac 03:00:00:00:00:01 dmac "$C"
	ends service-vlan R raw 02000000000c02000000000a88a8000a88b50000
	ends double-tagged R \
		raw 02000000000c02000000000a8100000a8100000b88b50000
	ends same-endpoint R via web icmp "${word[@]}" dmac "$A"
	ends too-big R via web icmp "${word[@]}" dmac "$C" size 1515
	unnoticed
}

subtest settings "drops because of settings"
settings()
{
	local word=(smac "$A" "${IP[@]}")

	learn
	check seg segment set web flood off
	ends unknown-unicast R via web icmp "${word[@]}" dmac 02:00:00:00:00:99
	check seg segment set web flood on
	check seg port set R isolated on
	check seg port set R2 isolated on
	ends isolated R icmp "${IP[@]}" smac 02:00:00:00:00:01 dmac 02:00:00:00:00:02
	check seg port set R isolated off
	check seg port set R2 isolated off
	check seg binding set web m1 fdb-limit 1 fdb-limit-policy drop
	ends fdb-limit R via web icmp "${IP[@]}" smac 02:00:00:00:00:98 dmac "$C"
	check seg binding set web m1 fdb-limit none fdb-limit-policy forward
	unnoticed
}

subtest downs "drops because something is down"
downs()
{
	learn
	check host link set web down
	ends segment-down R via web icmp smac "$A" dmac "$C" "${IP[@]}"
	check host link set web up
	unnoticed
	check seg fdb add web "$C" port W2
	check host link set W2 down
	ends port-down R via web icmp smac "$A" dmac "$C" "${IP[@]}"
	ends port-down W2 icmp smac "$C" dmac "$A" "${IP[@]}"
	check host link set W2 up
	check seg fdb del web "$C"
}

subtest overflow "what there is no room for is reported"
overflow()
{
	learn
	trace 2 R via web arp smac "$A" "${IP[@]}" limit 2 <<-END
		  segment R received segment web vlan 10 binding m1
		    fdb replicated segment web
		no verdict: more steps than the limit (5 steps were not kept)
	END
	trace 0 R via web arp smac "$A" "${IP[@]}" limit 3 <<-END
		  segment R received segment web vlan 10 binding m1
		    fdb replicated segment web
		      port W delivered segment web
		delivered to W (4 steps were not kept)
	END
	unnoticed
}

subtest refusals "frames that could not come in are refused, with the reason"
refusals()
{
	refused "*blue is not bound to red, of which R is a port.*" \
		segtrace R via blue arp smac "$A" "${IP[@]}"
	refused "*no device is named W0.*" segtrace W0 arp smac "$A" "${IP[@]}"
	refused "*web is not a port of a segment.*" \
		segtrace web arp smac "$A" "${IP[@]}"
	check host link add link R name R.30 type vlan id 30
	defer quietly host link del R.30
	refused "*R.30 takes this tag before the segment.*" \
		segtrace R arp smac "$A" "${IP[@]}" vlan 30
	check host link del R.30
	ends unbound-vlan R arp smac "$A" "${IP[@]}" vlan 30
}

subtest ageing "a probe neither teaches an address nor keeps one from ageing"
ageing()
{
	learn
	segtrace R via web arp smac 02:00:00:00:00:77 "${IP[@]}" >"$tmp/out"
	unnoticed
	check seg segment set web ageing 2
	defer check seg segment set web ageing 300
	known_no_more()
	{
		segtrace R via web arp smac "$A" "${IP[@]}" >"$tmp/out"
		show "{mac}" fdb show web mac "$A"
		[[ -z $reply ]]
	}
	eventually 20 known_no_more
}

# --- live --------------------------------------------------------------------

# live_from PORT WORD... -- FRAME...: what a live trace sees of frames from PORT.
live_from()
{
	local port=$1 words=()

	shift

	while (($#)) && [[ $1 != -- ]]; do
		words+=("$1")
		shift
	done
	shift
	number_of_trace
	segtrace --live "${words[@]}" timeout 20 >"$tmp/live" &
	eventually 10 live_runs
	frames send "$port" "$@"
	wait $!
	code=$?
	out=$(<"$tmp/live")
	frames got
}

live()
{
	live_from R "$@"
}

# number_of_trace: of a new one; they are counted up.
number_of_trace()
{
	number=$(segctl -n "$HOST" -j trace R arp smac "$B" "${IP[@]}" |
		jq '.[].trace')
}

# Somebody else has started one since the last look.
live_runs()
{
	local last=$number

	number_of_trace
	((number > last + 1))
}

subtest live_filter "a live trace follows the frames that match, undisturbed"
live_filter()
{
	local out code

	learn
	live R smac "$A" dmac "$C" -- 0a-0b@10 0a-0c@10 0a-0c@10
	check_eq "frames that arrived" $'B=0a-0b@20\nW=0a-0cx2' "$reply"
	check_eq "exit code" 0 "$code"
	check_eq "what was seen" "$(cat <<-END
		port R received segment red vlan 10 from $A to $C length 60
		  vlan R forwarded segment web vlan 10 binding m1
		    fdb W forwarded segment web
		      port W delivered segment web
		delivered to W
	END
	)" "$out"
	counted R.in=3/180 red.in=3/180 W.out=2/120 web.out=2/120 \
		web/m1.in=3/180 web/m2.out=1/60
}

subtest live_child "a live trace of a child sees container frames only"
live_child()
{
	local out code

	learn
	live web count 2 -- 01-ff 0a-0c@10 02-ff@12 0a-0b@10
	check_eq "exit code" 0 "$code"
	check_match "what was seen" "*port W delivered segment web*port B \
delivered segment web vlan 20 binding m2*2 frames: delivered 2 times" "$out"
	[[ $out != *"segment red"* ]] || fail "a frame of the parent was seen: $out"
}

subtest live_vlan "and those of a tag, or of none"
live_vlan()
{
	local out code

	learn
	live R vlan 12 -- 01-ff 0a-0c@10 01-ff@12
	check_eq "exit code" 1 "$code"
	check_match "what was seen" "*dropped unbound-vlan segment red vlan 12
dropped at R: unbound-vlan" "$out"
	live R vlan 0 -- 0a-0c@10 01-ff@12 01-ff
	check_match "what was seen" "port R received segment red from *" "$out"
}

# ends_live REASON PORT SEGMENT FRAME: the frame from PORT, in SEGMENT, is dropped.
ends_live()
{
	local out code

	live_from "$2" "$3" -- "$4"
	check_eq "exit code for $4" 1 "$code"
	check_match "what was seen of $4" "*dropped at *: $1" "$out"
}

subtest uplink_drops "drops at uplinks, and what leaves through one"
uplink_drops()
{
	local word=(smac 02:00:00:00:00:01 dmac 02:00:00:00:00:e9 "${IP[@]}")

	zones vlan zone
	uplinks zone up up2
	check seg segment set red zone zone vlan 100
	check seg fdb add red 02:00:00:00:00:e9 port zone
	trace 0 R icmp "${word[@]}" <<-END
		port R received segment red from 02:00:00:00:00:01 to 02:00:00:00:00:e9 length 60
		  segment R received segment red
		    fdb zone forwarded segment red
		      uplink up delivered segment red vlan 100
		left through up with vlan 100
	END
	check_eq "the verdict" left "$(segctl -n "$HOST" -j trace R icmp \
		"${word[@]}" | jq -r '.[].verdict')"
	# shellcheck disable=SC2119 # nothing arrived
	arrived
	passes up e1-ff@100 R=e1-ff R2=e1-ff
	ends_live split-horizon up red e4-e1@100
	passes R 01-ff R2=01-ff up=01-ff@100
	ends_live inactive-uplink up2 red 01-ff@100
	ends_live invalid-source up red m1-ff@100
	ends_live double-tagged up red e1-ff@100.7
	check host link set dev up down
	check host link set dev up2 down
	ends no-uplink R icmp "${word[@]}"
	check seg segment set red zone none
}

subtest other_vlan "what is of no segment of the zone is in no trace"
other_vlan()
{
	local out code

	zones vlan zone
	uplinks zone up
	check seg segment set red zone zone vlan 100
	mark
	live_from up red -- e5-ff@200 e5-ff e2-ff@100
	check_eq "exit code" 0 "$code"
	check_match "what was seen" "uplink up received segment red vlan 100 \
from 02:00:00:00:00:e2 to *delivered 3 times" "$out"
	check_eq "frames that were left to the host" 2 \
		"$(segctl -n "$HOST" -j uplink show up | jq '.[].passed')"
	check_eq "what the flight recorder knows" "[]" \
		"$(segctl -n "$HOST" -j why mac 02:00:00:00:00:e5)"
	# by the name of the uplink
	live_from up up -- e5-ff@200 e2-ff@100
	check_eq "exit code" 0 "$code"
	check_match "what was seen" "uplink up received segment red vlan 100 \
from 02:00:00:00:00:e2 to *delivered 3 times" "$out"
	check_eq "a device that is neither" \
		"Error: lo is not a port of a segment or an uplink of a zone." \
		"$(segtrace --live lo 2>&1)"
	check seg segment set red zone none
}

subtest cut_short "drops of what the host sends, a tag with nothing behind it"
cut_short()
{
	local out code

	frames open h "$HOST" red
	defer frames close h
	live_from h red -- f0-ff@5/14
	check_eq "exit code" 1 "$code"
	check_eq "what was seen" "host received segment red from \
02:00:00:00:00:f0 to ff:ff:ff:ff:ff:ff length 18
      host dropped truncated segment red
dropped at the host in red: truncated" "$out"
}

subtest starved "drops where there is no memory for a copy"
starved()
{
	frames open h "$HOST" red
	defer frames close h
	quietly frames starve h f0-ff ||
		{ skip "allocations cannot be made to fail"; return; }
	number_of_trace
	segctl -n "$HOST" trace --live red smac 02:00:00:00:00:f0 count 500 \
		>"$tmp/live" &
	eventually 10 live_runs
	frames starve h f0-ff
	kill -TERM $!
	wait $!
	check_match "what was seen" "*
    fdb replicated segment red
      port @(R|R2) dropped no-memory segment red
      port @(R|R2) delivered segment red*" "$(<"$tmp/live")"
	frames got
}

subtest nobody_there "drops of what the host sends, to nobody"
nobody_there()
{
	local out code

	segments alone
	ports alone Z
	check seg port set Z flood off bcast_flood off
	frames open h "$HOST" alone
	defer frames close h
	live_from h alone -- f0-ff
	check_eq "exit code" 1 "$code"
	check_eq "what was seen" "host received segment alone from \
02:00:00:00:00:f0 to ff:ff:ff:ff:ff:ff length 60
    fdb replicated segment alone
    fdb dropped no-receiver segment alone
dropped at the host in alone: no-receiver" "$out"
}

subtest driver_refuses "a drop by the driver follows the delivery to it"
driver_refuses()
{
	local out code

	learn
	check ip netns exec "$HOST" tc qdisc add dev W clsact
	check ip netns exec "$HOST" tc filter add dev W egress matchall action drop
	live R smac "$A" dmac "$C" -- 0a-0c@10
	check_match "what was seen" "*
      port W delivered segment web
      port W dropped transmit segment web
delivered to W and dropped 1 time" "$out"
	check ip netns exec "$HOST" tc qdisc del dev W clsact
}

subtest live_time "a live trace that sees nothing ends in time, with code 2"
live_time()
{
	trace 2 --live R smac "$A" timeout 1 <<-END
		no verdict in time
	END
}

subtest live_iperf3 "live traces in the middle of a stream do not disturb it"
live_iperf3()
{
	local i out

	command -v iperf3 >/dev/null || { skip "there is no iperf3"; return; }
	setup_ns POD VM
	check vms link add link R name eth0 netns "$POD" type vlan id 10
	check ip -n "$POD" addr add 192.0.2.10/24 dev eth0
	check ip -n "$POD" link set eth0 up
	check vms link set W2 netns "$VM" name eth0
	check ip -n "$VM" addr add 192.0.2.20/24 dev eth0
	check ip -n "$VM" link set eth0 up
	ip netns exec "$VM" iperf3 -s -1 >"$tmp/server" 2>&1 &
	eventually 10 listens
	mark
	ip netns exec "$POD" iperf3 -c 192.0.2.20 -t 1000 >"$tmp/client" 2>&1 &
	for ((i = 0; i < 5; i++)); do
		out=$(segtrace --live R src 192.0.2.10 dst 192.0.2.20 \
			proto tcp dport 5201 count 10 timeout 20)
		check_match "what was seen" "*10 frames: delivered 10 times" \
			"$out"
	done
	kill -0 $! || fail "the stream has ended: $(<"$tmp/client")"
	kill -INT $!
	wait $!
	# what came in went out, on both ways
	frames delta "$HOST"
	[[ $reply != *drop_* ]] || fail "frames were dropped: $reply"
	frames close W2
	frames open W2 "$VM" eth0
}

listens()
{
	ip netns exec "$VM" ss -Hltn | grep -q :5201
}

subtest many "traces have a number each, and no more than 16 at a time"
many()
{
	local i pids=()

	# more than there is room for: the probes below take some at times
	for ((i = 0; i < 24; i++)); do
		segctl -n "$HOST" trace --live R smac "$C" \
			>"$tmp/many.$i" 2>&1 &
		pids+=($!)
	done
	no_room()
	{
		[[ $(segtrace R arp smac "$A" "${IP[@]}") == *"16 traces run already"* ]]
	}
	eventually 20 no_room
	# a trace ends with its process
	kill -KILL "${pids[@]}" 2>/dev/null
	wait "${pids[@]}" 2>/dev/null
	ends_well()
	{
		segtrace R arp smac "$A" "${IP[@]}"
	}
	eventually 20 ends_well
}

subtest rights "R15 traces need CAP_NET_ADMIN, and stay in their namespace"
rights()
{
	command -v setpriv >/dev/null || { skip "there is no setpriv"; return; }
	refused "*Operation not permitted*" ip netns exec "$HOST" \
		setpriv --bounding-set -net_admin --inh-caps -net_admin \
		segctl trace R arp smac "$A" "${IP[@]}"
	refused "*R is not a port of a segment.*" \
		segctl -n "$VMS" trace R arp smac "$A" "${IP[@]}"
}

before_each()
{
	forget
}

start_fabric
need jq
red_blue_web
ports web W2
run_subtests
