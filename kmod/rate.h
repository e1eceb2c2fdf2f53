/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SEGFAB_RATE_H
#define _SEGFAB_RATE_H

#include <linux/jiffies.h>
#include <linux/types.h>

/**
 * struct sf_rate - something may happen so often a second
 * @until: jiffies at which @tokens are renewed
 * @tokens: how often it may happen until then
 */
struct sf_rate {
	unsigned long	until;
	u8		tokens;
};

static inline void sf_rate_init(struct sf_rate *rate)
{
	rate->until = jiffies;
	rate->tokens = 0;
}

/**
 * sf_rate_allows - may it happen once more?
 * @rate: its rate; the caller holds what guards it
 * @per_second: how often it may
 *
 * Return: true if it may; it then counts.
 */
static inline bool sf_rate_allows(struct sf_rate *rate, u8 per_second)
{
	unsigned long now = jiffies;

	if (time_after_eq(now, rate->until)) {
		rate->until = now + HZ;
		rate->tokens = per_second;
	}
	if (!rate->tokens)
		return false;
	rate->tokens--;
	return true;
}

#endif /* _SEGFAB_RATE_H */
