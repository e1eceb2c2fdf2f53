// SPDX-License-Identifier: GPL-2.0
/*
 * Frames that are made for a trace and go the way of those that a machine
 * sends: from the rx_handler of the port on, in one call. What the kernel does
 * before, packet taps and tc, does not see them.
 *
 * Locking: RTNL, under which ports and binding maps stay; frames go their way
 * under RCU, with BH disabled.
 */
#include "probe.h"

#include <linux/etherdevice.h>
#include <linux/if_vlan.h>

#include "input.h"

static const struct vlan_ethhdr *sf_probe_header(const struct sf_probe *probe)
{
	return probe->data;
}

static bool sf_probe_is_tagged(const struct sf_probe *probe)
{
	return eth_type_vlan(sf_probe_header(probe)->h_vlan_proto);
}

/* The core gives a tag to a VLAN device on the port before we see it. */
static int sf_probe_check_tag(const struct sf_probe *probe,
			      struct netlink_ext_ack *extack)
{
	const struct vlan_ethhdr *header = sf_probe_header(probe);
	const struct net_device *dev;

	if (probe->len < VLAN_ETH_HLEN) {
		NL_SET_ERR_MSG(extack, "frame is too short for its tag");
		return -EINVAL;
	}
	if (probe->via) {
		NL_SET_ERR_MSG(extack,
			       "frame has a tag, and via implies one");
		return -EINVAL;
	}
	rcu_read_lock();
	dev = __vlan_find_dev_deep_rcu(probe->port->dev, header->h_vlan_proto,
				       ntohs(header->h_vlan_TCI) &
				       VLAN_VID_MASK);
	rcu_read_unlock();
	if (dev) {
		NL_SET_ERR_MSG_FMT(extack,
				   "%s takes this tag before the segment",
				   dev->name);
		return -EBUSY;
	}
	return 0;
}

/**
 * sf_probe_check - whether a frame could come in from where it is said to
 * @probe: the frame
 * @extack: takes the reason of a refusal
 *
 * Context: RTNL.
 * Return: 0 or a negative errno.
 */
int sf_probe_check(const struct sf_probe *probe,
		   struct netlink_ext_ack *extack)
{
	if (!sf_probe_is_tagged(probe))
		return 0;
	return sf_probe_check_tag(probe, extack);
}

/* As the core hands frames on: data at the network header, tag taken off. */
static struct sk_buff *sf_probe_build(const struct sf_probe *probe)
{
	struct net_device *dev = probe->port->dev;
	struct sk_buff *skb = netdev_alloc_skb_ip_align(dev, probe->len);

	if (!skb)
		return NULL;
	skb_put_data(skb, probe->data, probe->len);
	skb->protocol = eth_type_trans(skb, dev);
	skb_reset_network_header(skb);
	return eth_type_vlan(skb->protocol) ? skb_vlan_untag(skb) : skb;
}

/* A port that is down gets nothing from its machine. */
static void sf_probe_refuse(const struct sf_probe *probe, struct sk_buff *skb,
			    struct sf_trace *trace)
{
	struct sf_watch watch = {};
	struct sf_frame frame = {
		.skb = skb,
		.port = probe->port,
		.binding = probe->via,
		.segment = probe->via ? probe->via->child :
					probe->port->segment,
		.len = skb->len + ETH_HLEN,
		.watch = &watch,
	};

	sf_follow(&watch, trace);
	sf_watch_receive(&frame);
	sf_drop(frame, SF_DROP_PORT_DOWN);
}

static void sf_probe_input(const struct sf_probe *probe, struct sk_buff *skb,
			   struct sf_trace *trace)
{
	trace->skb = skb;
	trace->via = probe->via;
	if (READ_ONCE(probe->port->flags) & SF_PORT_READY) {
		this_cpu_write(sf_probe_trace, trace);
		sf_input(&skb);
		this_cpu_write(sf_probe_trace, NULL);
	} else {
		sf_probe_refuse(probe, skb, trace);
	}
	trace->skb = NULL;
	trace->via = NULL;
}

/**
 * sf_probe_send - let a frame come in
 * @probe: the frame, which was checked
 * @trace: what follows it
 *
 * It has come to its end when this returns.
 *
 * Context: RTNL.
 * Return: 0 or -ENOMEM.
 */
int sf_probe_send(const struct sf_probe *probe, struct sf_trace *trace)
{
	struct sk_buff *skb;

	rcu_read_lock();
	local_bh_disable();
	skb = sf_probe_build(probe);
	if (skb)
		sf_probe_input(probe, skb, trace);
	local_bh_enable();
	rcu_read_unlock();
	return skb ? 0 : -ENOMEM;
}
