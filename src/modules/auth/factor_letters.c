/* The letters that tell an account what became of its second factor. */
#include "factor.h"
#include "modules/user_notices.h"

#define NOT_YOU \
	"If it was neither you nor those who run {{service}}, somebody else has got in: set " \
	"another password"

static const struct user_notice notices[] = {
	[FACTOR_TURNED_ON] = {
		.subject = "Signing in to {{service}} takes a code now",
		.text = "Hello,\n\n"
			"the account {{username}} of {{service}} has a second factor now: signing "
			"in takes the password and a code of a device.\n\n"
			NOT_YOU ", and ask those who run {{service}} to turn it off.\n",
	},
	[FACTOR_TURNED_OFF] = {
		.subject = "Signing in to {{service}} takes no code any more",
		.text = "Hello,\n\n"
			"the second factor of the account {{username}} of {{service}} was turned "
			"off: signing in takes the password alone.\n\n"
			NOT_YOU ", and turn it on again.\n",
	},
	[FACTOR_PAPER_USED] = {
		.subject = "A recovery code for {{service}} was used",
		.text = "Hello,\n\n"
			"a recovery code of the account {{username}} of {{service}} was used in "
			"place of a code of its device. It is good no more.\n\n"
			NOT_YOU ", and draw new recovery codes.\n",
	},
	[FACTOR_PAPER_DRAWN] = {
		.subject = "There are new recovery codes for {{service}}",
		.text = "Hello,\n\n"
			"new recovery codes were drawn for the account {{username}} of "
			"{{service}}. Those from before are good no more.\n\n"
			NOT_YOU ", and draw new ones.\n",
	},
};

enum app_err factor_tell(struct ctx *c, int64_t user_id, enum factor_event what)
{
	struct user_credentials owner;
	enum app_err err = users_credentials(c, user_id, &owner);
	if (!err)
		user_notice_send(c, &owner, &notices[what]);
	return err;
}
