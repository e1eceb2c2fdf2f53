// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands that go on until they are stopped end in order.
 */
#include <errno.h>

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

/*
 * Wait for something to read, or for @timeout if that is not NULL; a signal
 * that comes just before does not get lost. Return: as ppoll(); -1 and EINTR
 * if stopped.
 */
int wait_unless_stopped(struct pollfd *fd, const struct timespec *timeout)
{
	sigset_t both, before;
	int ret = -1, err = EINTR;

	sigemptyset(&both);
	sigaddset(&both, SIGINT);
	sigaddset(&both, SIGTERM);
	sigprocmask(SIG_BLOCK, &both, &before);
	if (!stopped) {
		ret = ppoll(fd, fd ? 1 : 0, timeout, &before);
		err = errno;
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	errno = err;
	return ret;
}
