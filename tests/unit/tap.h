/* SPDX-License-Identifier: GPL-2.0 */
/* A harness for unit tests: tests are listed in a table, checks do not end a
 * test, the result is printed as TAP.
 */
#ifndef TESTS_UNIT_TAP_H
#define TESTS_UNIT_TAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tap_test {
	const char *name;
	void (*run)(void);
};

int tap_main(const struct tap_test *tests, size_t count);

bool tap_check(bool good, const char *file, int line, const char *what);
bool tap_check_int(long long seen, long long want, const char *file, int line,
		   const char *what);
bool tap_check_bytes(const void *seen, const void *want, size_t len,
		     const char *file, int line, const char *what);
bool tap_check_text(const char *text, const char *part, const char *file,
		    int line);
__attribute__((format(printf, 1, 2)))
void tap_note(const char *fmt, ...);

/* True if the check holds, so that a test can stop where nothing follows. */
#define CHECK(cond)	tap_check(!!(cond), __FILE__, __LINE__, #cond)
#define CHECK_INT(seen, want) \
	tap_check_int((seen), (want), __FILE__, __LINE__, #seen)
#define CHECK_BYTES(seen, want, len) \
	tap_check_bytes((seen), (want), (len), __FILE__, __LINE__, #seen)
/* The text contains the part. */
#define CHECK_TEXT(text, part)	tap_check_text((text), (part), __FILE__, __LINE__)

/* The test at hand cannot run here; it must not be held for one that checks. */
void tap_skip(const char *why);

/* Random numbers with a fixed beginning: a failure can be had again. */
void rnd_seed(uint64_t seed);
uint32_t rnd_next(void);
uint32_t rnd_below(uint32_t limit);
void rnd_fill(void *buf, size_t len);

#define TAP_TEST(fn)	{ #fn, fn }
#define TAP_COUNT(a)	(sizeof(a) / sizeof((a)[0]))

#endif /* TESTS_UNIT_TAP_H */
