/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SEGFAB_TESTS_FAKE_DEV_H
#define _SEGFAB_TESTS_FAKE_DEV_H

#include <linux/netdevice.h>
#include <linux/skbuff.h>

/**
 * struct sfk_sink - frames that came out somewhere
 * @frames: the frames, data at the Ethernet header
 * @text: what was wrong with the last one that was looked at
 */
struct sfk_sink {
	struct sk_buff_head	frames;
	char			text[96];
};

/* What a fake device does with what it shall send. */
enum sfk_dev_mode {
	SFK_KEEP,	/* put it into the sink */
	SFK_DISCARD,	/* forget it */
	SFK_REFUSE,	/* fail */
};

/**
 * struct sfk_dev - an Ethernet device that keeps what it is given to send
 * @dev: the device
 * @sink: what it has sent
 * @mode: what it does with a frame
 * @node: among those that no test has
 */
struct sfk_dev {
	struct net_device	*dev;
	struct sfk_sink		sink;
	enum sfk_dev_mode	mode;
	struct list_head	node;
};

struct sfk_dev *sfk_dev_get(const char *name);
void sfk_dev_put(struct sfk_dev *fake);
void sfk_dev_unregister_all(void);
void sfk_dev_quiet(struct net_device *dev);

#endif /* _SEGFAB_TESTS_FAKE_DEV_H */
