/* What the files of the mailer share. */
#ifndef CROFT_SRC_CORE_MAILER_INTERNAL_H
#define CROFT_SRC_CORE_MAILER_INTERNAL_H

#include "core/mailer.h"

enum mail_driver { MAIL_AUTO = 0, MAIL_CONSOLE, MAIL_FILE, MAIL_OFF };

/* A file for each letter, in a folder that is made if it is missing. */
enum app_err mail_file_send(struct ctx *c, struct mailer *mailer,
			    const struct letter *letter) MUST_USE;
/* The text of it on standard error. */
enum app_err mail_console_send(struct ctx *c, struct mailer *mailer,
			       const struct letter *letter) MUST_USE;
#endif
