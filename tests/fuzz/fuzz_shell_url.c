/*
 * Fuzz target of what becomes of a URL of PostgreSQL on a command line. The first line is a
 * password, the others a piece of the URL before it and one behind it. Of a URL that the settings'
 * check lets through psql is given everything but the secrets, as libpq reads it, and the secrets
 * by other ways; and no argument of ours shows them.
 */
#include "fuzz/target.h"

#include "base/buf.h"
#include "base/str.h"
#include "cli/args.h"
#include "core/postgres/internal.h"
#include "core/postgres/tools.h"

/* Long, and unlike any word of a URL. */
static bool is_secret(const char *password)
{
	return strlen(password) >= 6 && strpbrk(password, "0123456789") &&
	       strspn(password, "abcdefghijklmnopqrstuvwxyz0123456789!?,;_~.") == strlen(password);
}

static bool is_same(const char *a, const char *b)
{
	return str_eq(a ? a : "", b ? b : "");
}

/* As a line of a file of services can hold it. */
static bool fits_line(const char *value)
{
	return *value && !strpbrk(value, "\r\n") && !strchr(" \t\f\v", value[strlen(value) - 1]);
}

static void check_secret(const PQconninfoOption *was, const char *password, struct buf *service)
{
	char line[4096];
	if (str_eq(was->keyword, "password")) {
		assert(is_same(was->val, password));
		return;
	}
	if (!was->val || !fits_line(was->val) || strlen(was->val) > 2048)
		return;
	snprintf(line, sizeof(line), "[croft]\n%s=%s\n", was->keyword, was->val);
	assert(str_starts(buf_text(service), line));
}

static void check_plain(const char *url)
{
	AUTO(arena) arena = { 0 };
	AUTO(buf) service = { 0 };
	const char *password;
	const char *plain = postgres_url_plain(&arena, url, &password, &service);
	PQconninfoOption *before = PQconninfoParse(url, NULL);
	PQconninfoOption *after = PQconninfoParse(plain, NULL);
	assert(before && after);
	for (int i = 0; before[i].keyword; i++) {
		bool secret = str_eq(before[i].dispchar, "*");
		assert(is_same(after[i].val, secret ? NULL : before[i].val));
		if (secret)
			check_secret(&before[i], password, &service);
	}
	PQconninfoFree(before);
	PQconninfoFree(after);
}

static bool is_taken(const char *url)
{
	AUTO(arena) arena = { 0 };
	struct postgres_place place = { 0 };
	struct ctx c;
	ctx_init(&c, NULL, &arena);
	bool taken = !postgres_place_read(&c, "database.url", url, &place);
	if (taken)
		postgres_place_done(&place);
	return taken;
}

static void check_argument(const char *url, const char *secret)
{
	char *arg = fuzz_text((const uint8_t *)url, strlen(url));
	char *copy = args_take(arg);
	assert(str_eq(copy, url) && strlen(arg) == strlen(url));
	assert(!secret || !strstr(arg, secret));
	free(copy);
	free(arg);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), *rest = text, *urls[3] = { NULL };
	const char *password = fuzz_line(&rest), *before = fuzz_line(&rest);
	const char *behind = fuzz_line(&rest);
	bool told = is_secret(password) && !strstr(before, password) && !strstr(behind, password);
	assert(asprintf(&urls[0], "postgresql://%s:%s@%s", before, password, behind) > 0);
	assert(asprintf(&urls[1], "postgres://%s?%s&password=%s", before, behind, password) > 0);
	assert(asprintf(&urls[2], "postgres://%s?sslpassword=%s&%s", before, password, behind) > 0);
	for (size_t i = 0; i < COUNT_OF(urls); i++) {
		bool taken = is_taken(urls[i]);
		check_argument(urls[i], told && taken ? password : NULL);
		if (taken)
			check_plain(urls[i]);
		free(urls[i]);
	}
	free(text);
	return 0;
}
