/*
 * What the stages of the pipeline tell the OpenAPI document of a route, each beneath the code that
 * answers so (see struct pipeline_stage). Private to core/http.
 */
#ifndef CROFT_SRC_CORE_HTTP_ANSWERS_H
#define CROFT_SRC_CORE_HTTP_ANSWERS_H

#include "core/openapi.h"
#include "core/route.h"

/* Beneath the stages of the same names. */
answers_fn answers_of_check_head, answers_of_find_route, answers_of_check_body,
	answers_of_refuse_overload, answers_of_limits, answers_of_admit_sender,
	answers_of_bind_input, answers_of_take_wishes, answers_of_run_operation,
	answers_of_render_answer, answers_before_sender, answers_before_operation;

#endif
