/*
 * What the files of core/config share: the list of settings with the value each holds so far, and
 * the loader that gives them values and collects faults. Nothing here is for other folders.
 */
#ifndef CROFT_SRC_CORE_CONFIG_INTERNAL_H
#define CROFT_SRC_CORE_CONFIG_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "core/config.h"

/* Where a value came from, weakest first. */
enum config_source {
	CONFIG_FROM_PRESET,
	CONFIG_FROM_INI,
	/* the variable option.also, wherever it stands */
	CONFIG_FROM_ALSO,
	CONFIG_FROM_DOTENV,
	CONFIG_FROM_ENVIRON,
	CONFIG_FROM_SET,
	CONFIG_FROM_GENERATED,
};

/*
 * One option of one group, with the strongest value given so far. All texts live in the config's
 * arena.
 */
struct config_setting {
	const struct option_group *group;
	const struct option *option;
	/* "server.port" */
	const char *name;
	/* "CROFT_SERVER_PORT" */
	const char *env;
	/* the value as it was written; never NULL */
	const char *text;
	/* "app.ini:12", "CROFT_SERVER_PORT", "default" */
	const char *origin;
	enum config_source source;
	/* text is the path of the file until config_read_files() */
	bool by_file;
	/* its file could not be read, and need not be */
	bool unread;
	/* it was set, and is wiped */
	bool forgotten;
};

struct config_part {
	const struct option_group *group;
	/* the group's struct */
	void *values;
};

struct config {
	struct arena arena;
	/* in the order of the tables */
	struct config_setting *settings;
	size_t setting_count;
	struct config_part *parts;
	size_t part_count;
	/* ends with a NULL path; NULL: none */
	struct config_file *files;
	size_t file_count;
	/* variables that nobody reads, as they can be printed, and why; one a line */
	struct buf ignored;
};

struct config_loader {
	struct config *config;
	/* for file contents and messages; wiped once all is read */
	struct arena *scratch;
	struct buf *faults;
	size_t fault_count;
	/* see struct config_sources */
	bool needs_all;
};

/* One value on its way to a setting. */
struct config_given {
	enum config_source source;
	/* shown to the operator */
	const char *origin;
	const char *text;
	bool by_file;
};

/* settings.c: the list made from the tables. The find functions return NULL for an unknown name. */
void config_settings_make(struct config *config, const struct option_group *const *groups);
struct config_setting *config_setting_find(const struct config *config, const char *name);
struct config_setting *config_setting_find_env(const struct config *config, const char *env);
/* The one whose option.also it is. */
struct config_setting *config_setting_find_also(const struct config *config, const char *variable);
/*
 * " (did you mean X?)" for a name that is unknown, or nothing when none is near. X is a name such
 * as "server.port", or a variable, and has _file behind it as `name` has.
 */
const char *config_setting_hint(const struct config *config, struct arena *arena, const char *name,
				bool as_env);
/* Whether who loads the settings cannot do without this one. */
bool config_is_needed(const struct config_loader *loader, const struct config_setting *setting);
/* The setting that may be meant, or NULL. */
const struct config_setting *config_setting_meant(const struct config *config, const char *name);
/* Whether a setting of some section has this key, in any case. */
bool config_setting_has_key(const struct config *config, const char *name);
/* The default of an option as text; never NULL. */
const char *config_preset(const struct option *option);
/* The variable's name for a setting, such as "CROFT_SERVER_PORT". */
const char *config_env_name(struct arena *arena, const char *section, const char *key);

/*
 * fault.c: adds one line "origin: text" (only the text when `origin` is NULL); control bytes are
 * made visible.
 */
void config_fault(struct config_loader *loader, const char *origin, const char *format, ...)
	PRINTF_LIKE(3, 4);
/* The same for a setting: at its origin, unless it has its default. */
void config_setting_fault(struct config_loader *loader, const struct config_setting *setting,
			  const char *text);

/* give.c: checks the value and keeps it, or adds the fault. */
void config_give(struct config_loader *loader, struct config_setting *setting,
		 const struct config_given *given);
/* Gives the value of one CROFT_ variable, or the path that a CROFT_…_FILE holds. */
void config_give_env(struct config_loader *loader, enum config_source source, const char *origin,
		     const char *name, const char *value);
/*
 * The same for a variable of option.also, unless a stronger source has a value already; one that is
 * empty gives none.
 */
void config_give_also(struct config_loader *loader, struct config_setting *setting,
		      const char *origin, const char *value);
/*
 * The same for a name such as "server.port", or "auth.secret_file" for the path of a secret's file,
 * as app.ini and --set have it.
 */
void config_give_name(struct config_loader *loader, enum config_source source, const char *origin,
		      const char *name, const char *value);
/*
 * Whether it is the name of a variable but for its case, which is told: elsewhere variables in
 * small letters are somebody else's.
 */
bool config_refuse_lower(struct config_loader *loader, const char *origin, const char *name);

/* forget.c: what is to be done with the text of a setting that gets another one. */
void config_text_wipe(const struct config_setting *setting);

/* The sources. */
void config_read_ini(struct config_loader *loader, const char *path, bool required);
void config_read_dotenv(struct config_loader *loader, const char *path, bool required);
void config_read_environ(struct config_loader *loader, char **environ);
void config_read_sets(struct config_loader *loader, const char *const *sets);
/* secret_file.c: the files that hold the values of secrets, once all sources are read. */
void config_read_files(struct config_loader *loader);

/* check.c: the rules of the groups themselves, once their structs are filled. */
void config_check_groups(struct config_loader *loader, struct ctx *c);

/*
 * link.c: whether the variable is one that Kubernetes (or docker --link) makes for a service, such
 * as CROFT_APP_PORT=tcp://…
 */
bool config_is_service_link(const char *name, const char *value);

/*
 * production.c: adds a fault for each setting that production demands and that is empty or
 * guessable.
 */
void config_check_production(struct config_loader *loader);

/*
 * file.c: the whole file as NUL-terminated text without its byte order mark. NULL when it cannot be
 * read, is larger than `limit` or holds a NUL byte; *ret_why then says so and *ret_missing whether
 * it is just not there. It is one of config_files() from then on.
 */
char *config_file_text(struct config_loader *loader, const char *path, size_t limit,
		       const char **ret_why, bool *ret_missing);
/* The file that was read last holds this value; it matters when the value is a secret. */
void config_file_gave(struct config *config, const struct option *option, const char *text);
/* Cuts the next line off the text at *at, without its line end; NULL at the end. */
char *config_file_line(char **at);

/*
 * value.c: whether the text is a value of the option; *ret then is the number, the index of the
 * choice or 0/1 of a bool (0 for free text). Otherwise `why` says what is wrong, which quotes the
 * text.
 */
bool config_value_check(const struct option *option, const char *text, int64_t *ret,
			struct buf *why);
/*
 * Gives the option's member of its group's struct a value that was checked; a text is not copied.
 */
void config_value_store(const struct option *option, void *values, const char *text);
/* Whether there is a control character other than the tab in the text. */
bool config_has_control(const char *text);
/* A checked value as it is best written: "5m", "1MiB", "true". */
void config_value_add(struct buf *out, const struct option *option, const char *text);
/* "1 to 65535", "at least 1s"; adds nothing when there are no bounds. */
void config_bounds_add(struct buf *out, const struct option *option);
/* "local, staging, production" */
void config_choices_add(struct buf *out, const struct option *option);

/* unit.c */
enum config_number { CONFIG_NUMBER_OK, CONFIG_NUMBER_MALFORMED, CONFIG_NUMBER_TOO_LARGE };
enum config_number config_unit_parse(enum option_unit unit, const char *text, int64_t *ret);
void config_unit_add(struct buf *out, enum option_unit unit, int64_t number);
/* "a time such as 30, 30s, 5m, 1h or 2d" */
const char *config_unit_words(enum option_unit unit);

#endif
