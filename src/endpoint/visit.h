/* SPDX-License-Identifier: MIT */
#ifndef ENDPOINT_VISIT_H
#define ENDPOINT_VISIT_H

#include "subscriber/subscriber.h"

struct counters;
struct endpoint_settings;
struct pages;
struct request;

/* What the desk does for one request: looks at the database, changes it, and makes the answer. Runs
 * in the desk's thread alone. */
struct visit_office {
    const struct endpoint_settings *settings;
    const struct pages *pages;
    struct subscriber_service service;
    struct counters *counters;
};

/* By the request's route and the purpose of its token. */
void visit_answer(const struct visit_office *desk, struct request *request);

void visit_confirm(const struct visit_office *desk, struct request *request);
void visit_unsubscribe(const struct visit_office *desk, struct request *request);
void visit_preferences(const struct visit_office *desk, struct request *request);
void visit_my_data(const struct visit_office *desk, struct request *request);
void visit_erase(const struct visit_office *desk, struct request *request);
void visit_metrics(const struct visit_office *desk, struct request *request);

/* Answers 503 and logs what went wrong; for ERROR_INPUT, something a stranger did, 400 and no line.
 */
void visit_fail(const struct visit_office *desk, struct request *request,
                const struct error *error);

/* Whose token the request has; NULL: nobody who is known any more. False where the database failed,
 * and then it is answered. */
bool visit_find_person(const struct visit_office *desk, struct request *request,
                       const struct subscriber **person);

/* The proof of something done on a page in language that said `wording`; lives in the request. */
struct subscriber_proof visit_proof(const struct visit_office *desk, struct request *request,
                                    const char *wording);

/* "Title. Text [Button]": what a page of that name said to whom pressed its button. */
const char *visit_wording(const struct visit_office *desk, struct request *request,
                          const char *language, const char *name, const char *button);

/* Asks once more for what a person had, by the address that is known of him, and says that a mail
 * is on its way. The wish names at least one feed that is open. */
void visit_ask_again(const struct visit_office *desk, struct request *request,
                     const struct subscriber_wish *wish);

#endif
