/* The allow-list of hosts: read and checked once at start. Looks no name up. */
#include "hosts.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"
#include "host.h"

struct hosts {
	struct arena arena;
	/* "*": any */
	bool any;
	const char **names;
	size_t count;
};

static const char separators[] = " ,\t\r\n";

/* ---- the setting ---- */

static const char *name_fault(const char *name)
{
	const char *bare = str_starts(name, "*.") ? name + strlen("*.") : name;
	const char *behind = *bare == '[' ? strchr(bare, ']') : bare;
	if (strstr(name, "://") || strchr(name, '/'))
		return "it is the host alone, without https:// and path";
	if (strchr(bare, '*'))
		return "\"*\" stands for the first part of a name, as in *.example.org, or for all";
	if (!behind || (bare != name && *bare == '['))
		return "an IPv6 address is in brackets, such as [::1]";
	if (strchr(behind, ':'))
		return *bare == '[' ? "it has no port: any will do"
				    : "it has no port: any will do; an IPv6 address is in brackets";
	return host_is_valid(bare, strlen(bare)) ? NULL : "it is no host";
}

static enum app_err add_name(struct ctx *c, struct hosts *hosts, const char *name)
{
	if (str_eq(name, "*")) {
		hosts->any = true;
		return APP_OK;
	}
	const char *fault = name_fault(name);
	if (fault)
		return ctx_fail(c, APP_INVALID, "server.trusted_hosts: '%.100s': %s", name, fault);
	hosts->names[hosts->count++] = name;
	return APP_OK;
}

static enum app_err read_setting(struct ctx *c, struct hosts *hosts, const char *setting)
{
	char *rest = arena_strdup(&hosts->arena, setting);
	enum app_err err = APP_OK;
	hosts->names = arena_zero(&hosts->arena, (strlen(setting) / 2 + 1) * sizeof(*hosts->names));
	for (char *name; !err && (name = strsep(&rest, separators));)
		if (*name)
			err = add_name(c, hosts, name);
	return err;
}

enum app_err hosts_new(struct ctx *c, const char *setting, struct hosts **ret)
{
	struct hosts *hosts = mem_new(1, sizeof(*hosts));
	arena_init(&hosts->arena, 0);
	enum app_err err = setting ? read_setting(c, hosts, setting) : APP_OK;
	if (err || hosts->any || !hosts->count) {
		hosts_drop(hosts);
		hosts = NULL;
	}
	if (!err)
		*ret = hosts;
	return err;
}

void hosts_drop(struct hosts *hosts)
{
	if (!hosts)
		return;
	arena_done(&hosts->arena);
	free(hosts);
}

/* ---- a request ---- */

/* Of the host without its port, and without the dot that a name may end with. */
static size_t bare_len(const char *host)
{
	size_t len = *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":");
	return len > 1 && host[len - 1] == '.' ? len - 1 : len;
}

static bool is_name(const char *name, const char *host, size_t len)
{
	size_t name_len = strlen(name);
	if (*name != '*')
		return name_len == len && strncasecmp(name, host, len) == 0;
	size_t end = name_len - 1; /* ".example.org" */
	return len > end && strncasecmp(name + 1, host + len - end, end) == 0;
}

bool hosts_have(const struct hosts *hosts, const char *host)
{
	size_t len = host ? bare_len(host) : 0;
	for (size_t i = 0; i < hosts->count && len; i++)
		if (is_name(hosts->names[i], host, len))
			return true;
	return false;
}
