/*
 * Letters by mail: what one is, and who is to get one once a write is committed. The service sends
 * them, by the driver that the settings [mail] name; what a test has in its place is
 * testing/mailbox.h.
 *
 * A letter is written after the answer, on a thread of the pool: nobody can tell by the time of an
 * answer whether there was one to write. So what waits to be written is lost with the process when
 * that is killed; an orderly stop waits for it.
 */
#ifndef CROFT_CORE_MAILER_H
#define CROFT_CORE_MAILER_H

#include <pthread.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/ctx.h"
#include "core/config.h"
#include "core/service.h"

struct mail_options {
	/* An enum of the mailer's own. */
	int64_t driver;
	/* Of the driver file; empty: "mail" in the data folder. */
	const char *folder;
	/* The address that letters come from. */
	const char *from;
};
/* The settings of section [mail]. */
extern const struct option_group mail_option_group;

/* Texts are UTF-8, their lines end with \n and have 998 bytes at most. */
struct letter {
	const char *to, *subject, *text, *html;
};

struct mailer {
	/* NULL: none is sent. */
	enum app_err (*send)(struct ctx *c, struct mailer *mailer, const struct letter *letter);
	/* ---- the mailer's own ---- */
	pthread_mutex_t lock;
	pthread_cond_t done;
	/* Errands that are not done. */
	int64_t waiting;
};
SERVICE_DECLARE(mailer);

/* Without `send`. */
void mailer_init(struct mailer *mailer);
/* Waits until all is written that was posted. */
void mailer_settle(struct mailer *mailer);

/*
 * What is to be written, as far as it is known before: write() finds out the rest, on a thread of
 * the pool and as the system, in a context of its own. Without ret->to nobody gets a letter.
 */
struct mail_errand {
	enum app_err (*write)(struct ctx *c, const struct mail_errand *errand, struct letter *ret);
	int64_t user_id;
	/* An address, and whatever else write() needs; NULL: nothing. They are copied. */
	const char *to, *about;
};
/*
 * Has it written once the write is committed; outside of one, now. APP_UNAVAILABLE: no mail is
 * sent here, or too much of it waits.
 */
enum app_err mailer_post(struct ctx *c, const struct mail_errand *errand) MUST_USE;

/*
 * Why the letter is not sent: an address, a subject or a line that would be taken for something
 * else. A clause; NULL: it is.
 */
const char *letter_fault(const struct letter *letter);
/* The whole of it as RFC 5322 has it: from a name and an address, at that time. */
void letter_render(const struct letter *letter, const char *name, const char *from,
		   struct instant at, struct buf *out);

struct letter_value {
	const char *name, *value;
};
/*
 * The text with each {{name}} replaced by its value, of which what no line shows is left out; the
 * list ends with a zero row. What stands in a value stays as it is.
 */
const char *letter_fill(struct arena *arena, const char *text, const struct letter_value *values);
/* A filled text as HTML: its paragraphs, and links of lines that are one. */
const char *letter_html(struct arena *arena, const char *text);

#endif
