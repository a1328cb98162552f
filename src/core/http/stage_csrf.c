/*
 * The stage that keeps pages of elsewhere from acting for who is signed in here by cookie: his
 * browser sends that with each request, whichever page wants it. Credentials in a header no page
 * can send without our leave, so those are not asked. A page without scripts has the word in its
 * form: that is looked at once the body is in.
 */
#include "base/str.h"
#include "core/csrf.h"
#include "core/http.h"
#include "exchange.h"
#include "form.h"
#include "parse/media.h"
#include "parse/page.h"
#include "stage.h"

bool when_by_cookie(const struct http_exchange *x)
{
	return x->is_by_cookie;
}

static bool is_safe(enum http_method method)
{
	return method == GET || method == OPTIONS;
}

/* A script of another page that only reads says its Origin. */
static bool is_of_our_page(const struct http_exchange *x)
{
	const char *const *head = x->head.value;
	return (is_safe(x->method) && !head[GUARD_ORIGIN]) ||
	       page_is_ours(head[GUARD_SEC_FETCH_SITE], head[GUARD_ORIGIN], head[GUARD_HOST]);
}

/* No header says it, so a form may. */
static bool is_said_in_form(const struct http_exchange *x)
{
	return !x->head.value[GUARD_X_CSRF_TOKEN] && exchange_has_body(x) &&
	       media_kind(x->head.value[GUARD_CONTENT_TYPE]) == MEDIA_FORM;
}

/* The one of that name; of two nobody knows which was meant. */
static const char *word_in(const struct input_pair *form)
{
	const char *word = NULL;
	for (; form->name; form++) {
		if (!form_is_word(form))
			continue;
		if (word)
			return NULL;
		word = form->value;
	}
	return word;
}

static enum app_err word_of(struct http_exchange *x, const char **ret)
{
	const struct input_pair *form;
	*ret = x->head.value[GUARD_X_CSRF_TOKEN];
	if (!is_said_in_form(x))
		return APP_OK;
	enum app_err err = form_read(x, &form);
	if (!err)
		*ret = word_in(form);
	return err;
}

static enum app_err check_word(struct http_exchange *x)
{
	const char *word;
	enum app_err err = word_of(x, &word);
	if (err || csrf_is_right(&x->c, x->c.actor.session_id, word))
		return err;
	return ctx_fail_code(&x->c, APP_FORBIDDEN, "foreign_page",
			     "Signed in by cookie, a change needs the word of this session: the "
			     "header X-CSRF-Token, or in a form the field " CSRF_FIELD);
}

enum stage_result stage_check_csrf(struct http_exchange *x)
{
	enum app_err err = APP_OK;
	bool waits = x->state == EXCHANGE_HEAD && is_said_in_form(x);
	if (!is_of_our_page(x))
		err = ctx_fail_code(&x->c, APP_FORBIDDEN, "foreign_page",
				    "Signed in by cookie, only pages of this server may ask: "
				    "another page, or an unknown one, did");
	else if (!is_safe(x->method) && !waits)
		err = check_word(x);
	return err ? stage_fail(x, err) : STAGE_NEXT;
}
