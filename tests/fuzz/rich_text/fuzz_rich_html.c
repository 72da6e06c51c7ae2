/* SPDX-License-Identifier: MIT */
/* The input is a page: each letter of its text is in the body, in the alternative text of a
 * picture, or counted in a finding. */
#include "base/arena.h"
#include "fuzz/rich_text/letters.h"
#include "html/html.h"
#include "rich_text/html_parts.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Of what is text by its element's name alone; of alternative texts in *alternatives. */
static size_t letters_of_page(const struct html_node *node, size_t *alternatives)
{
    size_t letters = 0;
    if (node->kind == HTML_TEXT)
        return builder_letters(node->text, strlen(node->text));
    if (node->kind != HTML_ELEMENT || html_is_never_text(node))
        return 0;
    const char *alternative = html_attribute_value(node, "alt");
    if (alternative)
        *alternatives += builder_letters(alternative, strlen(alternative));
    for (const struct html_node *child = node->first_child; child; child = child->next)
        letters += letters_of_page(child, alternatives);
    return letters;
}

/* Whether numbers of the page are ours: of its lists, and bullets and notes as Word writes them. */
static bool has_numbers_of_ours(const struct html_node *node)
{
    static const char *const attributes[] = { "style", "href", "id" };
    static const char *const signs[] = { "mso-", "ftn", "edn", "sdfootnote", "sdendnote", "font:" };
    if (node->kind == HTML_ELEMENT && strcmp(node->name, "ol") == 0)
        return true;
    for (size_t i = 0; i < sizeof attributes / sizeof attributes[0]; i++) {
        const char *value = html_attribute_value(node, attributes[i]);
        for (size_t s = 0; value && s < sizeof signs / sizeof signs[0]; s++)
            if (strcasestr(value, signs[s]))
                return true;
    }
    for (const struct html_node *child = node->first_child; child; child = child->next)
        if (has_numbers_of_ours(child))
            return true;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data;
    struct arena arena = { 0 };
    size_t alternatives = 0;
    const struct rich_text *text = rich_text_reader.read(&arena, RICH_TEXT_HTML, &html_reader,
                                                         bytes, size);
    letters_check(text);
    const struct html_document *page = html_reader.read(&arena, HTML_DOCUMENT, bytes, size);
    if (!text->fault && !has_numbers_of_ours(page->root)) {
        size_t letters = letters_of_page(page->root, &alternatives);
        assert(text->letters >= letters && text->letters <= letters + alternatives);
        assert(text->page_letters <= letters);
    }
    arena_release(&arena);
    return 0;
}
