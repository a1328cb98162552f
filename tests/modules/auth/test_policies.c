/* When the password grant answers. */
#include "core/app.h"
#include "modules/auth/internal.h"
#include "testing/rows.h"

struct grant_case {
	int64_t setting, environment;
	bool is_on;
};

static void decides(void **state)
{
	const struct grant_case *want = *state;
	assert_int_equal(
		auth_password_grant_is_on(&(struct auth_options){ .password_grant = want->setting },
					  want->environment),
		want->is_on);
}

#define GRANT(...) (&(struct grant_case){ __VA_ARGS__ })

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW_OF("auto is on at home", decides, GRANT(AUTH_AUTO, ENV_LOCAL, true)),
		ROW_OF("auto is on in staging", decides, GRANT(AUTH_AUTO, ENV_STAGING, true)),
		ROW_OF("auto is off in production", decides,
		       GRANT(AUTH_AUTO, ENV_PRODUCTION, false)),
		ROW_OF("on is on in production", decides, GRANT(AUTH_ON, ENV_PRODUCTION, true)),
		ROW_OF("off is off at home", decides, GRANT(AUTH_OFF, ENV_LOCAL, false)),
	};
	return rows_run("modules/auth/policies", rows, COUNT_OF(rows));
}
