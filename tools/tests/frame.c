// SPDX-License-Identifier: GPL-2.0-only
/*
 * The frame of a traceflow's packet: JSON comes in, the frame goes out; what is
 * wrong with it is said, with exit status 1. For tests/frames.py.
 */
#include <stdio.h>

#include "change.h"
#include "frame.h"
#include "json.h"
#include "schema.h"
#include "validate.h"

int main(void)
{
	const struct sg_type *type = sg_type_named("TraceflowConfig");
	json_t *input = json_loadf(stdin, 0, NULL), *object;
	struct sg_error e = {};
	struct sg_frame frame;

	object = sg_validate(type, input, &e);
	json_decref(input);
	if (!object ||
	    sg_frame_make(json_object_get(object, "packet"), &frame, &e)) {
		fprintf(stderr, "%s\n", e.message);
		json_decref(object);
		return 1;
	}
	json_decref(object);
	fwrite(frame.bytes, frame.len, 1, stdout);
	return 0;
}
