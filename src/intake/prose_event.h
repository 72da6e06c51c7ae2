/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_PROSE_EVENT_H
#define INTAKE_PROSE_EVENT_H

struct intake_reading;

/* Inside intake/ only: an event that an invitation only mentions in its text. */

/* Where the text of an invitation without an event field names a day and an hour to come, proposes
 * the line that would make it an event. None is made of prose by itself, because the first date
 * may be that of something else. */
void prose_event_report(struct intake_reading *reading);

#endif
