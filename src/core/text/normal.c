/*
 * Normal forms and folding, on code points: utf8proc says what one becomes and what two of them
 * compose to. Marks are put in order here, because utf8proc's own way takes the square of their
 * number, and clients choose how many there are.
 */
#include <assert.h>
#include <string.h>
#include <utf8proc.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "core/text.h"

enum {
	REPLACEMENT = 0xFFFD,
	/* two settle every code point; the bound is for texts nobody thought of */
	FOLD_ROUNDS_MAX = 4,
	SHORT_RUN = 16,
	CLASSES = 256,
};

static const utf8proc_option_t to_nfd = UTF8PROC_DECOMPOSE;
static const utf8proc_option_t to_nfkd = UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT;
static const utf8proc_option_t to_folded = UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT |
					   UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;

struct points {
	struct arena *arena;
	utf8proc_int32_t *at;
	size_t count, room;
};

/* ---- bytes and code points ---- */

static struct points points_new(struct arena *arena, size_t room)
{
	return (struct points){ arena, arena_raw(arena, (room + 1) * sizeof(utf8proc_int32_t)), 0,
				room + 1 };
}

static void points_reserve(struct points *p, size_t more)
{
	if (p->room - p->count >= more)
		return;
	size_t room = p->room * 2 + more;
	p->at = arena_grow(p->arena, p->at, p->room * sizeof(*p->at), room * sizeof(*p->at));
	p->room = room;
}

static struct points points_read(struct arena *arena, const char *text, size_t len)
{
	struct points p = points_new(arena, len);
	for (size_t at = 0; at < len;) {
		uint32_t code_point = REPLACEMENT;
		size_t step = str_utf8_next(text + at, len - at, &code_point);
		p.at[p.count++] = (utf8proc_int32_t)code_point;
		at += step ? step : 1;
	}
	return p;
}

static char *points_write(const struct points *p, size_t *ret_len)
{
	struct buf text;
	buf_init(&text, p->arena);
	buf_reserve(&text, p->count + 1);
	for (size_t i = 0; i < p->count; i++)
		str_utf8_add(&text, (uint32_t)p->at[i]);
	if (ret_len)
		*ret_len = text.len;
	buf_add_char(&text, '\0');
	return text.data;
}

/* ---- one step: taking apart, ordering the marks, putting together ---- */

static unsigned mark_class(utf8proc_int32_t point)
{
	return (unsigned)utf8proc_get_property(point)->combining_class & (CLASSES - 1);
}

static void run_insert(utf8proc_int32_t *run, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		utf8proc_int32_t point = run[i];
		size_t at = i;
		for (; at && mark_class(run[at - 1]) > mark_class(point); at--)
			run[at] = run[at - 1];
		run[at] = point;
	}
}

static void run_count(struct arena *arena, utf8proc_int32_t *run, size_t count)
{
	size_t starts[CLASSES + 1] = { 0 };
	utf8proc_int32_t *sorted = arena_raw(arena, count * sizeof(*sorted));
	for (size_t i = 0; i < count; i++)
		starts[mark_class(run[i]) + 1]++;
	for (size_t i = 0; i < CLASSES; i++)
		starts[i + 1] += starts[i];
	for (size_t i = 0; i < count; i++)
		sorted[starts[mark_class(run[i])]++] = run[i];
	memcpy(run, sorted, count * sizeof(*sorted));
}

/*
 * The canonical ordering algorithm, Unicode 15.0 D109: each run of marks is sorted by class, equal
 * ones stay in order.
 */
static void points_order(struct points *p)
{
	for (size_t at = 0; at < p->count;) {
		size_t end = at;
		while (end < p->count && mark_class(p->at[end]))
			end++;
		if (end - at > SHORT_RUN)
			run_count(p->arena, p->at + at, end - at);
		else
			run_insert(p->at + at, end - at);
		at = end + 1;
	}
}

/*
 * Default ignorables that Unicode keeps free for later (UCD, DerivedCoreProperties.txt): utf8proc
 * leaves these alone.
 */
static bool is_reserved_ignorable(utf8proc_int32_t point)
{
	return point == 0x2065 || (point >= 0xFFF0 && point <= 0xFFF8) ||
	       (point >= 0xE0000 && point <= 0xE0FFF);
}

static struct points points_apart(const struct points *from, utf8proc_option_t options)
{
	int boundary = 0;
	struct points to = points_new(from->arena, from->count + from->count / 2);
	for (size_t i = 0; i < from->count; i++) {
		if ((options & UTF8PROC_IGNORE) && is_reserved_ignorable(from->at[i]))
			continue;
		utf8proc_ssize_t room, took = 0;
		do {
			points_reserve(&to, (size_t)took + 4);
			room = (utf8proc_ssize_t)(to.room - to.count);
			took = utf8proc_decompose_char(from->at[i], to.at + to.count, room, options,
						       &boundary);
		} while (took > room);
		assert(took >= 0);
		to.count += (size_t)took;
	}
	points_order(&to);
	return to;
}

static void points_together(struct points *p)
{
	utf8proc_ssize_t count = utf8proc_normalize_utf32(p->at, (utf8proc_ssize_t)p->count,
							  UTF8PROC_COMPOSE | UTF8PROC_STABLE);
	assert(count >= 0);
	p->count = (size_t)count;
}

/* ---- the interface ---- */

bool text_is_ascii(const char *text, size_t len)
{
	unsigned char all = 0;
	for (size_t i = 0; i < len; i++)
		all |= (unsigned char)text[i];
	return all < 0x80;
}

static char *ascii_copy(struct arena *arena, const char *text, size_t len, size_t *ret_len)
{
	if (ret_len)
		*ret_len = len;
	return arena_strndup(arena, text, len);
}

char *text_normal(struct arena *arena, enum text_form form, const char *text, size_t len,
		  size_t *ret_len)
{
	if (text_is_ascii(text, len))
		return ascii_copy(arena, text, len, ret_len);
	bool compatible = form == TEXT_NFKD || form == TEXT_NFKC;
	struct points p = points_read(arena, text, len);
	p = points_apart(&p, compatible ? to_nfkd : to_nfd);
	if (form == TEXT_NFC || form == TEXT_NFKC)
		points_together(&p);
	return points_write(&p, ret_len);
}

static bool points_equal(const struct points *a, const struct points *b)
{
	return a->count == b->count && !memcmp(a->at, b->at, a->count * sizeof(*a->at));
}

/* NFD comes first: folding makes a letter of U+0345, which would then part the marks around it. */
static struct points points_folded(const struct points *from)
{
	struct points p = points_apart(from, to_nfd);
	p = points_apart(&p, to_folded);
	points_together(&p);
	return p;
}

char *text_fold(struct arena *arena, const char *text, size_t len, size_t *ret_len)
{
	if (text_is_ascii(text, len)) {
		char *key = ascii_copy(arena, text, len, ret_len);
		for (size_t i = 0; i < len; i++)
			key[i] = str_lower(key[i]);
		return key;
	}
	struct points before, p = points_read(arena, text, len);
	for (int round = 0; round < FOLD_ROUNDS_MAX; round++) {
		before = p;
		p = points_folded(&before);
		if (points_equal(&before, &p))
			break;
	}
	return points_write(&p, ret_len);
}

enum text_class text_class_of(uint32_t code_point)
{
	switch (utf8proc_category((utf8proc_int32_t)code_point)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO: return TEXT_LETTER;
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
	case UTF8PROC_CATEGORY_ME: return TEXT_MARK;
	case UTF8PROC_CATEGORY_ND: return TEXT_DIGIT;
	case UTF8PROC_CATEGORY_NL:
	case UTF8PROC_CATEGORY_NO: return TEXT_NUMBER;
	case UTF8PROC_CATEGORY_ZS:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP: return TEXT_SPACE;
	default: return TEXT_OTHER;
	}
}
