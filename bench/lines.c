// SPDX-License-Identifier: GPL-2.0
/*
 * A plugin of QEMU that writes down which cache lines frames read and write, by
 * processor. A frame begins and ends with instructions that do nothing and that
 * nobody else has, see sf_bench_receive_marked().
 *
 * When the emulator ends there is a line for each cache line, processor and
 * kind of access in the file that "out=" names:
 *
 *	PROCESSOR r|w LINE FRAMES PLACE...
 *
 * LINE is its address / 64, FRAMES how many frames did that, and PLACE where
 * the instructions are. Interrupts that come in between are in it: they are
 * seldom.
 *
 * Locking: each processor is a thread with a table of its own.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "qemu-plugin.h"

#define PROCESSORS	2
#define ACCESSES	65536	/* a power of two, and more than there are */
#define PLACES		24
#define LINE_SHIFT	6
#define KERNEL		0xffff800000000000

/**
 * struct access - what frames of a processor do with a cache line
 * @line: its address / 64, 0: no entry
 * @store: they write
 * @frame: the last of them
 * @frames: how many
 * @place: where the instructions are, 0: no more
 */
struct access {
	uint64_t	line;
	bool		store;
	uint64_t	frame;
	uint64_t	frames;
	uint64_t	place[PLACES];
};

struct processor {
	bool		inside;
	uint64_t	frame;
	struct access	access[ACCESSES];
};

static struct processor processors[PROCESSORS];
static char out[4096];

static struct access *find(struct processor *processor, uint64_t line,
			   bool store)
{
	uint64_t i = (line * 2 + store) * 0x9e3779b97f4a7c15 >> 48;
	struct access *access;

	for (;; i++) {
		access = &processor->access[i % ACCESSES];
		if (!access->line) {
			access->line = line;
			access->store = store;
			return access;
		}
		if (access->line == line && access->store == store)
			return access;
	}
}

static void add(struct processor *processor, uint64_t line, bool store,
		uint64_t place)
{
	struct access *access = find(processor, line, store);
	int i;

	if (access->frame != processor->frame) {
		access->frame = processor->frame;
		access->frames++;
	}
	for (i = 0; i < PLACES && access->place[i] != place; i++) {
		if (!access->place[i]) {
			access->place[i] = place;
			break;
		}
	}
}

static void on_access(unsigned int cpu, uint32_t info, uint64_t address,
		      void *place)
{
	struct processor *processor = &processors[cpu % PROCESSORS];
	uint64_t last = address + (1 << qemu_plugin_mem_size_shift(info)) - 1;
	bool store = qemu_plugin_mem_is_store(info);
	uint64_t line;

	if (!processor->inside)
		return;
	for (line = address >> LINE_SHIFT; line <= last >> LINE_SHIFT; line++)
		add(processor, line, store, (uintptr_t)place);
}

static void on_begin(unsigned int cpu, void *unused)
{
	(void)unused;
	processors[cpu % PROCESSORS].inside = true;
	processors[cpu % PROCESSORS].frame++;
}

static void on_end(unsigned int cpu, void *unused)
{
	(void)unused;
	processors[cpu % PROCESSORS].inside = false;
}

static void on_instruction(struct qemu_plugin_insn *insn)
{
	static const unsigned char begin[] = { 0x66, 0x87, 0xdb };
	static const unsigned char end[] = { 0x66, 0x87, 0xc9 };
	uint64_t place = qemu_plugin_insn_vaddr(insn);

	if (place < KERNEL)
		return;
	qemu_plugin_register_vcpu_mem_cb(insn, on_access,
					 QEMU_PLUGIN_CB_NO_REGS,
					 QEMU_PLUGIN_MEM_RW,
					 (void *)(uintptr_t)place);
	if (qemu_plugin_insn_size(insn) != sizeof(begin))
		return;
	if (!memcmp(qemu_plugin_insn_data(insn), begin, sizeof(begin)))
		qemu_plugin_register_vcpu_insn_exec_cb(insn, on_begin,
						       QEMU_PLUGIN_CB_NO_REGS,
						       NULL);
	if (!memcmp(qemu_plugin_insn_data(insn), end, sizeof(end)))
		qemu_plugin_register_vcpu_insn_exec_cb(insn, on_end,
						       QEMU_PLUGIN_CB_NO_REGS,
						       NULL);
}

static void on_block(uint64_t id, struct qemu_plugin_tb *block)
{
	size_t i;

	(void)id;
	for (i = 0; i < qemu_plugin_tb_n_insns(block); i++)
		on_instruction(qemu_plugin_tb_get_insn(block, i));
}

static void print_access(FILE *file, int cpu, const struct access *access)
{
	int i;

	fprintf(file, "%d %c %llx %llu", cpu, access->store ? 'w' : 'r',
		(unsigned long long)access->line,
		(unsigned long long)access->frames);
	for (i = 0; i < PLACES && access->place[i]; i++)
		fprintf(file, " %llx", (unsigned long long)access->place[i]);
	fputc('\n', file);
}

static void on_exit_of_emulator(uint64_t id, void *unused)
{
	FILE *file = fopen(out, "w");
	int cpu, i;

	(void)id;
	(void)unused;
	if (!file)
		return perror(out);
	for (cpu = 0; cpu < PROCESSORS; cpu++) {
		fprintf(file, "%d frames %llu\n", cpu,
			(unsigned long long)processors[cpu].frame);
		for (i = 0; i < ACCESSES; i++) {
			if (processors[cpu].access[i].line)
				print_access(file, cpu,
					     &processors[cpu].access[i]);
		}
	}
	fclose(file);
}

QEMU_PLUGIN_EXPORT int qemu_plugin_version = 1;

QEMU_PLUGIN_EXPORT int qemu_plugin_install(uint64_t id, const void *info,
					   int argc, char **argv)
{
	(void)info;
	if (argc != 1 || sscanf(argv[0], "out=%4095s", out) != 1)
		return -1;
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_block);
	qemu_plugin_register_atexit_cb(id, on_exit_of_emulator, NULL);
	return 0;
}
