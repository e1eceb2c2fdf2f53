// SPDX-License-Identifier: GPL-2.0
/*
 * For the user-mode kernel on a processor with AMX: a library to be loaded
 * before its own (LD_PRELOAD).
 *
 * That kernel keeps the first 2696 bytes of a program's vector registers, as
 * many as there were before AMX, and sets the registers of the program with
 * them. The host takes all bytes or none. The rest are those of the tiles, which
 * no program has that did not ask for them: they stay as they are.
 */
#include <elf.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

/* Not on the stack: a kernel's is small. */
static char all[16384];

static long merge_xstate(pid_t pid, const struct iovec *part)
{
	struct iovec whole = { .iov_base = all, .iov_len = sizeof(all) };

	if (part->iov_len > sizeof(all) ||
	    syscall(SYS_ptrace, PTRACE_GETREGSET, pid, NT_X86_XSTATE, &whole))
		return -1;
	memcpy(all, part->iov_base, part->iov_len);
	return syscall(SYS_ptrace, PTRACE_SETREGSET, pid, NT_X86_XSTATE, &whole);
}

/* A signal is an interrupt there, after which another program may go on. */
static long set_xstate(pid_t pid, const struct iovec *part)
{
	sigset_t every, old;
	long ret;

	sigfillset(&every);
	sigprocmask(SIG_SETMASK, &every, &old);
	ret = merge_xstate(pid, part);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return ret;
}

long ptrace(enum __ptrace_request request, ...)
{
	void *address, *data;
	unsigned long word;
	va_list ap;
	pid_t pid;
	long ret;

	va_start(ap, request);
	pid = va_arg(ap, pid_t);
	address = va_arg(ap, void *);
	data = va_arg(ap, void *);
	va_end(ap);

	if (request == PTRACE_SETREGSET && address == (void *)NT_X86_XSTATE)
		return set_xstate(pid, data);
	/* The kernel writes what it read; the C library returns it. */
	if (request >= PTRACE_PEEKTEXT && request <= PTRACE_PEEKUSER)
		data = &word;
	ret = syscall(SYS_ptrace, request, pid, address, data);
	return data == &word && !ret ? (long)word : ret;
}
