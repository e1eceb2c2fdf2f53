// SPDX-License-Identifier: GPL-2.0
/*
 * A second account of what happens to frames in a test's fabric, kept by rules
 * as plain as the documents: arrays and loops, no tables and no locks. It
 * shares no code with what it is compared with, not even the classes of
 * addresses.
 */
#include "account.h"

#include <linux/rtnetlink.h>

static const enum sfk_segment sfk_home[SFK_PORTS] = {
	[SFK_A0] = SFK_PA, [SFK_A1] = SFK_PA, [SFK_B0] = SFK_PB,
	[SFK_C0] = SFK_CA, [SFK_C1] = SFK_CA, [SFK_D0] = SFK_CB,
};

static const struct {
	enum sfk_segment	child;
	enum sfk_segment	parent;
	u16			vlan;
} sfk_maps[SFK_BINDINGS] = {
	[SFK_CA_PA] = { SFK_CA, SFK_PA, SFK_CA_PA_VLAN },
	[SFK_CA_PB] = { SFK_CA, SFK_PB, SFK_CA_PB_VLAN },
	[SFK_CB_PA] = { SFK_CB, SFK_PA, SFK_CB_PA_VLAN },
};

/**
 * sfk_segment_of - the segment of a port
 * @port: one of enum sfk_port
 *
 * Return: one of enum sfk_segment.
 */
int sfk_segment_of(int port)
{
	return sfk_home[port];
}

/**
 * sfk_totals_differ - compare counters
 * @a: some
 * @b: others
 *
 * Return: the first word that differs, -1 if none does.
 */
int sfk_totals_differ(const struct sf_totals *a, const struct sf_totals *b)
{
	int i;

	for (i = 0; i < sizeof(*a) / sizeof(u64); i++)
		if (((const u64 *)a)[i] != ((const u64 *)b)[i])
			return i;
	return -1;
}

/**
 * sfk_add_totals - add counters up
 * @sum: takes the sum
 * @add: what is added
 */
void sfk_add_totals(struct sf_totals *sum, const struct sf_totals *add)
{
	int i;

	for (i = 0; i < sizeof(*sum) / sizeof(u64); i++)
		((u64 *)sum)[i] += ((const u64 *)add)[i];
}

static int sfk_class(const struct sfk_frame *frame)
{
	if (!(frame->dest[0] & 1))
		return SF_UNICAST;
	return frame->dest[5] == 0xff ? SF_BROADCAST : SF_MULTICAST;
}

static void sfk_note(struct sf_totals *totals, const struct sfk_frame *frame,
		     enum sf_direction dir)
{
	totals->packets[sfk_class(frame)][dir]++;
	totals->bytes[sfk_class(frame)][dir] += 14 + frame->len;
}

static void sfk_note_delivery(struct sfk_account *account,
			      const struct sfk_frame *frame, int port,
			      int binding)
{
	if (frame->len > account->f->dev[port]->dev->mtu) {
		account->port[port].drops[SF_DROP_TOO_BIG]++;
		return;
	}
	sfk_note(binding < 0 ? &account->port[port] :
			       &account->binding[binding], frame, SF_EGRESS);
	account->sent[port]++;
}

static void sfk_note_flood(struct sfk_account *account,
			   const struct sfk_frame *frame, int segment,
			   int from, int through)
{
	int port, map;

	for (port = 0; port < SFK_PORTS; port++) {
		if (!account->present[port])
			continue;
		if (sfk_home[port] == segment &&
		    !(port == from && through < 0))
			sfk_note_delivery(account, frame, port, -1);
		for (map = 0; map < SFK_BINDINGS; map++)
			if (sfk_maps[map].child == segment &&
			    sfk_maps[map].parent == sfk_home[port] &&
			    !(port == from && map == through))
				sfk_note_delivery(account, frame, port, map);
	}
	account->host[segment]++;
}

static enum sf_drop sfk_verdict(const struct sfk_frame *frame, int segment,
				int *binding)
{
	int map, vid = frame->tags[0].tci & 0xfff;

	*binding = -1;
	if (frame->source[0] & 1)
		return SF_DROP_INVALID_SOURCE;
	if (frame->dest[0] == 1 && frame->dest[1] == 0x80)
		return SF_DROP_RESERVED_ADDRESS;
	if (frame->tags[1].proto)
		return SF_DROP_DOUBLE_TAGGED;
	if (frame->tags[0].proto == htons(ETH_P_8021AD))
		return SF_DROP_SERVICE_VLAN;
	if (!frame->tags[0].proto || !vid)
		return SF_DROP_NONE;
	for (map = 0; map < SFK_BINDINGS; map++) {
		if (sfk_maps[map].parent == segment &&
		    sfk_maps[map].vlan == vid) {
			*binding = map;
			return SF_DROP_NONE;
		}
	}
	return SF_DROP_UNBOUND_VLAN;
}

/**
 * sfk_account_frame - write down what should happen to a frame
 * @account: the account
 * @frame: the frame
 * @from: the port at which it comes in
 */
void sfk_account_frame(struct sfk_account *account,
		       const struct sfk_frame *frame, int from)
{
	int segment = sfk_home[from], binding;
	enum sf_drop reason = sfk_verdict(frame, segment, &binding);
	u32 dest = get_unaligned_be32(frame->dest + 2);
	struct sfk_place *place;

	if (reason) {
		account->port[from].drops[reason]++;
		return;
	}
	sfk_note(&account->port[from], frame, SF_INGRESS);
	if (binding >= 0) {
		sfk_note(&account->binding[binding], frame, SF_INGRESS);
		segment = sfk_maps[binding].child;
	}
	account->fdb[segment][get_unaligned_be32(frame->source + 2)] =
		(struct sfk_place){ true, from, binding };

	if (!memcmp(frame->dest, account->f->segment[segment]->dev->dev_addr,
		    ETH_ALEN)) {
		account->host[segment]++;
		return;
	}
	place = sfk_class(frame) == SF_UNICAST && dest < SFK_NUMBERS ?
		&account->fdb[segment][dest] : NULL;
	if (!place || !place->known)
		sfk_note_flood(account, frame, segment, from, binding);
	else if (place->port == from && place->binding == binding)
		account->port[from].drops[SF_DROP_SAME_ENDPOINT]++;
	else
		sfk_note_delivery(account, frame, place->port, place->binding);
}

/**
 * sfk_account_leave - let a port leave its segment
 * @account: the account
 * @port: the port
 *
 * What it has counted stays with the segment. Context: takes RTNL.
 */
void sfk_account_leave(struct sfk_account *account, int port)
{
	struct sf_totals *totals = &account->port[port];
	int i, j;

	rtnl_lock();
	sf_port_del(account->f->port[port]);
	rtnl_unlock();
	account->f->port[port] = NULL;
	account->present[port] = false;
	sfk_add_totals(&account->removed[sfk_home[port]], totals);
	memset(totals, 0, sizeof(*totals));
	for (i = 0; i < SFK_SEGMENTS; i++)
		for (j = 0; j < SFK_NUMBERS; j++)
			if (account->fdb[i][j].port == port)
				account->fdb[i][j].known = false;
}

/**
 * sfk_account_join - let a port join its segment again
 * @account: the account
 * @port: the port
 *
 * Context: takes RTNL.
 * Return: 0 or a negative errno.
 */
int sfk_account_join(struct sfk_account *account, int port)
{
	struct sfk_fabric *f = account->f;
	int err;

	rtnl_lock();
	err = sf_port_add(f->segment[sfk_home[port]], f->dev[port]->dev, NULL);
	f->port[port] = sf_port_get_rtnl(f->dev[port]->dev);
	rtnl_unlock();
	account->present[port] = !err;
	return err;
}
