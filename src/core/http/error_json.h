/* What all JSON errors say in the same way, whatever their form. Private to core/http. */
#ifndef CROFT_SRC_CORE_HTTP_ERROR_JSON_H
#define CROFT_SRC_CORE_HTTP_ERROR_JSON_H

struct buf;

/* Adds `,"name":"value"`. */
void error_json_add(struct buf *out, const char *name, const char *value);
/* Adds the slug of the error, and the id under which the log has the request. */
void error_json_add_code(struct buf *out, const char *code, const char *request_id);

#endif
