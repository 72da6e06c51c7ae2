/* SPDX-License-Identifier: MIT */
#include "endpoint/request.h"

#include <stdlib.h>
#include <string.h>

struct request *request_new(void)
{
    struct request *request = calloc(1, sizeof *request);
    if (!request)
        abort();
    text_init(&request->answer.body, REQUEST_PAGE_MAXIMUM);
    request->token = "";
    return request;
}

void request_free(struct request *request)
{
    if (!request)
        return;
    text_release(&request->answer.body);
    arena_release(&request->arena);
    free(request);
}

enum request_route request_route(const char *path, const char *prefix, const char **token)
{
    static const struct {
        const char *name;
        enum request_route route;
        bool takes_token;
        bool is_bare; /* there is one without a token too */
    } routes[] = {
        { "subscribe", REQUEST_SUBSCRIBE, false, true },
        { "confirm", REQUEST_CONFIRM, true, false },
        { "unsubscribe", REQUEST_UNSUBSCRIBE, true, false },
        { "preferences", REQUEST_PREFERENCES, true, true },
        { "healthz", REQUEST_HEALTH, false, true },
    };

    size_t prefix_length = strlen(prefix);
    path += strncmp(path, prefix, prefix_length) == 0 ? prefix_length : *path == '/';
    *token = "";
    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
        size_t length = strlen(routes[i].name);
        if (strncmp(path, routes[i].name, length) != 0)
            continue;
        if (path[length] == '\0')
            return routes[i].is_bare ? routes[i].route : REQUEST_NONE;
        if (path[length] != '/' || !routes[i].takes_token || path[length + 1] == '\0')
            return REQUEST_NONE;
        *token = path + length + 1;
        return routes[i].route;
    }
    return REQUEST_NONE;
}

const char *request_value(const struct request *request, const char *name)
{
    const char *value = form_value(&request->form, name);
    return value ? value : form_value(&request->query, name);
}
