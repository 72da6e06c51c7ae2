/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_PROSE_EVENT_H
#define INTAKE_PROSE_EVENT_H

struct intake_reading;

/* Inside intake/ only: an event that an invitation only mentions in its text. */

/* An invitation that names no event: where its text names a day and an hour to come, tells the line
 * that would make one of it. No event is made of prose: the first date may be that of something
 * else. */
void prose_event_report(struct intake_reading *reading);

#endif
