/*
 * The process scope: everything that lives from start to stop, built and torn down in src/app. Each
 * member owns its own locks. Lower layers see only the pointers they need; what may be NULL once
 * start hooks run says so.
 */
#ifndef CROFT_CORE_APP_H
#define CROFT_CORE_APP_H

#include <stdbool.h>
#include <stdint.h>

struct audit_notes;
struct authenticator;
struct config;
struct db;
struct http_server;
struct log;
struct module;
struct pool;
struct security;
struct services;
struct ticker;

enum app_environment { ENV_LOCAL = 0, ENV_TESTING, ENV_STAGING, ENV_PRODUCTION };
/* "local" and so on, as they are set and told; ends with NULL. */
extern const char *const app_environment_names[];

struct app_options {
	const char *name;
	/* An enum app_environment. */
	int64_t environment;
	const char *data_dir;
	/* Where the pages are that letters lead to, without a slash at its end; "": nowhere. */
	const char *base_url;
	/* Core files and debuggers are let in. */
	bool debuggable;
};

struct app {
	const struct app_options *options;
	struct config *config;
	struct log *log;
	struct pool *pool;
	struct security *security;
	struct db *db;
	/* Of the modules, see core/service.h; NULL: this process has started none. */
	struct services *services;
	/* NULL outside `croft serve`. */
	struct ticker *ticker;
	/* NULL outside `croft serve`, and until all modules have started. */
	struct http_server *http;
	/* NULL-terminated, in start order. */
	const struct module *const *modules;
	/* A module has the table of the audit: each COMMAND leaves a row there. */
	bool keeps_audit;
	/* See core/idempotency.h; NULL outside `croft serve`. */
	struct limit_table *kept_answers;
	/* Of what was refused, see core/audit.h; NULL outside `croft serve`. */
	struct audit_notes *audit_notes;
	/* That of the module that has one; NULL: none has. */
	const struct authenticator *authenticator;
};

/* The version of this build, such as "0.1.0". */
extern const char *const app_version;

#endif
