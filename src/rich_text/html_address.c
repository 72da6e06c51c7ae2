/* SPDX-License-Identifier: MIT */
/* Addresses in a page (RFC 3986). */
#include "rich_text/html_parts.h"

#include "base/arena.h"
#include "base/string_builder.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { ADDRESS_MAXIMUM = 4000 };

/* ---- parts of addresses ---- */

static bool is_web(const char *address)
{
    return strncasecmp(address, "http://", 7) == 0 || strncasecmp(address, "https://", 8) == 0;
}

/* How long "https:" is; 0: there is none. */
static size_t scheme_length(const char *address)
{
    size_t length = 0;
    while (isalnum((unsigned char)address[length]) ||
           (length && address[length] && strchr("+-.", address[length])))
        length++;
    return length && isalpha((unsigned char)address[0]) && address[length] == ':' ? length + 1 : 0;
}

/* Behind the host of a web address. */
static const char *path_of(const char *address)
{
    const char *host = strstr(address, "//") + 2;
    return host + strcspn(host, "/?#");
}

/* Without white space at its ends and line ends within; spaces as "%20". */
static const char *clean(struct arena *arena, const char *address)
{
    struct string_builder text;
    string_builder_init(&text, 0);
    size_t length = strlen(address);
    while (length && isspace((unsigned char)*address)) {
        address++;
        length--;
    }
    while (length && isspace((unsigned char)address[length - 1]))
        length--;
    for (size_t i = 0; i < length && length <= ADDRESS_MAXIMUM; i++)
        if (address[i] == ' ')
            string_builder_append(&text, "%20");
        else if (!isspace((unsigned char)address[i]))
            string_builder_append_character(&text, address[i]);
    const char *result = arena_copy(arena, text.length ? text.data : "");
    string_builder_release(&text);
    return result;
}

/* ---- relative addresses ---- */

/* Appends a path without its "." and ".." parts (section 5.2.4). */
static void append_path(struct string_builder *text, const char *path)
{
    size_t root = text->length;
    while (*path) {
        size_t length = strcspn(path + 1, "/?#") + 1;
        bool is_last = path[length] != '/';
        if (length == 3 && strncmp(path, "/..", 3) == 0) {
            while (text->length > root && text->data[text->length - 1] != '/')
                string_builder_truncate(text, text->length - 1);
            if (text->length > root)
                string_builder_truncate(text, text->length - 1);
        } else if (!(length == 2 && strncmp(path, "/.", 2) == 0)) {
            string_builder_append_bytes(text, path, length);
            if (is_last) {
                string_builder_append(text, path + length);
                return;
            }
        }
        path += length;
        if (is_last) {
            string_builder_append_character(text, '/');
            string_builder_append(text, path);
            return;
        }
    }
}

static const char *resolve(struct arena *arena, const char *base, const char *address)
{
    struct string_builder text;
    const char *path = path_of(base);
    size_t scheme = scheme_length(base);
    string_builder_init(&text, 0);
    if (strncmp(address, "//", 2) == 0) {
        string_builder_append_bytes(&text, base, scheme);
        string_builder_append(&text, address);
    } else if (*address == '/') {
        string_builder_append_bytes(&text, base, (size_t)(path - base));
        append_path(&text, address);
    } else {
        size_t length = strcspn(path, "?#");
        struct string_builder whole;
        string_builder_append_bytes(&text, base, (size_t)(path - base));
        while (*address != '?' && length && path[length - 1] != '/')
            length--;
        string_builder_init(&whole, 0);
        string_builder_append_bytes(&whole, path, length);
        if (!whole.length)
            string_builder_append_character(&whole, '/');
        string_builder_append(&whole, address);
        append_path(&text, whole.data);
        string_builder_release(&whole);
    }
    const char *result = arena_copy(arena, text.data);
    string_builder_release(&text);
    return result;
}

static int hex(char c)
{
    return isdigit((unsigned char)c)             ? c - '0'
           : isxdigit((unsigned char)c) && c > 0 ? tolower((unsigned char)c) - 'a' + 10
                                                 : -1;
}

static const char *percent_decode(struct arena *arena, const char *bytes, size_t length)
{
    char *out = arena_allocate(arena, length + 1);
    size_t count = 0;
    for (size_t i = 0; i < length; i++) {
        bool is_escape = bytes[i] == '%' && i + 2 < length && hex(bytes[i + 1]) >= 0 &&
                         hex(bytes[i + 2]) >= 0;
        int value = is_escape ? 16 * hex(bytes[i + 1]) + hex(bytes[i + 2]) : 0;
        out[count++] = value ? (char)value : bytes[i];
        i += value ? 2 : 0;
    }
    return out;
}

/* ---- addresses within addresses ---- */

/* What mail and text programs put around an address, to see who follows it. */
static const struct {
    const char *host; /* with a dot before it: or what stands below */
    const char *name; /* of the parameter that has the address */
} wrappings[] = { { ".safelinks.protection.outlook.com/", "url=" },
                  { "www.google.com/url", "q=" } };

/* The address that another one leads to; itself where it is none of those. */
static const char *unwrap(struct arena *arena, const char *address)
{
    for (size_t i = 0; is_web(address) && i < sizeof wrappings / sizeof wrappings[0]; i++) {
        const char *host = strstr(address, "//") + 2;
        const char *at = strstr(host, wrappings[i].host);
        const char *parameter = strchr(host, '?');
        bool is_wrapped = at && parameter && at < parameter &&
                          (*wrappings[i].host == '.' ? at < host + strcspn(host, "/?#")
                                                     : at == host);
        while (is_wrapped && parameter) {
            size_t length = strlen(wrappings[i].name);
            if (strncmp(parameter + 1, wrappings[i].name, length) == 0) {
                parameter += 1 + length;
                const char *inner = percent_decode(arena, parameter, strcspn(parameter, "&#"));
                return is_web(inner) ? clean(arena, inner) : address;
            }
            parameter = strchr(parameter + 1, '&');
        }
    }
    return address;
}

/* ---- what they lead to ---- */

const char *html_address(const struct html_page *page, const char *address)
{
    address = clean(page->arena, address);
    if (*address == '#')
        return address[1] ? percent_decode(page->arena, address, strlen(address)) : NULL;
    if (!*address)
        return NULL;
    if (scheme_length(address))
        return unwrap(page->arena, address);
    return page->base ? resolve(page->arena, page->base, address) : NULL;
}

const char *html_file(struct arena *arena, const char *address)
{
    address = clean(arena, address);
    if (strncasecmp(address, "cid:", 4) == 0)
        address += 4;
    else if (scheme_length(address) || *address == '/')
        return NULL;
    char *name = arena_copy(arena, percent_decode(arena, address, strcspn(address, "?#")));
    for (char *c = name; *c; c++)
        if (*c == '\\')
            *c = '/';
    while (strncmp(name, "./", 2) == 0)
        name += 2;
    return body_target_is_file(name) ? name : NULL;
}

void html_find_base(struct html_page *page)
{
    const char *found = NULL;
    for (const struct html_node *node = page->top; node; node = html_next(node, page->top)) {
        const char *relation = html_is(node, "link") ? html_attribute_value(node, "rel") : NULL;
        bool is_canonical = relation && strcasecmp(relation, "canonical") == 0;
        const char *address = html_is(node, "base") || is_canonical
                                  ? html_attribute_value(node, "href")
                                  : NULL;
        address = address ? clean(page->arena, address) : NULL;
        if (!address || !is_web(address) || !body_target_is_allowed(address))
            continue;
        if (!is_canonical) {
            found = address;
            break;
        }
        found = found ? found : address;
    }
    page->base = found;
}
