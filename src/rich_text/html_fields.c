/* SPDX-License-Identifier: MIT */
/* What a page says of itself: JSON-LD (schema.org), Open Graph, <meta>, <title>, its language. */
#include "rich_text/html_page.h"
#include "rich_text/html_parts.h"

#include "base/arena.h"
#include "base/string_builder.h"

#include <jansson.h>
#include <string.h>
#include <strings.h>

enum { JSON_DEPTH_MAXIMUM = 5, KEYWORDS_MAXIMUM = 50 };

/* ---- fields ---- */

/* The first that says it of what there is one of; each keyword once. */
static void add(struct html_page *page, enum rich_text_field_kind kind, const char *value)
{
    bool is_many = kind == RICH_TEXT_FIELD_KEYWORD || kind == RICH_TEXT_FIELD_TITLE;
    int count = 0;
    for (const struct rich_text_field *field = page->text->fields; field; field = field->next) {
        if (field->kind != kind)
            continue;
        if (!is_many || strcmp(field->value, value) == 0 || ++count >= KEYWORDS_MAXIMUM)
            return;
    }
    builder_field(page->builder, kind, value);
}

static void add_keywords(struct html_page *page, const char *value)
{
    while (*value) {
        size_t length = strcspn(value, ",;");
        const char *word = arena_copy_bytes(page->arena, value, length);
        add(page, RICH_TEXT_FIELD_KEYWORD, builder_line(page->builder, word, length));
        value += length + (value[length] != '\0');
    }
}

/* "da_DK" of Open Graph is "da-DK". */
static void add_language(struct html_page *page, const char *value)
{
    char *tag = arena_copy(page->arena, value);
    for (char *c = tag; *c; c++)
        if (*c == '_')
            *c = '-';
    add(page, RICH_TEXT_FIELD_LANGUAGE, tag);
}

/* The name of a file beside the text, or an absolute address. */
static void add_image(struct html_page *page, const char *value)
{
    const char *file = html_file(page->arena, value);
    const char *address = file && !page->base ? file : html_address(page, value);
    if (address && *address != '#')
        add(page, RICH_TEXT_FIELD_IMAGE, address);
}

static void add_value(struct html_page *page, enum rich_text_field_kind kind, const char *value)
{
    if (kind == RICH_TEXT_FIELD_KEYWORD)
        add_keywords(page, value);
    else if (kind == RICH_TEXT_FIELD_LANGUAGE)
        add_language(page, value);
    else if (kind == RICH_TEXT_FIELD_IMAGE)
        add_image(page, value);
    else
        add(page, kind, value);
}

/* ---- JSON-LD ---- */

static bool type_is_article(const char *type)
{
    static const char *const types[] = { "NewsArticle", "Article",         "PressRelease",
                                         "BlogPosting", "Report",          "ReportageNewsArticle",
                                         "TechArticle", "ScholarlyArticle" };
    for (size_t i = 0; type && i < sizeof types / sizeof types[0]; i++)
        if (strcmp(type, types[i]) == 0)
            return true;
    return false;
}

static bool is_article(json_t *object)
{
    json_t *type = json_object_get(object, "@type");
    size_t index;
    json_t *one;
    if (type_is_article(json_string_value(type)))
        return true;
    json_array_foreach(type, index, one) if (type_is_article(json_string_value(one))) return true;
    return false;
}

/* A value is a text, a thing with a name or address, or an array of such. */
static void add_json(struct html_page *page, enum rich_text_field_kind kind, json_t *value)
{
    static const char *const names[] = { "url", "contentUrl", "alternateName", "name", "@value" };
    size_t index;
    json_t *one;
    if (json_is_string(value))
        add_value(page, kind, json_string_value(value));
    if (json_is_object(value))
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
            const char *text = json_string_value(json_object_get(value, names[i]));
            if (!text)
                continue;
            add_value(page, kind, text);
            return;
        }
    json_array_foreach(value, index, one) if (!json_is_array(one)) add_json(page, kind, one);
}

static void take_article(struct html_page *page, json_t *article)
{
    static const struct {
        const char *name;
        enum rich_text_field_kind kind;
    } names[] = {
        { "headline", RICH_TEXT_FIELD_TITLE },
        { "datePublished", RICH_TEXT_FIELD_PUBLISHED },
        { "description", RICH_TEXT_FIELD_DESCRIPTION },
        { "inLanguage", RICH_TEXT_FIELD_LANGUAGE },
        { "keywords", RICH_TEXT_FIELD_KEYWORD },
        { "image", RICH_TEXT_FIELD_IMAGE },
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        add_json(page, names[i].kind, json_object_get(article, names[i].name));
}

static void take_json(struct html_page *page, json_t *value, int depth)
{
    size_t index;
    json_t *one;
    if (depth > JSON_DEPTH_MAXIMUM)
        return;
    json_array_foreach(value, index, one) take_json(page, one, depth + 1);
    if (!json_is_object(value))
        return;
    if (is_article(value))
        take_article(page, value);
    take_json(page, json_object_get(value, "@graph"), depth + 1);
    take_json(page, json_object_get(value, "mainEntity"), depth + 1);
}

static void take_script(struct html_page *page, const struct html_node *script)
{
    const char *type = html_attribute_value(script, "type");
    const struct html_node *text = script->first_child;
    if (!type || strcasecmp(type, "application/ld+json") != 0 || !text || text->kind != HTML_TEXT)
        return;
    json_error_t error;
    json_t *value = json_loads(text->text, 0, &error);
    take_json(page, value, 0);
    json_decref(value);
}

/* ---- <meta> ---- */

static const struct {
    const char *name; /* of property, name or http-equiv */
    enum rich_text_field_kind kind;
} metas[] = {
    { "og:title", RICH_TEXT_FIELD_TITLE },
    { "og:description", RICH_TEXT_FIELD_DESCRIPTION },
    { "og:image", RICH_TEXT_FIELD_IMAGE },
    { "article:published_time", RICH_TEXT_FIELD_PUBLISHED },
    { "article:tag", RICH_TEXT_FIELD_KEYWORD },
    { "dc.title", RICH_TEXT_FIELD_TITLE },
    { "dcterms.title", RICH_TEXT_FIELD_TITLE },
    { "description", RICH_TEXT_FIELD_DESCRIPTION },
    { "dc.description", RICH_TEXT_FIELD_DESCRIPTION },
    { "dc.date.issued", RICH_TEXT_FIELD_PUBLISHED },
    { "dcterms.issued", RICH_TEXT_FIELD_PUBLISHED },
    { "dc.date", RICH_TEXT_FIELD_PUBLISHED },
    { "date", RICH_TEXT_FIELD_PUBLISHED },
    { "keywords", RICH_TEXT_FIELD_KEYWORD },
};

static bool meta_is(const struct html_node *node, const char *name)
{
    static const char *const attributes[] = { "property", "name", "http-equiv" };
    for (size_t i = 0; i < sizeof attributes / sizeof attributes[0]; i++) {
        const char *value = html_attribute_value(node, attributes[i]);
        if (value && strcasecmp(value, name) == 0)
            return true;
    }
    return false;
}

/* Those of one name: an order of the page counts for less than that of the table. */
static void take_metas(struct html_page *page, const char *name, enum rich_text_field_kind kind)
{
    for (const struct html_node *node = page->top; node; node = html_next(node, page->top)) {
        const char *content = html_is(node, "meta") ? html_attribute_value(node, "content") : NULL;
        if (content && meta_is(node, name))
            add_value(page, kind, content);
    }
}

/* ---- elements ---- */

static void take_language(struct html_page *page)
{
    const struct html_node *body = html_find(page->top, "body");
    const struct html_node *nodes[] = { page->top, body };
    for (size_t i = 0; i < 2; i++) {
        const char *language = nodes[i] ? html_attribute_value(nodes[i], "lang") : NULL;
        if (!language && nodes[i])
            language = html_attribute_value(nodes[i], "xml:lang");
        if (language)
            add_language(page, language);
    }
    take_metas(page, "og:locale", RICH_TEXT_FIELD_LANGUAGE);
    take_metas(page, "content-language", RICH_TEXT_FIELD_LANGUAGE);
    take_metas(page, "dc.language", RICH_TEXT_FIELD_LANGUAGE);
}

/* A heading of the first level outside the text is the title, where it stands in no furniture. */
static void take_heading(struct html_page *page)
{
    const struct html_node *heading = html_find(page->top, "h1");
    while (heading && html_is_in(heading, "nav aside footer header"))
        heading = html_find_behind(heading, page->top, "h1");
    if (heading && !html_holds(page->content, heading))
        add(page, RICH_TEXT_FIELD_TITLE, html_words(page->arena, heading));
}

static void take_time(struct html_page *page)
{
    for (const struct html_node *node = page->top; node; node = html_next(node, page->top)) {
        const char *role = html_attribute_value(node, "itemprop");
        bool is_date = html_attribute_value(node, "pubdate") ||
                       (role && strcasecmp(role, "datePublished") == 0);
        const char *time = html_is(node, "time")   ? html_attribute_value(node, "datetime")
                           : html_is(node, "meta") ? html_attribute_value(node, "content")
                                                   : NULL;
        if (is_date && time)
            add(page, RICH_TEXT_FIELD_PUBLISHED, time);
    }
}

void html_take_fields(struct html_page *page)
{
    for (const struct html_node *node = page->top; node; node = html_next(node, page->top))
        if (html_is(node, "script"))
            take_script(page, node);
    take_heading(page);
    for (size_t i = 0; i < sizeof metas / sizeof metas[0]; i++)
        take_metas(page, metas[i].name, metas[i].kind);
    take_time(page);
    take_language(page);
    const struct html_node *title = html_find(page->top, "title");
    if (title && !html_is_in(title, "svg") && title->first_child &&
        title->first_child->kind == HTML_TEXT)
        add(page, RICH_TEXT_FIELD_TITLE, title->first_child->text);
}

void html_page_start(void)
{
    json_object_seed(0); /* opens /dev/urandom */
}
