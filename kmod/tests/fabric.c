// SPDX-License-Identifier: GPL-2.0
/*
 * A small fabric for tests: real segments with fake devices as ports, made and
 * removed the way rtnetlink does it, in the initial network namespace.
 *
 * Locking: functions that need RTNL take it, so that a test that fails does
 * not end with it held. A test must not use KUNIT_ASSERT_*() under RTNL.
 */
#include "fabric.h"

#include <linux/rtnetlink.h>

static const char *const sfk_segment_names[SFK_SEGMENTS] = {
	[SFK_PA] = "sfk-pa",
	[SFK_PB] = "sfk-pb",
	[SFK_CA] = "sfk-ca",
	[SFK_CB] = "sfk-cb",
};

static const struct {
	const char		*name;
	enum sfk_segment	segment;
} sfk_port_specs[SFK_PORTS] = {
	[SFK_A0] = { "sfk-a0", SFK_PA },
	[SFK_A1] = { "sfk-a1", SFK_PA },
	[SFK_B0] = { "sfk-b0", SFK_PB },
	[SFK_C0] = { "sfk-c0", SFK_CA },
	[SFK_C1] = { "sfk-c1", SFK_CA },
	[SFK_D0] = { "sfk-d0", SFK_CB },
};

static const struct {
	const char		*id;
	enum sfk_segment	child;
	enum sfk_segment	parent;
	u16			vlan;
} sfk_binding_specs[SFK_BINDINGS] = {
	[SFK_CA_PA] = { "ca-pa", SFK_CA, SFK_PA, SFK_CA_PA_VLAN },
	[SFK_CA_PB] = { "ca-pb", SFK_CA, SFK_PB, SFK_CA_PB_VLAN },
	[SFK_CB_PA] = { "cb-pa", SFK_CB, SFK_PA, SFK_CB_PA_VLAN },
};

static const struct {
	enum sfk_port	port;
	int		binding;	/* -1: the port's own */
} sfk_places[SFK_PLACES] = {
	{ SFK_C0, -1 },
	{ SFK_C1, -1 },
	{ SFK_A0, SFK_CA_PA },
	{ SFK_A1, SFK_CA_PA },
	{ SFK_B0, SFK_CA_PB },
};

/**
 * sfk_segment_create - make a segment, as "ip link add ... type segment"
 * @name: its name
 *
 * It goes with sf_segment_del() or the dellink of sf_segment_link_ops.
 *
 * Context: RTNL. May sleep.
 * Return: the segment, up; or ERR_PTR.
 */
struct sf_segment *sfk_segment_create(const char *name)
{
	struct nlattr *tb[IFLA_MAX + 1] = {};
	struct net_device *dev;
	int err;

	dev = rtnl_create_link(&init_net, name, NET_NAME_USER,
			       &sf_segment_link_ops, tb, NULL);
	if (IS_ERR(dev))
		return ERR_CAST(dev);
	err = sf_segment_link_ops.newlink(&init_net, dev, tb, NULL, NULL);
	if (err) {
		free_netdev(dev);
		return ERR_PTR(err);
	}
	sfk_dev_quiet(dev);
	err = rtnl_configure_link(dev, NULL, 0, NULL);
	if (!err)
		err = dev_open(dev, NULL);
	if (err) {
		sf_segment_del(sf_segment_get(dev), NULL);
		return ERR_PTR(err);
	}
	return sf_segment_get(dev);
}

/**
 * sfk_set_guest_vlans - set the tags that a segment's own traffic may carry
 * @segment: the segment
 * @bitmap: VLAN_N_VID bits
 *
 * Context: RTNL. May sleep.
 * Return: 0 or -ENOMEM.
 */
int sfk_set_guest_vlans(struct sf_segment *segment, const unsigned long *bitmap)
{
	unsigned long *copy = bitmap_alloc(VLAN_N_VID, GFP_KERNEL);

	if (!copy)
		return -ENOMEM;
	bitmap_copy(copy, bitmap, VLAN_N_VID);
	sf_segment_set_guest_vlans(segment, copy);
	return 0;
}

static int sfk_tap(struct sk_buff *skb, struct net_device *dev,
		   struct packet_type *tap, struct net_device *orig_dev)
{
	struct sfk_host *host = container_of(tap, struct sfk_host, tap);
	struct sk_buff *copy = NULL;

	if (skb->pkt_type != PACKET_OUTGOING)
		copy = skb_clone(skb, GFP_ATOMIC);
	if (copy) {
		skb_push(copy, copy->data - skb_mac_header(copy));
		skb_queue_tail(&host->sink.frames, copy);
	}
	consume_skb(skb);
	return NET_RX_SUCCESS;
}

static void sfk_listen(struct sfk_host *host, struct net_device *dev)
{
	host->tap.type = htons(ETH_P_ALL);
	host->tap.dev = dev;
	host->tap.func = sfk_tap;
	dev_add_pack(&host->tap);
}

static int sfk_create_segments(struct sfk_fabric *fabric)
{
	struct sf_segment *segment;
	int i;

	for (i = 0; i < SFK_SEGMENTS; i++) {
		segment = sfk_segment_create(sfk_segment_names[i]);
		if (IS_ERR(segment))
			return PTR_ERR(segment);
		fabric->segment[i] = segment;
		sfk_listen(&fabric->host[i], segment->dev);
	}
	return 0;
}

static int sfk_create_ports(struct sfk_fabric *fabric)
{
	struct sfk_dev *dev;
	int err, i;

	for (i = 0; i < SFK_PORTS; i++) {
		dev = sfk_dev_get(sfk_port_specs[i].name);
		if (IS_ERR(dev))
			return PTR_ERR(dev);
		fabric->dev[i] = dev;
		err = sf_port_add(fabric->segment[sfk_port_specs[i].segment],
				  dev->dev, NULL);
		if (err)
			return err;
		fabric->port[i] = sf_port_get_rtnl(dev->dev);
	}
	return 0;
}

static int sfk_create_bindings(struct sfk_fabric *fabric)
{
	struct sf_binding *binding;
	int i;

	for (i = 0; i < SFK_BINDINGS; i++) {
		struct sf_binding_spec spec = {
			.parent = fabric->segment[sfk_binding_specs[i].parent],
			.vlan = sfk_binding_specs[i].vlan,
		};

		binding = sf_binding_add(fabric->segment[sfk_binding_specs[i].child],
					 sfk_binding_specs[i].id, &spec, NULL);
		if (IS_ERR(binding))
			return PTR_ERR(binding);
		fabric->binding[i] = binding;
	}
	return 0;
}

/**
 * sfk_fabric_init - make a fabric, as the init() of a suite
 * @test: the test, whose priv will be the &struct sfk_fabric
 *
 * Return: 0 or a negative errno; either way sfk_fabric_exit() must follow.
 */
int sfk_fabric_init(struct kunit *test)
{
	struct sfk_fabric *fabric;
	int err, i;

	fabric = kunit_kzalloc(test, sizeof(*fabric), GFP_KERNEL);
	if (!fabric)
		return -ENOMEM;
	for (i = 0; i < SFK_SEGMENTS; i++)
		skb_queue_head_init(&fabric->host[i].sink.frames);
	test->priv = fabric;

	rtnl_lock();
	err = sfk_create_segments(fabric);
	if (!err)
		err = sfk_create_ports(fabric);
	if (!err)
		err = sfk_create_bindings(fabric);
	rtnl_unlock();
	return err;
}

/**
 * sfk_fabric_exit - remove a fabric, as the exit() of a suite
 * @test: the test
 */
void sfk_fabric_exit(struct kunit *test)
{
	struct sfk_fabric *fabric = test->priv;
	LIST_HEAD(kill);
	int i;

	if (!fabric)
		return;
	for (i = 0; i < SFK_SEGMENTS; i++)
		if (fabric->segment[i])
			dev_remove_pack(&fabric->host[i].tap);
	rtnl_lock();
	for (i = 0; i < SFK_SEGMENTS; i++)
		if (fabric->segment[i])
			sf_segment_link_ops.dellink(fabric->segment[i]->dev,
						    &kill);
	unregister_netdevice_many(&kill);
	sfk_left(fabric);
	for (i = 0; i < SFK_PORTS; i++)
		if (fabric->dev[i])
			sfk_dev_put(fabric->dev[i]);
	rtnl_unlock();
}

/**
 * sfk_left - forget the frames that nobody has looked at
 * @fabric: the fabric
 *
 * Return: how many there were, at ports and at the host.
 */
unsigned int sfk_left(struct sfk_fabric *fabric)
{
	unsigned int left = 0;
	int i;

	for (i = 0; i < SFK_PORTS; i++) {
		if (!fabric->dev[i])
			continue;
		left += skb_queue_len(&fabric->dev[i]->sink.frames);
		skb_queue_purge(&fabric->dev[i]->sink.frames);
	}
	for (i = 0; i < SFK_SEGMENTS; i++) {
		left += skb_queue_len(&fabric->host[i].sink.frames);
		skb_queue_purge(&fabric->host[i].sink.frames);
	}
	return left;
}

/**
 * sfk_set_mode - what all devices do with what they shall send
 * @fabric: the fabric
 * @mode: what
 */
void sfk_set_mode(struct sfk_fabric *fabric, enum sfk_dev_mode mode)
{
	int i;

	for (i = 0; i < SFK_PORTS; i++)
		WRITE_ONCE(fabric->dev[i]->mode, mode);
}

/**
 * sfk_learn - teach an address, as a frame does
 * @segment: the segment
 * @mac: the address
 * @port: where it is
 * @binding: through what, or NULL
 *
 * Return: what sf_fdb_learn() says.
 */
bool sfk_learn(struct sf_segment *segment, const u8 *mac,
	       struct sf_port *port, struct sf_binding *binding)
{
	bool pass;

	local_bh_disable();
	rcu_read_lock();
	pass = sf_fdb_learn(segment, sf_fdb_key(mac, 0), port, binding);
	rcu_read_unlock();
	local_bh_enable();
	return pass;
}

/**
 * sfk_know - let an address be known in a segment
 * @fabric: the fabric
 * @segment: the segment
 * @number: of the address, see sfk_frame_init()
 * @port: where it is
 * @binding: through which binding map, -1: none
 */
void sfk_know(struct sfk_fabric *fabric, enum sfk_segment segment, u32 number,
	      enum sfk_port port, int binding)
{
	u8 mac[ETH_ALEN];

	sfk_mac(mac, 0x02, number);
	sfk_learn(fabric->segment[segment], mac, fabric->port[port],
		  binding < 0 ? NULL : fabric->binding[binding]);
}

/**
 * sfk_place_port - the port of a place of SFK_CA
 * @fabric: the fabric
 * @place: less than SFK_PLACES
 *
 * Return: the port.
 */
struct sf_port *sfk_place_port(struct sfk_fabric *fabric, int place)
{
	return fabric->port[sfk_places[place].port];
}

/**
 * sfk_place_binding - the binding map of a place of SFK_CA
 * @fabric: the fabric
 * @place: less than SFK_PLACES
 *
 * Return: the binding map, or NULL.
 */
struct sf_binding *sfk_place_binding(struct sfk_fabric *fabric, int place)
{
	int binding = sfk_places[place].binding;

	return binding < 0 ? NULL : fabric->binding[binding];
}

/**
 * sfk_learn_number - teach SFK_CA an address, as a frame does
 * @fabric: the fabric
 * @number: of the address, see sfk_frame_init()
 * @place: less than SFK_PLACES
 *
 * Return: what sf_fdb_learn() says.
 */
bool sfk_learn_number(struct sfk_fabric *fabric, u32 number, int place)
{
	u8 mac[ETH_ALEN];

	sfk_mac(mac, 0x02, number);
	return sfk_learn(fabric->segment[SFK_CA], mac,
			 sfk_place_port(fabric, place),
			 sfk_place_binding(fabric, place));
}

/**
 * sfk_drops - frames that ended at a port
 * @port: the port
 * @reason: why
 *
 * Return: how many.
 */
u64 sfk_drops(const struct sf_port *port, enum sf_drop reason)
{
	struct sf_totals totals;

	sf_port_totals(port, &totals);
	return totals.drops[reason];
}

/**
 * sfk_port_packets - frames that passed a port
 * @port: the port
 * @dir: in which direction
 *
 * Return: how many.
 */
u64 sfk_port_packets(const struct sf_port *port, enum sf_direction dir)
{
	struct sf_totals totals;

	sf_port_totals(port, &totals);
	return sf_totals_packets(&totals, dir);
}

/**
 * sfk_binding_packets - frames that passed a binding map
 * @binding: the binding map
 * @dir: in which direction
 *
 * Return: how many.
 */
u64 sfk_binding_packets(const struct sf_binding *binding,
			enum sf_direction dir)
{
	struct sf_totals totals;

	sf_binding_totals(binding, &totals);
	return sf_totals_packets(&totals, dir);
}
