// SPDX-License-Identifier: GPL-2.0
/*
 * Functions that older kernels lack. They have no state but the texts of
 * refusals that are on their way to user space.
 */
#include "compat.h"

#include <linux/atomic.h>

#ifdef SF_EXTACK_LEN
#define SF_EXTACK_BUFFERS	64

static char sf_extack_buffers[SF_EXTACK_BUFFERS][SF_EXTACK_LEN];
static atomic_t sf_extack_last;

/**
 * sf_extack_buffer - take the next buffer for the text of a refusal
 *
 * Context: any.
 * Return: SF_EXTACK_LEN bytes that are nobody else's until as many more
 * refusals have been written as there are buffers.
 */
char *sf_extack_buffer(void)
{
	unsigned int number = atomic_inc_return(&sf_extack_last);

	return sf_extack_buffers[number % SF_EXTACK_BUFFERS];
}
#endif
