/*
 * The HTTP server's life: what it serves is made ready, the event loops are started, drained and
 * stopped. What serves a request begins in wire.c.
 */
#include "server.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "acceptor.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/app.h"
#include "core/db.h"
#include "core/embedded.h"
#include "core/log.h"
#include "core/module.h"
#include "core/openapi.h"
#include "hold.h"
#include "listener.h"
#include "peer.h"
#include "wire.h"

/* Descriptors kept for the database, the log and libraries. */
enum { RESERVED_FDS = 200, DRAIN_STEP_MS = 10 };
/* Some round trips; those who open connections for later use cost a restart as much. */
enum { FIRST_WORD_MS = 300 };

/* As many connections as the limit on open files allows, after raising it as far as we may. */
static void fit_connections(struct ctx *c, struct http_options *options)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	getrlimit(RLIMIT_NOFILE, &limit);
	int64_t room = limit.rlim_cur == RLIM_INFINITY ? INT64_MAX
						       : (int64_t)limit.rlim_cur - RESERVED_FDS;
	if (room < 16)
		room = 16;
	if (options->max_connections <= room)
		return;
	log_warn(c, "server.max_connections lowered to fit the limit on open files",
		 LOG_INT("wanted", options->max_connections), LOG_INT("max_connections", room));
	options->max_connections = room;
}

static bool is_mounted_before(const struct module *const *modules, const char *mount, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq(modules[i]->mount, mount))
			return true;
	return false;
}

/* Those of the application, and the documents of it and of what is mounted. */
static void take_modules(struct http_server *server, const struct module *const *modules)
{
	size_t count = 0, docs = 0;
	while (modules[count])
		count++;
	server->modules = mem_new(2 * count + 2, sizeof(*server->modules));
	server->mounted_docs = mem_new(count + 1, sizeof(*server->mounted_docs));
	memcpy(server->modules, modules, count * sizeof(*server->modules));
	server->modules[count] = &http_docs_module;
	for (size_t i = 0; i < count; i++) {
		const char *mount = modules[i]->mount;
		if (!mount || is_mounted_before(modules, mount, i))
			continue;
		server->mounted_docs[docs] = http_docs_below(mount);
		server->modules[count + 1 + docs] = &server->mounted_docs[docs];
		docs++;
	}
}

bool http_docs_are_on(const struct app *app, const struct http_options *options)
{
	return options->docs == 1 ||
	       (options->docs == 0 && app->options->environment != ENV_PRODUCTION);
}

static void make_documents(struct ctx *c, struct http_server *server)
{
	const struct openapi_source source = { .router = server->router,
					       .answers = http_answers,
					       .root = server->options.root_path,
					       .words = server->options.words };
	documents_make(c, &server->documents, &source);
}

static enum app_err server_prepare(struct ctx *c, struct http_server *server)
{
	enum app_err err = cors_new(c, server->options.cors_origins, &server->cors);
	if (!err)
		err = networks_read(c, server->options.trusted_proxies, &server->trusted);
	if (!err)
		err = hosts_new(c, server->options.trusted_hosts, &server->hosts);
	if (!err)
		err = static_open(c, server->options.static_dir, embedded_files, embedded_count,
				  &server->statics);
	if (!err)
		err = modules_check(c, server->modules);
	if (!err)
		err = router_new(c, server->modules, &server->router);
	if (err)
		return err;
	server->rest = router_stages_of_the_rest(server->router);
	if (server->docs)
		make_documents(c, server);
	return APP_OK;
}

static void server_free(struct http_server *server)
{
	if (server->holds)
		holds_drop(server->holds);
	if (server->peers)
		peers_drop(server->peers);
	router_drop(server->router);
	static_drop(server->statics);
	cors_drop(server->cors);
	hosts_drop(server->hosts);
	cors_headers_done(&server->cors_headers);
	documents_done(&server->documents);
	limits_done(&server->limits);
	free(server->modules);
	free(server->mounted_docs);
	free(server);
}

/* With what needs nobody else yet: neither the database nor a thread. */
static struct http_server *server_new(const struct app *app, const struct http_options *options)
{
	struct http_server *server = mem_new(1, sizeof(*server));
	server->options = *options;
	if (!server->options.root_path)
		server->options.root_path = "";
	server->threads = options->threads ? (int)options->threads
					   : (int)sysconf(_SC_NPROCESSORS_ONLN);
	take_modules(server, app->modules);
	cors_headers_make(&server->cors_headers, server->modules);
	dear_init(&server->dear);
	return server;
}

enum app_err http_server_check(struct ctx *c, const struct app *app,
			       const struct http_options *options)
{
	struct http_server *server = server_new(app, options);
	enum app_err err = server_prepare(c, server);
	server_free(server);
	return err ? err : listener_check(c, options);
}

/* From here on requests are answered; of what fails nothing goes on, and the socket is open. */
static enum app_err connections_take(struct ctx *c, struct http_server *server, int fd)
{
	if (!server->options.listener_is_shared)
		return wire_start(c, server, fd);
	enum app_err err = wire_start(c, server, -1);
	if (err)
		return err;
	server->acceptor = acceptor_new(server, fd);
	if (server->acceptor)
		return APP_OK;
	wire_stop(server);
	return ctx_fail(c, APP_UNAVAILABLE, "The thread that accepts connections does not start");
}

enum app_err http_server_start(struct ctx *c, struct app *app, const struct http_options *options,
			       struct http_server **ret_server)
{
	struct http_server *server = server_new(app, options);
	server->app = server->refusals.app = app;
	server->docs = http_docs_are_on(app, options);
	server->db_blocks = db_may_block(app->db);
	fit_connections(c, &server->options);
	if (server->options.limits)
		limits_make(&server->limits, server->options.limits, app->options->environment);

	int fd = -1;
	enum app_err err = server_prepare(c, server);
	if (!err)
		err = listener_listen(c, &server->options, &fd, &server->port);
	if (!err) {
		server->peers = peers_new(&server->options, &server->trusted, &server->unsent,
					  &server->refusals);
		server->holds = holds_new(server->options.refused_pause_ms);
		*ret_server = server; /* before any thread can ask for it */
		err = connections_take(c, server, fd);
	}
	if (!err)
		return APP_OK;
	*ret_server = NULL;
	if (fd >= 0)
		close(fd);
	server_free(server);
	return err;
}

int http_server_port(const struct http_server *server)
{
	return server->port;
}

void http_server_probed(struct http_server *server)
{
	atomic_store_explicit(&server->probed_us, clock_monotonic_us(), memory_order_relaxed);
}

bool http_server_is_quiet(const struct http_server *server, int64_t seconds)
{
	int64_t probed = atomic_load_explicit(&server->probed_us, memory_order_relaxed);
	return (!probed || clock_monotonic_us() - probed >= SECONDS_US(seconds)) &&
	       peers_count(server->peers) == 0;
}

int64_t http_stop_seconds(const struct http_options *options)
{
	return options->drain_seconds + options->shutdown_seconds + options->total_seconds +
	       PEER_WORK_GRACE_S;
}

void http_server_drain(struct http_server *server)
{
	atomic_store(&server->draining, true);
}

bool http_server_is_draining(const struct http_server *server)
{
	return atomic_load(&server->draining);
}

static void wait_until_zero(atomic_long *count, int64_t deadline_us)
{
	while (atomic_load(count) > 0 && clock_monotonic_us() < deadline_us)
		nanosleep(&(struct timespec){ .tv_nsec = DRAIN_STEP_MS * 1000000L }, NULL);
}

static void wait_for_requests_of_new(struct peers *peers, int64_t deadline_us)
{
	while (peers_count_new(peers) > 0 && clock_monotonic_us() < deadline_us)
		nanosleep(&(struct timespec){ .tv_nsec = DRAIN_STEP_MS * 1000000L }, NULL);
}

/*
 * Who comes from now on waits for the next server. Who was accepted last has a moment to say what
 * it wants.
 */
static void shared_listener_leave(struct http_server *server)
{
	if (!server->acceptor)
		return;
	acceptor_drop(server->acceptor);
	server->acceptor = NULL;
	close(server->options.listener);
	wait_until_zero(&server->coming, clock_monotonic_us() + SECONDS_US(1));
	wait_for_requests_of_new(server->peers,
				 clock_monotonic_us() + MILLISECONDS_US(FIRST_WORD_MS));
}

void http_server_stop(struct http_server *server)
{
	atomic_store(&server->draining, true);
	shared_listener_leave(server);
	atomic_store(&server->stopping, true);
	holds_stop(server->holds);
	/*
	 * Who comes from now on is turned away by wire_daemon.c. MHD_quiesce_daemon() is not asked
	 * to: in 0.9.75 it and the event loops take the listener out of the same sets, and the
	 * process is aborted when the loops are second.
	 */
	wait_until_zero(&server->active,
			clock_monotonic_us() + SECONDS_US(server->options.shutdown_seconds));
	peers_cut(server->peers);
	/*
	 * Work under way in the pool or the writer is bounded by its own deadlines; the library
	 * aborts the process when it is stopped while a connection is suspended, so none is from
	 * now on.
	 */
	atomic_store(&server->ending, true);
	wait_until_zero(&server->suspended, INT64_MAX);
	wait_until_zero(&server->held, INT64_MAX);
	wire_stop(server); /* closes the listener, too */
	wait_until_zero(&server->wiping, INT64_MAX);
	server_free(server);
}
