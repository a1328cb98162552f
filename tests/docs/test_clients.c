/*
 * The programs of docs/clients.md, as they stand there, against a real server: those who use the
 * common libraries of Python are understood.
 */
#include "testing/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "testing/server.h"

#define PAGE "docs/clients.md"
enum { OUTPUT_MAX = 16384, PROGRAMS = 5 };

static struct server server;

static int server_open(void **state)
{
	(void)state;
	server_start(&server, NULL);
	return 0;
}

static int server_close(void **state)
{
	(void)state;
	server_end(&server);
	return 0;
}

/* The text of a block of code that begins with "# NAME", into a file of that name. */
static void program_take(const char *name, const char *path)
{
	char first[64], line[512];
	FILE *page = fopen(PAGE, "r"), *program = fopen(path, "w");
	bool is_in = false;
	assert_non_null(page);
	assert_non_null(program);
	snprintf(first, sizeof(first), "# %s\n", name);
	while (fgets(line, sizeof(line), page)) {
		is_in = is_in ? strncmp(line, "```", 3) != 0 : !strcmp(line, first);
		if (is_in)
			fputs(line, program);
	}
	fclose(page);
	assert_true(ftell(program) > 0);
	assert_int_equal(fclose(program), 0);
}

static void runs_as_it_stands(void **state)
{
	char path[128], command[512], output[OUTPUT_MAX];
	snprintf(path, sizeof(path), "%s/%s", server.folder, (const char *)*state);
	program_take(*state, path);
	/* Debian's packages are for Debian's own interpreter */
	snprintf(command, sizeof(command),
		 "CROFT_URL=http://127.0.0.1:%d CROFT_PASSWORD='%s' /usr/bin/python3 %s 2>&1",
		 server.port, SERVER_PASSWORD, path);
	FILE *run = popen(command, "r");
	assert_non_null(run);
	size_t len = fread(output, 1, sizeof(output) - 1, run);
	output[len] = '\0';
	if (pclose(run) != 0)
		fail_msg("%s", output);
}

/* A program that is added to the page must get a row here. */
static void none_is_left_out(void **state)
{
	char line[512];
	int blocks = 0;
	FILE *page = fopen(PAGE, "r");
	(void)state;
	assert_non_null(page);
	while (fgets(line, sizeof(line), page))
		blocks += !strcmp(line, "```python\n");
	fclose(page);
	assert_int_equal(blocks, PROGRAMS);
}

static const struct CMUnitTest rows[] = {
	ROW_OF("requests: sign in, create, list, read, change, delete, errors", runs_as_it_stands,
	       "posts_requests.py"),
	ROW_OF("httpx does so", runs_as_it_stands, "posts_httpx.py"),
	ROW_OF("httpx with many at once", runs_as_it_stands, "posts_httpx_async.py"),
	ROW_OF("aiohttp does so", runs_as_it_stands, "posts_aiohttp.py"),
	ROW_OF("a program with an API key, and its token of OAuth2", runs_as_it_stands,
	       "posts_program.py"),
	ROW("every program of the page is run", none_is_left_out),
};

int main(void)
{
	return rows_run_with("docs/clients", rows, sizeof(rows) / sizeof(rows[0]), server_open,
			     server_close);
}
