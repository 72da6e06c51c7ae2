/* SPDX-License-Identifier: MIT */
#ifndef CLI_PREVIEW_LIVE_H
#define CLI_PREVIEW_LIVE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

struct command_context;
struct error;
struct http_response;

/* Inside cli/ only: a file as it stands now, as page, mail and what is to be said of it. One thread
 * makes it, others show it. */

enum preview_view {
    PREVIEW_VIEW_STATE, /* JSON: what is to be said of the file */
    PREVIEW_VIEW_PAGE,  /* the last good one */
    PREVIEW_VIEW_MAIL,
    PREVIEW_VIEW_TEXT, /* of the mail */
    PREVIEW_VIEW_COUNT
};

struct preview_live {
    struct command_context *context;
    const char *path; /* absolute */
    pthread_mutex_t mutex;
    struct http_response *views[PREVIEW_VIEW_COUNT]; /* under the mutex; NULL: none yet */
    /* of the thread that makes it alone: */
    struct arena kept; /* of what was seen last */
    const char *folder;
    const char **beside; /* names of what lies beside the file; NULL behind the last */
    uint64_t fingerprint;
    int64_t version; /* how often it was made */
    int64_t shown;   /* the version that page and mail are of; 0: none yet */
};

/* ERROR_INPUT where the command's file is not there. The caller closes. */
bool preview_live_open(struct preview_live *live, struct command_context *context,
                       struct error *error);
void preview_live_close(struct preview_live *live);

/* Makes it anew where the file is another than when it was made. */
void preview_live_follow(struct preview_live *live);

/* Held for the caller; NULL: there is none. From any thread. */
struct http_response *preview_live_view(struct preview_live *live, enum preview_view view);

#endif
