/* threaded */
/*
 * Modules mounted below a path, in a real server: their answers, their document, and what they have
 * of the main application.
 */
#include <string.h>

#include "core/http/house.h"
#include "core/router/shop.h"
#include "testing/client.h"
#include "testing/json.h"

static int open_with_shop(void **state)
{
	(void)state;
	house_open(shop_modules, (const char *const[]){ "server.root_path=/croft", NULL });
	return 0;
}

struct answer_case {
	const char *method, *target;
	int status;
	/* header and value; NULL: none is looked at. value NULL: it is not there */
	const char *name, *value;
};

static void is_answered(void **state)
{
	const struct answer_case *row = *state;
	struct reply reply;
	client_call(&house_server,
		    &(struct request){ .method = row->method, .target = row->target }, &reply);
	assert_int_equal(reply.status, row->status);
	const char *value = row->name ? reply_header(&reply, row->name) : NULL;
	assert_true((value != NULL) == (row->value != NULL));
	if (row->value)
		assert_string_equal(value, row->value);
	reply_done(&reply);
}

struct piece_case {
	const char *target, *piece;
	bool absent;
};

static void is_documented(void **state)
{
	const struct piece_case *row = *state;
	struct reply reply;
	client_call(&house_server, &(struct request){ .method = "GET", .target = row->target },
		    &reply);
	assert_int_equal(reply.status, 200);
	if (row->absent)
		assert_json_lacks(reply.body, row->piece);
	else
		assert_json_has(reply.body, row->piece);
	reply_done(&reply);
}

#define ANSWER(sentence, method_, target_, status_, name_, value_) \
	ROW_OF(sentence, is_answered, \
	       (&(struct answer_case){ method_, target_, status_, name_, value_ }))
#define HAS(sentence, target_, piece_) \
	ROW_OF(sentence, is_documented, (&(struct piece_case){ target_, piece_, false }))
#define LACKS(sentence, target_, piece_) \
	ROW_OF(sentence, is_documented, (&(struct piece_case){ target_, piece_, true }))
#define DOCUMENT "/shop/openapi.json"

int main(void)
{
	const struct CMUnitTest rows[] = {
		ANSWER("the mount itself is a path", "GET", "/shop", 200, NULL, NULL),
		ANSWER("what is below it", "GET", "/shop/till", 200, NULL, NULL),
		ANSWER("a new row is there, too", "POST", "/shop/sales", 201, "Location",
		       "/croft/shop/sales/7"),
		ANSWER("a slash too many leads there", "GET", "/shop/till/", 307, "Location",
		       "/croft/shop/till"),
		ANSWER("the API has none of it", "GET", "/api/v1/till", 404, NULL, NULL),
		ANSWER("nor has it any of the API", "GET", "/shop/things", 404, NULL, NULL),
		ANSWER("stages of the main application are for it", "GET", "/shop/till", 200,
		       "X-Things", "1"),
		ANSWER("its own are for its modules", "GET", "/shop/till", 200, "X-Shop", "1"),
		ANSWER("and for nothing else", "GET", "/api/v1/things", 200, "X-Shop", NULL),
		ANSWER("nor for what is not there", "GET", "/nowhere", 404, "X-Shop", NULL),
		ANSWER("be that below the mount", "GET", "/shop/nowhere", 404, "X-Shop", NULL),
		ANSWER("which passes those of the main application", "GET", "/shop/nowhere", 404,
		       "X-Things", "1"),
		ANSWER("one that is not for all routes is for its own module", "GET", "/shop", 200,
		       "X-Counter", "1"),
		ANSWER("and for no other of the mount", "GET", "/shop/till", 200, "X-Counter",
		       NULL),
		ANSWER("nor is one of the main application for the mount", "GET", "/shop", 200,
		       "X-Shelf", NULL),
		ANSWER("the document of the mount passes its own", "GET", DOCUMENT, 200, "X-Shop",
		       "1"),
		ANSWER("and those of the main application", "GET", DOCUMENT, 200, "X-Things", "1"),
		ANSWER("but the main's passes none of the mount's", "GET", "/openapi.json", 200,
		       "X-Shop", NULL),

		HAS("its document begins where it is", DOCUMENT,
		    "'servers':[{'url':'/croft/shop'}]"),
		HAS("the mount itself is its root", DOCUMENT, "'paths':{'/':{'get':"),
		HAS("all modules of one mount are in it", DOCUMENT, "'/till':{'get':"),
		HAS("its schemas are its own", DOCUMENT,
		    "'ShopItem':{'properties':{'id':{'type':'integer'"),
		LACKS("the main's operations are not", DOCUMENT, "things-list"),
		LACKS("its operations are not in the main's", "/openapi.json", "shop-items"),
		HAS("the main has its own", "/openapi.json", "'/api/v1/things':{'get':"),
		HAS("the pages are told of both", "/docs/documents.json",
		    "[{'name':'v1','url':'api/v1/openapi.json'},"
		    "{'name':'/shop','url':'shop/openapi.json'}]"),
		ANSWER("its page shows it", "GET", "/shop/docs", 307, "Location",
		       "/croft/docs?of=/shop"),
		ANSWER("either page", "GET", "/shop/redoc", 307, "Location",
		       "/croft/redoc?of=/shop"),
	};
	return rows_run_with("core/http/mounts", rows, COUNT_OF(rows), open_with_shop, house_close);
}
