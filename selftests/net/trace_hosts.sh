#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Traces across hosts: each of the two namespaces HOST and FAR has a fabric of
# its own, and a geneve tunnel between them.
#
#	red (R)                          blue (B)
#	 | 10                             | 20
#	web (W)                          web (F)          VNI 7002
#	zone: tun == 192.0.2.1 ---- 192.0.2.2 == tun: zone
#	HOST                             FAR

. "$(dirname "$0")/lib.sh"

readonly A=02:00:00:00:00:0a B=02:00:00:00:00:0b F=02:00:00:00:00:0f
readonly NOBODY=02:00:00:00:00:99 IP=(src 198.51.100.1 dst 198.51.100.2)

far() # segctl in FAR
{
	segctl -n "$FAR" "$@"
}

# One line of web, one of its parent; the words are those of the other one.
fabric_far()
{
	local name

	check ip -n "$FAR" -b - <<-END
		link add name blue type segment
		link add name web type segment
		link set dev blue up
		link set dev web up
		link add name F type veth peer name F netns $VMS
		link set dev F master web up
		link add name B type veth peer name B netns $VMS
		link set dev B master blue up
	END
	for name in F B; do
		check vms link set dev "$name" up
		frames open "$name" "$VMS" "$name"
	done
	check far binding add web m2 parent blue vlan 20
}

# overlay NAMESPACE DEVICE NUMBER OTHER: web leaves through a tunnel.
overlay()
{
	check ip -n "$1" -b - <<-END
		link set dev $2 address 02:00:00:00:fe:0$3 mtu 1600 up
		address add 192.0.2.$3/24 dev $2
		neighbour replace 192.0.2.$4 lladdr 02:00:00:00:fe:0$4 dev $2 nud permanent
		link add name tun type geneve external
		link set dev tun up
	END
	check segctl -n "$1" zone add zone mode overlay
	check segctl -n "$1" uplink add tun zone zone
	check segctl -n "$1" segment set web zone zone vni 7002
	check segctl -n "$1" remote add web "192.0.2.$4"
}

# tracing NEAR FAR: on or off, at each end.
tracing()
{
	check seg uplink set tun trace "$1"
	check far uplink set tun trace "$2"
}

# Everybody knows where pods and machines are.
learn()
{
	passes F 0f-ff B=0f-ff@20 R=0f-ff@10 W=0f-ff
	passes B 0b-ff@20 F=0b-ff R=0b-ff@10 W=0b-ff
	passes R 0a-ff@10 W=0a-ff B=0a-ff@20 F=0a-ff
	state=$(state_of "$HOST" && state_of "$FAR")
}

# What there is to be noticed: addresses, counters and records of a host.
state_of() # NAMESPACE
{
	segctl -n "$1" -j fdb show | jq -c 'map(del(.age)) | sort'
	segctl -n "$1" -j why | jq -c 'map(.time)'
	segctl -n "$1" -j uplink show | jq -c 'map(.stats)'
	segctl -n "$1" -j port show | jq -c 'map(.stats)'
	segctl -n "$1" -j binding show | jq -c 'map(.stats)'
}

unnoticed()
{
	# shellcheck disable=SC2119 # nothing arrived
	arrived
	check_eq "what can be noticed" "$state" \
		"$(state_of "$HOST" && state_of "$FAR")"
}

# near CODE WORD...: a trace from the pod; its output without the last line,
# which is in place of the id that goes to id.
near()
{
	local code=$1

	shift
	out=$(segctl -n "$HOST" trace R via web "$@" 2>&1)
	check_eq "exit code of trace $*" "$code" $?
	id=${out##*--remote }
}

# there CODE: what the other host has seen of the last trace, whose frame may
# still be on its way: where much happens at once, a thread takes it on.
there()
{
	busywait 5 seen "$1"
	check_eq "exit code of trace --remote" "$1" "$seen"
}

seen() # CODE
{
	out=$(far trace --remote "$id" 2>&1)
	seen=$?
	((seen == $1))
}

subtest machine "from a pod to a machine on the other host"
machine()
{
	tracing on on
	learn
	near 0 udp smac "$A" dmac "$F" "${IP[@]}" sport 5 dport 6
	check_eq "on this host" "$(cat <<-END
		  segment R received segment web vlan 10 binding m1
		    fdb zone forwarded segment web remote 192.0.2.2 vni 7002
		      uplink tun forwarded segment web remote 192.0.2.2 vni 7002
		left through tun to 192.0.2.2
		there: segctl trace --remote $id
	END
	)" "$out"
	there 0
	check_eq "on the other host" "$(cat <<-END
		trace $id
		uplink tun received segment web remote 192.0.2.1 vni 7002 from $A to $F length 60
		  segment tun received segment web
		    fdb F forwarded segment web
		      port F delivered segment web
		delivered to F
	END
	)" "$out"
	unnoticed
}

subtest pod "from a pod to a pod on the other host"
pod()
{
	tracing on on
	learn
	near 0 icmp smac "$A" dmac "$B" "${IP[@]}"
	there 0
	check_match "on the other host" "*
    fdb B forwarded segment web vlan 20 binding m2
      port B delivered segment web vlan 20 binding m2
delivered to B" "$out"
	unnoticed
}

subtest joined "the observations of both hosts are one series"
joined()
{
	local here

	tracing on on
	learn
	here=$(segctl -n "$HOST" -j trace R via web icmp smac "$A" dmac "$F" \
		"${IP[@]}")
	id=$(jq -r '.[].global_id' <<<"$here")
	there 0
	check_eq "numbers" "1 2 3 4 5 6 7" "$({
		echo "$here"
		far -j trace --remote "$id"
	} | jq -rs '[.[][].observations[].sequence] | map(tostring) | join(" ")')"
	check_eq "the verdict here" left "$(jq -r '.[].verdict' <<<"$here")"
	check_eq "the tunnel, there" "192.0.2.1 7002 uplink received" \
		"$(far -j trace --remote "$id" | jq -r '.[].observations[0] |
		"\(.remote) \(.vni) \(.component) \(.action)"')"
	check_eq "what is not of the schema" "" "$(far -j trace --remote "$id" |
		off_schema trace_arrived)"
	check_eq "what is not of the schema here" "" "$(off_schema trace <<<"$here")"
}

# off_schema DEFINITION: what is wrong with the arrays in standard input.
off_schema()
{
	jq -rn --slurpfile schema "$NET_DIR/../../tools/segctl/segctl.schema.json" \
		--arg name "$1" -f "$NET_DIR/../../tools/tests/schema.jq" 2>&1
}

subtest everybody "a broadcast goes to everybody on both hosts"
everybody()
{
	tracing on on
	learn
	near 0 arp smac "$A" "${IP[@]}"
	check_match "on this host" "*delivered 2 times and left 1 time
there: *" "$out"
	there 0
	check_match "on the other host" "*delivered 3 times" "$out"
	unnoticed
}

subtest dropped "what the other host drops"
dropped()
{
	tracing on on
	learn
	check ip -n "$FAR" link set dev web down
	near 0 icmp smac "$A" dmac "$F" "${IP[@]}"
	there 1
	check_match "web is down" "*dropped at tun: segment-down" "$out"
	check ip -n "$FAR" link set dev web up
	check far segment set web zone none
	near 0 icmp smac "$A" dmac "$F" "${IP[@]}"
	there 1
	check_eq "frames are numbered" true "$(far -j trace --remote |
		jq '[.[].observations[].frame] | min >= 1 and max < 1000')"
	check_eq "no such VNI" "trace $id
      uplink tun dropped no-segment
dropped at tun: no-segment" "$out"
	check far segment set web zone zone vni 7002
	check far remote add web 192.0.2.1
	# shellcheck disable=SC2119 # nothing arrived
	arrived
}

# refused_there: what the other host's uplink dropped for its address.
refused_there()
{
	far -j uplink show tun | jq '.[].stats.drops.reserved_address'
}

# refused_more BEFORE: it has dropped one more.
refused_more()
{
	(($(refused_there) == $1 + 1))
}

subtest default_off "unless it is set no trace leaves a host"
default_off()
{
	local before

	tracing off on
	learn
	before=$(ip -n "$FAR" -s -j link show dev tun)
	near 0 icmp smac "$A" dmac "$F" "${IP[@]}"
	check_match "the end" "*
      uplink tun delivered segment web remote 192.0.2.2 vni 7002
left through tun to 192.0.2.2" "$out"
	unnoticed
	check_eq "what came to the other host" "$before" \
		"$(ip -n "$FAR" -s -j link show dev tun)"
}

subtest distrust "a host that lets none in drops it, and counts that"
distrust()
{
	local before

	tracing on off
	learn
	before=$(refused_there)
	near 0 icmp smac "$A" dmac "$F" "${IP[@]}"
	eventually 5 refused_more "$before"
	there 2
	check_eq "what is seen there" "" "$out"
	near 0 arp smac "$NOBODY" "${IP[@]}"
	# shellcheck disable=SC2119 # nothing arrived
	arrived
	check_eq "what is learned there" "[]" "$(far -j fdb show web mac "$NOBODY")"
	check_eq "of whom" "$(ip -n "$HOST" -j link show dev tun |
		jq -r '.[].address')" "$(far -j why port tun | jq -r '.[-1].source')"
}

subtest stranger "a bridge on the other side gives it to nobody"
stranger()
{
	tracing on off
	learn
	check far uplink del tun
	check ip -n "$FAR" link del dev tun
	check ip -n "$FAR" -b - <<-END
		link add name gnv type geneve id 7002 remote 192.0.2.1
		link add name br type bridge mcast_snooping 0
		link set dev gnv master br up
		link add name X type veth peer name X netns $VMS
		link set dev X master br up
		link set dev br up
	END
	check vms link set dev X up
	frames open X "$VMS" X
	passes R 0a-0f@10 X=0a-0f
	# of the kind that frames.py tells of
	near 0 raw "02000000000f02000000009988b5$(printf '%092d' 0)"
	near 0 raw "ffffffffffff02000000009988b5$(printf '%092d' 0)"
	# shellcheck disable=SC2119 # nothing arrived
	arrived
	check_eq "what the bridge knows" "" \
		"$(bridge -n "$FAR" fdb show br br | grep -i "$NOBODY")"
	frames close X
	check ip -n "$FAR" -b - <<-END
		link del dev br
		link del dev X
		link del dev gnv
		link add name tun type geneve external
		link set dev tun up
	END
	check far uplink add tun zone zone
}

# crowd NUMBER: so many probes leave with one trace of a broadcast, each to
# another address of the other host, and come in within the same second.
crowd()
{
	local i

	check ip -n "$FAR" -b - < <(each_of_crowd "$1" "address add %s/24 dev under")
	defer forget_crowd "$1"
	check host -b - < <(each_of_crowd "$1" \
		"neighbour replace %s lladdr 02:00:00:00:fe:02 dev under nud permanent")
	for ((i = 1; i < $1; i++)); do
		check seg remote add web "192.0.2.$((100 + i))"
		defer quietly seg remote del web "192.0.2.$((100 + i))"
	done
}

# each_of_crowd NUMBER FORMAT: with the addresses, of which one is there anyway.
each_of_crowd()
{
	local i

	for ((i = 1; i < $1; i++)); do
		# shellcheck disable=SC2059 # it is a format
		printf "$2\n" "192.0.2.$((100 + i))"
	done
}

forget_crowd() # NUMBER
{
	ip -n "$FAR" -b - < <(each_of_crowd "$1" "address del %s/24 dev under")
}

subtest rate "so many a second are let in; the others are counted as dropped"
rate()
{
	local before arrived_before round most=32 number=40

	tracing on on
	learn
	crowd "$number"
	for round in 1 2; do
		pause 1.2
		before=$(refused_there)
		arrived_before=$(arrived_there)
		near 0 arp smac "$A" "${IP[@]}"
		check_match "who left, round $round" \
			"*left $number times*" "$out"
		eventually 5 all_there "$before" "$arrived_before"
		check_eq "let in, round $round" "$most" \
			$(($(arrived_there) - arrived_before))
		check_eq "dropped, round $round" $((number - most)) \
			$(($(refused_there) - before))
	done
	# shellcheck disable=SC2119 # nothing arrived
	arrived
}

# all_there DROPPED ARRIVED: those of a crowd have come, more than there were.
all_there()
{
	(($(refused_there) + $(arrived_there) == $1 + $2 + number))
}

subtest kept "of what arrived the last 512 steps are kept, and others counted"
kept()
{
	local round

	tracing on on
	# six steps of each copy are more than that
	crowd 32
	for round in 1 2 3; do
		pause 1.2
		near 0 arp smac "$A" "${IP[@]}"
	done
	there 0
	check_match "that some are gone" \
		"trace $id*delivered 96 times*older steps are kept no longer" \
		"$out"
	check_eq "steps that are kept" 512 "$(far -j trace --remote |
		jq '[.[].observations[]] | length')"
	check_eq "those, and others" true "$(far -j trace --remote |
		jq 'map(.lost) | unique | length == 1 and .[0] >= 64')"
	check_eq "what is not of the schema" "" "$(far -j trace --remote |
		off_schema trace_arrived)"
}

# Probes that are in the ring, of which the last 512 steps are kept.
arrived_there()
{
	far -j trace --remote | jq '[.[].observations[].frame] | max // 0'
}

subtest refusals "what carries no traces is told so, and nothing is half done"
refusals()
{
	check host -b - <<-END
		link add name vx type vxlan external dstport 4790 nolearning
		link set dev vx up
	END
	defer quietly host link del vx
	check seg uplink add vx zone zone
	refused "*vx is not a geneve device: only they carry traces.*" \
		seg uplink set vx trace on
	check_eq "the setting" false "$(seg -j uplink show vx | jq '.[].trace')"
	check seg uplink del vx
	refused "*vx is not a geneve device*" \
		seg uplink add vx zone zone trace on
	check_eq "uplinks" tun "$(seg -j uplink show | jq -r '.[].name')"
	refused "*\"12\" is not the id of a trace*" seg trace --remote 12
	setup_ns OTHER
	check_eq "where none were let in" "[]" \
		"$(segctl -n "$OTHER" -j trace --remote)"
}

subtest rights "R15 what arrived is for CAP_NET_ADMIN"
rights()
{
	command -v setpriv >/dev/null || { skip "there is no setpriv"; return; }
	refused "*Operation not permitted*" ip netns exec "$FAR" \
		setpriv --bounding-set -net_admin --inh-caps -net_admin \
		segctl trace --remote
}

subtest link_setting "ip link sees to it that the setting is kept"
link_setting()
{
	tracing on on
	check host link set tun down
	check host link set tun up
	check_eq "after down and up" true "$(seg -j uplink show tun | jq '.[].trace')"
	check seg uplink del tun
	check seg uplink add tun zone zone
	check_eq "a new one" false "$(seg -j uplink show tun | jq '.[].trace')"
}

before_each()
{
	forget
	check far fdb flush web
}

start_fabric
need jq bridge
setup_ns FAR
segments red web
ports red R
ports web W
bind web m1 red 10
fabric_far
check host link add name under type veth peer name under netns "$FAR"
overlay "$HOST" under 1 2
overlay "$FAR" under 2 1
run_subtests
