/* Compiler attributes that the contracts use. Included by nearly every header; holds no code. */
#ifndef CROFT_BASE_ATTR_H
#define CROFT_BASE_ATTR_H

#include <stddef.h>

#define MUST_USE __attribute__((warn_unused_result))
/* of what a macro defines and not everyone needs */
#define MAYBE_UNUSED __attribute__((unused))
#define NO_RETURN __attribute__((noreturn))
#define PRINTF_LIKE(format_at, first_at) __attribute__((format(printf, format_at, first_at)))

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/*
 * What a field or a setting may be, with the NULL behind them:
 *
 *	static const char *const shelves[] = CHOICES("fiction", "science", "other");
 */
#define CHOICES(...) \
	{ \
		__VA_ARGS__, NULL \
	}

/*
 * AUTO(db_tx) tx = { 0 };   declares a `struct db_tx` whose db_tx_auto() runs when the scope is
 * left, on every path. The _auto function must accept a zeroed struct.
 */
#define AUTO(name) __attribute__((cleanup(name##_auto))) struct name

#endif
