/* A server that writes letters into a folder: what is in them, and what a stop does with them. */
/* threaded */
#include "testing/rows.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "testing/await.h"
#include "testing/client.h"
#include "testing/program.h"
#include "testing/server.h"

static struct server server;

/* How many letters there are; the text of the last one, which the caller frees, if it is wanted. */
static int letters(char **ret_last)
{
	char pattern[128];
	glob_t found;
	snprintf(pattern, sizeof(pattern), "%s/mail/*.eml", server.folder);
	int count = glob(pattern, 0, NULL, &found) ? 0 : (int)found.gl_pathc;
	if (ret_last) {
		assert_true(count > 0);
		*ret_last = program_read("", found.gl_pathv[count - 1]);
	}
	globfree(&found);
	return count;
}

/* All that the answer says but who it is for and when. */
static void ask(const char *email, char *ret, size_t room)
{
	char raw[512], body[128];
	struct reply reply;
	snprintf(body, sizeof(body), "{\"email\":\"%s\"}", email);
	snprintf(raw, sizeof(raw),
		 "POST /api/v1/auth/restore-password HTTP/1.1\r\nHost: evil.example\r\n"
		 "X-Forwarded-Host: evil.example\r\nForwarded: host=evil.example\r\n"
		 "X-Request-ID: same\r\nContent-Type: application/json\r\n"
		 "Content-Length: %zu\r\n\r\n%s",
		 strlen(body), body);
	client_raw(&server, raw, strlen(raw), &reply);
	assert_int_equal(reply.status, 202);
	char *date = strstr(reply.head, "Date: ");
	if (date)
		memset(date, 'x', strcspn(date, "\r"));
	snprintf(ret, room, "%s%s", reply.head, reply.body);
	reply_done(&reply);
}

static void a_code_of(const char *letter, char ret[64])
{
	const char *code = strstr(letter, "https://app.example.com/reset-password#token=");
	assert_non_null(code);
	assert_null(strstr(letter, "evil"));
	code = strchr(code, '=') + 1;
	snprintf(ret, 64, "%.*s", (int)strcspn(code, "\r"), code);
}

static int reset(const char *code)
{
	char body[256];
	struct reply reply;
	snprintf(body, sizeof(body), "{'token':'%s','new_password':'quite another engine'}", code);
	client_call(&server,
		    &(struct request){ .method = "POST",
				       .target = "/api/v1/auth/reset-password",
				       .body = body },
		    &reply);
	int status = reply.status;
	reply_done(&reply);
	return status;
}

/* Neither in the log nor in any file of the database. */
static void is_nowhere(const char *secret)
{
	char command[512];
	snprintf(command, sizeof(command), "grep -rqF --exclude-dir=mail -e '%s' %s", secret,
		 server.folder);
	assert_int_not_equal(system(command), 0);
}

static void letters_are_written(void **state)
{
	(void)state;
	char known[1024], unknown[1024], code[64], *letter;
	server_start(&server,
		     (const char *const[]){ "mail.driver=file",
					    "app.base_url=https://app.example.com", NULL });
	ask("eve@example.com", unknown, sizeof(unknown));
	ask("admin@example.com", known, sizeof(known));
	assert_string_equal(known, unknown);
	AWAIT(letters(NULL) == 1);
	letters(&letter);
	assert_non_null(strstr(letter, "\r\nTo: admin@example.com\r\nSubject: "));
	a_code_of(letter, code);
	free(letter);
	is_nowhere(code);
	assert_int_equal(reset(code), 204);
	assert_int_equal(reset(code), 400);
	/* the second tells of it, and a stop waits for that */
	assert_int_equal(server_stop(&server), 0);
	assert_int_equal(letters(NULL), 2);
	is_nowhere(code);
	is_nowhere("quite another engine");
	server_end(&server);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("S24 S28 letters are written, and answers tell nothing", letters_are_written),
	};
	return rows_run("app/serve_letters", rows, sizeof(rows) / sizeof(rows[0]));
}
