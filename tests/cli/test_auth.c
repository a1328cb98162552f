/* `croft auth`, of the real binary on a fresh database. */
#include "testing/rows.h"

#include "base/attr.h"
#include "cli/refused.h"
#include "testing/program.h"

/* The key of the secret was never added: it has no day from which on it signs. */
static void the_first_has_no_beginning(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program(&p, "auth", "keys");
	program_assert_code(&p, 0);
	text_assert_has(p.out, "  signs    -                            -\n");
	text_assert_lacks(p.out, "1970");
	program(&p, "auth", "rotate-keys");
	program_assert_code(&p, 0);
	program(&p, "auth", "keys");
	program_assert_code(&p, 0);
	text_assert_has(p.out, "  signs    -                            2");
	program_close(&p);
}

#define REFUSED(sentence, says, ...) \
	ROW_OF(sentence, is_refused, (&(struct refused){ { __VA_ARGS__ }, says }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("the key that follows from the secret has no beginning",
		    the_first_has_no_beginning),
		REFUSED("what to do is missing",
			"'auth' needs to know what to do: keys or rotate-keys", "auth"),
		REFUSED("a list forgets nothing", "'auth keys' takes no --forget", "auth", "keys",
			"--forget"),
	};
	return rows_run("cli/auth", rows, COUNT_OF(rows));
}
