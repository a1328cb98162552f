/*
 * What the server says about itself: health for supervisors and load balancers, version, the front
 * page.
 */
#ifndef CROFT_MODULES_SYSTEM_H
#define CROFT_MODULES_SYSTEM_H

#include "core/module.h"

extern const struct module system_module;

#endif
