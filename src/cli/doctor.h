/* SPDX-License-Identifier: MIT */
#ifndef CLI_DOCTOR_H
#define CLI_DOCTOR_H

#include <stdbool.h>
#include <stdint.h>

enum { DOCTOR_PATIENCE_MS = 15000 }; /* for each answer of a server */

struct command_context;
struct error;
struct json_t;
struct smtp_reply;
struct smtp_session;

enum doctor_verdict {
    DOCTOR_GOOD,
    DOCTOR_SKIPPED, /* could not be looked at, or there is nothing to look at yet */
    DOCTOR_WARNING, /* works, but should be seen to */
    DOCTOR_PROBLEM, /* does not work, or is not safe: exit 1 */
    DOCTOR_VERDICT_COUNT
};

/* One examination: it changes nothing. */
struct doctor {
    struct command_context *context;
    struct json_t *checks; /* NULL: for people */
    int64_t count[DOCTOR_VERDICT_COUNT];
    bool has_greeted;  /* the name in the greeting has been told */
    bool has_no_relay; /* it could not be entered */
};

/* place: "state/secret.key", "mail.smtp"; the text says what is, and "; what to do" where that is
 * wanted. Good ones go to standard output, the others to standard error. */
void doctor_say(struct doctor *doctor, enum doctor_verdict verdict, const char *place,
                const char *format, ...) __attribute__((format(printf, 4, 5)));

/* What a module said. */
void doctor_say_error(struct doctor *doctor, const char *place, const struct error *error);

/* Connects to the relay and logs in; NULL where it cannot be, which is told then. Close it with
 * doctor_leave_relay(). */
struct smtp_session *doctor_enter_relay(struct doctor *doctor);
void doctor_leave_relay(struct smtp_session *session);

/* A refusal of the relay's with what to do about it; tried: "mails from presse@nordhav.example". */
void doctor_say_refusal(struct doctor *doctor, const char *place, const char *tried,
                        const struct smtp_reply *reply);

/* The examinations; the configuration has been read, and for the second the database opened. */
void doctor_files(struct doctor *doctor);    /* rights, room on the disk, clock */
void doctor_database(struct doctor *doctor); /* whole, erased bytes, mailings that wait */
void doctor_public(struct doctor *doctor);   /* base address, feeds, files refused */
void doctor_mail(struct doctor *doctor);     /* relay, mailbox */
void doctor_relay(struct doctor *doctor);    /* greeting, login, whether it takes mails of ours */
void doctor_dns(
    struct doctor *doctor); /* what says that mails are ours, and where they come back */
void doctor_dmarc_reports(
    struct doctor *doctor);               /* who sends in our name, as reports in the mailbox say */
void doctor_serve(struct doctor *doctor); /* whether it answers */

/* `--send`: a test mail through the relay, and what its copy in mail.inbox tells. */
void doctor_send(struct doctor *doctor);

#endif
