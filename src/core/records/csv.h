/*
 * CSV as RFC 4180 has it, from a text in memory. Lines may also end with a line feed alone, a byte
 * order mark is passed over, and so are lines without anything. All else is strict: what a
 * spreadsheet would guess at is a fault.
 */
#ifndef CROFT_SRC_CORE_RECORDS_CSV_H
#define CROFT_SRC_CORE_RECORDS_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "core/records.h"

struct arena;

struct csv {
	const char *at, *end;
	/* Of `at`, from 1. */
	int64_t line;
};

struct csv_cell {
	/* Not NUL-terminated: a part of the text or, where quotes were doubled, in the arena. */
	const char *text;
	size_t len;
};

struct csv_record {
	/* That it begins on. */
	int64_t line;
	struct csv_cell cells[RECORDS_COLUMNS_MAX];
	size_t count;
	/* What is wrong with it, as a sentence; then nothing behind it can be read. */
	const char *fault;
};

void csv_init(struct csv *csv, const char *text, size_t len);
/* Reads the next record, or its fault. False: there is none left. */
bool csv_next(struct csv *csv, struct arena *arena, struct csv_record *ret) MUST_USE;

#endif
