/* Reading numbers and truths from text, in pydantic's lax way. */
#ifndef CROFT_SRC_CORE_SCHEMA_FORMAT_NUMBER_H
#define CROFT_SRC_CORE_SCHEMA_FORMAT_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "core/json.h"

/* "5", " 5 ", "+5", "5.0", "1_000". */
enum number_read number_int_of_text(const char *text, size_t len, int64_t *ret) MUST_USE;
/* "5", ".5", "1e3", " 1_000.5 ". "inf" and "nan" are NUMBER_TOO_BIG. */
enum number_read number_real_of_text(const char *text, size_t len, double *ret) MUST_USE;

/* 1, 0, true, false, on, off, yes, no, y, n, t, f in any case. */
bool bool_of_text(const char *text, size_t len, bool *ret) MUST_USE;

#endif
