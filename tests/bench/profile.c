// SPDX-License-Identifier: GPL-2.0
/*
 * A QEMU plugin that counts how often each guest instruction runs while pktgen
 * does (`wire start` after `wire arm`), in up to two such runs: the reference
 * and a case. Writes "address reference case" lines when QEMU ends.
 * Argument: out=FILE
 *
 * QEMU's own header is not packaged by Debian; the few declarations of its
 * stable plugin interface that are needed here are spelled out.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define API	__attribute__((visibility("default")))
#define NO_REGS	0

struct qemu_plugin_tb;
struct qemu_plugin_insn;
typedef uint64_t qemu_plugin_id_t;

API int qemu_plugin_version = 4;

typedef void (*tb_cb)(qemu_plugin_id_t id, struct qemu_plugin_tb *tb);
typedef void (*exec_cb)(unsigned int cpu, void *arg);
typedef void (*end_cb)(qemu_plugin_id_t id, void *arg);

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id, tb_cb cb);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    exec_cb cb, int flags, void *arg);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id, end_cb cb, void *arg);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb,
						 size_t idx);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_data(const struct qemu_plugin_insn *insn, void *dest,
			     size_t len);
API int qemu_plugin_install(qemu_plugin_id_t id, const void *info, int argc,
			    char **argv);

struct count {
	struct count *next;
	uint64_t addr;
	uint64_t n[2];
};

#define BUCKETS	262144

static struct count *table[BUCKETS];
static const char *out;
static uint8_t marks[] = { 0, 1, 2 };
static bool armed, on;
static int run = -1;

static struct count *count_of(uint64_t addr)
{
	struct count **head = &table[(addr ^ addr >> 18) % BUCKETS];
	struct count *c;

	for (c = *head; c; c = c->next)
		if (c->addr == addr)
			return c;
	c = calloc(1, sizeof(*c));
	if (!c)
		abort();
	c->addr = addr;
	c->next = *head;
	*head = c;
	return c;
}

static void one(unsigned int cpu, void *arg)
{
	struct count *c = arg;

	(void)cpu;
	if (on)
		c->n[run]++;
}

static void mark(unsigned int cpu, void *arg)
{
	const uint8_t *what = arg;

	(void)cpu;
	if (*what == 2) {
		armed = run < 1;
		run += armed;
	} else {
		on = armed && *what == 1;
		armed = on;
	}
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	/* mov $0x5e9c000X, %eax */
	static const uint8_t magic[] = { 0x00, 0x9c, 0x5e };
	size_t i, n = qemu_plugin_tb_n_insns(tb);

	(void)id;
	for (i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		uint64_t addr = qemu_plugin_insn_vaddr(insn);
		uint8_t b[5] = { 0 };

		if (qemu_plugin_insn_data(insn, b, 5) == 5 && b[0] == 0xb8 &&
		    b[1] < 3 && !memcmp(b + 2, magic, 3))
			qemu_plugin_register_vcpu_insn_exec_cb(insn, mark, NO_REGS,
							       marks + b[1]);
		qemu_plugin_register_vcpu_insn_exec_cb(insn, one, NO_REGS,
						       count_of(addr));
	}
}

static void ended(qemu_plugin_id_t id, void *arg)
{
	FILE *f = fopen(out, "w");
	struct count *c;
	int i;

	(void)id;
	(void)arg;
	if (!f)
		return;
	for (i = 0; i < BUCKETS; i++)
		for (c = table[i]; c; c = c->next)
			if (c->n[0] || c->n[1])
				fprintf(f, "%016llx %llu %llu\n",
					(unsigned long long)c->addr,
					(unsigned long long)c->n[0],
					(unsigned long long)c->n[1]);
	fclose(f);
}

int qemu_plugin_install(qemu_plugin_id_t id, const void *info, int argc,
			char **argv)
{
	int i;

	(void)info;
	for (i = 0; i < argc; i++)
		if (!strncmp(argv[i], "out=", 4))
			out = strdup(argv[i] + 4);
	if (!out)
		return -1;
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	qemu_plugin_register_atexit_cb(id, ended, NULL);
	return 0;
}
