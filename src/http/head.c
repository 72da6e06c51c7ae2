/* SPDX-License-Identifier: MIT */
#include "http/head.h"

#include <string.h>
#include <strings.h>

enum {
    BAD_REQUEST = 400,
    TARGET_TOO_LONG = 414,
    EXPECTATION_FAILED = 417,
    HEAD_TOO_LARGE = 431,
    NOT_IMPLEMENTED = 501,
    VERSION_NOT_SUPPORTED = 505,
    LENGTH_DIGITS = 18 /* no number of so many digits passes INT64_MAX */
};

/* ---- characters ---- */

static bool is_alphanumeric(unsigned char character)
{
    return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'z') ||
           (character >= 'A' && character <= 'Z');
}

/* RFC 9110 section 5.6.2. */
static bool is_token_character(unsigned char character)
{
    return is_alphanumeric(character) ||
           (character && strchr("!#$%&'*+-.^_`|~", character) != NULL);
}

static size_t token_length(const char *bytes, size_t length)
{
    size_t count = 0;
    while (count < length && is_token_character((unsigned char)bytes[count]))
        count++;
    return count;
}

/* No control characters; bytes beyond ASCII are data (RFC 9110 section 5.5). */
static bool is_value(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char character = (unsigned char)bytes[i];
        if ((character < 0x20 && character != '\t') || character == 0x7f)
            return false;
    }
    return true;
}

/* ---- the end ---- */

static unsigned too_long(const struct http_scan *scan)
{
    return scan->line == 0 ? TARGET_TOO_LONG : HEAD_TOO_LARGE;
}

size_t http_head_find(const char *bytes, size_t length, struct http_scan *scan, unsigned *status)
{
    *status = 0;
    while (scan->seen < length) {
        const char *feed = memchr(bytes + scan->seen, '\n', length - scan->seen);
        size_t at = feed ? (size_t)(feed - bytes) : length;
        scan->seen = at;
        if (at >= HTTP_HEAD_MAXIMUM || (scan->line == 0 && at > HTTP_LINE_MAXIMUM)) {
            *status = too_long(scan);
            return 0;
        }
        if (!feed)
            return 0;
        if (at == scan->line || bytes[at - 1] != '\r') {
            *status = BAD_REQUEST;
            return 0;
        }
        if (at == scan->line + 1)
            return at + 1;
        scan->seen = at + 1;
        scan->line = at + 1;
    }
    return 0;
}

/* ---- the first line ---- */

/* The next line in *at, without its end; NULL: there is none that ends by CR LF. */
static char *next_line(char **at, const char *end, size_t *length)
{
    char *line = *at;
    char *feed = memchr(line, '\n', (size_t)(end - line));
    if (!feed || feed == line || feed[-1] != '\r')
        return NULL;
    *length = (size_t)(feed - line) - 1;
    *at = feed + 1;
    return line;
}

static unsigned read_version(const char *version, size_t length, struct http_head *head)
{
    if (length != 8 || memcmp(version, "HTTP/", 5) != 0 || version[6] != '.' || version[5] < '0' ||
        version[5] > '9' || version[7] < '0' || version[7] > '9')
        return BAD_REQUEST;
    if (version[5] != '1')
        return VERSION_NOT_SUPPORTED;
    head->is_old = version[7] == '0';
    head->is_kept = !head->is_old;
    return 0;
}

static bool is_host(const char *value, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!is_alphanumeric((unsigned char)value[i]) && !strchr("-._~:[]%!$&'()*+;=", value[i]) &&
            (unsigned char)value[i] < 0x80)
            return false;
    return true;
}

/* "http://HOST/PATH" is asked of proxies, and of us all the same (RFC 9112 section 3.2.2). */
static char *behind_authority(char *target)
{
    char *host = strncasecmp(target, "http://", 7) == 0    ? target + 7
                 : strncasecmp(target, "https://", 8) == 0 ? target + 8
                                                           : NULL;
    if (!host || *host == '\0' || strchr("/?#", *host))
        return NULL;
    char *path = host + strcspn(host, "/?");
    if (!is_host(host, (size_t)(path - host)))
        return NULL;
    if (*path == '/')
        return path;
    /* An empty path, or a query alone, means the root; the slash overwrites the host's last byte,
     * which is not needed any more. */
    path[-1] = '/';
    return path - 1;
}

static bool read_target(char *target, struct http_head *head)
{
    if (*target != '/' && strcmp(target, "*") != 0)
        target = behind_authority(target);
    if (!target)
        return false;
    char *question = strchr(target, '?');
    if (question)
        *question = '\0';
    head->path = target;
    head->query = question ? question + 1 : NULL;
    return true;
}

static unsigned read_first_line(char *line, size_t length, struct http_head *head)
{
    if (length > HTTP_LINE_MAXIMUM)
        return TARGET_TOO_LONG;
    size_t method = token_length(line, length);
    size_t at = method + 1;
    if (method == 0 || method == length || line[method] != ' ')
        return BAD_REQUEST;
    size_t target = at;
    while (at < length && (unsigned char)line[at] > 0x20 && line[at] != 0x7f)
        at++;
    if (at == target || at == length || line[at] != ' ')
        return BAD_REQUEST;
    unsigned status = read_version(line + at + 1, length - at - 1, head);
    line[method] = '\0';
    line[at] = '\0';
    head->method = line;
    if (status == 0 && !read_target(line + target, head))
        status = BAD_REQUEST;
    return status;
}

/* ---- fields ---- */

bool http_field_is_good(const char *line, size_t length, size_t *name_length, size_t *value_at,
                        size_t *value_length)
{
    size_t name = token_length(line, length);
    if (name == 0 || name == length || line[name] != ':')
        return false;
    size_t at = name + 1;
    while (at < length && (line[at] == ' ' || line[at] == '\t'))
        at++;
    while (length > at && (line[length - 1] == ' ' || line[length - 1] == '\t'))
        length--;
    *name_length = name;
    *value_at = at;
    *value_length = length - at;
    return is_value(line + at, length - at);
}

/* What must come once at most, and how often it came. */
struct once {
    unsigned hosts;
    unsigned lengths;
    unsigned codings;
    const char *coding;
};

static bool read_length(const char *value, uint64_t *length)
{
    size_t digits = strspn(value, "0123456789");
    if (digits == 0 || digits > LENGTH_DIGITS || value[digits] != '\0')
        return false;
    *length = 0;
    for (; *value; value++)
        *length = *length * 10 + (uint64_t)(*value - '0');
    return true;
}

/* Whether the list has that member, in any case. */
static bool list_has(const char *list, const char *member)
{
    size_t length = strlen(member);
    while (*list) {
        list += strspn(list, ", \t");
        size_t item = strcspn(list, ", \t");
        if (item == length && strncasecmp(list, member, length) == 0)
            return true;
        list += item;
    }
    return false;
}

/* The fields that say how the request is to be read. */
static unsigned take_field(const char *name, const char *value, struct http_head *head,
                           struct once *once)
{
    if (strcasecmp(name, "Host") == 0) {
        once->hosts++;
        return is_host(value, strlen(value)) ? 0 : BAD_REQUEST;
    }
    if (strcasecmp(name, "Content-Length") == 0) {
        once->lengths++;
        return read_length(value, &head->length) ? 0 : BAD_REQUEST;
    }
    if (strcasecmp(name, "Transfer-Encoding") == 0) {
        once->codings++;
        once->coding = value;
    } else if (strcasecmp(name, "Connection") == 0) {
        if (list_has(value, "close"))
            head->is_kept = false;
        else if (head->is_old && list_has(value, "keep-alive"))
            head->is_kept = true;
    } else if (strcasecmp(name, "Expect") == 0) {
        if (strcasecmp(value, "100-continue") != 0)
            return EXPECTATION_FAILED;
        head->expects_continue = true;
    }
    return 0;
}

/* The framing of the body (RFC 9112 section 6.3); what is ambiguous is refused. */
static unsigned decide_framing(struct http_head *head, const struct once *once)
{
    if (once->hosts > 1 || (once->hosts == 0 && !head->is_old) || once->lengths > 1 ||
        once->codings > 1 || (once->lengths && once->codings) || (once->codings && head->is_old))
        return BAD_REQUEST;
    if (once->codings) {
        if (strcasecmp(once->coding, "chunked") != 0)
            return NOT_IMPLEMENTED;
        head->framing = HTTP_CHUNKED;
    } else if (once->lengths) {
        head->framing = HTTP_LENGTH;
    }
    return 0;
}

unsigned http_head_read(char *bytes, size_t length, struct http_head *head)
{
    struct once once = { 0 };
    char *at = bytes;
    const char *end = bytes + length;
    size_t line_length = 0;
    *head = (struct http_head){ 0 };
    if (length > HTTP_HEAD_MAXIMUM)
        return HEAD_TOO_LARGE;
    char *line = next_line(&at, end, &line_length);
    unsigned status = line ? read_first_line(line, line_length, head) : BAD_REQUEST;
    char *write = at;
    head->fields = write;
    /* NAME, NUL, VALUE, NUL, in place of what stood there: at least a colon and a line's end. */
    while (status == 0 && (line = next_line(&at, end, &line_length)) && line_length > 0) {
        size_t name = 0;
        size_t value_at = 0;
        size_t value = 0;
        if (!http_field_is_good(line, line_length, &name, &value_at, &value))
            return BAD_REQUEST;
        memmove(write, line, name);
        write[name] = '\0';
        memmove(write + name + 1, line + value_at, value);
        write[name + 1 + value] = '\0';
        status = take_field(write, write + name + 1, head, &once);
        write += name + value + 2;
    }
    head->fields_end = write;
    if (status == 0 && (!line || at != end))
        status = BAD_REQUEST;
    return status ? status : decide_framing(head, &once);
}

const char *http_head_next(const struct http_head *head, const char **cursor, const char **value)
{
    const char *name = *cursor;
    if (name >= head->fields_end)
        return NULL;
    *value = name + strlen(name) + 1;
    *cursor = *value + strlen(*value) + 1;
    return name;
}

const char *http_head_field(const struct http_head *head, const char *name)
{
    const char *cursor = head->fields;
    const char *value = NULL;
    const char *found = NULL;
    while ((found = http_head_next(head, &cursor, &value)))
        if (strcasecmp(found, name) == 0)
            return value;
    return NULL;
}
