/* Letters to the owner of an account about what was done with it, and whom they go to. */
/* threaded */
#include "modules/users/internal.h"

#include <string.h>

#include "testing/mailbox.h"
#include "testing/store.h"

struct told {
	int who;
	const struct operation *op;
	const char *json;
	/* NULL: nobody is told */
	const char *subject;
};

/* Of Ada, whose e-mail is Ada@Example.com. */
static void is_told(void **state)
{
	const struct told *t = *state;
	struct stage s;
	struct mailbox box;
	stage_open(&s);
	mailbox_open(&box, &s);
	stage_call_ok(&s, t->who, t->op, t->json);
	assert_int_equal(mailbox_count(&box), t->subject != NULL);
	if (t->subject) {
		const struct letter *letter = mailbox_last(&box);
		assert_string_equal(letter->to, "Ada@Example.com");
		assert_string_equal(letter->subject, t->subject);
		assert_non_null(strstr(letter->text, "the account Ada of croft has "));
		assert_non_null(strstr(letter->html, "the account Ada of croft has "));
	}
	mailbox_close(&box, &s);
}

static void is_not_told_of_what_was_refused(void **state)
{
	(void)state;
	struct stage s;
	struct mailbox box;
	stage_open(&s);
	mailbox_open(&box, &s);
	const char *answer;
	/* that it is root's is found by the last statement */
	assert_int_equal(stage_call(&s, AS_ROOT, &users_update,
				    "{'user_id':2,'email':'root@example.com'}", &answer),
			 APP_CONFLICT);
	assert_int_equal(mailbox_count(&box), 0);
	mailbox_close(&box, &s);
}

static void goes_on_without_mail(void **state)
{
	(void)state;
	struct stage s;
	struct mailbox box;
	stage_open(&s);
	mailbox_open(&box, &s);
	box.mailer.send = NULL;
	stage_call_ok(&s, AS_ROOT, &users_reset_password,
		      "{'user_id':2,'password':'difference engine'}");
	assert_int_equal(mailbox_count(&box), 0);
	mailbox_close(&box, &s);
}

#define NEW_PASSWORD "Your password for croft was changed"
#define NEW_EMAIL "The e-mail of your account of croft was changed"
#define TOLD(sentence, ...) ROW_OF(sentence, is_told, (&(struct told){ __VA_ARGS__ }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		TOLD("S30 of a password that its owner changed", AS_ADA, &users_change_password,
		     "{'current_password':'" ADA_PASSWORD "','new_password':'difference engine'}",
		     NEW_PASSWORD),
		TOLD("S30 of one that was set for him", AS_ROOT, &users_reset_password,
		     "{'user_id':2,'password':'difference engine'}", NEW_PASSWORD),
		TOLD("S30 of one that was set by who runs the server", AS_SYSTEM,
		     &users_set_password, "{'login':'ada','password':'difference engine'}",
		     NEW_PASSWORD),
		TOLD("S30 of one that came with other changes", AS_ROOT, &users_update,
		     "{'user_id':2,'full_name':'Ada','password':'difference engine'}",
		     NEW_PASSWORD),
		TOLD("S30 of another e-mail, at the one that was", AS_ROOT, &users_update,
		     "{'user_id':2,'email':'mine@example.com'}", NEW_EMAIL),
		TOLD("not of the same e-mail in another case", AS_ROOT, &users_update,
		     "{'user_id':2,'email':'ada@example.com'}", NULL),
		TOLD("not of anything else", AS_ROOT, &users_update,
		     "{'user_id':2,'full_name':'Ada King'}", NULL),
		ROW("not of what was refused", is_not_told_of_what_was_refused),
		ROW("where no mail is sent passwords are set all the same", goes_on_without_mail),
	};
	return store_run("modules/users/notices", rows, COUNT_OF(rows), NULL, NULL);
}
