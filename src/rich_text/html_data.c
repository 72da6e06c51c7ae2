/* SPDX-License-Identifier: MIT */
#include "rich_text/html_parts.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/string_builder.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char marker[] = ";base64,";

enum {
    PAYLOAD_MINIMUM = 256, /* shorter ones stay */
    KIND_MAXIMUM = 120,    /* bytes between "data:" and the payload */
    PAYLOADS_MAXIMUM = 2000
};

static int sextet(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+' || c == '-')
        return 62;
    return c == '/' || c == '_' ? 63 : -1;
}

/* Whether "data:" stands shortly before, at the beginning of a value. */
static bool is_data_address(const char *begin, const char *at)
{
    const char *first = at - begin > KIND_MAXIMUM ? at - KIND_MAXIMUM : begin;
    while (at > first && !strchr("\"'=(<> \t\r\n", at[-1]))
        at--;
    return at > begin && strchr("\"'=(", at[-1]) && strncasecmp(at, "data:", 5) == 0;
}

static size_t payload_length(const char *at, const char *end)
{
    size_t length = 0;
    while (at + length < end && (sextet(at[length]) >= 0 || at[length] == '='))
        length++;
    return length;
}

const char *html_data_take(struct arena *arena, const char *bytes, size_t length,
                           struct html_data *data, size_t *taken_length)
{
    const char *end = bytes + length;
    const char *from = bytes; /* what is not copied yet */
    const char *at = bytes;
    struct string_builder taken;
    string_builder_init(&taken, length + 1);
    while (data->count < PAYLOADS_MAXIMUM &&
           (at = memmem(at, (size_t)(end - at), marker, sizeof marker - 1))) {
        const char *begin = at + sizeof marker - 1;
        size_t size = payload_length(begin, end);
        if (size >= PAYLOAD_MINIMUM && is_data_address(bytes, at)) {
            ARRAY_GROW_IN(arena, data->payloads, data->count, data->capacity);
            data->payloads[data->count] = (struct html_payload){ begin, size };
            string_builder_append_bytes(&taken, from, (size_t)(begin - from));
            string_builder_append_format(&taken, "#%zu#", data->count++);
            from = begin + size;
        }
        at = begin + size;
    }
    *taken_length = length;
    if (!data->count) {
        string_builder_release(&taken);
        return bytes;
    }
    string_builder_append_bytes(&taken, from, (size_t)(end - from));
    *taken_length = taken.length;
    const char *result = arena_copy_bytes(arena, taken.data, taken.length);
    string_builder_release(&taken);
    return result;
}

static const char *decode(struct arena *arena, const char *bytes, size_t length, size_t *decoded)
{
    char *out = arena_allocate(arena, length / 4 * 3 + 4);
    unsigned bits = 0;
    int have = 0;
    size_t count = 0;
    for (size_t i = 0; i < length && bytes[i] != '='; i++) {
        int value = sextet(bytes[i]);
        if (value < 0 && isspace((unsigned char)bytes[i]))
            continue;
        if (value < 0)
            return NULL;
        bits = (bits << 6 | (unsigned)value) & 0xffffff;
        have += 6;
        if (have >= 8) {
            have -= 8;
            out[count++] = (char)(bits >> have & 0xff);
        }
    }
    *decoded = count;
    return out;
}

const char *html_data_read(struct arena *arena, const struct html_data *data, const char *address,
                           size_t *length)
{
    const char *payload = strstr(address, marker);
    if (!payload)
        return NULL;
    payload += sizeof marker - 1;
    if (*payload != '#')
        return decode(arena, payload, strlen(payload), length);
    unsigned long index = strtoul(payload + 1, NULL, 10);
    if (!isdigit((unsigned char)payload[1]) || index >= data->count)
        return NULL;
    return decode(arena, data->payloads[index].bytes, data->payloads[index].length, length);
}
