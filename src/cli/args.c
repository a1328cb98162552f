/*
 * Secrets on the command line. Everybody on the machine may read a process's arguments (ps,
 * /proc/PID/cmdline), so those that hold one are copied and the secret is written over where the
 * system looks. Called first of all; the moment before that remains, so files and the environment
 * are the better places.
 */
#include <string.h>

#include "args.h"
#include "base/arena.h"
#include "base/attr.h"
#include "base/mem.h"
#include "base/str.h"

static void blot(char *from, const char *to)
{
	memset(from, 'x', (size_t)(to - from));
}

static char *end_of(char *text)
{
	return text + strlen(text);
}

/*
 * …://USER:PASSWORD@…: to the last @, since a password may hold one, or a slash, that was not
 * encoded.
 */
static void blot_userinfo(char *user)
{
	char *at = strrchr(user, '@'), *colon = strchr(user, ':');
	if (at && colon && colon < at)
		blot(colon + 1, at);
}

/* By its name as it is written in a URL, percent signs and all. */
static bool is_secret_parameter(const char *name, size_t len)
{
	static const char *const words[] = { "password", "secret", "token" };
	AUTO(arena) arena = { 0 };
	size_t plain_len;
	const char *plain = str_percent_decode(&arena, name, len, false, &plain_len);
	for (size_t i = 0; plain && i < COUNT_OF(words); i++)
		if (strstr(plain, words[i]))
			return true;
	return false;
}

/* …?password=…&sslpassword=… */
static void blot_parameters(char *url)
{
	for (char *at = url; (at = strpbrk(at, "?&"));) {
		size_t len = strcspn(++at, "=&");
		if (at[len] == '=' && is_secret_parameter(at, len))
			blot(at + len + 1, at + strcspn(at, "&"));
	}
}

/*
 * "auth.secret=…", "--set=first_superuser.password=…"; also "--password=…", which no command
 * takes. To the end, whatever stands there, "://" too.
 */
static bool blot_setting(char *arg)
{
	char *sign = strchr(arg, '=');
	if (sign && str_starts(arg, "--set="))
		sign = strchr(sign + 1, '=');
	if (!sign || memchr(arg, ':', (size_t)(sign - arg))) /* a URL with parameters */
		return false;
	const char *const endings[] = { "secret", "password" };
	for (size_t i = 0; i < COUNT_OF(endings); i++) {
		size_t len = strlen(endings[i]);
		if ((size_t)(sign - arg) >= len && !strncmp(sign - len, endings[i], len)) {
			blot(sign + 1, end_of(sign));
			return true;
		}
	}
	return false;
}

/* What `croft run` is given: any field of it, and any broken piece, may be a password. */
static bool blot_json(char *arg)
{
	char *start = arg + strspn(arg, " \t\r\n");
	if (!*start || !strchr("{[\"", *start))
		return false;
	blot(start + 1, end_of(start));
	return true;
}

/* Of any scheme: which of them are a database's is the drivers' to know, and no other hurts. */
static void blot_url(char *arg)
{
	char *user = strstr(arg, "://");
	if (!user)
		return;
	blot_parameters(user + 3);
	blot_userinfo(user + 3);
}

char *args_take(char *arg)
{
	char *copy = mem_strdup(arg);
	if (!blot_json(arg) && !blot_setting(arg))
		blot_url(arg);
	return copy;
}
