/* What the files of the keys module share: settings, rows, inputs, schemas and operations. */
#ifndef CROFT_SRC_MODULES_KEYS_INTERNAL_H
#define CROFT_SRC_MODULES_KEYS_INTERNAL_H

#include "base/app_name.h"
#include "core/config.h"
#include "core/model.h"
#include "core/op.h"
#include "core/service.h"
#include "modules/keys.h"

/* ---- settings ---- */

struct key_options {
	/* of one account */
	int64_t most;
	/* 0: a key may live for ever */
	int64_t days_most;
};
extern const struct option_group key_option_group;

enum { KEYS_MOST_MAX = 1000, KEY_DAYS_MAX = 3650 };

/* ---- what a key looks like: text.c ---- */

/* With the NUL. */
enum { KEY_TEXT_ROOM = sizeof(APP_NAME) + 56, KEY_SECRET_ROOM = 27 };

/* What is random of a key. */
void key_secret_draw(char ret[KEY_SECRET_ROOM]);
/* What is stored of it. */
void key_secret_hash(const char *secret, char ret[DIGEST_TEXT_ROOM]);
void key_text_write(int64_t id, const char *secret, char ret[KEY_TEXT_ROOM]);

/* ---- rows ---- */

/* A key as it is shown: never its secret. */
struct api_key {
	int64_t id;
	int64_t user_id;
	const char *name;
	/* of const char *: names of roles; what is stored is the next */
	struct array roles;
	int64_t role_bits;
	/* unless GIVEN it lives until it is deleted */
	struct maybe_instant expires_at;
	/* to the minute, see used.c; unless GIVEN: never */
	struct maybe_instant last_used_at;
	struct instant created_at, updated_at;
};
extern const struct model api_key_model;

/* What is stored of a new one. */
struct api_key_write {
	int64_t user_id;
	const char *name;
	const char *hash;
	int64_t role_bits;
	struct maybe_instant expires_at;
};
extern const struct schema api_key_write_schema;

/* The condition of an account's keys, in the arena. */
struct model_where keys_of(struct ctx *c, int64_t user_id);
/* APP_NOT_FOUND where there is no such account. */
enum app_err keys_check_owner(struct ctx *c, int64_t user_id) MUST_USE;
/* Fills in the names of roles. */
enum app_err keys_show(struct ctx *c, struct api_key *keys, size_t count) MUST_USE;

/* ---- used.c ---- */

extern const struct service keys_used_service;
/* The key was shown now, and was right. Where the process does not write that nothing happens. */
void keys_note_used(struct ctx *c, int64_t key_id);

/* ---- inputs and outputs ---- */

struct api_key_list {
	/* of struct api_key */
	struct array items;
};

struct api_key_made {
	struct api_key row;
	/* its text, this once */
	const char *key;
};

struct api_key_create {
	const char *name;
	/* of const char *; .items NULL: none */
	struct array roles;
	/* at most one of the two is GIVEN */
	struct maybe_instant expires_at;
	struct maybe_int expires_in_days;
};

struct api_key_create_of {
	/* first, so that it is checked as that */
	struct api_key_create key;
	int64_t user_id;
};

struct api_key_update {
	int64_t key_id;
	const char *if_match;
	struct maybe_text name;
};

struct api_key_ref {
	int64_t key_id;
};

struct api_key_of {
	int64_t user_id;
	int64_t key_id;
};

struct api_key_owner {
	int64_t user_id;
};

extern const struct schema api_key_schema;
extern const struct schema api_key_list_schema;
extern const struct schema api_key_made_schema;
extern const struct schema api_key_create_schema;
extern const struct schema api_key_create_of_schema;
extern const struct schema api_key_update_schema;
extern const struct schema api_key_ref_schema;
extern const struct schema api_key_of_schema;
extern const struct schema api_key_owner_schema;

/* ---- operations ---- */

extern const struct operation keys_list;
extern const struct operation keys_get;
extern const struct operation keys_create;
extern const struct operation keys_update;
extern const struct operation keys_delete;
extern const struct operation keys_delete_of;
extern const struct operation keys_delete_all_of;
extern const struct route keys_routes[];

extern const struct permission keys_manage;

/* ---- commands.c, for others.c ---- */

/* Of the account, whoever acts. */
enum app_err keys_make(struct ctx *c, int64_t user_id, const struct api_key_create *in,
		       struct api_key_made *ret) MUST_USE;
enum app_err keys_delete_one(struct ctx *c, int64_t user_id, int64_t key_id) MUST_USE;

#endif
