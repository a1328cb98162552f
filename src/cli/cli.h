/*
 * The command line: `croft COMMAND …`. One table of commands (commands.c), one file per command.
 * Results go to stdout, faults to stderr as lines that begin with "croft: ".
 */
#ifndef CROFT_SRC_CLI_CLI_H
#define CROFT_SRC_CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/boot.h"
#include "base/attr.h"
#include "base/ctx.h"

struct buf;
struct field_fault;
struct operation;

/* What the process exits with. */
enum cli_exit {
	CLI_OK = 0,
	/* it was tried and did not work */
	CLI_FAILED = 1,
	/* the command line makes no sense */
	CLI_USAGE = 2,
	/* the settings are wrong */
	CLI_CONFIG = 3,
};

struct cli_command;

struct cli {
	int argc;
	/* what follows the command's name, without the options that every command has */
	char **argv;
	struct boot_args boot;
	/* all there are: the table */
	const struct cli_command *commands;
	/* the one that runs, or NULL */
	const struct cli_command *command;
};

struct cli_command {
	const char *name;
	/* one line, for the list of commands */
	const char *summary;
	/* the help text, ending with a newline */
	const char *usage;
	/* returns the exit code */
	int (*run)(struct cli *cli);
	/* what its help text has besides, as it follows from the modules; NULL: nothing */
	void (*add_usage)(struct buf *out);
};

/* In the order of the help text; ends with a zero row. */
extern const struct cli_command cli_commands[];
const struct cli_command *cli_command_find(const struct cli *cli, const char *name);
/* Says so, with the nearest name. Returns CLI_USAGE. */
int cli_command_unknown(const struct cli *cli, const char *name);
/* The same for the name of an operation. */
int cli_operation_unknown(const struct cli *cli, const char *name);

/* ---- the commands, each in a file of its own ---- */

int cli_serve(struct cli *cli);
int cli_new(struct cli *cli);
int cli_migrate(struct cli *cli);
int cli_backup(struct cli *cli);
int cli_restore(struct cli *cli);
int cli_db(struct cli *cli);
int cli_import(struct cli *cli);
int cli_seed(struct cli *cli);
void cli_seed_add_usage(struct buf *out);
int cli_run(struct cli *cli);
int cli_user(struct cli *cli);
extern const char cli_auth_usage[];
extern const char cli_user_usage[];
int cli_auth(struct cli *cli);
extern const char cli_role_usage[];
int cli_role(struct cli *cli);
extern const char cli_key_usage[];
int cli_key(struct cli *cli);
extern const char cli_audit_usage[];
int cli_audit(struct cli *cli);
int cli_routes(struct cli *cli);
int cli_openapi(struct cli *cli);
int cli_config(struct cli *cli);
int cli_version(struct cli *cli);
int cli_help(struct cli *cli);

/* The overview that `croft help` prints. */
void cli_help_overview(const struct cli_command *commands, struct buf *out);

/* ---- commands of commands: `croft db copy` ---- */

/* A table ends with a zero row. */
struct cli_subcommand {
	const char *name;
	/* cli->argv is what follows the name; returns the exit code */
	int (*run)(struct cli *cli, const void *arg);
};

/*
 * Runs the one that the first plain argument names, with `arg`. Without a name, or when there is
 * none of that name, it says which there are. Returns the exit code.
 */
int cli_run_subcommand(struct cli *cli, const struct cli_subcommand *commands, const void *arg);

/* ---- options ---- */

/*
 * One option of a command line; exactly one of the three targets is set. A table ends with a zero
 * row.
 */
struct cli_option {
	/* "--config" */
	const char *name;
	/* "-h", or NULL */
	const char *alias;
	/* takes no value */
	bool *flag;
	const char **value;
	/* may be given again and again; zeroed and long enough for the whole command line */
	const char **list;
};

/*
 * Takes the options out of cli->argv, wherever they stand; what is left are the plain arguments,
 * in order. Both "--name value" and "--name=value" are understood; "--" ends the options. Returns
 * 0, or CLI_USAGE when one is unknown or lacks its value, which is then told on stderr.
 * `pass_unknown` leaves unknown ones where they are.
 */
int cli_take_options(struct cli *cli, const struct cli_option *options, bool pass_unknown) MUST_USE;

/*
 * Says that there is no option `word`: with the nearest of `options` (NULL: none are looked at),
 * or how the setting of that name is given. `next` is the word behind it, or NULL. Returns
 * CLI_USAGE.
 */
int cli_option_unknown(const struct cli *cli, const struct cli_option *options, const char *word,
		       const char *next);

/* Whether it is the name of a setting, such as "server.port", or of the file of a secret. */
bool cli_is_setting(const char *name);

/* When the options are taken: more than `most` arguments are too many. Returns 0 or CLI_USAGE. */
int cli_check_arguments(const struct cli *cli, int most) MUST_USE;
/* Both, for commands without options. */
int cli_take_arguments(struct cli *cli, int most) MUST_USE;

/* ---- the input of an operation ---- */

/*
 * Adds a member with that text, and before the first the brace that opens the object; NULL adds
 * nothing.
 */
void cli_add_member(struct buf *json, const char *name, const char *value);
/* The same with a list of `count` texts. */
void cli_add_list(struct buf *json, const char *name, char *const *texts, int count);
/*
 * Whether that is UTF-8, or NULL: JSON would take another letter in the place of what is no text.
 * Returns 0, or CLI_USAGE once it is told.
 */
int cli_check_text(const struct cli *cli, const char *name, const char *value) MUST_USE;
/* The same of all plain arguments. */
int cli_check_texts(const struct cli *cli, const char *name) MUST_USE;

/* ---- starting ---- */

/* Says what is wrong as cli_error() and cli_failure() do. */
extern const struct boot_report cli_boot_report;
int cli_exit_of(enum boot_result result);
/* What a command does with what was booted for it. Returns the exit code. */
typedef int cli_work(struct boot *boot, void *arg);
/* Boots as far as the level, works and takes it all down again. Returns the exit code. */
int cli_with_boot(const struct cli *cli, enum boot_level level, cli_work *work, void *arg) MUST_USE;
/* Runs the operation on its structs, once that was booted. Returns the exit code. */
int cli_call(struct ctx *c, const struct operation *op, void *in, void *out) MUST_USE;

/* ---- saying things ---- */

/* One line on stderr: "croft: …". */
void cli_error(const char *format, ...) PRINTF_LIKE(1, 2);
/* As cli_error(), followed by where the help is. Returns CLI_USAGE. */
int cli_usage_error(const struct cli *cli, const char *format, ...) PRINTF_LIKE(2, 3);
/*
 * Tells what `c` recorded about `err`, field by field for an input: "croft: WHAT failed: …".
 * Returns CLI_FAILED.
 */
int cli_failure(const struct ctx *c, enum app_err err, const char *what);
/* The same of one line of an input: its fields' faults, or where they are NULL the text. */
void cli_line_fault(int64_t line, const struct field_fault *fields, const char *text);
/*
 * Whether the input of an operation is JSON; otherwise says where it is broken, and how it is
 * written. Returns CLI_FAILED or 0.
 */
int cli_check_input(const char *json, size_t len) MUST_USE;
/*
 * One line on stdout. What a file or a database holds may be in it: control characters are shown
 * as \xNN.
 */
void cli_say(const char *format, ...) PRINTF_LIKE(1, 2);
/* Writes the text to stdout. */
void cli_print(struct buf *text);

/* One of several names. */
typedef const char *cli_name_at(const void *names, size_t at);
/* The name most like `word`, or NULL when none is near. name_at() gives NULL past the end. */
const char *cli_nearest(const char *word, cli_name_at *name_at, const void *names);

#endif
