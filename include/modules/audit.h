/*
 * The audit as it is seen from outside: who had what done, newest first, by account, by row, or as
 * lines to take elsewhere. The rows come from core/audit.h.
 */
#ifndef CROFT_MODULES_AUDIT_H
#define CROFT_MODULES_AUDIT_H

#include "core/module.h"
#include "core/op.h"

extern const struct module audit_module;

/* For the command line. */
extern const struct operation audit_list;
extern const struct operation audit_export;
extern const struct operation audit_purge;

#endif
