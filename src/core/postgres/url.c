/*
 * The URL of a PostgreSQL server: checked before libpq sees it, because libpq's own words about a
 * broken URL quote pieces of it, and a piece may be the password.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"
#include "internal.h"

enum { PARAMETER_NAME_MAX = 40 };

/* Both are registered and understood by libpq; hosts of databases hand out either. */
static bool is_postgres(const char *url)
{
	return str_starts(url, "postgresql://") || str_starts(url, "postgres://");
}

PQconninfoOption *postgres_url_parse(const char *url)
{
	char *message = NULL;
	PQconninfoOption *list = PQconninfoParse(url, &message);
	if (message)
		mem_wipe(message, strlen(message));
	PQfreemem(message);
	mem_scour(strlen(url) + 1); /* libpq reads a copy */
	return list;
}

void postgres_url_drop(PQconninfoOption *list)
{
	for (PQconninfoOption *at = list; at && at->keyword; at++)
		if (at->val)
			mem_wipe(at->val, strlen(at->val));
	PQconninfoFree(list);
}

const char *postgres_url_value(const PQconninfoOption *list, const char *keyword)
{
	for (; list->keyword; list++) {
		if (!strcmp(list->keyword, keyword))
			return list->val && *list->val ? list->val : NULL;
	}
	return NULL;
}

/* Without '%40' for '@' and the like a piece of the password ends up in the host or the port. */
static bool is_torn(const PQconninfoOption *list)
{
	const char *host = postgres_url_value(list, "host"),
		   *port = postgres_url_value(list, "port");
	const char *database = postgres_url_value(list, "dbname");
	if (host && host[0] != '/' && strpbrk(host, "@: ") && !strchr(host, ','))
		return strchr(host, '@') || strchr(host, ' ');
	if (host && strchr(host, '@'))
		return true;
	if (port && port[strspn(port, "0123456789,")])
		return true;
	return database && strchr(database, '@');
}

const char *postgres_url_user_end(const char *url, const char **ret_user)
{
	*ret_user = strstr(url, "://") + 3;
	const char *at = *ret_user + strcspn(*ret_user, "@/");
	return *at == '@' ? at : *ret_user;
}

/* What should be a parameter is a part of the host or of the database's name, which are shown. */
static bool has_lost_parameters(const char *url)
{
	const char *user, *host = postgres_url_user_end(url, &user);
	size_t len = strcspn(host, "?");
	return strcspn(host, "&;#") < len;
}

static char *shown_place(const PQconninfoOption *list)
{
	struct buf text;
	buf_init(&text, NULL);
	const char *host = postgres_url_value(list, "host"),
		   *port = postgres_url_value(list, "port");
	const char *database = postgres_url_value(list, "dbname");
	buf_add_text(&text, host ? host : "the local socket");
	if (port)
		buf_printf(&text, ":%s", port);
	if (database)
		buf_printf(&text, "/%s", database);
	char *shown = mem_strdup(buf_text(&text));
	buf_done(&text);
	return shown;
}

/*
 * ---- a URL that libpq refuses ----
 *
 * What stands behind '?' may be a piece of a password, too: u:pass?word@host. It is only spoken of
 * when the URL is in order without it and no '@' comes later.
 */

static const char *parameters_find(struct ctx *c, const char *url, PQconninfoOption **ret_known)
{
	const char *parameters = strchr(url, '?');
	if (!parameters || strchr(parameters, '@'))
		return NULL;
	const char *bare = arena_strndup(c->arena, url, (size_t)(parameters - url));
	PQconninfoOption *known = postgres_url_parse(bare);
	if (!known || is_torn(known)) {
		postgres_url_drop(known);
		return NULL;
	}
	*ret_known = known;
	return parameters + 1;
}

static bool is_known(const PQconninfoOption *known, const char *name, size_t len)
{
	for (; known->keyword; known++) {
		if (strlen(known->keyword) == len && !memcmp(known->keyword, name, len))
			return true;
	}
	return str_starts(name, "ssl=true"); /* libpq takes it for JDBC's sake */
}

/* The first NAME= that libpq does not know; 0: none, or one that is no name. */
static size_t unknown_find(const PQconninfoOption *known, const char *at, const char **ret_name)
{
	for (;; at++) {
		size_t len = strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					"0123456789_-.");
		*ret_name = at;
		if (at[len] != '=' || len > PARAMETER_NAME_MAX)
			return 0;
		if (!is_known(known, at, len))
			return len;
		at += strcspn(at, "&");
		if (!*at)
			return 0;
	}
}

static enum app_err fail_url(struct ctx *c, const char *option, const char *url)
{
	PQconninfoOption *known = NULL;
	const char *name, *parameters = is_postgres(url) ? parameters_find(c, url, &known) : NULL;
	size_t len = parameters ? unknown_find(known, parameters, &name) : 0;
	postgres_url_drop(known);
	if (len)
		return ctx_fail(c, APP_INVALID,
				"%s has the parameter '%.*s', which PostgreSQL's library does not "
				"know: is it written right, and of this version?",
				option, (int)len, name);
	if (parameters)
		return ctx_fail(c, APP_INVALID,
				"%s cannot be read behind '?': write NAME=VALUE, more of them with "
				"'&' between, with %%26 for '&', %%3D for '=' and %%25 for '%%' in "
				"a value",
				option);
	return ctx_fail(c, APP_INVALID,
			"%s cannot be read: write postgresql://USER:PASSWORD@HOST:PORT/NAME, with "
			"%%40 for '@', %%3A for ':', %%2F for '/' and %%25 for '%%' in the "
			"password",
			option);
}

static enum app_err fail_lost_parameters(struct ctx *c, const char *option)
{
	return ctx_fail(c, APP_INVALID,
			"%s has '&', ';' or '#' before any '?': '?' begins the parameters; write "
			"%%26, %%3B and %%23 in a name",
			option);
}

enum app_err postgres_place_read(struct ctx *c, const char *option, const char *url,
				 struct postgres_place *ret_place)
{
	PQconninfoOption *list = is_postgres(url) ? postgres_url_parse(url) : NULL;
	if (!list || is_torn(list)) {
		postgres_url_drop(list);
		return fail_url(c, option, url);
	}
	enum app_err err = has_lost_parameters(url) ? fail_lost_parameters(c, option)
						    : postgres_parameters_check(c, option, list);
	if (err) {
		postgres_url_drop(list);
		return err;
	}
	*ret_place = (struct postgres_place){ .list = list,
					      .shown = shown_place(list),
					      .password = postgres_url_value(list, "password") };
	return APP_OK;
}

void postgres_place_done(struct postgres_place *place)
{
	postgres_url_drop(place->list);
	free(place->shown);
	*place = (struct postgres_place){ 0 };
}

void postgres_place_say(const struct postgres_place *place, const char *message,
			char why[POSTGRES_WHY_ROOM])
{
	size_t len = strcspn(message, "\n"), out = 0;
	size_t secret = place->password ? strlen(place->password) : 0;
	for (size_t i = 0; i < len && out < POSTGRES_WHY_ROOM - 4; i++) {
		if (secret && !strncmp(message + i, place->password, secret)) {
			memcpy(why + out, "***", 3);
			out += 3;
			i += secret - 1;
			continue;
		}
		why[out++] = message[i];
	}
	why[out] = '\0';
}
