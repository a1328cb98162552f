/*
 * What the readers of hashes share. Each reads a whole text into a struct foreign_hash, of which
 * the kind is set and all else is zero.
 */
#ifndef CROFT_SRC_CORE_SECURITY_FOREIGN_FORM_H
#define CROFT_SRC_CORE_SECURITY_FOREIGN_FORM_H

#include "foreign.h"

typedef enum hash_reading foreign_form_reader(const char *text, struct foreign_hash *ret);

/* ---- foreign_crypt.c: the forms of crypt(3) ---- */

foreign_form_reader foreign_form_bcrypt;
/* Django's forms of bcrypt, with its own name in front. */
foreign_form_reader foreign_form_named_bcrypt;
foreign_form_reader foreign_form_digested_bcrypt;
foreign_form_reader foreign_form_sha_crypt;
foreign_form_reader foreign_form_yescrypt;

/* ---- foreign_derived.c: keys that are derived, by PBKDF2 and scrypt ---- */

foreign_form_reader foreign_form_django;
foreign_form_reader foreign_form_passlib;
foreign_form_reader foreign_form_werkzeug;
foreign_form_reader foreign_form_werkzeug_scrypt;

/* ---- foreign_form.c: parts ---- */

/* A decimal number without leading zeros, up to the sign; NULL: there is none. */
const char *foreign_form_number(const char *text, char sign, uint64_t *ret);
/* Of a hash that is read but for its work. */
enum hash_reading foreign_form_bounded(const struct foreign_hash *hash);

#endif
