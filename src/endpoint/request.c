/* SPDX-License-Identifier: MIT */
#include "endpoint/request.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct request *request_new(void)
{
    struct request *request = memory_allocate(sizeof *request);
    string_builder_init(&request->answer.body, REQUEST_PAGE_MAXIMUM);
    request->token = "";
    request->answer.file = -1;
    return request;
}

void request_free(struct request *request)
{
    if (!request)
        return;
    string_builder_release(&request->answer.body);
    if (request->answer.file >= 0)
        (void)close(request->answer.file);
    arena_release(&request->arena);
    free(request);
}

/* "unsubscribe/" and a token; room for a long tail, which is not looked at. */
enum { PATH_SIZE = sizeof "unsubscribe/" + REQUEST_TOKEN_SIZE, DEPTH_MAXIMUM = 16 };

/* Not isalnum(): it depends on the locale. */
static bool is_alphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Decodes %XX; an octet that cannot be decoded stays as it is, and what does not fit is cut off. */
static void decode(const char *path, char decoded[PATH_SIZE])
{
    size_t used = 0;
    while (*path && used + 1 < PATH_SIZE) {
        int octet = *path == '%' ? form_octet(path + 1) : 0;
        decoded[used++] = *path++;
        if (octet > 0) {
            decoded[used - 1] = (char)octet;
            path += 2;
        }
    }
    decoded[used] = '\0';
}

/* What may follow a link that was copied out of a mail: punctuation, blanks, and HTML's names for
 * some of them. */
static bool is_ignored_tail(const char *tail)
{
    while (*tail) {
        bool is_entity = *tail == '&';
        if (is_alphanumeric(*tail++))
            return false;
        while (is_entity && is_alphanumeric(*tail))
            tail++;
    }
    return true;
}

/* Copies the token at the start of rest. False where there is none. */
static bool take_token(const char *rest, char token[REQUEST_TOKEN_SIZE])
{
    size_t length = 0;
    while (is_alphanumeric(rest[length]))
        length++;
    if (length == 0)
        return false;
    if (!is_ignored_tail(rest + length))
        length = strlen(rest);
    if (length >= REQUEST_TOKEN_SIZE)
        length = REQUEST_TOKEN_SIZE - 1;
    memcpy(token, rest, length);
    token[length] = '\0';
    return true;
}

void request_target_read(const char *path, const char *prefix, struct request_target *target)
{
    static const struct {
        const char *name;
        enum request_route route;
        bool takes_token;
        bool is_bare; /* subscribe and preferences also exist without a token */
    } routes[] = {
        { "subscribe", REQUEST_SUBSCRIBE, false, true },
        { "confirm", REQUEST_CONFIRM, true, false },
        { "unsubscribe", REQUEST_UNSUBSCRIBE, true, false },
        { "preferences", REQUEST_PREFERENCES, true, true },
        { "preview", REQUEST_PREVIEW, true, false },
        { "status", REQUEST_STATUS, true, false },
        { "healthz", REQUEST_HEALTH, false, true },
    };

    char decoded[PATH_SIZE];
    size_t prefix_length = strlen(prefix);
    path += strncmp(path, prefix, prefix_length) == 0 ? prefix_length : *path == '/';
    decode(path, decoded);
    *target = (struct request_target){ .route = REQUEST_NONE };
    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
        size_t length = strlen(routes[i].name);
        if (strncmp(decoded, routes[i].name, length) != 0)
            continue;
        if (decoded[length] == '\0' ? routes[i].is_bare
                                    : decoded[length] == '/' && routes[i].takes_token &&
                                          take_token(decoded + length + 1, target->token))
            target->route = routes[i].route;
        break;
    }
    /* Slashes count as the browser sees them, because it resolves relative addresses by them. */
    for (; target->route != REQUEST_NONE && *path && target->depth < DEPTH_MAXIMUM; path++)
        target->depth += *path == '/';
}

const char *request_value(const struct request *request, const char *name)
{
    const char *value = form_value(&request->form, name);
    return value ? value : form_value(&request->query, name);
}
