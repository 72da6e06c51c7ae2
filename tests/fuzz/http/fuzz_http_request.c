/* SPDX-License-Identifier: MIT */
#include "base/string_builder.h"
#include "http/body.h"
#include "http/head.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

enum { BODY_MAXIMUM = 1024 };

static void check_string(const char *string, const char *bytes, size_t length)
{
    if (string &&
        (string < bytes || string + strlen(string) >= bytes + length || strpbrk(string, "\r\n")))
        abort();
}

/* Where the head ends when its bytes come one by one is where it ends when they come at once. */
static size_t find(const char *bytes, size_t length)
{
    struct http_scan at_once = { 0 };
    struct http_scan slowly = { 0 };
    unsigned status = 0;
    unsigned slow_status = 0;
    size_t slow = 0;
    size_t found = http_head_find(bytes, length, &at_once, &status);
    for (size_t i = 1; i <= length && slow == 0 && slow_status == 0; i++)
        slow = http_head_find(bytes, i, &slowly, &slow_status);
    if (slow != found || slow_status != status || (found && status))
        abort();
    return found;
}

static void read_body(const struct http_head *head, const char *bytes, size_t length)
{
    struct http_body at_once;
    struct http_body slowly;
    struct string_builder content;
    struct string_builder slow_content;
    string_builder_init(&content, BODY_MAXIMUM);
    string_builder_init(&slow_content, BODY_MAXIMUM);
    http_body_begin(&at_once, head, BODY_MAXIMUM);
    http_body_begin(&slowly, head, BODY_MAXIMUM);
    size_t taken = http_body_take(&at_once, bytes, length, &content);
    size_t slow = 0;
    for (size_t i = 1; i <= length && slowly.state < HTTP_BODY_WHOLE; i++)
        slow += http_body_take(&slowly, bytes + slow, i - slow, &slow_content);
    if (at_once.state != slowly.state || taken > length || content.length > BODY_MAXIMUM)
        abort();
    if (at_once.state == HTTP_BODY_WHOLE &&
        (taken != slow || content.length != slow_content.length ||
         memcmp(content.data, slow_content.data, content.length) != 0))
        abort();
    string_builder_release(&content);
    string_builder_release(&slow_content);
}

/* A request as it comes over a connection, and what follows it. */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct http_head head;
    char *bytes = malloc(size + 1);
    const char *cursor = NULL;
    const char *value = NULL;
    const char *name = NULL;
    if (!bytes)
        abort();
    memcpy(bytes, data, size);
    size_t length = find(bytes, size);
    if (length && http_head_read(bytes, length, &head) == 0) {
        check_string(head.method, bytes, length);
        check_string(head.path, bytes, length);
        check_string(head.query, bytes, length);
        cursor = head.fields;
        while ((name = http_head_next(&head, &cursor, &value))) {
            check_string(name, bytes, length);
            check_string(value, bytes, length);
        }
        read_body(&head, bytes + length, size - length);
    }
    free(bytes);
    return 0;
}
