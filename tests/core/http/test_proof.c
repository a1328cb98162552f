/* threaded */
/*
 * What a client is told whose proof of who he is has grown old (RFC 9470), before and after his
 * body is read. How old it may be is the operation's.
 */
#include <stdlib.h>
#include <string.h>

#include "core/authenticator.h"
#include "core/http/house.h"
#include "testing/client.h"
#include "testing/json.h"

/* ---- a module, and accounts whose token is the age of their proof in seconds ---- */

static enum app_err look(struct ctx *c, const struct nothing *in, struct nothing *ret)
{
	(void)c, (void)in, (void)ret;
	return APP_OK;
}

OPERATION_FN(look, struct nothing, struct nothing)

#define OPERATION(variable, text, how, ...) \
	static const struct operation variable = { .name = text, \
						   .summary = "Look", \
						   .kind = how, \
						   .access = ACCESS_USER, \
						   __VA_ARGS__ RUN(look) }
OPERATION(seen, "proof.seen", QUERY, .proven_s = 7200, );
OPERATION(changed, "proof.changed", COMMAND, .proven_s = 7200, );
OPERATION(handled, "proof.handled", QUERY, .proven_s = 3600, );
OPERATION(open_to_users, "proof.open", QUERY, );

static enum app_err handle(struct ctx *c, struct http_exchange *x)
{
	(void)c;
	return http_answer(x, 200, "text/plain", "here", 4);
}

static const struct route all_routes[] = ROUTES(
	{ GET, "/seen", &seen, .status = 204 }, { POST, "/changed", &changed, .status = 204 },
	{ GET, "/handled", &handled, .handle = handle }, { GET, "/open", &open_to_users,
							   .status = 204 });

static const struct module proof_module = { .name = "proof",
					    .doc = "Takes proofs.",
					    .routes = all_routes };

static enum app_err screen(struct ctx *c, const struct credentials *credentials)
{
	(void)c, (void)credentials;
	return APP_OK;
}

static enum app_err authenticate(struct ctx *c, const struct credentials *credentials,
				 struct actor *ret)
{
	*ret = (struct actor){ .kind = ACTOR_USER,
			       .user_id = 1,
			       .proven_us = ctx_now(c).us - SECONDS_US(atoi(credentials->text)) };
	return APP_OK;
}

static enum app_err confirm(struct ctx *c)
{
	(void)c;
	return APP_OK;
}

static const struct authenticator by_age = { .screen = screen,
					     .authenticate = authenticate,
					     .confirm = confirm };

static int open_it(void **state)
{
	static const struct module *const modules[] = { &proof_module, NULL };
	(void)state;
	house_open(modules, (const char *const[]){ NULL });
	house_stage.scene.app.authenticator = &by_age;
	return 0;
}

/* ---- asking ---- */

struct told {
	const char *method, *target, *body, *age;
	int status;
	/* NULL: there is none */
	const char *challenge;
};

static void is_told(void **state)
{
	const struct told *row = *state;
	struct reply reply;
	client_call(&house_server,
		    &(struct request){ .method = row->method,
				       .target = row->target,
				       .body = row->body,
				       .token = row->age },
		    &reply);
	assert_int_equal(reply.status, row->status);
	const char *challenge = reply_header(&reply, "WWW-Authenticate");
	if (row->challenge) {
		assert_string_equal(challenge, row->challenge);
		assert_json_has(reply.body, "'detail':'Prove again who you are, then ask for this "
					    "once more','code':'insufficient_user_authentication'");
	} else {
		assert_null(challenge);
	}
	reply_done(&reply);
}

#define WITHIN(age) \
	"Bearer error=\"insufficient_user_authentication\", " \
	"error_description=\"More recent authentication is required\", max_age=\"" age "\""
#define TOLD(sentence, ...) ROW_OF(sentence, is_told, (&(struct told){ __VA_ARGS__ }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		TOLD("an old proof is told how young one must be", "GET", "/api/v1/seen", NULL,
		     "7201", 401, WITHIN("7200")),
		TOLD("a young one will do", "GET", "/api/v1/seen", NULL, "1", 204, NULL),
		TOLD("so it is for a change", "POST", "/api/v1/changed", NULL, "7201", 401,
		     WITHIN("7200")),
		TOLD("and a young one changes", "POST", "/api/v1/changed", NULL, "1", 204, NULL),
		TOLD("and for what is answered by hand", "GET", "/api/v1/handled", NULL, "3601",
		     401, WITHIN("3600")),
		TOLD("as with a young one", "GET", "/api/v1/handled", NULL, "1", 200, NULL),
		TOLD("where none is asked for any will do", "GET", "/api/v1/open", NULL, "99999",
		     204, NULL),
	};
	return rows_run_with("core/http proof", rows, COUNT_OF(rows), open_it, house_close);
}
