/* Made-up users, without a password: nobody can sign in as one. */
#include "core/seed.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/db.h"
#include "core/inserter.h"
#include "core/text.h"
#include "internal.h"

/* clang-format off */
static const char *const first_names[] = {
	"ada", "alan", "amara", "anna", "arjun", "bela", "bo", "carla", "chen", "clara", "dario",
	"dina", "edith", "elena", "emil", "erik", "fatima", "felix", "finn", "flora", "greta",
	"hana", "hugo", "ida", "ilya", "ines", "ivan", "jana", "jonas", "kaya", "kemal", "lara",
	"leo", "lin", "luca", "mara", "mateo", "maya", "mila", "nadia", "nils", "noor", "olga",
	"omar", "otto", "paula", "pavel", "petra", "quentin", "rafael", "rania", "rosa", "ruth",
	"samir", "sara", "selma", "sven", "tara", "theo", "tomas", "una", "vera", "victor",
	"wanda", "yara", "yusuf", "zoe",
};

static const char *const last_names[] = {
	"abel", "adler", "baker", "becker", "bianchi", "blake", "brandt", "castro", "chen",
	"clark", "costa", "cruz", "dahl", "diaz", "duarte", "ekman", "evans", "ferrari",
	"fischer", "fuchs", "garcia", "gruber", "haas", "hansen", "hoffmann", "ito", "ivanov",
	"jansen", "jensen", "kaya", "keller", "kim", "klein", "kovacs", "kowalski", "larsen",
	"lehmann", "lopez", "mansour", "marino", "martin", "meyer", "moore", "moreau", "mueller",
	"nakamura", "nguyen", "novak", "okafor", "olsen", "ortiz", "park", "patel", "petrov",
	"quinn", "rahman", "reyes", "rossi", "sato", "schmidt", "silva", "singh", "smith",
	"sousa", "tanaka", "torres", "vogel", "wagner", "weber", "wolf", "yilmaz", "zhang",
};

/* clang-format on */

static const struct word_list first_name_list = WORD_LIST(first_names);
static const struct word_list last_name_list = WORD_LIST(last_names);

static const char SQL_ADD_USERS[] =
	"INSERT INTO users (username, username_key, email, email_key, full_name, is_active, "
	"created_at, updated_at) VALUES";

struct user_seed {
	/* Makes names unique when it is run again. */
	int64_t last_id;
	struct inserter rows;
};

static struct db_value folded(struct seeder *s, const char *text)
{
	return db_bind_text(text_fold(&s->arena, text, strlen(text), NULL));
}

static enum app_err user_add(struct seeder *s, struct user_seed *users)
{
	struct arena *arena = &s->arena;
	struct seed_random *random = &s->random;
	const char *first = seed_word(random, &first_name_list);
	const char *last = seed_word(random, &last_name_list);
	int64_t number = users->last_id + s->done + 1;
	char *full = arena_printf(arena, "%s %s", first, last);
	full[0] = str_upper(full[0]);
	full[strlen(first) + 1] = str_upper(full[strlen(first) + 1]);
	int64_t created = seed_time_us(s);
	const char *name = arena_printf(arena, "%s_%s%" PRId64, first, last, number);
	const char *email = arena_printf(arena, "%s.%s%" PRId64 "@example.com", first, last,
					 number);
	const struct db_value row[] = {
		db_bind_text(name),   folded(s, name),
		db_bind_text(email),  folded(s, email),
		db_bind_text(full),   db_bind_bool(seed_below(random, 100) < 97),
		db_bind_int(created), db_bind_int(created),
	};
	return inserter_add(&users->rows, row);
}

static enum app_err users_begin(struct ctx *c, struct seeder *s)
{
	struct user_seed *users = arena_zero(c->arena, sizeof(*users));
	users->last_id = seed_task_find(s->plan, users_seed.name)->last_id;
	inserter_init(&users->rows, c, SQL_ADD_USERS, 8);
	s->state = users;
	return APP_OK;
}

static enum app_err users_write(struct ctx *c, struct seeder *s)
{
	(void)c;
	struct user_seed *users = s->state;
	enum app_err err = APP_OK;
	for (; !err && s->done < s->until; s->done++)
		err = user_add(s, users);
	return err ? err : inserter_flush(&users->rows);
}

const struct seed_kind users_seed = {
	.name = "users",
	.note = "who have no password",
	.preset = 100,
	.begin = users_begin,
	.write = users_write,
};
