/*
 * The gate in front of cJSON: a strict scan of RFC 8259 and UTF-8 that also records where each
 * value stands in the text, so that integers are read exactly and raw JSON is kept byte for byte.
 * It converts nothing.
 */
#ifndef CROFT_SRC_CORE_JSON_GATE_H
#define CROFT_SRC_CORE_JSON_GATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/attr.h"
#include "core/json.h"

struct arena;

/* The name of a member, unescaped; `at` is where it stands. */
struct gate_key {
	const char *text;
	size_t len;
	const char *at;
};

enum { GATE_KEYS_FIRST = 24 };

struct gate {
	const char *start, *at, *end;
	/* the first fault; NULL while there is none */
	const char *why, *why_at;
	struct arena *arena;
	/* longer than cJSON can read */
	bool has_long_number;
	unsigned depth;
	size_t nodes;
	/* NULL: not kept */
	struct json_span *spans;
	size_t span_room;
	/* of the objects that are open, the innermost last */
	struct gate_key *keys;
	size_t key_count, key_room;
	struct gate_key first_keys[GATE_KEYS_FIRST];
};

/* The longest number that cJSON reads whole. */
enum { GATE_NUMBER_MAX = 60 };

/* Scratch memory is in the arena. */
void gate_init(struct gate *gate, struct arena *arena, const char *text, size_t len);
/* Keeps the spans: in the room, and in the arena when there are more. */
void gate_keep(struct gate *gate, struct json_span *room, size_t count);
/* Scans the whole text. On false, `why` and `why_at` are set. */
bool gate_run(struct gate *gate) MUST_USE;
/* Where the fault is, in code points from the start. */
size_t gate_fault_offset(const struct gate *gate);

/* ---- between the files of the folder ---- */

/* A number's text as a double; false when it leaves the range of one. */
bool json_token_real(const char *token, size_t len, double *ret) MUST_USE;

/* Records the first fault; always false. */
static inline bool gate_fail(struct gate *gate, const char *at, const char *why)
{
	if (!gate->why) {
		gate->why = why;
		gate->why_at = at;
	}
	return false;
}

/* A string, from its opening to past its closing quote. */
bool gate_string(struct gate *gate, bool *ret_escaped) MUST_USE;
/* The same for a member's name, which is remembered. */
bool gate_key(struct gate *gate) MUST_USE;
/* Refuses a name given twice among the keys from `base` on, and forgets them. */
bool gate_keys_close(struct gate *gate, size_t base) MUST_USE;

/*
 * The first byte at or after `at` that is not plain text inside a JSON string: a quote, a
 * backslash, a control byte or a byte of a longer UTF-8 sequence. Looks at eight bytes at once.
 */
static inline const char *gate_plain_run(const char *at, const char *end)
{
	const uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;
	while (end - at >= 8) {
		uint64_t word;
		memcpy(&word, at, sizeof(word));
		uint64_t quote = word ^ (ones * '"'), slash = word ^ (ones * '\\');
		/* A borrow may mark a byte too many, but only after one that is rightly marked. */
		if ((word | (word - ones * 0x20) | (quote - ones) | (slash - ones)) & highs)
			break;
		at += 8;
	}
	while (at < end && (unsigned char)*at >= 0x20 && (unsigned char)*at < 0x80 && *at != '"' &&
	       *at != '\\')
		at++;
	return at;
}

#endif
