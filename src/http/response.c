/* SPDX-License-Identifier: MIT */
#include "http/response.h"

#include "base/memory.h"
#include "base/string_builder.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FIELDS_MAXIMUM = 16 * 1024 };

struct http_response {
    atomic_uint holders;
    struct string_builder fields; /* "NAME: VALUE", each with its line end */
    char *bytes;
    int descriptor;
    uint64_t offset;
    uint64_t length;
};

static struct http_response *new_response(uint64_t length)
{
    struct http_response *response = memory_allocate(sizeof *response);
    atomic_init(&response->holders, 1);
    string_builder_init(&response->fields, FIELDS_MAXIMUM);
    response->descriptor = -1;
    response->length = length;
    return response;
}

struct http_response *http_response_of_bytes(char *bytes, size_t length)
{
    struct http_response *response = new_response(length);
    response->bytes = bytes;
    return response;
}

struct http_response *http_response_of_copy(const void *bytes, size_t length)
{
    char *copy = memory_allocate(length + 1);
    if (length)
        memcpy(copy, bytes, length);
    return http_response_of_bytes(copy, length);
}

struct http_response *http_response_of_file(int descriptor, uint64_t offset, uint64_t length)
{
    struct http_response *response = new_response(length);
    response->descriptor = descriptor;
    response->offset = offset;
    return response;
}

struct http_response *http_response_of_length(uint64_t length)
{
    return new_response(length);
}

void http_response_add(struct http_response *response, const char *name, const char *value)
{
    string_builder_append(&response->fields, name);
    string_builder_append(&response->fields, ": ");
    /* A value ends at a line end, else it could add fields to the response. */
    string_builder_append_bytes(&response->fields, value, strcspn(value, "\r\n"));
    string_builder_append(&response->fields, "\r\n");
}

void http_response_hold(struct http_response *response)
{
    (void)atomic_fetch_add(&response->holders, 1);
}

void http_response_free(struct http_response *response)
{
    if (!response || atomic_fetch_sub(&response->holders, 1) > 1)
        return;
    if (response->descriptor >= 0)
        (void)close(response->descriptor);
    string_builder_release(&response->fields);
    free(response->bytes);
    free(response);
}

const char *http_response_fields(const struct http_response *response, size_t *length)
{
    *length = response->fields.length;
    return response->fields.data;
}

uint64_t http_response_length(const struct http_response *response)
{
    return response->length;
}

const char *http_response_bytes(const struct http_response *response)
{
    return response->bytes;
}

int http_response_file(const struct http_response *response, uint64_t *offset)
{
    *offset = response->offset;
    return response->descriptor;
}
