/*
 * Codes that are good once, such as one in a letter that sets a new password: 160 random bits, of
 * which the table one_time_tokens has the SHA-256 alone. For one subject and purpose there is one
 * at a time: a newer one kills the older.
 */
#ifndef CROFT_CORE_ONE_TIME_H
#define CROFT_CORE_ONE_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/ctx.h"

enum {
	ONE_TIME_BYTES = 20,
	/* In base64url, with the NUL. */
	ONE_TIME_ROOM = 28,
	/* How often one may be looked at. */
	ONE_TIME_TRIES_MAX = 10,
};

struct one_time {
	const char *purpose;
	/* Of what there is one at a time: an address, an id. */
	const char *subject;
	/* With the account it goes; 0: there is none. */
	int64_t user_id;
	/* Whatever whoever mints it wants to know again; or NULL. */
	const char *data;
};

/*
 * Makes one that is good for so many seconds. *ret_made is false when one that nobody has used is
 * younger than `pause_s`: that one stays. Some that are past their time are deleted. Only inside a
 * write, as the next two.
 */
enum app_err one_time_make(struct ctx *c, const struct one_time *what, int64_t lifetime_s,
			   int64_t pause_s, char ret[ONE_TIME_ROOM], bool *ret_made) MUST_USE;
/*
 * Finds one that is good, which counts as a try, and leaves it. A code that is unknown, used, past
 * its time, or tried too often is APP_BAD_REQUEST, all in the same words.
 */
enum app_err one_time_look(struct ctx *c, const char *purpose, const char *text,
			   struct one_time *ret) MUST_USE;
/* The same, and it is used up. */
enum app_err one_time_use(struct ctx *c, const char *purpose, const char *text,
			  struct one_time *ret) MUST_USE;
/*
 * What was minted for the subject last and is good yet, without its code; *ret_there: whether there
 * is such a one.
 */
enum app_err one_time_find(struct ctx *c, const char *purpose, const char *subject,
			   struct one_time *ret, bool *ret_there) MUST_USE;
/* Those words, for one that is good no more for another reason. */
enum app_err one_time_refuse(struct ctx *c) MUST_USE;

#endif
