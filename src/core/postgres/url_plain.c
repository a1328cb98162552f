/*
 * Takes the secrets out of a URL of PostgreSQL, so that it can be an argument of psql, which others
 * see. The URL is one that the settings' check let through.
 */
#include "tools.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "internal.h"

/*
 * …://user:password@host/name → the same without the password, which is returned; NULL: there is
 * none.
 */
static const char *password_take(struct arena *arena, const char *url, const char **ret_url)
{
	const char *user, *at = postgres_url_user_end(url, &user);
	const char *colon = memchr(user, ':', (size_t)(at - user));
	size_t len;
	*ret_url = url;
	if (!colon)
		return NULL;
	*ret_url = arena_printf(arena, "%.*s%s", (int)(colon - url), url, at);
	return str_percent_decode(arena, colon + 1, (size_t)(at - colon - 1), false, &len);
}

/*
 * A line of a file of services, before the others: there the first of a name counts, in a URL the
 * last. A value that cannot be a line, or that would be cut there, is left out: psql asks for it.
 */
static void service_add(struct arena *arena, struct buf *service, const char *name,
			const char *value)
{
	static const char head[] = "[croft]\n";
	size_t len = strlen(value);
	if (!len || value[strcspn(value, "\r\n")] || strchr(" \t\f\v", value[len - 1]))
		return;
	const char *others = service->len ? buf_text(service) + strlen(head) : "";
	const char *text = arena_printf(arena, "%s%s=%s\n%s", head, name, value, others);
	buf_clear(service);
	buf_add_text(service, text);
}

/* As libpq has it, of a name as it is written, percent signs and all. */
static bool is_secret(struct arena *arena, const char *name, size_t len)
{
	PQconninfoOption *known = postgres_url_parse("postgresql://");
	const char *plain = str_percent_decode(arena, name, len, false, &len);
	bool secret = !known; /* no memory */
	for (const PQconninfoOption *at = known; plain && !secret && at->keyword; at++)
		secret = *at->dispchar == '*' && str_eq(at->keyword, plain);
	postgres_url_drop(known);
	return secret;
}

/*
 * …?password=…&sslpassword=…: the same without them; *ret_password is left as it is when there is
 * none.
 */
static const char *parameters_take(struct arena *arena, const char *url, struct buf *service,
				   const char **ret_password)
{
	struct buf plain;
	const char *user, *host = postgres_url_user_end(url, &user);
	size_t head = (size_t)(host - url) + strcspn(host, "?"), ignored;
	char sign = '?';
	buf_init(&plain, arena);
	buf_add(&plain, url, head);
	for (const char *at = url + head; *at;) {
		size_t len = strcspn(++at, "&"), name_len = strcspn(at, "=&");
		if (at[name_len] != '=' || !is_secret(arena, at, name_len)) {
			buf_printf(&plain, "%c%.*s", sign, (int)len, at);
			sign = '&';
		} else {
			const char *name = str_percent_decode(arena, at, name_len, false, &ignored);
			const char *value = str_percent_decode(arena, at + name_len + 1,
							       len - name_len - 1, false, &ignored);
			if (value && str_eq(name, "password"))
				*ret_password = value;
			else if (value)
				service_add(arena, service, name, value);
		}
		at += len;
	}
	return buf_text(&plain);
}

const char *postgres_url_plain(struct arena *arena, const char *url, const char **ret_password,
			       struct buf *service)
{
	const char *plain;
	*ret_password = password_take(arena, url, &plain);
	return parameters_take(arena, plain, service, ret_password);
}
