/* SPDX-License-Identifier: MIT */
#include "intake/markdown_parser.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "intake/bare_address.h"
#include "intake/entity.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm/chunk.h>
#include <cmark-gfm/map.h>
#include <cmark-gfm/parser.h>
#include <cmark-gfm/references.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* ---- bare web addresses ---- */

/* Appends bytes with escapes and entities decoded, as the parser does it. */
static void append_decoded(struct string_builder *text, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length;) {
        size_t taken = bytes[i] == '&' ? entity_append(text, bytes + i, length - i) : 0;
        if (!taken && bytes[i] == '\\' && i + 1 < length && ispunct((unsigned char)bytes[i + 1]))
            i++;
        if (!taken)
            string_builder_append_character(text, bytes[i]);
        i += taken ? taken : 1;
    }
}

static cmark_node *make_address(cmark_parser *parser, const char *bytes, size_t length,
                                bool is_link)
{
    struct string_builder words;
    struct string_builder target;
    string_builder_init(&words, 0);
    string_builder_init(&target, 0);
    append_decoded(&words, bytes, length);
    if (tolower((unsigned char)*bytes) == 'w')
        string_builder_append(&target, "https://");
    string_builder_append_bytes(&target, words.data, words.length);
    cmark_node *text = cmark_node_new_with_mem(CMARK_NODE_TEXT, parser->mem);
    (void)cmark_node_set_literal(text, words.data);
    cmark_node *node = text;
    if (is_link) {
        node = cmark_node_new_with_mem(CMARK_NODE_LINK, parser->mem);
        (void)cmark_node_set_url(node, target.data);
        (void)cmark_node_append_child(node, text);
    }
    string_builder_release(&words);
    string_builder_release(&target);
    return node;
}

/* The parser calls this at each ":" and "w". An address is taken out before emphasis is read, so
 * that it keeps its "*" and "_" (GFM 6.9). Within brackets, which may become a link, it is only
 * kept as words. */
static cmark_node *match_address(cmark_syntax_extension *self, cmark_parser *parser,
                                 cmark_node *parent, unsigned char character,
                                 cmark_inline_parser *inline_parser)
{
    struct cmark_chunk *chunk = cmark_inline_parser_get_chunk(inline_parser);
    int offset = cmark_inline_parser_get_offset(inline_parser);
    int start = offset;
    const char *bytes = (const char *)chunk->data;
    (void)self;
    if (character == ':') {
        while (start > 0 && offset - start < 5 && isalpha((unsigned char)bytes[start - 1]))
            start--;
        if (offset - start < 4)
            return NULL;
    }
    size_t length = bare_address_web_length(bytes, (size_t)chunk->len, (size_t)start, true);
    if (length <= (size_t)(offset - start))
        return NULL;
    bool in_brackets = cmark_inline_parser_in_bracket(inline_parser, 0) ||
                       cmark_inline_parser_in_bracket(inline_parser, 1);
    cmark_node *last = cmark_node_last_child(parent);
    if (start < offset) { /* the parser has already put the scheme into the tree */
        if (!last || cmark_node_get_type(last) != CMARK_NODE_TEXT)
            return NULL;
        cmark_node_unput(parent, offset - start);
    }
    cmark_inline_parser_set_offset(inline_parser, start + (int)length);
    return make_address(parser, bytes + start, length, !in_brackets);
}

/* ---- the parser ---- */

static cmark_syntax_extension *address_extension(void)
{
    static cmark_syntax_extension *extension;
    if (!extension) {
        cmark_mem *memory = cmark_get_default_mem_allocator();
        static unsigned char characters[] = { ':', 'w' };
        cmark_llist *special = NULL;
        for (size_t i = 0; i < sizeof characters;
             i++) /* the library stores characters as pointers */
            special = cmark_llist_append(memory, special, (void *)(size_t)characters[i]);
        extension = cmark_syntax_extension_new("pressroom-address");
        cmark_syntax_extension_set_match_inline_func(extension, match_address);
        cmark_syntax_extension_set_special_inline_chars(extension, special);
    }
    return extension;
}

static bool attach(cmark_parser *parser)
{
    cmark_gfm_core_extensions_ensure_registered();
    cmark_syntax_extension *table = cmark_find_syntax_extension("table");
    cmark_syntax_extension *struck = cmark_find_syntax_extension("strikethrough");
    return table && struck && cmark_parser_attach_syntax_extension(parser, address_extension()) &&
           cmark_parser_attach_syntax_extension(parser, table) &&
           cmark_parser_attach_syntax_extension(parser, struck);
}

static const char *copy_chunk(struct arena *arena, const cmark_chunk *chunk)
{
    return chunk->data ? arena_copy_bytes(arena, chunk->data, (size_t)chunk->len) : "";
}

static int compare_addresses(const void *a, const void *b)
{
    const struct markdown_definition *one = a;
    const struct markdown_definition *other = b;
    return strcmp(one->address, other->address);
}

/* Lists the definitions that the parser took out of the text; the library has no function for it.
 * */
static void list_definitions(struct arena *arena, const cmark_parser *parser,
                             struct markdown_definitions *definitions)
{
    const cmark_map *map = parser->refmap;
    size_t count = 0;
    for (const cmark_map_entry *entry = map->refs; entry; entry = entry->next)
        count++;
    *definitions = (struct markdown_definitions){ NULL, 0 };
    if (!count)
        return;
    definitions->items = arena_allocate_array(arena, count, sizeof *definitions->items);
    for (const cmark_map_entry *entry = map->refs; entry; entry = entry->next) {
        const cmark_reference *reference = (const void *)entry;
        struct markdown_definition *definition = &definitions->items[definitions->count++];
        definition->label = arena_copy(arena, (const char *)entry->label);
        definition->address = copy_chunk(arena, &reference->url);
        definition->title = copy_chunk(arena, &reference->title);
    }
    qsort(definitions->items, count, sizeof *definitions->items, compare_addresses);
}

cmark_node *markdown_parse(struct arena *arena, const char *bytes, size_t length,
                           struct markdown_definitions *definitions)
{
    cmark_parser *parser = cmark_parser_new(CMARK_OPT_STRIKETHROUGH_DOUBLE_TILDE);
    cmark_node *root = NULL;
    if (parser && attach(parser)) {
        cmark_parser_feed(parser, bytes, length);
        cmark_parser_feed(parser, "\n\n",
                          2); /* ends the last paragraph, so that its definitions are read */
        list_definitions(arena, parser, definitions);
        root = cmark_parser_finish(parser);
    }
    cmark_parser_free(parser);
    return root;
}

enum markdown_extension markdown_extension_of(cmark_node *node)
{
    static const struct {
        const char *name;
        enum markdown_extension extension;
    } names[] = { { "table", MARKDOWN_TABLE },
                  { "table_row", MARKDOWN_ROW },
                  { "table_header", MARKDOWN_ROW },
                  { "table_cell", MARKDOWN_CELL },
                  { "strikethrough", MARKDOWN_STRUCK } };

    if (!cmark_node_get_syntax_extension(node))
        return MARKDOWN_NO_EXTENSION;
    const char *name = cmark_node_get_type_string(node);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i].name, name) == 0)
            return names[i].extension;
    return MARKDOWN_NO_EXTENSION;
}
