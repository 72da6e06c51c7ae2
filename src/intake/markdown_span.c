/* SPDX-License-Identifier: MIT */
/* Links, pictures, emphasis and characters. */
#include "intake/markdown_builder.h"

#include "base/arena.h"
#include "intake/encoding.h"
#include "intake/fields.h"
#include "intake/reader.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int hexadecimal(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The file that a relative address names ("a%20b.pdf" is "a b.pdf"). NULL where it is none of the
 * release. */
static const char *file_of(struct markdown_builder *builder, const char *target)
{
    char *file = arena_copy(builder->reading->arena, target);
    char *end = file;
    if (!body_target_is_file(target))
        return NULL;
    for (const char *c = target; *c; c++) {
        int high = *c == '%' ? hexadecimal(c[1]) : -1;
        int low = high >= 0 ? hexadecimal(c[2]) : -1;
        if (low >= 0)
            *end++ = (char)(high * 16 + low);
        else
            *end++ = *c;
        c += low >= 0 ? 2 : 0;
    }
    *end = '\0';
    const char *line = encoding_one_line(builder->reading->arena, file, strlen(file));
    return body_target_is_file(line) ? line : NULL;
}

/* ---- links ---- */

/* How many definitions of one address are counted one by one; a limit, because hostile texts repeat
 * one. */
enum { SAME_ADDRESS_MAXIMUM = 64 };

/* Marks the definition that a link uses, one for each link, so that only unused ones are reported
 * (report_lost_definitions()). */
static void use_address(struct markdown_builder *builder, const char *address)
{
    struct markdown_definitions *definitions = &builder->definitions;
    size_t low = 0;
    size_t high = definitions->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(definitions->items[middle].address, address) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (int i = 0;
         i < SAME_ADDRESS_MAXIMUM && low < definitions->count && definitions->items[low].is_used &&
         strcmp(definitions->items[low].address, address) == 0;
         i++)
        low++;
    if (low < definitions->count && strcmp(definitions->items[low].address, address) == 0)
        definitions->items[low].is_used = true;
}

static void report_title(struct markdown_builder *builder, cmark_node *node)
{
    const char *title = markdown_one_line(builder, cmark_node_get_title(node));
    if (*title)
        markdown_warn(builder, INTAKE_MESSAGE_LINK_TITLE, title);
}

/* Completes an address as people write it: "www.…" and "name@host". */
static const char *completed(struct markdown_builder *builder, const char *target)
{
    const char *at = strchr(target, '@');
    if (strncasecmp(target, "www.", 4) == 0)
        return arena_format(builder->reading->arena, "https://%s", target);
    if (at && at > target && at[1] && !strpbrk(target, ":/?# ") && !strchr(at + 1, '@') &&
        strchr(at, '.'))
        return arena_format(builder->reading->arena, "mailto:%s", target);
    return target;
}

static enum intake_message_id left_out_for(const char *target)
{
    switch (body_target_fault(target)) {
    case BODY_TARGET_CHARACTER:
        return INTAKE_MESSAGE_LINK_CHARACTER;
    case BODY_TARGET_USER:
        return INTAKE_MESSAGE_LINK_USER;
    case BODY_TARGET_NOWHERE:
        return INTAKE_MESSAGE_LINK_NOWHERE;
    case BODY_TARGET_SCHEME:
    case BODY_TARGET_ALLOWED: /* names a file that the release does not have */
        break;
    }
    return INTAKE_MESSAGE_LINK_LEFT_OUT;
}

static bool enter_link(struct markdown_builder *builder, cmark_node *node)
{
    const char *address = cmark_node_get_url(node);
    use_address(builder, address);
    report_title(builder, node);
    const char *target = completed(builder, markdown_one_line(builder, address));
    const char *file = file_of(builder, target);
    struct body_node *link = NULL;
    if (*target == '#') {
        link = markdown_make(builder, BODY_LINK);
        struct markdown_anchor *anchor = link ? arena_allocate(builder->reading->arena,
                                                               sizeof *anchor)
                                              : NULL;
        if (anchor) {
            *anchor = (struct markdown_anchor){ link, target, builder->line, builder->anchors };
            builder->anchors = anchor;
        }
    } else if (!file && (body_target_is_file(target) || !body_target_is_allowed(target))) {
        markdown_warn(builder, left_out_for(target), target);
    } else {
        link = markdown_make(builder, BODY_LINK);
        if (link)
            link->target = file ? file : target;
        if (file)
            (void)fields_asset(builder->reading, RELEASE_DOCUMENT, file, builder->line, false);
    }
    if (!markdown_enter(builder, link))
        return false;
    builder->link_depth += link != NULL;
    return true;
}

static bool has_words(const struct body_node *node)
{
    for (const struct body_node *child = node->first_child; child; child = child->next)
        if (child->kind == BODY_IMAGE || has_words(child) ||
            (child->text && child->text[strspn(child->text, " \t\n")]))
            return true;
    return false;
}

/* A link without words could not be seen, so its address becomes its words. */
static void leave_link(struct markdown_builder *builder)
{
    struct body_node *node = builder->current;
    markdown_flush(builder);
    if (node->kind == BODY_LINK && node != builder->stack[builder->depth - 1]) {
        const char *target = node->target ? node->target : builder->anchors->target;
        if (!has_words(node))
            body_append_text(builder->reading->arena, node, target, strlen(target));
        builder->link_depth--;
    }
    markdown_leave(builder);
}

/* ---- pictures ---- */

/* Reports addresses in a picture's description, which keeps only their words. */
static void report_inner_addresses(struct markdown_builder *builder, cmark_node *image)
{
    cmark_event_type event;
    cmark_iter *iterator = cmark_iter_new(image);
    while ((event = cmark_iter_next(iterator)) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iterator);
        cmark_node_type type = cmark_node_get_type(node);
        if (event != CMARK_EVENT_ENTER || node == image ||
            (type != CMARK_NODE_LINK && type != CMARK_NODE_IMAGE))
            continue;
        use_address(builder, cmark_node_get_url(node));
        report_title(builder, node);
        const char *address = markdown_one_line(builder, cmark_node_get_url(node));
        if (strcmp(address, markdown_plain(builder, node)) != 0)
            markdown_warn(builder, INTAKE_MESSAGE_LINK_IN_PICTURE, address);
    }
    cmark_iter_free(iterator);
}

static void add_image(struct markdown_builder *builder, cmark_node *node)
{
    struct intake_reading *reading = builder->reading;
    const char *alt = markdown_plain(builder, node);
    const char *target = markdown_one_line(builder, cmark_node_get_url(node));
    const char *file = file_of(builder, target);
    use_address(builder, cmark_node_get_url(node));
    report_inner_addresses(builder, node);
    if (!file) {
        markdown_warn(builder, INTAKE_MESSAGE_PICTURE_ELSEWHERE, target);
        report_title(builder, node);
        markdown_append_words(builder, alt, strlen(alt));
        return;
    }
    struct release_asset *asset = fields_asset(reading, RELEASE_IMAGE, file, builder->line, false);
    if (!asset->alt && *alt)
        asset->alt = alt;
    struct body_node *image = markdown_make(builder, BODY_IMAGE);
    if (image) {
        image->target = file;
        image->text = *alt || !asset->alt ? alt : asset->alt;
    }
    cmark_node *paragraph = cmark_node_parent(node);
    bool is_alone = cmark_node_get_type(paragraph) == CMARK_NODE_PARAGRAPH &&
                    !cmark_node_next(node) && !cmark_node_previous(node) &&
                    builder->current->kind == BODY_PARAGRAPH;
    builder->image_title = NULL;
    if (is_alone)
        builder->image_title = markdown_one_line(builder, cmark_node_get_title(node));
    else
        report_title(builder, node);
}

/* ---- all of them ---- */

static void add_code(struct markdown_builder *builder, cmark_node *node)
{
    struct body_node *code = markdown_make(builder, BODY_CODE);
    const char *literal = markdown_literal(builder, cmark_node_get_literal(node));
    if (code)
        code->text = literal;
    else
        markdown_append_words(builder, literal, strlen(literal));
}

bool markdown_enter_inline(struct markdown_builder *builder, cmark_node *node)
{
    cmark_node_type type = cmark_node_get_type(node);
    const char *literal = cmark_node_get_literal(node);
    if (type == CMARK_NODE_HTML_INLINE) {
        markdown_html_inline(builder, node);
        return false;
    }
    if (type == CMARK_NODE_EMPH || type == CMARK_NODE_STRONG)
        return markdown_enter(
            builder, markdown_make(builder, type == CMARK_NODE_EMPH ? BODY_EMPHASIS : BODY_STRONG));
    if (type == CMARK_NODE_LINK)
        return enter_link(builder, node);
    if (builder->hidden)
        return false;
    if (type == CMARK_NODE_TEXT)
        markdown_append_words(builder, literal, strlen(literal));
    else if (type == CMARK_NODE_CODE)
        add_code(builder, node);
    else if (type == CMARK_NODE_IMAGE)
        add_image(builder, node);
    else if (type == CMARK_NODE_LINEBREAK && !markdown_make(builder, BODY_BREAK))
        markdown_append_words(builder, " ", 1);
    return false;
}

void markdown_leave_inline(struct markdown_builder *builder, cmark_node *node)
{
    cmark_node_type type = cmark_node_get_type(node);
    if (type == CMARK_NODE_LINK)
        leave_link(builder);
    else if (type == CMARK_NODE_EMPH || type == CMARK_NODE_STRONG)
        markdown_leave(builder);
}
