// SPDX-License-Identifier: GPL-2.0-only
/*
 * segctl doctor
 */
#include <stdio.h>

#include "doctor.h"
#include "parse.h"
#include "print.h"

static const char usage[] =
	"Usage: segctl doctor\n"
	"Exit code 0: nothing was found, or notes only; 2: something was.\n";

static unsigned int findings, notes;

void doctor_report(const struct finding *f)
{
	if (f->note)
		notes++;
	else
		findings++;
	pr_object(NULL);
	pr_string("check", NULL, PLAIN, f->check);
	pr_string("object", NULL, PLAIN, *f->object ? f->object : NULL);
	pr_bool("note", f->note);
	if (f->note)
		pr_word(PLAIN, "note:");
	pr_string("found", "", f->note ? PLAIN : COLOUR_BAD, f->found);
	pr_line();
	pr_string("meaning", "", PLAIN, f->meaning);
	pr_line();
	pr_string("mend", "mend:", COLOUR_GOOD, f->mend);
	pr_object_end();
}

static int doctor_run(struct args *args)
{
	struct model m = {};
	int ret;

	ret = no_more(args);
	if (ret != DONE)
		return ret;

	findings = 0;
	notes = 0;
	ret = model_load(&m);
	if (ret == DONE) {
		pr_begin();
		doctor_check_devices(&m);
		doctor_check_zones(&m);
		doctor_check_drops(&m);
		doctor_check_host(&m);
		if (!findings && !notes) {
			pr_word(COLOUR_GOOD, "nothing found");
			pr_break();
		}
		pr_end(ret);
	}
	model_free(&m);
	if (ret == DONE && findings)
		ret = REFUSED;
	return ret;
}

const struct object doctor_object = {
	.name = "doctor",
	.run = doctor_run,
	.usage = usage,
};
