/* SPDX-License-Identifier: MIT */
#ifndef CLI_DOCTOR_LOOKUP_H
#define CLI_DOCTOR_LOOKUP_H

#include "cli/doctor.h"

#include <stdbool.h>

struct dns;

/* Inside cli/ only: what the checks that ask DNS have in common. */

/* The place that a verdict is reported at: "DNS presse.nordhav.example". */
const char *doctor_lookup_place(struct doctor *doctor, const char *name);

/* Reports that no resolver answers. */
void doctor_lookup_unanswered(struct doctor *doctor, const char *name);

/* Reports that the answer is a failure. what: that was asked about, "SPF". */
void doctor_lookup_failed(struct doctor *doctor, const char *name, const char *what);

/* Behind the last @. */
const char *doctor_lookup_domain(const char *address);

/* False: the machine knows no resolver. *is_test: a story's is asked, which knows names for
 * examples. */
bool doctor_lookup_open(struct dns *dns, bool *is_test);

#endif
