/*
 * The parameters of a URL of PostgreSQL, and the variables that libpq takes in their place: libpq
 * looks at most values only when it connects, and then says the same each time. No value is quoted:
 * it may be a piece of the password.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/str.h"
#include "internal.h"

/* What libpq has of these depends on its version; those that it lacks are refused by name. */
static const struct choice {
	const char *keyword, *values; /* between blanks, in rising order where there is one */
} choices[] = {
	{ "sslmode", " disable allow prefer require verify-ca verify-full " },
	{ "sslcertmode", " disable allow require " },
	{ "sslnegotiation", " postgres direct " },
	{ "sslcompression", " 0 1 " },
	{ "sslsni", " 0 1 " },
	{ "ssl_min_protocol_version", " TLSv1 TLSv1.1 TLSv1.2 TLSv1.3 " },
	{ "ssl_max_protocol_version", " TLSv1 TLSv1.1 TLSv1.2 TLSv1.3 " },
	{ "channel_binding", " disable prefer require " },
	{ "gssencmode", " disable prefer require " },
	{ "target_session_attrs", " any read-write read-only primary standby prefer-standby " },
	{ "load_balance_hosts", " disable random " },
	{ "replication", " false off no 0 " }, /* others are no sessions for SQL */
};

/* The bounds are those of Linux (tcp(7)), which refuses others when a connection is opened. */
static const struct number {
	const char *keyword;
	int64_t least, most;
} numbers[] = {
	{ "connect_timeout", -1, INT_MAX }, { "keepalives", 0, 1 },
	{ "keepalives_idle", 0, 32767 },    { "keepalives_interval", 0, 32767 },
	{ "keepalives_count", 0, 127 },     { "tcp_user_timeout", 0, INT_MAX },
};

struct given {
	const char *value; /* NULL: none */
	const char *where; /* the option or the variable, for messages */
};

static struct given given_of(struct ctx *c, const char *option, const PQconninfoOption *list,
			     const char *keyword)
{
	for (; list->keyword; list++) {
		if (!str_eq(list->keyword, keyword))
			continue;
		if (list->val && *list->val)
			return (struct given){ list->val,
					       arena_printf(c->arena, "%s: the parameter '%s'",
							    option, keyword) };
		const char *variable = list->envvar ? getenv(list->envvar) : NULL;
		if (variable && *variable)
			return (struct given){ variable,
					       arena_printf(c->arena, "the environment variable %s",
							    list->envvar) };
	}
	return (struct given){ 0 };
}

/* Where it stands among the values; NULL: nowhere. */
static const char *choice_find(const struct choice *choice, const char *value)
{
	size_t len = strlen(value);
	if (strchr(value, ' '))
		return NULL;
	for (const char *at = choice->values; at[1]; at += strcspn(at + 1, " ") + 1) {
		bool same = str_starts(choice->keyword, "ssl_m") ? !strncasecmp(at + 1, value, len)
								 : !strncmp(at + 1, value, len);
		if (same && at[1 + len] == ' ')
			return at;
	}
	return NULL;
}

static enum app_err choice_check(struct ctx *c, const char *option, const PQconninfoOption *list,
				 const struct choice *choice)
{
	struct given given = given_of(c, option, list, choice->keyword);
	if (!given.value || choice_find(choice, given.value))
		return APP_OK;
	return ctx_fail(c, APP_INVALID, "%s must be one of%.*s", given.where,
			(int)strlen(choice->values) - 1, choice->values);
}

/* connect() gives these before the URL, so the environment has no say in them. */
static enum app_err number_check(struct ctx *c, const char *option, const PQconninfoOption *list,
				 const struct number *number)
{
	const char *value = postgres_url_value(list, number->keyword);
	int64_t is;
	if (!value || (str_to_int64(value, &is) && is >= number->least && is <= number->most))
		return APP_OK;
	return ctx_fail(c, APP_INVALID,
			"%s: the parameter '%s' must be a whole number from %lld to %lld", option,
			number->keyword, (long long)number->least, (long long)number->most);
}

static size_t parts_of(const char *list)
{
	size_t count = list ? 1 : 0;
	for (; list && *list; list++)
		count += *list == ',';
	return count;
}

static bool port_is_fine(const char *text, size_t len)
{
	int64_t port;
	return !len || (str_span_to_int64(text, len, &port) && port >= 1 && port <= 65535);
}

static bool address_is_fine(const char *text, size_t len)
{
	char copy[INET6_ADDRSTRLEN] = { 0 };
	struct in6_addr address;
	if (len >= sizeof(copy))
		return false;
	memcpy(copy, text, len);
	return !len || inet_pton(AF_INET, copy, &address) == 1 ||
	       inet_pton(AF_INET6, copy, &address) == 1;
}

static enum app_err count_check(struct ctx *c, const struct given *given, size_t hosts)
{
	size_t count = parts_of(given->value);
	if (count == hosts)
		return APP_OK;
	return ctx_fail(c, APP_INVALID, "%s has %zu values for %zu host%s", given->where, count,
			hosts, hosts == 1 ? "" : "s");
}

static enum app_err hosts_check(struct ctx *c, const char *option, const PQconninfoOption *list)
{
	struct given hosts = given_of(c, option, list, "host");
	struct given addresses = given_of(c, option, list, "hostaddr");
	enum app_err err = APP_OK;
	if (hosts.value && addresses.value)
		err = count_check(c, &addresses, parts_of(hosts.value));
	for (const char *at = addresses.value; !err && at;) {
		size_t len = strcspn(at, ",");
		if (!address_is_fine(at, len))
			err = ctx_fail(c, APP_INVALID,
				       "%s must be a number such as 127.0.0.1; 'host' takes a name",
				       addresses.where);
		at = at[len] ? at + len + 1 : NULL;
	}
	return err;
}

/* Empty ones stand for 5432; one is for all hosts. */
static enum app_err ports_check(struct ctx *c, const char *option, const PQconninfoOption *list)
{
	struct given ports = given_of(c, option, list, "port");
	struct given hosts = given_of(c, option, list, "hostaddr");
	enum app_err err = APP_OK;
	if (!hosts.value)
		hosts = given_of(c, option, list, "host");
	if (parts_of(ports.value) > 1)
		err = count_check(c, &ports, hosts.value ? parts_of(hosts.value) : 1);
	for (const char *at = ports.value; !err && at;) {
		size_t len = strcspn(at, ",");
		if (!port_is_fine(at, len))
			err = ctx_fail(c, APP_INVALID, "%s: a port must be from 1 to 65535",
				       ports.where);
		at = at[len] ? at + len + 1 : NULL;
	}
	return err;
}

/* Each is right by itself, and together they never let anybody in. */
static enum app_err pairs_check(struct ctx *c, const char *option, const PQconninfoOption *list)
{
	struct given least = given_of(c, option, list, "ssl_min_protocol_version");
	struct given most = given_of(c, option, list, "ssl_max_protocol_version");
	struct given mode = given_of(c, option, list, "sslmode");
	struct given binding = given_of(c, option, list, "channel_binding");
	if (least.value && most.value && strcasecmp(least.value, most.value) > 0)
		return ctx_fail(c, APP_INVALID, "%s is above ssl_max_protocol_version",
				least.where);
	if (mode.value && str_eq(mode.value, "disable") && binding.value &&
	    str_eq(binding.value, "require"))
		return ctx_fail(c, APP_INVALID,
				"%s is 'require', which wants TLS, and sslmode is 'disable'",
				binding.where);
	return APP_OK;
}

static bool is_missing(const char *path)
{
	return access(path, F_OK) && (errno == ENOENT || errno == ENOTDIR);
}

/* Where libpq looks when nobody names one; NULL: nowhere. */
static const char *default_roots(struct ctx *c)
{
	const char *home = getenv("HOME");
	return home && *home ? arena_printf(c->arena, "%s/.postgresql/root.crt", home) : NULL;
}

/* Whether they can be read is for the user of the server to know: see files.c. */
static enum app_err files_check(struct ctx *c, const char *option, const PQconninfoOption *list)
{
	struct given host = given_of(c, option, list, "host");
	struct given mode = given_of(c, option, list, "sslmode");
	struct given roots = given_of(c, option, list, "sslrootcert");
	struct given cert = given_of(c, option, list, "sslcert");
	struct given key = given_of(c, option, list, "sslkey");
	const char *path = roots.value ? roots.value : default_roots(c);
	bool by_socket = !host.value || *host.value == '/' || *host.value == '@';
	if (by_socket || (mode.value && str_eq(mode.value, "disable")))
		return APP_OK;
	if (mode.value && str_starts(mode.value, "verify") && path && !str_eq(path, "system") &&
	    is_missing(path))
		return ctx_fail(c, APP_INVALID,
				"%s is '%s', which wants the certificates of authorities, and "
				"\"%s\" does not exist: name their file with sslrootcert",
				mode.where, mode.value, path);
	if (cert.value && key.value && !strchr(key.value, ':') && !is_missing(cert.value) &&
	    is_missing(key.value))
		return ctx_fail(c, APP_INVALID, "%s: \"%s\" does not exist", key.where, key.value);
	return APP_OK;
}

enum app_err postgres_parameters_check(struct ctx *c, const char *option,
				       const PQconninfoOption *list)
{
	enum app_err err = hosts_check(c, option, list);
	if (!err)
		err = ports_check(c, option, list);
	for (size_t i = 0; !err && i < COUNT_OF(choices); i++)
		err = choice_check(c, option, list, &choices[i]);
	for (size_t i = 0; !err && i < COUNT_OF(numbers); i++)
		err = number_check(c, option, list, &numbers[i]);
	if (!err)
		err = pairs_check(c, option, list);
	return err ? err : files_check(c, option, list);
}

static const struct choice only_read = { "target_session_attrs",
					 " read-only standby prefer-standby " };

enum app_err postgres_writes_check(struct ctx *c, const char *option, const char *url)
{
	PQconninfoOption *list = postgres_url_parse(url);
	struct given kind = { 0 };
	enum app_err err = APP_OK;
	if (list)
		kind = given_of(c, option, list, only_read.keyword);
	if (kind.value && choice_find(&only_read, kind.value))
		err = ctx_fail(c, APP_INVALID,
			       "%s is '%s', and writes go there: servers for reading are for "
			       "database.replica_url",
			       kind.where, kind.value);
	postgres_url_drop(list);
	return err;
}
