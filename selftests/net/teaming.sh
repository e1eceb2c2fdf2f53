#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Teaming: which of its uplinks a VLAN zone uses, and what happens when one
# fails. For some subtests the uplinks lead to one switch, with F behind it;
# for others each leads to a probe of its own.
#
#	red (R R2)          parent, VLAN 10
#	 | 10
#	web (W)             child, VLAN 20
#	zone: u1 u2
#	      |  |
#	      switch -- F   (a bridge in SWITCH; F has the tags)

. "$(dirname "$0")/lib.sh"

# The other end of an uplink goes to the switch.
to_switch() # UPLINK
{
	check host link add name "$1" type veth peer name "$1" netns "$SWITCH"
	check ip -n "$SWITCH" link set dev "$1" master sw up
	check host link set dev "$1" up
	check seg uplink add "$1" zone zone
	defer quietly host link del "$1"
}

with_switch()
{
	to_switch u1
	to_switch u2
	check ip -n "$SWITCH" link add name F type veth peer name F netns "$VMS"
	check ip -n "$SWITCH" link set dev F master sw up
	check vms link set dev F up
	frames open F "$VMS" F
	defer drop_switch
	eventually 5 are_ready 2
	sleep_settle
	frames got
}

drop_switch()
{
	frames close F
	quietly ip -n "$SWITCH" link del F
}

are_ready() # COUNT
{
	show "{carrier}" uplink show
	[[ $(grep -c True <<<"$reply") == "$1" ]]
}

# For a tenth of a second after a change nothing moves away.
sleep_settle()
{
	pause 0.3
}

policy() # POLICY
{
	check seg zone set zone teaming "$1"
	frames got
}

active() # UPLINK
{
	show "{name} {active}" uplink show
	[[ $'\n'$reply$'\n' == *$'\n'"$1 True"$'\n'* ]]
}

# leaves_by PORT FRAME: sets way to the uplink through which it left, or to the
# names of several, or to nothing. Called so often that processes would be the load.
leaves_by()
{
	local line

	frames exchange "$1" "$2"
	way=
	while IFS= read -r line; do
		[[ $line != u[1-9]* || +$way+ == *"+${line:0:2}+"* ]] ||
			way+=${way:++}${line:0:2}
	done <<<"$reply"
}

subtest order "failover-order: the first that is ready, by priority"
order()
{
	uplinks zone u1 u2
	eventually 5 are_ready 2
	passes R 01-ff R2=01-ff u1=01-ff@10
	passes R 0a-ff@10 R2=0a-ff@10 W=0a-ff u1=0a-ff@20
	check seg uplink set u1 priority 10
	show "{name} {priority} {active}" uplink show zone zone
	check_lines "uplinks" "u2 0 True" "u1 10 False"
	passes R 01-ff R2=01-ff u2=01-ff@10
	check seg uplink set u1 priority 0
	# among equal ones the order is that of joining
	passes R 01-ff R2=01-ff u2=01-ff@10
	check seg uplink set u2 priority 1
	passes R 01-ff R2=01-ff u1=01-ff@10
}

subtest next_frame "a lost carrier moves all traffic with the next frame"
next_frame()
{
	uplinks zone u1 u2
	eventually 5 are_ready 2
	passes R 01-ff R2=01-ff u1=01-ff@10
	check vms link set dev u1 down
	passes R 01-ff R2=01-ff u2=01-ff@10
	passes R 0a-ff@10 R2=0a-ff@10 W=0a-ff u2=0a-ff@20
	eventually 5 active u2
	check vms link set dev u2 down
	mark
	passes R 01-99 R2=01-99
	eventually 5 are_ready 0
	mark
	passes R 01-99 R2=01-99
	counted R.in=1/60 red.in=1/60 R2.out=1/60 red.out=1/60 \
		zone.drop_no_uplink=1
	check vms link set dev u1 up
	eventually 5 are_ready 1
	passes R 01-ff R2=01-ff u1=01-ff@10
}

subtest failback "an uplink that comes back takes its place, or does not"
failback()
{
	uplinks zone u1 u2
	eventually 5 are_ready 2
	check vms link set dev u1 down
	eventually 5 active u2
	check vms link set dev u1 up
	eventually 5 active u1
	passes R 01-ff R2=01-ff u1=01-ff@10
	check seg zone set zone failback off
	defer seg zone set zone failback on
	check vms link set dev u1 down
	eventually 5 active u2
	check vms link set dev u1 up
	eventually 5 are_ready 2
	active u2 || fail "u1 is back"
	passes R 01-ff R2=01-ff u2=01-ff@10
	check vms link set dev u2 down
	eventually 5 active u1
	check seg zone set zone failback on
	check vms link set dev u2 up
	eventually 5 are_ready 2
	active u1 || fail "u1 is not the first"
}

subtest balance "lb-srcid and lb-srcmac: a source has one uplink, both are used"
balance()
{
	local mac way first ways i

	uplinks zone u1 u2
	eventually 5 are_ready 2
	policy lb-srcmac
	ways=
	for mac in {1,2}{{0..9},{a..f}}; do
		leaves_by R "$mac-ff"
		first=$way
		leaves_by R "$mac-99"
		check_match "uplink of $mac" "u[12]" "$way"
		check_eq "broadcast and unicast of $mac" "$first" "$way"
		ways+=$way
	done
	check_match "uplinks of 32 addresses" "*u1*u2*" "$ways"
	policy lb-srcid
	leaves_by R 10-ff
	first=$way
	for mac in 1{{1..9},{a..f}}; do
		leaves_by R "$mac-ff"
		check_eq "uplink of the port" "$first" "$way"
	done
	ways=
	ports red P{1..8}
	for i in 1 2 3 4 5 6 7 8; do
		leaves_by "P$i" "4$i-ff"
		ways+=$way
	done
	check_match "uplinks of 8 ports" "*u1*" "$ways"
	check_match "uplinks of 8 ports" "*u2*" "$ways"
	policy failover-order
}

subtest own_policy "a segment may have a policy of its own"
own_policy()
{
	local mac way ways=

	uplinks zone u1 u2
	eventually 5 are_ready 2
	check seg segment set web teaming lb-srcmac
	for mac in {1,2}{{0..9},{a..f}}; do
		leaves_by R2 "$mac-ff"
		check_eq "red" u1 "$way"
		leaves_by W "$mac-ff"
		ways+=$way
	done
	check_match "web" "*u2*" "$ways"
	show "{name} {teaming}" segment show
	check_lines "policies" "red zone" "web lb-srcmac"
	check seg segment set web teaming zone
}

# gold POLICY-WORDS...: a policy of that name, which web has.
gold()
{
	check seg policy add zone gold "$@"
	defer drop_gold
	check seg segment set web teaming gold
	frames got
}

drop_gold()
{
	quietly seg segment set web teaming zone
	quietly seg policy del zone gold
}

used() # UPLINK...: those that gold uses now
{
	frames segctl "$HOST" policy show zone gold
	check_eq "used" "$*" "$(jq -r '[.[0] | (.active + .standby)[] |
		select(.used).name] | join(" ")' <<<"$reply")"
}

subtest named_policy "a policy with uplinks of its own, for one segment"
named_policy()
{
	uplinks zone u1 u2 u3
	eventually 5 are_ready 3
	gold active u3 standby u2
	passes R 01-ff R2=01-ff u1=01-ff@10
	passes R 0a-ff@10 R2=0a-ff@10 W=0a-ff u3=0a-ff@20
	show "{name} {teaming} ({teaming_policy})" segment show
	check_lines "policies" "red zone ()" "web failover-order (gold)"
	used u3
	check seg policy set zone gold active u2 standby u3,u1
	passes W 0b-ff R=0b-ff@10 R2=0b-ff@10 u2=0b-ff@20
	used u2
	check seg policy set zone gold standby none
	used u2
	check vms link set dev u2 down
	eventually 5 are_ready 2
	passes W 0b-99 R=0b-99@10 R2=0b-99@10
	passes R 01-ff R2=01-ff u1=01-ff@10
	used
	check seg policy set zone gold standby u3
	passes W 0b-99 R=0b-99@10 R2=0b-99@10 u3=0b-99@20
	check seg segment set web teaming zone
	passes W 0b-ff R=0b-ff@10 R2=0b-ff@10 u1=0b-ff@20
}

subtest standby "standby uplinks take places, and give them back or do not"
standby()
{
	uplinks zone u1 u2 u3
	eventually 5 are_ready 3
	gold active u3 standby u2,u1
	check vms link set dev u3 down
	passes W 0b-ff R=0b-ff@10 R2=0b-ff@10 u2=0b-ff@20
	eventually 5 are_ready 2
	passes W 0b-ff R=0b-ff@10 R2=0b-ff@10 u2=0b-ff@20
	used u2
	check vms link set dev u2 down
	passes W 0b-ff R=0b-ff@10 R2=0b-ff@10 u1=0b-ff@20
	eventually 5 are_ready 1
	check vms link set dev u3 up
	eventually 5 are_ready 2
	passes W 0b-ff R=0b-ff@10 R2=0b-ff@10 u3=0b-ff@20
	check seg zone set zone failback off
	defer seg zone set zone failback on
	# a standby uplink that was ready before does not win by that
	used u3
	check vms link set dev u3 down
	eventually 5 are_ready 1
	check vms link set dev u3 up
	eventually 5 are_ready 2
	passes W 0b-ff R=0b-ff@10 R2=0b-ff@10 u1=0b-ff@20
	used u1
	# who sets the list means it
	check seg policy set zone gold active u3 standby u1
	used u3
}

# ways DESTINATION: by which uplink each of 32 sources leaves W, a line each; one
# that leaves by two of them has two, and one that does not leave has none
ways()
{
	local mac way

	for mac in {1,2}{{0..9},{a..f}}; do
		leaves_by W "$mac-$1"
		[[ -z $way ]] || echo "${way//+/$'\n'}"
	done
}

subtest own_balance "lb: who had the uplink that failed moves, nobody else"
own_balance()
{
	local before after old new stayed=0 moved=0

	uplinks zone u1 u2 u3 u4
	eventually 5 are_ready 4
	gold teaming lb-srcmac active u1,u2,u3
	before=$(ways 99)
	check_match "uplinks of 32 addresses" "*u1*" "$before"
	check_match "uplinks of 32 addresses" "*u2*" "$before"
	check_match "uplinks of 32 addresses" "*u3*" "$before"
	check vms link set dev u2 down
	eventually 5 are_ready 3
	after=$(ways 99)
	while read -r old new; do
		if [[ $old != u2 ]]; then
			check_eq "a source of $old" "$old" "$new"
			stayed=$((stayed + 1))
		else
			check_match "a source of u2" "u[13]" "$new"
			moved=$((moved + 1))
		fi
	done < <(paste -d' ' <(echo "$before") <(echo "$after"))
	check_eq "sources" 32 $((stayed + moved))
	check seg policy set zone gold standby u4
	check_eq "with one on standby" "${before//u2/u4}" "$(ways 99)"
	check vms link set dev u2 up
	eventually 5 are_ready 4
	check_eq "after that" "$before" "$(ways 99)"
}

subtest policy_refused "policies: what is refused, and says why"
policy_refused()
{
	local i list='' more=''

	uplinks zone u1 u2
	zones vlan other
	gold active u1
	refused "Error: gold is the policy of web*    web" \
		segctl -n "$HOST" policy del zone gold
	check seg segment set red teaming gold
	refused "*gold is the policy of red and 1 more*" \
		segctl -n "$HOST" policy del zone gold
	check seg segment set red teaming zone
	refused "*other has no teaming policy gold*" \
		seg segment set web zone other vlan 20
	show "{zone} {zone_vlan} {teaming_policy}" segment show web
	check_lines "web" "zone 20 gold"
	refused "*u1 is an uplink of zone, not of other*" \
		seg policy add other gold active u1
	check host link add d0 type dummy
	check seg uplink add d0 zone other
	check seg policy add other gold active d0
	check seg segment set web zone other vlan 20
	check seg policy del zone gold
	show "{zone} {name} {segment_count}" policy show
	check_lines "policies" "other gold 1"
	check seg segment set web zone zone vlan 20 teaming lb-srcid
	check seg policy del other gold
	check seg segment set web teaming zone
	host link del d0
	for ((i = 1; i <= 17; i++)); do
		host link add "a$i" type dummy
		host link add "b$i" type dummy
		host link set "a$i" master other
		host link set "b$i" master other
		list+=,a$i
		more+=,b$i
	done
	refused "*a policy has at most 32 uplinks*" seg policy add other \
		big active "${list#,}" standby "${more#,}"
	check seg policy add other big active "${list#,}" \
		standby "${more:4:51}"
	for ((i = 1; i <= 17; i++)); do
		host link del "a$i"
		host link del "b$i"
	done
	show "{name} {active} {standby}" policy show other
	check_lines "without its uplinks" "big [] []"
}

subtest policy_leaves "an uplink that leaves is taken out of its policies"
policy_leaves()
{
	uplinks zone u1 u2 u3
	eventually 5 are_ready 3
	gold teaming lb-srcmac active u2,u3 standby u1
	check host link set dev u2 nomaster
	used u3
	passes W 0b-ff R=0b-ff@10 R2=0b-ff@10 u3=0b-ff@20
	check host link set dev u3 nomaster
	used u1
	passes W 0b-ff R=0b-ff@10 R2=0b-ff@10 u1=0b-ff@20
	check host link set dev u1 nomaster
	used
	passes W 0b-ff R=0b-ff@10 R2=0b-ff@10
	check host link set dev u1 master zone
	passes W 0b-ff R=0b-ff@10 R2=0b-ff@10
	check seg policy set zone gold active u1
	passes W 0b-ff R=0b-ff@10 R2=0b-ff@10 u1=0b-ff@20
	check seg segment set web zone none
	check seg policy del zone gold
	check seg segment set web zone zone vlan 20
}

# Everything once, and nothing of the host's own comes back to it.
once()
{
	passes R 01-ff R2=01-ff F=01-ff@10
	passes R 01-99 R2=01-99 F=01-99@10
	show "{mac} {port}" fdb show red mac 02:00:00:00:00:01
	check_lines "the sender is still at" "02:00:00:00:00:01 R"
	passes R 0a-ff@10 R2=0a-ff@10 W=0a-ff F=0a-ff@20
	show "{mac} {binding}" fdb show web mac 02:00:00:00:00:0a
	check_lines "the container is still behind" "02:00:00:00:00:0a m1"
	passes F f1-ff@10 R=f1-ff R2=f1-ff
	passes F f1-98@10 R=f1-98 R2=f1-98
	passes F f1-01@10 R=f1-01
	passes R 01-f1 F=01-f1@10
	passes F f2-ff@20 R=f2-ff@10 R2=f2-ff@10 W=f2-ff
	passes F f2-0a@20 R=f2-0a@10
}

subtest no_duplicate "two uplinks to one switch: no loop, no duplicate"
no_duplicate()
{
	local name

	with_switch
	for name in failover-order lb-srcid lb-srcmac; do
		policy "$name"
		once
	done
	policy failover-order
	mark
	passes R 01-ff R2=01-ff F=01-ff@10
	counted R.in=1/60 R.in_bc=1/60 red.in=1/60 red.in_bc=1/60 \
		R2.out=1/60 R2.out_bc=1/60 red.out=1/60 red.out_bc=1/60 \
		u1.out=1/60 u1.out_bc=1/60 u2.in=1/60 u2.in_bc=1/60 \
		u2.drop_inactive_uplink=1 zone.in=1/60 zone.in_bc=1/60 \
		zone.out=1/60 zone.out_bc=1/60 zone.drop_inactive_uplink=1
}

subtest moves "R13 a machine that moves to another host, with its first frame"
moves()
{
	local name

	with_switch
	for name in failover-order lb-srcid lb-srcmac; do
		policy "$name"
		sleep_settle
		passes R 01-ff R2=01-ff F=01-ff@10
		frames exchange F 01-ff@10
		check_match "$name: the first frame arrives" "*R2=01-ff*" \
			"$reply"
		passes R2 02-01 F=02-01@10
		passes R 01-ff R2=01-ff F=01-ff@10
		passes R2 02-01 R=02-01
	done
	policy failover-order
}

subtest announced "a change is announced for what is behind the host"
announced()
{
	with_switch
	passes R 01-ff R2=01-ff F=01-ff@10
	passes R 0a-ff@10 R2=0a-ff@10 W=0a-ff F=0a-ff@20
	eventually 5 learned_at u1 02:00:00:00:00:01
	check ip -n "$SWITCH" link set dev u1 down
	# nobody behind the host says a word
	eventually 5 learned_at u2 02:00:00:00:00:01
	eventually 5 learned_at u2 02:00:00:00:00:0a
	passes F f1-01@10 R=f1-01
	check ip -n "$SWITCH" link set dev u1 up
	eventually 5 active u1
	eventually 5 learned_at u1 02:00:00:00:00:01
}

learned_at() # PORT MAC, of the switch
{
	bridge -n "$SWITCH" fdb show br sw | grep -q "^$2 dev $1 "
}

# streams: what was sent both ways, of a machine and of a container, and what
# of it arrived, while COMMAND runs.
streams() # WHAT COMMAND...
{
	local what name got lost line began spent
	local -A sent to=([R]="F=01-f1@10 F=0a-f2@20" [F]="R=f1-01 R=f2-0a@10")

	passes R 01-ff R2=01-ff F=01-ff@10
	passes R 0a-ff@10 R2=0a-ff@10 W=0a-ff F=0a-ff@20
	passes F f1-ff@10 R=f1-ff R2=f1-ff
	passes F f2-ff@20 R=f2-ff@10 R2=f2-ff@10 W=f2-ff
	frames got
	began=${EPOCHREALTIME/./}
	frames start R 0.001 01-f1 0a-f2@10
	frames start F 0.001 f1-01@10 f2-0a@20
	"${@:2}"
	for name in R F; do
		frames stop "$name"
		sent[$name]=$reply
	done
	spent=$(((${EPOCHREALTIME/./} - began) / 1000))
	frames got
	line=$reply
	for name in R F; do
		for what in ${to[$name]}; do
			got=$(grep -oE "^$what(x[0-9]+)?$" <<<"$line")
			got=${got#"$what"}
			got=${got#x}
			[[ -n $got || $line != *"$what"* ]] || got=1
			lost=$((sent[$name] - ${got:-0}))
			echo "# $1, $what: ${sent[$name]} sent in $spent ms," \
				"$lost lost"
			((lost >= 0)) || fail "$1, $what: $((-lost)) too many"
			((${got:-0} * 4 > sent[$name])) ||
				fail "$1, $what: hardly anything arrived"
		done
	done
}

cut()
{
	check ip -n "$SWITCH" link set dev u1 down
	eventually 5 active u2
	pause 0.5
}

heal()
{
	check ip -n "$SWITCH" link set dev u1 up
	eventually 5 active u1
	pause 0.5
}

shut()
{
	check host link set dev u1 down
	eventually 5 active u2
	pause 0.5
}

open_again()
{
	check host link set dev u1 up
	eventually 5 active u1
	pause 0.5
}

subtest under_traffic "fail-over and fail-back at 1,000 frames a second each way"
under_traffic()
{
	with_switch
	streams "carrier lost" cut
	streams "carrier back" heal
	streams "shut down" shut
	streams "up again" open_again
}

before_each()
{
	forget
}

start_fabric
setup_ns SWITCH
check ip -n "$SWITCH" link add name sw type bridge mcast_snooping 0
check ip -n "$SWITCH" link set dev sw up
segments red web
ports red R R2
ports web W
bind web m1 red 10
zones vlan zone
check seg segment set red zone zone vlan 10
check seg segment set web zone zone vlan 20
run_subtests
