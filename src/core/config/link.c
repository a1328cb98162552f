/*
 * Variables that are not meant for us although they begin like ours: Kubernetes gives every pod the
 * addresses of the services beside it, as docker --link did, and a service called croft-app brings
 * CROFT_APP_PORT=tcp://10.0.0.1:80. Told by name and value together, so that a slip in the name of
 * a setting stays one.
 */
#include <string.h>

#include "base/str.h"
#include "internal.h"

/* "tcp://10.0.0.1:8000" */
static bool is_address_url(const char *text)
{
	return str_starts(text, "tcp://") || str_starts(text, "udp://") ||
	       str_starts(text, "sctp://");
}

static bool is_address(const char *text)
{
	return *text && !text[strspn(text, "0123456789abcdefABCDEF.:")];
}

/*
 * What follows the last "_PORT_" of the name when that is a port and a protocol: "", "_PROTO",
 * "_PORT", "_ADDR"; or NULL.
 */
static const char *behind_protocol(const char *name)
{
	static const char *const protocols[] = { "_TCP", "_UDP", "_SCTP" };
	const char *at = strstr(name, "_PORT_"), *next;
	while (at && (next = strstr(at + 1, "_PORT_")))
		at = next;
	if (!at)
		return NULL;
	at += strlen("_PORT_");
	size_t digits = strspn(at, "0123456789");
	for (size_t i = 0; digits && i < COUNT_OF(protocols); i++)
		if (str_starts(at + digits, protocols[i]))
			return at + digits + strlen(protocols[i]);
	return NULL;
}

bool config_is_service_link(const char *name, const char *value)
{
	const char *rest = behind_protocol(name);
	if (rest && !*rest)
		return is_address_url(value);
	if (rest && str_eq(rest, "_PROTO"))
		return str_eq(value, "tcp") || str_eq(value, "udp") || str_eq(value, "sctp");
	if (rest && str_eq(rest, "_PORT"))
		return str_is_digits(value);
	if (rest && str_eq(rest, "_ADDR"))
		return is_address(value);
	if (str_ends(name, "_SERVICE_HOST"))
		return is_address(value);
	if (str_ends(name, "_SERVICE_PORT") || strstr(name, "_SERVICE_PORT_"))
		return str_is_digits(value);
	return str_ends(name, "_PORT") && is_address_url(value);
}
