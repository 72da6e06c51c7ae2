/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "proofreading/finding.h"
#include "release/body.h"
#include "release/release.h"

#include <ctype.h>
#include <string.h>

enum { LINKS_MAXIMUM = 200 };

struct link_check {
    struct findings *findings;
    const struct proofreading_site *site;
    size_t count;
};

static int hex_value(char c)
{
    return isdigit((unsigned char)c) ? c - '0' : (c | 0x20) - 'a' + 10;
}

/* What the percent signs stand for; NULL where that is no name of a file. */
static char *decoded(struct arena *arena, const char *bytes, size_t length)
{
    char *path = arena_allocate(arena, length + 1);
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        char c = bytes[i];
        if (c == '%' && i + 2 < length && isxdigit((unsigned char)bytes[i + 1]) &&
            isxdigit((unsigned char)bytes[i + 2])) {
            c = (char)(hex_value(bytes[i + 1]) * 16 + hex_value(bytes[i + 2]));
            i += 2;
        }
        if (c == '\0')
            return NULL;
        path[used++] = c;
    }
    path[used] = '\0';
    return path;
}

/* An address with a question is made anew for each who asks: nothing public has it. */
static void check_target(struct link_check *check, const char *target)
{
    struct findings *findings = check->findings;
    const char *base = findings->settings->site_url;
    size_t length = strlen(base);
    if (strncmp(target, base, length) != 0 || strchr(target, '?') ||
        check->count++ >= LINKS_MAXIMUM)
        return;
    const char *rest = target + length;
    size_t path_length = strcspn(rest, "#");
    const char *path = decoded(findings->arena, rest, path_length);
    const char *anchor = rest[path_length] && rest[path_length + 1]
                             ? decoded(findings->arena, rest + path_length + 1,
                                       strlen(rest + path_length + 1))
                             : NULL;
    enum proofreading_place place = path ? check->site->find(check->site->payload, path, anchor)
                                         : PROOFREADING_NO_PAGE;
    if (place == PROOFREADING_NO_PAGE)
        (void)findings_add(findings, PROOFREADING_LINK_DEAD, target);
    else if (place == PROOFREADING_NO_ANCHOR)
        (void)findings_add(findings, PROOFREADING_LINK_ANCHOR, target);
}

static void check_node(struct link_check *check, const struct body_node *node)
{
    if (node->kind == BODY_LINK && node->target)
        check_target(check, node->target);
    for (const struct body_node *child = node->first_child; child; child = child->next)
        check_node(check, child);
}

void links_check(struct findings *findings, const struct release *release,
                 const struct proofreading_site *site)
{
    struct link_check check = { .findings = findings, .site = site };
    if (site && findings->settings->site_url && release->body)
        check_node(&check, release->body);
}
