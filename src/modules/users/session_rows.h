/* The table of sessions, as the files of the users module share it. */
#ifndef CROFT_SRC_MODULES_USERS_SESSION_ROWS_H
#define CROFT_SRC_MODULES_USERS_SESSION_ROWS_H

#include "core/model.h"

extern const struct model user_session_model;

#endif
