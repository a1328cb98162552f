/* The allow-list of origins: read and checked once at start, compared byte by byte after that. */
#include "cors.h"

#include <arpa/inet.h>
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
static const char no_origin[] = "an origin is written like https://app.example.com";

/* ---- the setting ---- */

/* The one spelling that browsers have of an address (URL standard §3.5), without its brackets. */
static bool is_address(int family, const char *text, size_t len)
{
	char given[INET6_ADDRSTRLEN], usual[INET6_ADDRSTRLEN];
	unsigned char address[sizeof(struct in6_addr)];
	if (len >= sizeof(given))
		return false;
	*(char *)mempcpy(given, text, len) = '\0';
	/* theirs has no decimal numbers in hexadecimal ones */
	bool mixed = family == AF_INET6 && strchr(given, '.');
	if (mixed || inet_pton(family, given, address) != 1)
		return false;
	inet_ntop(family, address, usual, sizeof(usual));
	bool usually_mixed = family == AF_INET6 && strchr(usual, '.');
	return usually_mixed || str_eq(usual, given);
}

/* A browser takes a host whose last part is a number for an address. */
static bool ends_in_number(const char *host, size_t len)
{
	const char *last = memrchr(host, '.', len);
	last = last ? last + 1 : host;
	return last < host + len && strspn(last, "0123456789") >= (size_t)(host + len - last);
}

static bool host_is_sound(const char *host, size_t len)
{
	if (*host == '[')
		return len > 2 && host[len - 1] == ']' && is_address(AF_INET6, host + 1, len - 2);
	if (memchr(host, '[', len) || memchr(host, ']', len))
		return false;
	return !ends_in_number(host, len) || is_address(AF_INET, host, len);
}

/* ":8443", or nothing. */
static bool port_is_sound(const char *port)
{
	int64_t number;
	size_t len = *port ? strlen(port + 1) : 0;
	if (!*port)
		return true;
	return port[1] != '0' && len <= 5 && str_is_digits(port + 1) &&
	       str_to_int64(port + 1, &number) && number <= UINT16_MAX;
}

static const char *place_fault(const char *host)
{
	const char *bracket = *host == '[' ? strchr(host, ']') : NULL;
	size_t len = bracket ? (size_t)(bracket + 1 - host)
			     : strcspn(host, *host == '[' ? "" : ":");
	if (!len)
		return no_origin;
	if (!host_is_sound(host, len))
		return "an address is written as browsers do, such as 127.0.0.1, or in brackets as "
		       "[::1]";
	if ((host[len] && host[len] != ':') || !port_is_sound(host + len))
		return "a port is a number from 1 to 65535 as browsers write it, without zeros "
		       "before it";
	return NULL;
}

/* What is wrong with an entry as browsers write origins (RFC 6454 §6.2), or NULL. */
static const char *origin_fault(const char *origin)
{
	static const char host_chars[] = "abcdefghijklmnopqrstuvwxyz0123456789-._[]:";
	size_t scheme = strspn(origin, "abcdefghijklmnopqrstuvwxyz0123456789+-.");
	if (!str_is_alpha(*origin) || !str_starts(origin + scheme, "://") ||
	    origin[scheme + 3] == '\0')
		return no_origin;
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
	return place_fault(host);
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

bool cors_varies(const struct cors *cors)
{
	return cors->count > 0;
}

struct cors_answer cors_decide(const struct cors *cors, const char *origin)
{
	struct cors_answer answer = { .vary = cors_varies(cors) };
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
