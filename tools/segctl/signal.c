// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands that go on until they are stopped end in order.
 */
#include "segctl.h"

volatile sig_atomic_t stopped;

static void stop(int signal)
{
	(void)signal;
	stopped = 1;
}

/* Without SA_RESTART, so that a wait ends. */
void catch_signals(void)
{
	const struct sigaction action = { .sa_handler = stop };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}
