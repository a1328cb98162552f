/* The command line of the real binary: help, exit codes, nearest names, refused command lines. */
#include "testing/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "cli/cli.h"
#include "testing/program.h"

/* ---- help ---- */

static void explains_itself(struct program *p, const char *name)
{
	char head[64];
	program(p, "help", name);
	program_assert_code(p, 0);
	snprintf(head, sizeof(head), "Usage: croft %s", name);
	if (strncmp(p->out, head, strlen(head)) != 0)
		fail_msg("the help of %s begins otherwise: %s", name, p->out);
	assert_string_equal(p->err, "");
	char *help = strdup(p->out);
	program(p, name, "--help");
	program_assert_code(p, 0);
	assert_string_equal(p->out, help);
	program(p, "-h", name, "whatever");
	assert_string_equal(p->out, help);
	free(help);
}

static void each_command_explains_itself(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	for (const struct cli_command *command = cli_commands; command->name; command++)
		explains_itself(&p, command->name);
	program_close(&p);
}

static void seed_names_the_kinds_of_the_modules(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program(&p, "help", "seed");
	text_assert_has(p.out,
			"\n  --users N  how many users, who have no password (100 without it)\n"
			"  --posts N  how many posts (500 without it)\n");
	program_close(&p);
}

/* Of a command; NULL: the overview. */
static void fits_the_screen(struct program *p, const char *name)
{
	program(p, "help", name);
	for (char *line = strtok(p->out, "\n"); line; line = strtok(NULL, "\n"))
		if (strlen(line) > 90)
			fail_msg("longer than 90 columns: %s", line);
}

static void help_fits_the_screen(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	fits_the_screen(&p, NULL);
	for (const struct cli_command *command = cli_commands; command->name; command++)
		fits_the_screen(&p, command->name);
	program_close(&p);
}

static void overview_names_every_command(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program(&p, "--help");
	program_assert_code(&p, 0);
	for (const struct cli_command *command = cli_commands; command->name; command++) {
		char line[128];
		snprintf(line, sizeof(line), "\n  %-8s  %s\n", command->name, command->summary);
		text_assert_has(p.out, line);
	}
	char *overview = strdup(p.out);
	program(&p, "help");
	assert_string_equal(p.out, overview);
	program_run(&p, &(struct program_run){ .args = (const char *const[]){ NULL } });
	program_assert_code(&p, 2);
	assert_string_equal(p.out, "");
	assert_string_equal(p.err, overview);
	free(overview);
	program_close(&p);
}

static void version_is_one_line(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program(&p, "version");
	program_assert_code(&p, 0);
	assert_int_equal(strncmp(p.out, "croft ", 6), 0);
	assert_ptr_equal(strchr(p.out, '\n'), p.out + strlen(p.out) - 1);
	char *version = strdup(p.out);
	program(&p, "--version");
	program_assert_code(&p, 0);
	assert_string_equal(p.out, version);
	free(version);
	program_close(&p);
}

static void lost_output_is_a_failure(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program_run(&p, &(struct program_run){ .args = (const char *const[]){ "help", NULL },
					       .stdout_path = "/dev/full" });
	program_assert_code(&p, 1);
	text_assert_has(p.err, "croft: cannot write the output: ");
	program_close(&p);
}

/* ---- wrong command lines ---- */

struct usage_case {
	const char *args[8];
	const char *says;
};

static void usage_is_refused(void **state)
{
	const struct usage_case *wrong = *state;
	struct program p;
	program_open(&p);
	program_run(&p, &(struct program_run){ .args = wrong->args });
	program_assert_code(&p, 2);
	assert_string_equal(p.out, "");
	assert_int_equal(strncmp(p.err, "croft: ", 7), 0);
	text_assert_has(p.err, wrong->says);
	program_close(&p);
}

#define REFUSED(sentence, text, ...) \
	ROW_OF(sentence, usage_is_refused, \
	       (&(struct usage_case){ .args = { __VA_ARGS__ }, .says = (text) }))

static void far_name_gets_no_suggestion(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program(&p, "frobnicate");
	program_assert_code(&p, 2);
	text_assert_has(p.err, "croft: unknown command 'frobnicate'\n");
	text_assert_lacks(p.err, "did you mean");
	program_close(&p);
}

static void input_is_judged_before_anything(void **state)
{
	const char *const run[] = { "run", "users.list", "page=2", NULL };
	const char *const explain[] = { "db", "explain", "users.list", "{page: 2}", NULL };
	struct program p;
	program_open(&p);
	program_run(&p, &(struct program_run){ .args = *state ? explain : run });
	program_assert_code(&p, 1);
	text_assert_has(p.err, "the input is no JSON: at character ");
	text_assert_has(p.err, "such as '{\"page\": 2}'");
	assert_null(program_read(p.folder, "data/croft.db"));
	program_close(&p);
}

static void nothing_is_made_by_a_refusal(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program(&p, "user", "create", "--username", "ada");
	program_assert_code(&p, 2);
	assert_null(program_read(p.folder, "data/croft.db"));
	program_close(&p);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("each command explains itself", each_command_explains_itself),
		ROW("seed names the kinds of the modules", seed_names_the_kinds_of_the_modules),
		ROW("no help text is wider than 90 columns", help_fits_the_screen),
		ROW("the overview names every command, and is what croft alone says",
		    overview_names_every_command),
		ROW("the version is one line", version_is_one_line),
		ROW("output that cannot be written is a failure", lost_output_is_a_failure),

		REFUSED("an option that is a setting brings the way to set it",
			"--set server.port=9000", "serve", "--port", "9000"),
		REFUSED("also before the command, and with =", "--set server.host=::", "--host=::",
			"serve"),
		REFUSED("also by its whole name", "--set log.level=debug", "serve", "--log-level",
			"debug"),
		REFUSED("also as others abbreviate it", "--set server.port=9000", "serve", "-p",
			"9000"),
		REFUSED("the value of a secret is not repeated", "--set auth.secret=VALUE", "serve",
			"--secret", "hunter2"),
		REFUSED("a port alone brings the way to set it", "--set server.port=9000", "serve",
			"9000"),
		REFUSED("so does one behind an address", "--set server.port=9000", "serve",
			"0.0.0.0:9000"),
		REFUSED("a slip in an option of all commands names the nearest",
			"unknown option --confg; did you mean --config?", "serve", "--confg=x"),
		REFUSED("also before the command",
			"unknown option --versoin; did you mean "
			"--version?",
			"--versoin"),
		REFUSED("the beginning of an option names it",
			"unknown option --user; did you mean --username?", "user", "create",
			"--user", "ada"),
		REFUSED("a password is no option, and is not repeated",
			"unknown option --password; did you mean --password-stdin?\n", "user",
			"create", "--password=hunter2"),
		REFUSED("an option with nothing for a value", "option --config needs a value",
			"serve", "--config="),
		REFUSED("also for the file of the environment", "option --env-file needs a value",
			"config", "--env-file="),
		REFUSED("--set with a name alone",
			"--set server.port has no value: write --set "
			"server.port=VALUE",
			"serve", "--set", "server.port", "9000"),
		REFUSED("--set with the file of a secret alone",
			"--set auth.secret_file has no value", "serve", "--set",
			"auth.secret_file"),
		REFUSED("--set without =, not repeated", "takes SECTION.KEY=VALUE in one word",
			"serve", "--set", "auth.secret:hunter2"),
		REFUSED("a setting for config to change",
			"'config' lists all settings and changes "
			"none",
			"config", "set", "server.port", "9000"),
		REFUSED("a setting for config to show", "'config' lists all settings", "config",
			"server.port"),
		REFUSED("a number below 0 is no option", "'-1' is no number of migrations",
			"migrate", "down", "-1"),
		REFUSED("help about what there is none of lists what there is",
			"unknown command 'x'\ncroft: 'croft help' lists the commands", "help", "x"),
		REFUSED("a name behind user create", "'user create' takes --username NAME", "user",
			"create", "ada"),
		REFUSED("a number behind seed", "'seed' takes --users N", "seed", "5"),
		REFUSED("an option of no kind brings --set", "--set section.key=value", "serve",
			"--frobnicate"),
		REFUSED("an unknown command names the nearest",
			"unknown command 'migrat'; did you mean 'migrate'?", "migrat"),
		ROW("a name that is like no command gets no suggestion",
		    far_name_gets_no_suggestion),
		REFUSED("help about an unknown command names the nearest", "did you mean 'routes'?",
			"help", "rutes"),
		REFUSED("an unknown option before the command", "unknown option --confg; did you",
			"--confg", "x", "config"),
		REFUSED("an unknown option of a command names the nearest",
			"unknown option --jsn; did you mean --json?", "routes", "--jsn"),
		REFUSED("an option without its value", "option --set needs a value", "config",
			"--set"),
		REFUSED("a flag with a value", "option --json takes no value", "routes",
			"--json=yes"),
		REFUSED("an argument too many", "'b' is one argument too many", "config", "check",
			"b"),
		REFUSED("what follows -- is no option", "'--json' is one argument too many",
			"routes", "--", "--json"),
		REFUSED("an unknown kind of config", "there is no 'config what'", "config", "what"),
		REFUSED("migrate alone", "up, down, redo, status, verify, check or new", "migrate"),
		REFUSED("an unknown direction", "there is no 'migrate sideways'", "migrate",
			"sideways"),
		REFUSED("a new migration without a name", "needs a name", "migrate", "new"),
		REFUSED("migrate up with a number", "'3' is one argument too many", "migrate", "up",
			"3"),
		REFUSED("migrate down by a word", "'two' is no number of migrations", "migrate",
			"down", "two"),
		REFUSED("migrate down by nothing", "'0' is no number of migrations", "migrate",
			"down", "0"),
		REFUSED("an unknown operation names the nearest", "did you mean 'users.list'?",
			"run", "users.lst"),
		REFUSED("user alone",
			"password, invite, second-factor, sessions, list, show, disable, enable or "
			"roles",
			"user"),
		REFUSED("a user without a name", "'user create' needs --username", "user",
			"create"),
		REFUSED("a user without an address", "'user create' needs --email", "user",
			"create", "--username", "ada"),
		REFUSED("a password for nobody", "needs a username or an e-mail address", "user",
			"password"),
		REFUSED("an invitation for nobody", "'user invite' needs an e-mail address", "user",
			"invite"),
		REFUSED("an invitation for a username", "'user invite' takes no --username", "user",
			"invite", "--username", "ada"),
		REFUSED("a password without a terminal", "use --password-stdin", "user", "password",
			"ada"),
		ROW("what run is given is JSON, or told how that is written",
		    input_is_judged_before_anything),
		ROW_OF("so is what db explain is given", input_is_judged_before_anything, ""),
		ROW("a refused command line creates no file", nothing_is_made_by_a_refusal),
	};
	return rows_run("cli", rows, COUNT_OF(rows));
}
