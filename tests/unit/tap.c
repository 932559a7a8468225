// SPDX-License-Identifier: GPL-2.0
/* A harness for unit tests. */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"

/* What is wrong in a loop is wrong a thousand times. */
#define MAX_NOTES	20

static unsigned int bad;
static unsigned int checks;
static unsigned int notes;
static uint64_t rnd_state;
static const char *skipped;

void tap_note(const char *fmt, ...)
{
	va_list args;

	if (notes++ >= MAX_NOTES)
		return;
	printf("# ");
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
}

static bool verdict(bool good)
{
	checks++;
	if (!good)
		bad++;
	return good;
}

bool tap_check(bool good, const char *file, int line, const char *what)
{
	if (!verdict(good))
		tap_note("%s:%d: not so: %s", file, line, what);
	return good;
}

bool tap_check_int(long long seen, long long want, const char *file, int line,
		   const char *what)
{
	if (!verdict(seen == want))
		tap_note("%s:%d: %s is %lld, expected %lld", file, line, what,
			 seen, want);
	return seen == want;
}

bool tap_check_bytes(const void *seen, const void *want, size_t len,
		     const char *file, int line, const char *what)
{
	const uint8_t *a = seen, *b = want;
	size_t i = 0;

	while (i < len && a[i] == b[i])
		i++;
	if (!verdict(i == len))
		tap_note("%s:%d: %s: byte %zu is 0x%02x, expected 0x%02x",
			 file, line, what, i, a[i], b[i]);
	return i == len;
}

bool tap_check_text(const char *text, const char *part, const char *file,
		    int line)
{
	bool good = strstr(text, part);

	if (!verdict(good))
		tap_note("%s:%d: '%s' does not say '%s'", file, line, text,
			 part);
	return good;
}

void tap_skip(const char *why)
{
	skipped = why;
}

void rnd_seed(uint64_t seed)
{
	rnd_state = seed;
}

/* splitmix64 (Steele, Lea, Flood 2014): any seed is as good as another. */
uint32_t rnd_next(void)
{
	uint64_t z;

	rnd_state += 0x9e3779b97f4a7c15;
	z = rnd_state;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return (uint32_t)((z ^ z >> 31) >> 32);
}

uint32_t rnd_below(uint32_t limit)
{
	return rnd_next() % limit;
}

void rnd_fill(void *buf, size_t len)
{
	uint8_t *p = buf;

	while (len--)
		*p++ = (uint8_t)rnd_next();
}

int tap_main(const struct tap_test *tests, size_t count)
{
	bool failed = false;
	size_t i;

	/* What a crash leaves unsaid must not hide what was said before it. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("1..%zu\n", count);
	for (i = 0; i < count; i++) {
		bad = 0;
		checks = 0;
		notes = 0;
		skipped = NULL;
		rnd_seed(i + 1);
		tests[i].run();
		if (skipped && !checks) {
			printf("ok %zu - %s # SKIP %s\n", i + 1, tests[i].name,
			       skipped);
			continue;
		}
		/* A test that checks nothing cannot fail. */
		if (!checks)
			tap_note("nothing was checked");
		notes = 0;
		if (bad)
			tap_note("%u checks of %u failed", bad, checks);
		if (bad || !checks)
			failed = true;
		printf("%s %zu - %s\n", bad || !checks ? "not ok" : "ok", i + 1,
		       tests[i].name);
	}
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
