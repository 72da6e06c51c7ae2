/* SPDX-License-Identifier: MIT */
#include "html/html.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/string_builder.h"
#include "base/utf8.h"
#include "html/bound.h"
#include "html/element.h"

#include <ctype.h>
#include <gumbo.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- strings ---- */

static const char *keep(struct arena *arena, const char *bytes, size_t length)
{
    struct string_builder clean;
    bool is_plain = true;
    for (size_t i = 0; is_plain && i < length; i++)
        is_plain = (bytes[i] >= ' ' && bytes[i] < 0x7f) || bytes[i] == '\n' || bytes[i] == '\t';
    if (is_plain)
        return arena_copy_bytes(arena, bytes, length);
    string_builder_init(&clean, 0);
    utf8_append_clean(&clean, bytes, length);
    const char *kept = arena_copy_bytes(arena, clean.data, clean.length);
    string_builder_release(&clean);
    return kept;
}

static const char *keep_name(struct arena *arena, const char *bytes, size_t length)
{
    char *name = arena_copy(arena, keep(arena, bytes, length));
    for (char *c = name; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return name;
}

/* ---- elements ---- */

/* Whether a style hides what it is for: "display:none", "mso-hide: all". */
static bool style_hides(const char *style)
{
    static const struct {
        const char *property;
        const char *value;
    } hiding[] = { { "display", "none" }, { "visibility", "hidden" }, { "mso-hide", "all" } };

    for (; *style; style += strcspn(style, ";"), style += *style == ';') {
        style += strspn(style, " \t\r\n\f");
        for (size_t i = 0; i < sizeof hiding / sizeof hiding[0]; i++) {
            size_t length = strlen(hiding[i].property);
            if (strncasecmp(style, hiding[i].property, length) != 0)
                continue;
            const char *value = style + length + strspn(style + length, " \t\r\n\f");
            if (*value != ':')
                continue;
            value += 1 + strspn(value + 1, " \t\r\n\f");
            if (strncasecmp(value, hiding[i].value, strlen(hiding[i].value)) == 0)
                return true;
        }
    }
    return false;
}

static void keep_attributes(struct arena *arena, const GumboVector *attributes,
                            struct html_node *node)
{
    const struct html_attribute **end = &node->attributes;
    for (unsigned i = 0; i < attributes->length; i++) {
        const GumboAttribute *from = attributes->data[i];
        struct html_attribute *attribute = arena_allocate(arena, sizeof *attribute);
        attribute->name = keep_name(arena, from->name, strlen(from->name));
        attribute->value = keep(arena, from->value, strlen(from->value));
        if (strcmp(attribute->name, "hidden") == 0 ||
            (strcmp(attribute->name, "style") == 0 && style_hides(attribute->value)))
            node->traits |= HTML_UNSEEN;
        *end = attribute;
        end = &attribute->next;
    }
}

enum {
    IMPLIED = GUMBO_INSERTION_BY_PARSER | GUMBO_INSERTION_CONVERTED_FROM_END_TAG |
              GUMBO_INSERTION_RECONSTRUCTED_FORMATTING_ELEMENT |
              GUMBO_INSERTION_ADOPTION_AGENCY_CLONED
};

static void keep_element(struct arena *arena, const GumboNode *from, struct html_node *node)
{
    const GumboElement *element = &from->v.element;
    GumboStringPiece name = element->original_tag;
    const char *known = gumbo_normalized_tagname(element->tag);
    if (element->tag == GUMBO_TAG_UNKNOWN && name.length > 1)
        node->name = keep_name(arena, name.data + 1,
                               bound_name_length(name.data + 1, name.data + name.length));
    else
        node->name = arena_copy(arena, known);
    node->traits = element_traits(node->name, strlen(node->name)) & ~(unsigned)ELEMENT_TRAITS;
    if (!(node->traits & HTML_KNOWN))
        node->source = keep(arena, name.data ? name.data : "", name.length);
    node->is_implied = from->parse_flags & IMPLIED;
    node->is_closed = !(from->parse_flags & GUMBO_INSERTION_IMPLICIT_END_TAG);
    keep_attributes(arena, &element->attributes, node);
}

/* ---- the tree ---- */

/* An element whose children are being taken. */
struct level {
    const GumboElement *from;
    unsigned next;
    struct html_node *to;
    struct html_node **end; /* where its next child goes */
};

struct walk {
    struct arena *arena;
    struct level *levels; /* as many as the parser made, which may be deeper than our tree */
    size_t count;
    size_t capacity;
};

static void enter(struct walk *walk, const GumboNode *from, struct html_node *to)
{
    ARRAY_GROW(walk->levels, walk->count, walk->capacity);
    walk->levels[walk->count++] = (struct level){ .from = &from->v.element,
                                                  .to = to,
                                                  .end = &to->first_child };
}

/* The parser's child of the innermost element; one that would be too deep is left out, and its own
 * children take its place. */
static void take(struct walk *walk, const GumboNode *from)
{
    struct level *level = &walk->levels[walk->count - 1];
    bool is_element = from->type == GUMBO_NODE_ELEMENT || from->type == GUMBO_NODE_TEMPLATE;
    if (is_element && walk->count >= HTML_DEPTH_MAXIMUM) {
        struct html_node **end = level->end;
        struct html_node *to = level->to;
        enter(walk, from, to);
        walk->levels[walk->count - 1].end = end;
        return;
    }
    struct html_node *node = arena_allocate(walk->arena, sizeof *node);
    node->parent = level->to;
    *level->end = node;
    level->end = &node->next;
    if (is_element) {
        node->kind = HTML_ELEMENT;
        keep_element(walk->arena, from, node);
        enter(walk, from, node);
        return;
    }
    node->kind = from->type == GUMBO_NODE_COMMENT ? HTML_COMMENT : HTML_TEXT;
    node->name = "";
    node->text = keep(walk->arena, from->v.text.text, strlen(from->v.text.text));
}

static struct html_node *take_tree(struct arena *arena, const GumboNode *root)
{
    struct walk walk = { .arena = arena };
    struct html_node *top = arena_allocate(arena, sizeof *top);
    keep_element(arena, root, top);
    enter(&walk, root, top);
    while (walk.count) {
        struct level *level = &walk.levels[walk.count - 1];
        if (level->next < level->from->children.length) {
            take(&walk, level->from->children.data[level->next++]);
            continue;
        }
        walk.count--;
        if (walk.count && walk.levels[walk.count - 1].to == level->to)
            walk.levels[walk.count - 1].end = level->end; /* what was too deep went here */
    }
    free(walk.levels);
    return top;
}

/* ---- reading ---- */

/* What a fragment stands in, by its first tag: alone, parts of a table would lose their tags. */
static GumboTag context_of(const struct bounded *bounded)
{
    switch (gumbo_tagn_enum(bounded->first, (unsigned)bounded->first_length)) {
    case GUMBO_TAG_TD:
    case GUMBO_TAG_TH:
        return GUMBO_TAG_TR;
    case GUMBO_TAG_TR:
        return GUMBO_TAG_TBODY;
    case GUMBO_TAG_TBODY:
    case GUMBO_TAG_THEAD:
    case GUMBO_TAG_TFOOT:
    case GUMBO_TAG_CAPTION:
        return GUMBO_TAG_TABLE;
    default:
        return GUMBO_TAG_DIV;
    }
}

static GumboOptions options_of(enum html_form form, const struct bounded *bounded)
{
    GumboOptions options = kGumboDefaultOptions;
    options.max_errors = 0;
    if (form == HTML_FRAGMENT)
        options.fragment_context = bounded->first ? context_of(bounded) : GUMBO_TAG_DIV;
    return options;
}

static const struct html_document *read_document(struct arena *arena, enum html_form form,
                                                 const char *bytes, size_t length)
{
    struct html_document *document = arena_allocate(arena, sizeof *document);
    struct bounded bounded;
    bound_find(arena, bytes, length, &bounded);
    const GumboOptions options = options_of(form, &bounded);
    GumboOutput *output = gumbo_parse_with_options(&options, bounded.bytes, bounded.length);
    document->root = take_tree(arena, output->root);
    document->bound = bounded.bound;
    document->read = bounded.read;
    gumbo_destroy_output(&options, output);
    return document;
}

/* The first element of that name, below the root. */
static const struct html_node *find(const struct html_node *root, const char *name)
{
    const struct html_node *node = root->first_child;
    while (node && (node->kind != HTML_ELEMENT || strcmp(node->name, name) != 0))
        node = node->first_child ? node->first_child : node->next;
    return node;
}

static const struct html_tag *read_tag(struct arena *arena, const char *bytes, size_t length)
{
    const char *end = bytes + length;
    const char *behind = length && *bytes == '<' ? bound_tag_end(bytes, end, NULL) : NULL;
    if (!behind)
        return NULL;
    struct html_tag *found = arena_allocate(arena, sizeof *found);
    struct html_node *node = arena_allocate(arena, sizeof *node);
    found->node = node;
    if (!isalpha((unsigned char)bytes[1 + (bytes[1] == '/')])) {
        node->kind = HTML_COMMENT;
        node->name = node->text = "";
        return found;
    }
    found->is_end = bytes[1] == '/';
    const char *name = bytes + 1 + found->is_end;
    node->name = keep_name(arena, name, bound_name_length(name, end));
    node->traits = element_traits(node->name, strlen(node->name)) & ~(unsigned)ELEMENT_TRAITS;
    if (!(node->traits & HTML_KNOWN))
        node->source = keep(arena, bytes, (size_t)(behind - bytes));
    if (!found->is_end && memchr(bytes, '=', (size_t)(behind - bytes))) {
        const struct html_document *alone = read_document(arena, HTML_FRAGMENT, bytes,
                                                          (size_t)(behind - bytes));
        const struct html_node *element = find(alone->root, node->name);
        node->attributes = element ? element->attributes : NULL;
    }
    return found;
}

__attribute__((visibility("default"))) const struct html_reader html_reader = {
    .version = HTML_READER_VERSION,
    .read = read_document,
    .tag = read_tag,
};
