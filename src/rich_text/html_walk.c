/* SPDX-License-Identifier: MIT */
/* The way through the text of a page. */
#include "rich_text/html_parts.h"

#include "base/arena.h"
#include "base/invisible.h"
#include "base/string_builder.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

/* ---- words ---- */

enum { NO_BREAK_SPACE = 0xa0 };

/* Whether there is anything that is seen. */
static bool shows_anything(const char *text)
{
    size_t length = strlen(text);
    size_t offset = 0;
    uint32_t c;
    while (utf8_next(text, length, &offset, &c))
        if (!utf8_is_space(c) && c != NO_BREAK_SPACE && !invisible_is_left_out(0, c))
            return true;
    return false;
}

/* Behind a bullet that was set by hand: "·", "•", "§", "–" and white space. */
static const char *behind_bullet(const char *text)
{
    static const char *const bullets[] = { "·", "•", "§", "–", "-", "▪" };
    const char *begin = text + strspn(text, " \t\r\n");
    for (size_t i = 0; i < sizeof bullets / sizeof bullets[0]; i++) {
        size_t length = strlen(bullets[i]);
        if (strncmp(begin, bullets[i], length) == 0 &&
            (begin[length] == ' ' || strncmp(begin + length, "\xC2\xA0", 2) == 0 || !begin[length]))
            return begin + length;
    }
    return text;
}

/* Raised and lowered figures as the characters that look so: "10⁶" is not "106". Other words stay.
 */
static const char *raise(struct arena *arena, const char *text, bool is_raised)
{
    static const char *const raised[] = { "⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹" };
    static const char *const lowered[] = { "₀", "₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉" };
    struct string_builder out;
    if (!*text || text[strspn(text, "0123456789-")])
        return text;
    string_builder_init(&out, 0);
    for (; *text; text++)
        string_builder_append(&out, *text == '-' ? (is_raised ? "⁻" : "₋")
                                    : is_raised  ? raised[*text - '0']
                                                 : lowered[*text - '0']);
    const char *result = arena_copy(arena, out.data);
    string_builder_release(&out);
    return result;
}

static void take_words(struct html_page *page, const char *text, const struct html_state *state)
{
    unsigned style = state->style;
    if (page->marker_end)
        return;
    if (!page->is_open && !shows_anything(text))
        return;
    bool begins = !page->is_open;
    bool strips = page->strips_bullet;
    html_begin_paragraph(page, state);
    if (begins && strips)
        text = behind_bullet(text);
    page->strips_bullet = false;
    if (state->is_raised || state->is_lowered)
        text = raise(page->arena, text, state->is_raised);
    if (state->size * 10 >= page->common_size * 12)
        style |= BUILDER_LARGE;
    size_t length = strlen(text);
    builder_text(page->builder, text, length, style);
    builder_count(page->builder, text, length);
    page->text->page_letters += builder_letters(text, length);
}

/* ---- elements ---- */

static void walk_break(struct html_page *page, const struct html_node *node,
                       const struct html_state *state)
{
    (void)node;
    (void)state;
    if (page->is_open)
        builder_break(page->builder);
}

static void walk_rule(struct html_page *page, const struct html_node *node,
                      const struct html_state *state)
{
    (void)state;
    const char *around = node->parent ? html_style(page->arena, node->parent, "mso-element") : "";
    html_end_paragraph(page);
    if (!strstr(around, "note-list"))
        builder_rule(page->builder);
}

static void walk_link(struct html_page *page, const struct html_node *node,
                      const struct html_state *state)
{
    bool is_back;
    const char *note = html_note_reference(page->arena, node, &is_back);
    const char *address = html_attribute_value(node, "href");
    const char *name = html_attribute_value(node, "name");
    if (note && is_back)
        return;
    if (note) {
        html_begin_paragraph(page, state);
        builder_note_reference(page->builder, note);
        return;
    }
    builder_anchor(page->builder, name);
    address = address ? html_address(page, address) : NULL;
    if (address)
        builder_begin_link(page->builder, address);
    html_walk_children(page, node, state);
    if (address)
        builder_end_link(page->builder);
}

static void walk_quotation(struct html_page *page, const struct html_node *node,
                           const struct html_state *state)
{
    struct html_state inner = *state;
    inner.is_raised = inner.is_lowered = false;
    take_words(page, "\"", &inner);
    html_walk_children(page, node, state);
    take_words(page, "\"", &inner);
}

static void walk_note(struct html_page *page, const struct html_node *node, const char *mark,
                      const struct html_state *state)
{
    struct html_state inner = { .size = state->size };
    html_end_paragraph(page);
    builder_begin_note(page->builder, mark);
    html_walk_children(page, node, &inner);
    html_end_paragraph(page);
    builder_end_note(page->builder);
}

static void walk_list(struct html_page *page, const struct html_node *node,
                      const struct html_state *state)
{
    const char *start = html_attribute_value(node, "start");
    struct html_list list = { .identity = node,
                              .level = state->list ? state->list->level + 1 : 1,
                              .is_ordered = html_is(node, "ol"),
                              .next = start ? (int)strtol(start, NULL, 10) : 1 };
    struct html_state inner = *state;
    inner.list = &list;
    inner.item = NULL;
    html_end_paragraph(page);
    html_walk_children(page, node, &inner);
    html_end_paragraph(page);
}

static void walk_item(struct html_page *page, const struct html_node *node,
                      const struct html_state *state)
{
    struct html_list alone = { .identity = node->parent, .level = 1 };
    struct html_state inner = *state;
    if (!inner.list)
        inner.list = &alone;
    const char *value = html_attribute_value(node, "value");
    if (value && *value)
        inner.list->next = (int)strtol(value, NULL, 10);
    struct html_item item = { .is_ordered = inner.list->is_ordered, .number = inner.list->next };
    if (inner.list->next < BODY_LIST_START_MAXIMUM)
        inner.list->next++;
    inner.item = &item;
    inner.outline = 0;
    html_end_paragraph(page);
    html_walk_children(page, node, &inner);
    html_end_paragraph(page);
}

/* An element that begins and ends paragraphs. */
static void walk_block(struct html_page *page, const struct html_node *node,
                       const struct html_state *state)
{
    struct html_state inner = *state;
    struct html_list list = { .identity = NULL };
    struct html_item item = { .is_begun = false };
    const char *note = html_note(node);
    if (note) {
        walk_note(page, node, note, state);
        return;
    }
    html_end_paragraph(page);
    if (html_heading_level(node)) {
        inner.outline = html_heading_level(node);
        inner.style &= ~(unsigned)BUILDER_BOLD;
    }
    inner.is_quote = inner.is_quote || html_is(node, "blockquote");
    inner.is_preformatted = inner.is_preformatted || html_is_any(node, "pre xmp");
    inner.is_caption = inner.is_caption || html_is(node, "figcaption");
    html_apply_word(page, node, &inner, &list, &item);
    builder_anchor(page->builder, html_attribute_value(node, "id"));
    html_walk_children(page, node, &inner);
    html_end_paragraph(page);
    page->marker_end = NULL;
}

/* ---- the way ---- */

static bool walk_named(struct html_page *page, const struct html_node *node,
                       const struct html_state *state)
{
    static const struct {
        const char *names;
        void (*walk)(struct html_page *page, const struct html_node *node,
                     const struct html_state *state);
    } elements[] = {
        { "br", walk_break },
        { "hr", walk_rule },
        { "a", walk_link },
        { "q", walk_quotation },
        { "ul ol menu dir", walk_list },
        { "li", walk_item },
        { "img", html_take_image },
        { "table", html_walk_table },
    };

    for (size_t i = 0; i < sizeof elements / sizeof elements[0]; i++)
        if (html_is_any(node, elements[i].names)) {
            elements[i].walk(page, node, state);
            /* An element with a strange character in its name can be taken for one that is empty.
             */
            if (node->first_child && html_is_any(node, "br hr img"))
                html_walk_children(page, node, state);
            return true;
        }
    return false;
}

static void walk(struct html_page *page, const struct html_node *node,
                 const struct html_state *state)
{
    if (node->kind == HTML_TEXT)
        take_words(page, node->text, state);
    if (node->kind != HTML_ELEMENT)
        return;
    enum html_left_out reason = html_left_out(page, node);
    if (reason != HTML_KEPT) {
        html_leave_out(page, node, reason);
        return;
    }
    if (html_is_word_marker(page->arena, node))
        return;
    if (node == page->marker_end) {
        page->marker_end = NULL;
        return;
    }
    struct html_state inner = *state;
    html_apply_style(page, node, &inner);
    if (html_is(node, "ins") || html_has_class(node, "msoIns"))
        builder_finding(page->builder, RICH_TEXT_INSERTED, html_words(page->arena, node));
    if (walk_named(page, node, &inner))
        return;
    if (node->traits & (HTML_BLOCK | HTML_CELL) || html_is(node, "xmp"))
        walk_block(page, node, &inner);
    else
        html_walk_children(page, node, &inner);
}

void html_walk_children(struct html_page *page, const struct html_node *node,
                        const struct html_state *state)
{
    for (const struct html_node *child = node->first_child; child; child = child->next)
        walk(page, child, state);
}
