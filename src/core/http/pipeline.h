/*
 * Taking a request through its stages (see stage.h), from top to bottom. Private to core/http.
 */
#ifndef CROFT_SRC_CORE_HTTP_PIPELINE_H
#define CROFT_SRC_CORE_HTTP_PIPELINE_H

struct http_exchange;

enum pipeline_result {
	/* come again when the body is in */
	PIPELINE_BODY,
	/* suspend the connection, wire_hand_over(), come again when resumed */
	PIPELINE_SUSPEND,
	/* x->answer is to be sent */
	PIPELINE_DONE,
};

/* From the next stage on, on the calling thread, which is that of x->place. */
enum pipeline_result pipeline_run(struct http_exchange *x);

#endif
