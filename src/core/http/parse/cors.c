/* The allow-list of origins: read and checked once at start, compared byte by byte after that. */
#include "cors.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"

struct cors {
	/* "*": every origin, without credentials */
	bool any;
	struct arena arena;
	const char **origins;
	size_t count;
};

static const char separators[] = " ,\t\r\n";

/* ---- the setting ---- */

/* What is wrong with an entry as browsers write origins (RFC 6454 §6.2), or NULL. */
static const char *origin_fault(const char *origin)
{
	static const char host_chars[] = "abcdefghijklmnopqrstuvwxyz0123456789-._[]:";
	size_t scheme = strspn(origin, "abcdefghijklmnopqrstuvwxyz0123456789+-.");
	if (scheme == 0 || !str_starts(origin + scheme, "://") || origin[scheme + 3] == '\0')
		return "an origin is written like https://app.example.com";
	const char *host = origin + scheme + 3;
	if (strchr(host, '/'))
		return "an origin has no path and no slash at its end";
	if (strchr(host, '*'))
		return "\"*\" cannot stand for a part of an origin";
	if (host[strspn(host, host_chars)] != '\0')
		return "an origin's host is in lower case and holds a port at most";
	if ((str_starts(origin, "https://") && str_ends(origin, ":443")) ||
	    (str_starts(origin, "http://") && str_ends(origin, ":80")))
		return "browsers leave the usual port out of an origin; leave it out here too";
	return NULL;
}

static enum app_err add_origin(struct ctx *c, struct cors *cors, const char *origin)
{
	if (str_eq(origin, "*")) {
		cors->any = true;
		return APP_OK;
	}
	const char *fault = origin_fault(origin);
	if (fault)
		return ctx_fail(c, APP_INVALID, "server.cors_origins: '%s': %s", origin, fault);
	cors->origins[cors->count++] = origin;
	return APP_OK;
}

static enum app_err read_setting(struct ctx *c, struct cors *cors, const char *setting)
{
	/* no more entries than every other byte */
	cors->origins = arena_zero(&cors->arena,
				   (strlen(setting) / 2 + 1) * sizeof(*cors->origins));
	for (const char *at = setting + strspn(setting, separators); *at;
	     at += strspn(at, separators)) {
		size_t len = strcspn(at, separators);
		enum app_err err = add_origin(c, cors, arena_strndup(&cors->arena, at, len));
		if (err)
			return err;
		at += len;
	}
	if (cors->any && cors->count > 0)
		return ctx_fail(
			c, APP_INVALID,
			"server.cors_origins: \"*\" allows every origin, so it must stand alone");
	return APP_OK;
}

enum app_err cors_new(struct ctx *c, const char *setting, struct cors **ret)
{
	struct cors *cors = mem_new(1, sizeof(*cors));
	arena_init(&cors->arena, 512);
	enum app_err err = read_setting(c, cors, setting ? setting : "");
	if (err) {
		cors_drop(cors);
		return err;
	}
	*ret = cors;
	return APP_OK;
}

void cors_drop(struct cors *cors)
{
	if (!cors)
		return;
	arena_done(&cors->arena);
	free(cors);
}

/* ---- the decision ---- */

static bool is_listed(const struct cors *cors, const char *origin)
{
	for (size_t i = 0; i < cors->count; i++)
		if (strcmp(cors->origins[i], origin) == 0)
			return true;
	return false;
}

struct cors_answer cors_decide(const struct cors *cors, const char *origin)
{
	struct cors_answer answer = { .vary = cors->count > 0 };
	if (!origin)
		return answer;
	if (cors->any) {
		answer.allow_origin = "*";
	} else if (is_listed(cors, origin)) {
		answer.allow_origin = origin;
		answer.credentials = true;
	}
	return answer;
}

bool cors_is_preflight(const char *origin, const char *request_method)
{
	return origin && request_method;
}
