/*
 * Accounts of another system, `croft import users`: all records are read and judged first, by the
 * rules of any account, then their passwords are hashed, and at last all are written at once.
 * Reading files and saying what came of it is the command line's.
 */
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "core/audit.h"
#include "core/inserter.h"
#include "core/log.h"
#include "core/security.h"
#include "core/text.h"
#include "import.h"
#include "modules/roles.h"

/* ---- a row by itself ---- */

const char *user_import_hash_check(struct arena *arena, const char **hash)
{
	(void)arena;
	/* In Django and in /etc/shadow nobody signs in by what begins so. */
	bool is_unusable = **hash == '!' || **hash == '*' || !**hash;
	const char *fault = is_unusable ? NULL : password_hash_fault(*hash);
	if (is_unusable)
		*hash = NULL;
	return fault;
}

void user_import_check(struct arena *arena, void *value, struct check_faults *faults)
{
	const struct user_import *in = value;
	(void)arena;
	if (in->password && in->password_hash)
		schema_check_fault(faults, "password",
				   "there is a password_hash, too: one of both is enough");
}

static enum app_err check_row(struct ctx *c, const struct user_import *in)
{
	if (!in->password)
		return APP_OK;
	return user_password_check(c, &(struct user_password){ .field = "password",
							       .text = in->password,
							       .username = in->username,
							       .email = in->email });
}

static struct import_row *add_row(struct importing *it)
{
	if (it->count == it->room) {
		size_t size = it->room * sizeof(*it->rows);
		it->room = it->room ? it->room * 2 : 64;
		it->rows = arena_grow(it->c->arena, it->rows, size, it->room * sizeof(*it->rows));
	}
	return &it->rows[it->count++];
}

static enum app_err take_row(struct importing *it, int64_t line, const struct user_import *in)
{
	struct ctx *c = it->c;
	enum app_err err = check_row(c, in);
	if (err)
		return err;
	*add_row(it) = (struct import_row){
		.in = *in,
		.line = line,
		.username_key = text_fold(c->arena, in->username, strlen(in->username), NULL),
		.email_key = text_fold(c->arena, in->email, strlen(in->email), NULL),
	};
	return APP_OK;
}

/* One record, or its faults. */
static bool read_row(struct importing *it, struct records *records)
{
	struct user_import in;
	bool found;
	enum app_err err = records_next(it->c, records, &in, &found);
	if (!err && found)
		err = take_row(it, records->line, &in);
	if (err)
		records_refuse(it->c, &it->ret->faults, records->line, err);
	it->records += found;
	return found;
}

static enum app_err read_rows(struct importing *it)
{
	const struct users_import *what = it->what;
	struct records records;
	enum app_err err = records_open(it->c, what->form, what->text, what->len,
					&user_import_schema, &records);
	if (err) {
		records_refuse(it->c, &it->ret->faults, records.line, err);
		return APP_OK;
	}
	while (read_row(it, &records))
		if (it->records > USERS_IMPORT_MAX)
			return ctx_fail(it->c, APP_INVALID,
					"there are more than %d accounts: part the file",
					USERS_IMPORT_MAX);
	return APP_OK;
}

/* ---- passwords ---- */

static enum app_err hash_passwords(struct importing *it)
{
	int64_t done = 0;
	enum app_err err = APP_OK;
	for (size_t i = 0; i < it->count && !err; i++) {
		struct user_import *in = &it->rows[i].in;
		if (!in->password)
			continue;
		err = user_password_hash(it->c,
					 &(struct user_password){ .field = "password",
								  .text = in->password,
								  .username = in->username,
								  .email = in->email },
					 &in->password_hash);
		it->what->tell(it->what->arg, ++done, it->ret->with_password);
	}
	return err;
}

/* ---- the write ---- */

/*
 * The keys are known already, and there may be USERS_IMPORT_MAX rows: model_insert_many() would
 * fold all names again and keep the text of each statement.
 */
static const char SQL_IMPORT[] =
	"INSERT INTO users (username, username_key, email, email_key, full_name,"
	" full_name_folded, password_hash, is_active, is_superuser, token_version, role_bits,"
	" created_at, updated_at) VALUES";

/* As core/model fills the column. */
static struct db_value folded_name(struct ctx *c, const char *name)
{
	if (!name)
		return DB_NONE;
	return db_bind_text(text_is_ascii(name, strlen(name))
				    ? ""
				    : text_fold(c->arena, name, strlen(name), NULL));
}

static enum app_err insert_row(struct inserter *inserter, const struct import_row *row,
			       int64_t role_bits, struct instant now)
{
	const struct user_import *in = &row->in;
	struct ctx *c = inserter->c;
	const struct db_value values[] = {
		db_bind_text(in->username),
		db_bind_text(row->username_key),
		db_bind_text(in->email),
		db_bind_text(row->email_key),
		db_bind_text(in->full_name),
		folded_name(c, in->full_name),
		db_bind_text(in->password_hash),
		db_bind_bool(in->is_active),
		db_bind_bool(in->is_superuser),
		db_bind_int(user_token_version_new()),
		db_bind_int(role_bits),
		db_bind_instant(in->created_at.is == GIVEN ? in->created_at.value : now),
		db_bind_instant(now),
	};
	return inserter_add(inserter, values);
}

static enum app_err leave_row(struct ctx *c, const struct users_imported *done)
{
	const char *change = arena_printf(c->arena,
					  "{\"accounts\":%" PRId64 ",\"superusers\":%" PRId64 "}",
					  done->accounts, done->superusers);
	return audit_write(c, &(struct audit_entry){ .operation = "users.import",
						     .outcome = "ok",
						     .subject.table = "users",
						     .change = change });
}

static enum app_err write_rows(struct ctx *c, void *arg)
{
	const struct importing *it = arg;
	const struct instant now = ctx_now(c);
	struct inserter inserter;
	int64_t role_bits = 0;
	enum app_err err = roles_begin(c);
	if (!err)
		err = roles_of_new_accounts(c, &role_bits);
	inserter_init(&inserter, c, SQL_IMPORT, 13);
	for (size_t i = 0; i < it->count && !err; i++)
		err = insert_row(&inserter, &it->rows[i], role_bits, now);
	if (!err)
		err = inserter_flush(&inserter);
	if (!err)
		err = leave_row(c, it->ret);
	if (err)
		return err;
	log_info(c, "accounts imported", LOG_INT("accounts", it->ret->accounts),
		 LOG_INT("superusers", it->ret->superusers), LOG_INT("by", c->actor.user_id));
	return APP_OK;
}

static void count_rows(struct importing *it)
{
	struct users_imported *ret = it->ret;
	ret->accounts = (int64_t)it->count;
	for (size_t i = 0; i < it->count; i++) {
		ret->superusers += it->rows[i].in.is_superuser;
		ret->with_hash += it->rows[i].in.password_hash != NULL;
		ret->with_password += it->rows[i].in.password != NULL;
	}
}

enum app_err users_import(struct ctx *c, const struct users_import *what,
			  struct users_imported *ret)
{
	struct importing it = { .c = c, .what = what, .ret = ret };
	*ret = (struct users_imported){ 0 };
	enum app_err err = read_rows(&it);
	if (!err)
		err = import_check_names(&it);
	if (err)
		return err;
	count_rows(&it);
	if (ret->faults.count)
		return ctx_fail(c, APP_INVALID, "nothing was imported; faults: %" PRId64,
				ret->faults.count);
	if (what->is_dry)
		return APP_OK;
	err = hash_passwords(&it);
	return err ? err : db_write_slow(c, write_rows, &it);
}
