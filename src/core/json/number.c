/*
 * Numbers between JSON and C: exact integers, doubles that read back the same. A value is read from
 * its text, never from what cJSON made of it. Bounds are not checked here.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/json.h"
#include "gate.h"

static const double exact_max = 9007199254740992.0; /* 2^53 */

/* ---- from JSON ---- */

static bool is_integer_token(const char *token, size_t len)
{
	for (size_t i = token[0] == '-'; i < len; i++)
		if (!str_is_digit(token[i]))
			return false;
	return true;
}

enum number_read json_node_int(struct json_node number, int64_t *ret)
{
	double value;
	const char *token = number.span->at;
	size_t len = number.span->len;
	if (is_integer_token(token, len))
		return str_span_to_int64(token, len, ret) ? NUMBER_OK : NUMBER_TOO_BIG;
	enum number_read read = json_node_real(number, &value);
	if (read)
		return read;
	if (value != floor(value))
		return NUMBER_FRACTION;
	if (fabs(value) > exact_max)
		return NUMBER_TOO_BIG;
	*ret = (int64_t)value;
	return NUMBER_OK;
}

bool json_token_real(const char *token, size_t len, double *ret)
{
	char near[64];
	char *copy = len < sizeof(near) ? near : mem_new(1, len + 1);
	memcpy(copy, token, len);
	copy[len] = '\0';
	bool ok = str_to_double(copy, ret);
	if (copy != near)
		free(copy);
	return ok;
}

enum number_read json_node_real(struct json_node number, double *ret)
{
	bool ok = json_token_real(number.span->at, number.span->len, ret);
	return ok ? NUMBER_OK : NUMBER_TOO_BIG;
}

/* ---- to JSON ---- */

void json_add_real(struct buf *out, double value)
{
	/* Whole numbers of up to 15 digits print the same either way, and faster as integers. */
	if (fabs(value) < 1e15 && value == floor(value) && !(value == 0 && signbit(value))) {
		buf_add_int(out, (int64_t)value);
		return;
	}
	if (!isfinite(value)) {
		buf_add_lit(out, "null");
		return;
	}
	char text[32];
	int len = 0;
	for (int precision = 15; precision <= 17; precision++) {
		len = snprintf(text, sizeof(text), "%.*g", precision, value);
		if (strtod(text, NULL) == value)
			break;
	}
	buf_add(out, text, (size_t)len);
}
