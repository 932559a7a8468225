/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SVCSEQ_BATCH_H
#define SVCSEQ_BATCH_H

#include <stdbool.h>
#include <stdio.h>

/* More words than the longest sequence has. */
#define BATCH_WORDS	1024

/* Runs the words of one line; returns an exit status. */
typedef int batch_cb(unsigned int n, char **words, void *data);

int batch_run(FILE *in, const char *name, bool force, batch_cb *run,
	      void *data);
int split_line(char *line, char **words, unsigned int *n);

#endif
