/*
 * Settings. Every subsystem and module declares one table of options for its own struct; the tables
 * are the source of app.ini, .env.example, `croft config` and of all checking. Values are read
 * once, at start.
 *
 * Sources, weakest first: the option's preset, app.ini, the variable that others have for the same
 * (PORT), in .env or the environment, .env, the environment (CROFT_SECTION_KEY), --set
 * section.key=value. For secrets CROFT_SECTION_KEY_FILE, or section.key_file in app.ini and
 * behind --set, names a file that holds the value; only that of the strongest source is read. Two
 * groups may share a section; no two options may share a name.
 */
#ifndef CROFT_CORE_CONFIG_H
#define CROFT_CORE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/attr.h"
#include "base/ctx.h"

struct buf;
struct config;

enum option_type { OPTION_TEXT, OPTION_INT, OPTION_BOOL };

/*
 * What the number of an OPTION_INT counts; decides how it is written and read ("30s", "1 MiB" are
 * understood).
 */
enum option_unit { UNIT_NONE = 0, UNIT_SECONDS, UNIT_MILLISECONDS, UNIT_MINUTES, UNIT_BYTES };

struct option {
	const char *key;
	enum option_type type;
	/* Where the member stands in the group's struct. */
	size_t offset;
	/* The default, as a text; NULL: empty text, 0 or false. */
	const char *preset;
	/* One or two sentences for the operator, ending with a full stop. */
	const char *doc;
	/* OPTION_INT, both inclusive. Both 0: no bound; max below min: only min counts. */
	int64_t min, max;
	enum option_unit unit;
	/* A variable that hosts and other programs have for it, such as "PORT", or NULL. */
	const char *also;
	/* CHOICES(). An OPTION_TEXT must be one of them; an OPTION_INT gets its index. */
	const char *const *choices;
	/* Never printed; may come from CROFT_…_FILE. */
	bool secret;
	/*
	 * Production does not start when it is empty or well known, and "secret" when it is shorter
	 * than 32 bytes.
	 */
	bool required_in_production;
	/*
	 * Only a server needs it. Others do without: production does not demand it of them, and
	 * when its file cannot be read, which may not be for their user, it is empty.
	 */
	bool server_only;
};

/*
 * Rules of a group beyond types, choices and bounds: a group's check() looks at the filled struct
 * and reports each fault by the key of the option. Whoever uses the values may count on them, and
 * what `config check` approves can be served. `c` is for whatever the check calls; its failure is
 * not looked at.
 */
struct config_check;
struct ctx *config_check_ctx(struct config_check *check);
/*
 * Reports what `c` has recorded, at the option whose name ("server.port") the text begins with,
 * otherwise at `key`.
 */
void config_check_failure(struct config_check *check, const char *key);
/* Any setting ("app.name") as it was written; NULL: no group has it. For rules between groups. */
const char *config_check_text(const struct config_check *check, const char *name);
/* The text never quotes a secret. */
void config_check_fault(struct config_check *check, const char *key, const char *format, ...)
	PRINTF_LIKE(3, 4);

struct option_group {
	const char *section;
	/* The sentence above the section in app.ini. */
	const char *doc;
	/* Of the struct that the options fill, in bytes. */
	size_t size;
	const struct option *options;
	size_t count;
	/* Rules of the group, see above; or NULL. */
	void (*check)(struct config_check *check, const void *values);
};

/* clang-format off */
#define OPTION_TYPE_OF(member) \
	_Generic((member), \
		const char *: OPTION_TEXT, \
		int64_t:      OPTION_INT, \
		bool:         OPTION_BOOL)
/* clang-format on */

/* OPTION(struct http_options, port, .preset = "8000", .min = 1, .max = 65535, .doc = "…") */
#define OPTION(owner, member, ...) \
	{ \
		.key = #member, .type = OPTION_TYPE_OF(((owner *)0)->member), \
		.offset = offsetof(owner, member), __VA_ARGS__ \
	}

/* OPTION_GROUP(http_option_group, "server", struct http_options, "doc", OPTION(…), OPTION(…)) */
#define OPTION_GROUP(name, section_name, owner, doc_text, ...) \
	OPTION_GROUP_CHECKED(name, section_name, owner, doc_text, NULL, __VA_ARGS__)
/* The same with a function that checks the filled struct. */
#define OPTION_GROUP_CHECKED(name, section_name, owner, doc_text, check_fn, ...) \
	const struct option_group name = { \
		.section = section_name, \
		.doc = doc_text, \
		.size = sizeof(owner), \
		.options = (const struct option[]){ __VA_ARGS__ }, \
		.count = sizeof((const struct option[]){ __VA_ARGS__ }) / sizeof(struct option), \
		.check = (check_fn), \
	}

struct config_sources {
	/* NULL: none. A missing file is an error only when ini_required. */
	const char *ini_path;
	bool ini_required;
	/* NULL: none. A missing file is an error only when env_required. */
	const char *env_path;
	bool env_required;
	/*
	 * The path is where it is by custom: where app.environment is "testing", as every source
	 * but this file says, PATH.test is read instead.
	 */
	bool env_varies;
	/* NULL-terminated "NAME=value"; NULL: none. */
	char **environ;
	/* NULL-terminated "section.key=value", or NULL. */
	const char *const *sets;
	/* The caller is a server, or looks at what one would need: see server_only. */
	bool needs_all;
};

/*
 * Reads and checks all sources against `groups` (NULL-terminated, static). On failure every fault
 * has been appended to `faults`, one line each, with file and line where there is one, and
 * APP_INVALID is returned. The arrays and texts of `sources` are not used after the call. Whether
 * production demands a secret is decided by the value of `app.environment`.
 */
enum app_err config_load(struct ctx *c, const struct option_group *const *groups,
			 const struct config_sources *sources, struct buf *faults,
			 struct config **ret_config) MUST_USE;
void config_drop(struct config *config);

/* The filled struct of a group given to config_load(); lives as long as the config. */
const void *config_group(const struct config *config, const struct option_group *group);

/*
 * Completes a group's struct that no config has filled: a number that is zero and may not be, and a
 * text that is NULL, get the preset of their option.
 */
void config_complete(const struct option_group *group, void *values);

/* A file that settings were read from, as it was at that moment. */
struct config_file {
	const char *path;
	struct stat status;
	/* It has a secret that is not empty, even when a stronger source has another value. */
	bool has_secret;
};
/* In the order they were read; ends with a NULL path. Lives as long as the config. */
const struct config_file *config_files(const struct config *config);

/*
 * Replaces a secret that was left empty by a generated one and remembers it came from `origin` (for
 * printing). Used for secrets that are kept in the data directory.
 */
void config_set_generated(struct config *config, const struct option_group *group, const char *key,
			  const char *value, const char *origin);

/*
 * Wipes a secret that is not needed any more; in the filled struct, too, it is empty from then on.
 * config_print() still tells whether it was set. Nobody else may read it meanwhile.
 */
void config_forget(struct config *config, const struct option_group *group, const char *key);

/*
 * Wipes the values of secrets in `environ` and `sets`, whose texts must be writable, once
 * config_load() has read them.
 */
void config_sources_forget(const struct config *config, const struct config_sources *sources);

/*
 * Each setting with its value and where it came from, one a line; secrets are shown as "(set)",
 * "(empty)" or "(not readable)". Then the variables that look like settings and are none.
 */
void config_print(const struct config *config, struct buf *out);

/* The whole of app.ini and .env.example, made from the tables alone. */
void config_print_ini(const struct option_group *const *groups, struct buf *out);
void config_print_env(const struct option_group *const *groups, struct buf *out);

#endif
