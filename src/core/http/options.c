/* The settings of section [server]. */
#include "core/http.h"

#include <string.h>

#include "base/app_name.h"
#include "base/str.h"
#include "parse/cors.h"
#include "parse/hosts.h"
#include "parse/networks.h"

static const char *const docs_choices[] = CHOICES("auto", "on", "off");

enum { ROOT_PATH_MAX = 200 };

#define O(member, ...) OPTION(struct http_options, member, __VA_ARGS__)

/* An address or a name; whether it is one of this machine is seen when it is listened on. */
static bool host_is_fine(const char *host)
{
	static const char chars[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:%";
	return *host && !host[strspn(host, chars)];
}

/* The way most servers are told of both. */
static bool host_has_port(const char *host)
{
	const char *colon = strchr(host, ':');
	return colon && colon == strrchr(host, ':') && str_is_digits(colon + 1);
}

/* A path that stands in headers and documents as it is: words of plain signs, each behind a "/". */
static const char *root_fault(const char *root)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
	if (!*root)
		return NULL;
	if (*root != '/')
		return "it must begin with '/', as /" APP_NAME " does";
	if (root[strlen(root) - 1] == '/')
		return "it must not end with '/': leave it empty for none";
	if (root[strspn(root, plain)])
		return "it may have letters, digits and -._~ between the '/' only";
	if (strstr(root, "//") || strstr(root, "/./") || strstr(root, "/../") ||
	    str_ends(root, "/.") || str_ends(root, "/.."))
		return "it must have a word behind each '/', and not . or ..";
	return strlen(root) > ROOT_PATH_MAX ? "it is too long (at most 200 bytes)" : NULL;
}

static void check_group(struct config_check *check, const void *values)
{
	const struct http_options *options = values;
	struct cors *cors = NULL;
	if (host_has_port(options->host))
		config_check_fault(check, "host", "the port is a setting of its own: server.port");
	else if (!host_is_fine(options->host))
		config_check_fault(check, "host",
				   "it must be an address or a name, such as 127.0.0.1, :: or "
				   "localhost");
	if (cors_new(config_check_ctx(check), options->cors_origins, &cors))
		config_check_failure(check, "cors_origins");
	const char *fault = root_fault(options->root_path);
	if (fault)
		config_check_fault(check, "root_path", "%s", fault);
	struct networks trusted;
	if (networks_read(config_check_ctx(check), options->trusted_proxies, &trusted))
		config_check_failure(check, "trusted_proxies");
	struct hosts *hosts = NULL;
	if (hosts_new(config_check_ctx(check), options->trusted_hosts, &hosts))
		config_check_failure(check, "trusted_hosts");
	hosts_drop(hosts);
	cors_drop(cors);
	if (options->max_body > options->body_memory)
		config_check_fault(check, "max_body",
				   "it is above server.body_memory, so that there is never room "
				   "for such a body");
}

OPTION_GROUP_CHECKED(
	http_option_group, "server", struct http_options, "The HTTP server.", check_group,
	O(host, .preset = "127.0.0.1",
	  .doc = "Address to listen on. Keep 127.0.0.1 behind a reverse proxy; 0.0.0.0 or :: "
		 "listens everywhere."),
	O(port, .preset = "8000", .max = 65535, .also = "PORT",
	  .doc = "Port to listen on; 0 picks a free one."),
	O(threads, .preset = "0", .max = 256,
	  .doc = "Event-loop threads that read requests and answer queries; 0 means one per core."),
	O(workers, .preset = "4", .min = 2, .max = 256,
	  .doc = "Threads for work that blocks, as on a database server, or that burns CPU. "
		 "Password hashing and long reads have threads of their own."),
	O(max_body, .preset = "1MiB", .min = 1024, .max = 1 << 30, .unit = UNIT_BYTES,
	  .doc = "Largest request body, unless a route sets its own."),
	O(max_body_public, .preset = "64KiB", .min = 1024, .max = 1 << 30, .unit = UNIT_BYTES,
	  .doc = "The same for routes that anyone may call without signing in; max_body if that is "
		 "smaller."),
	O(body_memory, .preset = "64MiB", .min = 1 << 16, .max = INT64_C(1) << 40,
	  .unit = UNIT_BYTES,
	  .doc = "Memory for the bodies of all requests that are not answered yet, and for what is "
		 "made of them; more are answered 503. One client (an account, or an address "
		 "without one) has a quarter at most, beside a single body. Bodies of 4 KiB or "
		 "less are not counted, nor is what is made of them up to 16 KiB."),
	O(answer_memory, .preset = "128MiB", .min = 1 << 20, .max = INT64_C(1) << 40,
	  .unit = UNIT_BYTES,
	  .doc = "Memory for answers that clients have not taken yet; more are answered 503. The "
		 "last eighth is for answers to changes, and one client (an account, or an address "
		 "without one) has a quarter at most, beside a single answer. Answers of 16 KiB or "
		 "less are not counted."),
	O(refused_bytes, .preset = "8MiB", .max = 1 << 30, .unit = UNIT_BYTES,
	  .doc = "Bytes of a refused request's body that are read and thrown away, so that a proxy "
		 "gets the answer instead of a broken connection."),
	O(refused_seconds, .preset = "5s", .min = 1, .max = 600, .unit = UNIT_SECONDS,
	  .doc = "Time for that."),
	O(refused_pause_ms, .preset = "500ms", .max = 1000, .unit = UNIT_MILLISECONDS,
	  .doc = "Time before a client hears that the server is busy, so that those who ask again "
		 "at once do not take what the others need."),
	O(max_connections, .preset = "4096", .min = 1, .max = 1000000,
	  .doc = "Most open connections; more are answered 503. Lowered to what the limit on open "
		 "files allows."),
	O(max_connections_per_ip, .preset = "512", .max = 1000000,
	  .doc = "Most open connections from one address (one /64 with IPv6); 0 means no bound. "
		 "Loopback and trusted_proxies are exempt."),
	O(trusted_proxies, .preset = "",
	  .doc = "Addresses and networks, such as 127.0.0.1 10.0.0.0/8, of the reverse proxies in "
		 "front of this server. From these alone X-Forwarded-For is believed: its last "
		 "entry that is not itself one of them is the client."),
	O(trusted_hosts, .preset = "",
	  .doc = "Names by which this server may be asked, such as api.example.org *.example.org "
		 "127.0.0.1, separated by spaces: a request whose Host is another is a 400, for "
		 "/health, too. *.example.org is every name below example.org. Empty means any."),
	O(root_path, .preset = "",
	  .doc = "The path, such as /" APP_NAME ", under which a reverse proxy shows this server "
		 "and which it takes off before it passes a request on. Location headers and the "
		 "API document begin with it. Empty means none."),
	O(max_waiting, .preset = "4096", .min = 1, .max = 1000000,
	  .doc = "Most requests that wait for a worker or the database writer at once; more are "
		 "answered 503."),
	O(loop_budget_us, .preset = "500", .max = 1000000,
	  .doc = "CPU time in microseconds that a query may take on an event loop, SQLite only. "
		 "One that takes more begins again on a thread for long reads; so does any at 0."),
	O(long_reads, .preset = "2", .min = 1, .max = 256,
	  .doc = "Threads for long reads. Clients take turns there."),
	O(long_reads_waiting, .preset = "256", .min = 1, .max = 1000000,
	  .doc = "Most long reads that wait; more are answered 503."),
	O(long_reads_waiting_each, .preset = "32", .min = 1, .max = 1000000,
	  .doc = "Most long reads of one client that wait: of an account, or of an address without "
		 "one."),
	O(header_seconds, .preset = "10s", .min = 1, .max = 3600, .unit = UNIT_SECONDS,
	  .doc = "Time a client has to send the request line and headers."),
	O(body_seconds, .preset = "30s", .min = 1, .max = 3600, .unit = UNIT_SECONDS,
	  .doc = "Time a client has to send the body, besides what body_min_rate grants."),
	O(body_min_rate, .preset = "64KiB", .max = 1 << 30, .unit = UNIT_BYTES,
	  .doc = "Bytes a second a client is expected to send or take: a large body or answer gets "
		 "size / rate more time. 0 grants none."),
	O(total_seconds, .preset = "60s", .min = 1, .max = 86400, .unit = UNIT_SECONDS,
	  .doc = "Time for working on a request: what is not done by then is stopped and answered "
		 "503. The same again for sending the answer."),
	O(unread_seconds, .preset = "5s", .min = 1, .max = 3600, .unit = UNIT_SECONDS,
	  .doc = "While others are refused for want of answer_memory, a client that has not taken "
		 "body_min_rate bytes of its answer for this time is cut off, the slowest first."),
	O(idle_seconds, .preset = "30s", .min = 1, .max = 3600, .unit = UNIT_SECONDS,
	  .doc = "Time a connection is kept open without a request; the request line must be in by "
		 "then."),
	O(shutdown_seconds, .preset = "20s", .min = 0, .max = 3600, .unit = UNIT_SECONDS,
	  .doc = "On a stop, time that requests in flight have to finish."),
	O(drain_seconds, .preset = "0s", .min = 0, .max = 600, .unit = UNIT_SECONDS,
	  .doc = "On a stop, time during which /health/ready says no while requests are still "
		 "taken, so that a load balancer can look away. Ends at once when no connection is "
		 "open and nobody has asked /health/ready for as long."),
	O(gzip_min, .preset = "1KiB", .max = 1 << 30, .unit = UNIT_BYTES,
	  .doc = "Smallest answer that is compressed for clients that accept it; 0 turns "
		 "compression off."),
	O(cors_origins, .preset = "",
	  .doc = "Origins whose pages may call the API, separated by spaces, such as "
		 "https://app.example.com; * allows any, without credentials. Empty allows none."),
	O(static_dir, .preset = "",
	  .doc = "Folder to serve static files from instead of those inside the binary; for "
		 "development."),
	O(docs, .preset = "auto", .choices = docs_choices,
	  .doc = "Serve /docs, /redoc and openapi.json; auto means outside production."));
