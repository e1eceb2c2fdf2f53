// SPDX-License-Identifier: GPL-2.0
/*
 * Print how fast this machine's time stamp counter counts, in kHz. Under TCG
 * the test machine reads the same counter, but cannot measure it: on a busy
 * host its timer comes too late, and its clock would run at any speed.
 */
#include <stdio.h>
#include <time.h>
#include <x86intrin.h>

/* A pair of readings that nothing came between. */
static void read_both(unsigned long long *tsc, unsigned long long *ns)
{
	unsigned long long before, after, best = ~0ULL;
	struct timespec now;
	int i;

	for (i = 0; i < 100; i++) {
		before = __rdtsc();
		clock_gettime(CLOCK_MONOTONIC_RAW, &now);
		after = __rdtsc();
		if (after - before >= best)
			continue;
		best = after - before;
		*tsc = before + best / 2;
		*ns = now.tv_sec * 1000000000ULL + now.tv_nsec;
	}
}

int main(void)
{
	struct timespec pause = { .tv_nsec = 200000000 };
	unsigned long long tsc[2], ns[2];

	read_both(&tsc[0], &ns[0]);
	nanosleep(&pause, NULL);
	read_both(&tsc[1], &ns[1]);
	printf("%llu\n", (unsigned long long)((tsc[1] - tsc[0]) * 1e6 /
					      (ns[1] - ns[0]) + 0.5));
	return 0;
}
