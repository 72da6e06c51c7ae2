/* SPDX-License-Identifier: MIT */
#ifndef CLI_DOCTOR_H
#define CLI_DOCTOR_H

#include <stdbool.h>
#include <stdint.h>

/* Inside cli/ only: what the checks of `doctor` share. */

enum { DOCTOR_PATIENCE_MS = 15000 }; /* for each answer of a server */

struct command_context;
struct error;
struct json_t;
struct smtp_reply;
struct smtp_session;

enum doctor_verdict {
    DOCTOR_GOOD,
    DOCTOR_SKIPPED, /* could not be checked, or there is nothing to check yet */
    DOCTOR_WARNING, /* works, but should be seen to */
    DOCTOR_PROBLEM, /* does not work, or is not safe: exit 1 */
    DOCTOR_VERDICT_COUNT
};

/* One run of `doctor`, which changes nothing. */
struct doctor {
    struct command_context *context;
    struct json_t *checks; /* NULL: for people */
    int64_t count[DOCTOR_VERDICT_COUNT];
    bool has_database;          /* open, and of this version */
    bool has_reported_greeting; /* the verdict on the name in EHLO has been reported */
    bool is_relay_unusable;     /* connecting or logging in failed */
};

/* place: "state/secret.key", "mail.smtp"; the text says what was found, and behind ERROR_ADVICE
 * what to do where that is wanted. Good verdicts go to standard output, the others to standard
 * error. */
void doctor_report(struct doctor *doctor, enum doctor_verdict verdict, const char *place,
                   const char *format, ...) __attribute__((format(printf, 4, 5)));

/* A module's error, as a problem. */
void doctor_report_error(struct doctor *doctor, const char *place, const struct error *error);

/* Connects to the relay and logs in; NULL where that fails, which is reported. Close it with
 * doctor_leave_relay(). */
struct smtp_session *doctor_enter_relay(struct doctor *doctor);
void doctor_leave_relay(struct smtp_session *session);

/* Reports a refusal of the relay's with what to do about it; tried: "mails from
 * presse@nordhav.example". */
void doctor_report_refusal(struct doctor *doctor, const char *place, const char *tried,
                           const struct smtp_reply *reply);

/* The checks; the configuration has been read, and for the second and the last but one the database
 * opened. */
void doctor_files(struct doctor *doctor);     /* rights, room on the disk, clock */
void doctor_database(struct doctor *doctor);  /* whole, erased bytes, mailings that wait */
void doctor_languages(struct doctor *doctor); /* ours can be read, the newsroom's own are whole */
void doctor_guide(struct doctor *doctor);     /* guide/ is of this version */
void doctor_public(struct doctor *doctor);    /* base address, feeds, files refused */
void doctor_mail(struct doctor *doctor);      /* relay, mailbox */
void doctor_relay(struct doctor *doctor);     /* greeting, login, whether it takes mails of ours */
void doctor_dns(struct doctor *doctor); /* SPF, DKIM, DMARC; whether bounces can be delivered */
void doctor_dmarc_reports(struct doctor *doctor); /* who sends in our name, by DMARC reports */
void doctor_serve(struct doctor *doctor);         /* whether it answers */

/* `--send`: sends a test mail through the relay, and checks the copy that arrives in mail.inbox. */
void doctor_send(struct doctor *doctor);

#endif
