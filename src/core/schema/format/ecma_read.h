/*
 * What ecma.c and ecma_class.c share: a pattern that is being read, and the atoms of which both
 * terms and classes are.
 */
#ifndef CROFT_SRC_CORE_SCHEMA_FORMAT_ECMA_READ_H
#define CROFT_SRC_CORE_SCHEMA_FORMAT_ECMA_READ_H

#include <stdbool.h>

struct buf;

struct ecma_reader {
	/* not read yet; stays where a fault is */
	const char *at;
	/* the first fault, or NULL */
	const char *why;
	/* PCRE2 */
	struct buf *out;
};

/* Keeps the first reason. */
void ecma_refuse(struct ecma_reader *r, const char *why);
/* Reads one character or escape outside a class. */
void ecma_atom(struct ecma_reader *r);
/* Reads a class, from '[' to ']'. */
void ecma_class(struct ecma_reader *r);

#endif
