/* The settings of the process as a whole. */
#ifndef CROFT_SRC_APP_OPTIONS_H
#define CROFT_SRC_APP_OPTIONS_H

#include "core/config.h"

/* Section "app"; fills struct app_options of core/app.h. */
extern const struct option_group app_option_group;

#endif
