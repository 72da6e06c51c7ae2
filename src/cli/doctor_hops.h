/* SPDX-License-Identifier: MIT */
#ifndef CLI_DOCTOR_HOPS_H
#define CLI_DOCTOR_HOPS_H

struct dkim_header;
struct doctor;

/* Inside cli/ only: whether a mail travelled encrypted from server to server, by its Received
 * fields (RFC 5321 section 4.4, RFC 3848). */
void doctor_hops(struct doctor *doctor, const char *place, const struct dkim_header *header);

#endif
