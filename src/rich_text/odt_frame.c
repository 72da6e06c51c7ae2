/* SPDX-License-Identifier: MIT */
/* Pictures, boxes of text, shapes and what is embedded (part 3, 10). */
#include "rich_text/odt_parts.h"

#include "base/arena.h"
#include "base/array.h"
#include "rich_text/builder.h"
#include "rich_text/odt_name.h"
#include "rich_text/package.h"
#include "rich_text/reader.h"
#include "xml/xml_reader.h"

#include <string.h>
#include <strings.h>

enum { OBJECTS_MAXIMUM = 50, PICTURES_KEPT = 300 };

/* ---- words beside a picture ---- */

/* Title, or description, or both where they differ: their words are counted. */
static const char *alternative_of(struct odt *odt, const struct xml_node *frame)
{
    struct string_builder title;
    struct string_builder description;
    const struct xml_node *first = xml_child(frame, ODF_SVG, "title");
    const struct xml_node *second = xml_child(frame, ODF_SVG, "desc");
    string_builder_init(&title, 0);
    string_builder_init(&description, 0);
    if (first)
        odt_append_words(&title, first);
    if (second)
        odt_append_words(&description, second);
    if (!title.length || (description.length && strcmp(title.data, description.data) == 0))
        string_builder_clear(&title);
    if (title.length && description.length)
        string_builder_append(&title, ". ");
    if (description.length)
        string_builder_append_bytes(&title, description.data, description.length);
    const char *words = title.length ? arena_copy(odt->arena, title.data) : "";
    builder_count(odt->builder, words, strlen(words));
    string_builder_release(&title);
    string_builder_release(&description);
    return words;
}

/* ---- pictures ---- */

/* Formats that no page shows: they are not even inflated. */
static bool is_shown_nowhere(const char *name)
{
    static const char *const endings[] = { ".emf", ".wmf", ".svm",  ".svg", ".eps", ".pdf",
                                           ".bmp", ".pct", ".pict", ".tif", ".tiff" };
    size_t length = strlen(name);
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        size_t ending = strlen(endings[i]);
        if (length > ending && strcasecmp(name + length - ending, endings[i]) == 0)
            return true;
    }
    return false;
}

/* Whether it leads out of the package: a scheme, a folder above, or nothing at all. */
static bool is_external(const char *address)
{
    size_t scheme = strcspn(address, ":/");
    return address[scheme] == ':' || *address == '/' || strncmp(address, "../", 3) == 0;
}

static const char *part_name(const char *address)
{
    return strncmp(address, "./", 2) == 0 ? address + 2 : address;
}

/* Those beyond the first are inflated each time. */
static struct odt_picture picture_of(struct odt *odt, const char *name)
{
    for (size_t i = 0; i < odt->picture_count; i++)
        if (strcmp(odt->pictures[i].name, name) == 0)
            return odt->pictures[i];
    struct odt_picture picture = { .name = name };
    picture.bytes = package_part(odt->package, name, &picture.length);
    if (odt->picture_count < PICTURES_KEPT) {
        ARRAY_GROW_IN(odt->arena, odt->pictures, odt->picture_count, odt->picture_capacity);
        odt->pictures[odt->picture_count++] = picture;
    }
    return picture;
}

static const char *address_of(const struct xml_node *node)
{
    const char *address = xml_attribute_value(node, ODF_LINK, "href");
    return address ? address : "";
}

/* Of several forms of one picture the first that is shown, else the first. */
static const struct xml_node *best_image(const struct xml_node *frame)
{
    const struct xml_node *first = NULL;
    for (const struct xml_node *node = frame->first_child; node; node = node->next) {
        if (!odt_is(node, ODF_DRAW, "image"))
            continue;
        const char *address = address_of(node);
        if (*address && !is_external(address) && !is_shown_nowhere(address))
            return node;
        first = first ? first : node;
    }
    return first;
}

static void leave_out_picture(struct odt *odt, enum rich_text_finding_kind kind, const char *name,
                              const char *alternative)
{
    builder_finding(odt->builder, kind, *name ? name : NULL);
    builder_finding_letters(odt->builder, kind, alternative, strlen(alternative));
}

static void read_picture(struct odt *odt, const struct xml_node *image, const char *alternative)
{
    enum rich_text_finding_kind kind;
    const char *address = address_of(image);
    if (odt_is_left_out(odt, &kind) && kind != RICH_TEXT_STRUCK) {
        builder_finding(odt->builder, kind, *alternative ? alternative : NULL);
        return;
    }
    if (is_external(address)) {
        leave_out_picture(odt, RICH_TEXT_EXTERNAL, address, alternative);
        return;
    }
    const char *name = part_name(address);
    if (!*name || is_shown_nowhere(name)) {
        leave_out_picture(odt, RICH_TEXT_UNREADABLE, name, alternative);
        return;
    }
    struct odt_picture picture = picture_of(odt, name);
    builder_picture(odt->builder, picture.bytes ? picture.bytes : "", picture.length, name,
                    alternative);
}

/* ---- embedded objects ---- */

/* Whether the formula is a row of signs, as "a = b + c": they are its words then. */
static bool is_line(const struct xml_node *node)
{
    static const char *const rows[] = { "math", "mrow", "mstyle", "semantics", "mi",
                                        "mn",   "mo",   "mtext",  "mspace" };
    bool is_row = false;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        is_row = is_row || strcmp(node->name, rows[i]) == 0;
    if (!is_row)
        return strcmp(node->name, "annotation") == 0;
    for (const struct xml_node *child = node->first_child; child; child = child->next)
        if (child->name && !is_line(child))
            return false;
    return true;
}

static void append_formula(struct string_builder *text, const struct xml_node *node)
{
    for (const struct xml_node *child = node->first_child; child; child = child->next) {
        if (child->text)
            string_builder_append_bytes(text, child->text, child->text_length);
        else if (strcmp(child->name, "annotation") != 0)
            append_formula(text, child);
    }
}

static void read_formula(struct odt *odt, const struct xml_node *root)
{
    struct string_builder text;
    string_builder_init(&text, 0);
    append_formula(&text, root);
    if (text.length && is_line(root))
        odt_characters(odt, text.data, text.length);
    else {
        builder_count(odt->builder, text.data ? text.data : "", text.length);
        builder_finding(odt->builder, RICH_TEXT_FORMULA, text.length ? text.data : NULL);
    }
    string_builder_release(&text);
}

/* What the object is; its picture, which stands beside it, is shown where it can be. */
static enum rich_text_finding_kind object_kind(const struct xml_node *root)
{
    const struct xml_node *body = root ? xml_child(root, ODF_OFFICE, "body") : NULL;
    return body && xml_child(body, ODF_OFFICE, "chart") ? RICH_TEXT_CHART : RICH_TEXT_EMBEDDED;
}

/* Whether it is a formula, which is read then. Trees of objects do not stay. */
static bool read_object(struct odt *odt, const struct xml_node *object,
                        enum rich_text_finding_kind *kind)
{
    struct arena arena = { 0 };
    struct rich_text ignored = { .fault = RICH_TEXT_FAULT_NONE };
    const struct xml_node *root = xml_child(object, ODF_MATH, "math");
    const char *address = address_of(object);
    if (!root && *address && !is_external(address) && odt->objects++ < OBJECTS_MAXIMUM) {
        const char *name = arena_format(&arena, "%s/content.xml", part_name(address));
        root = rich_text_xml_part(&arena, odt->package, name, &ignored);
    }
    bool is_formula = root && odt_is(root, ODF_MATH, "math");
    if (is_formula)
        read_formula(odt, root);
    else
        *kind = object_kind(root);
    arena_release(&arena);
    return is_formula;
}

static void tell_object(struct odt *odt, const struct xml_node *object,
                        enum rich_text_finding_kind kind, bool has_picture, const char *alternative)
{
    bool is_chart = kind == RICH_TEXT_CHART;
    if (is_chart && has_picture)
        return;
    const char *name = part_name(address_of(object));
    if (is_chart)
        builder_finding(odt->builder, kind, *alternative ? alternative : NULL);
    else
        builder_finding(odt->builder, kind, *name ? name : object->name);
    if (!is_chart && !has_picture)
        builder_finding_letters(odt->builder, kind, alternative, strlen(alternative));
}

/* Words of an object that stands in the file itself, but for those in an element of that namespace,
 * which were read. */
static void leave_out_object(struct odt *odt, const struct xml_node *object, const char *read,
                             enum rich_text_finding_kind kind)
{
    struct string_builder text;
    string_builder_init(&text, 0);
    const struct xml_node *formula = read ? xml_child(object, read, "math") : NULL;
    for (const struct xml_node *node = object->first_child; node; node = node->next) {
        if (node->text)
            string_builder_append_bytes(&text, node->text, node->text_length);
        else if (node != formula)
            odt_append_words(&text, node);
    }
    if (text.length) {
        builder_count(odt->builder, text.data, text.length);
        builder_finding_letters(odt->builder, kind, text.data, text.length);
    }
    string_builder_release(&text);
}

/* ---- frames ---- */

static const struct xml_node *first_object(const struct xml_node *frame)
{
    static const char *const names[] = { "object", "object-ole", "plugin", "applet",
                                         "floating-frame" };
    for (const struct xml_node *node = frame->first_child; node; node = node->next)
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
            if (odt_is(node, ODF_DRAW, names[i]))
                return node;
    return NULL;
}

/* LibreOffice keeps pictures of objects as metafiles, under names without an ending. */
static bool is_bitmap(struct odt_picture picture)
{
    return picture.length > 4 && (memcmp(picture.bytes, "\x89PNG", 4) == 0 ||
                                  memcmp(picture.bytes, "\xFF\xD8\xFF", 3) == 0);
}

/* What a page shows in place of an object. */
static bool shows_object(struct odt *odt, const struct xml_node *image)
{
    const char *address = image ? address_of(image) : "";
    return *address && !is_external(address) && !is_shown_nowhere(address) &&
           is_bitmap(picture_of(odt, part_name(address)));
}

static void read_embedded(struct odt *odt, const struct xml_node *frame,
                          const struct xml_node *object, const struct xml_node *image)
{
    enum rich_text_finding_kind kind = RICH_TEXT_EMBEDDED;
    if (odt_is(object, ODF_DRAW, "object") && read_object(odt, object, &kind)) {
        leave_out_object(odt, object, ODF_MATH, kind);
        return;
    }
    const char *alternative = alternative_of(odt, frame);
    bool has_picture = shows_object(odt, image);
    tell_object(odt, object, kind, has_picture, alternative);
    leave_out_object(odt, object, NULL, kind);
    if (has_picture)
        read_picture(odt, image, alternative);
}

/* Words that stand in a frame beside what it shows, as below a picture. */
static void read_rest(struct odt *odt, const struct xml_node *frame, const struct xml_node *object)
{
    for (const struct xml_node *node = frame->first_child; node; node = node->next)
        if (node != object && (node->text || node->first_child))
            odt->block(odt, node);
}

/* A frame shows one of the forms that it has. */
static void read_frame(struct odt *odt, const struct xml_node *frame)
{
    const struct xml_node *object = first_object(frame);
    const struct xml_node *image = best_image(frame);
    if (object)
        read_embedded(odt, frame, object, image);
    else
        read_picture(odt, image, alternative_of(odt, frame));
    read_rest(odt, frame, object);
}

static bool is_shape(const struct xml_node *node)
{
    static const char *const names[] = {
        "custom-shape", "rect", "ellipse",   "circle",  "polygon", "polyline", "regular-polygon",
        "path",         "line", "connector", "caption", "measure", "g",        "page-thumbnail",
        "control"
    };
    if (strcmp(node->space, ODF_DRAW) != 0)
        return false;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(node->name, names[i]) == 0)
            return true;
    return false;
}

/* Whether words in it are blocks of their own. */
static bool holds_box(const struct xml_node *node)
{
    return is_shape(node) || xml_child(node, ODF_DRAW, "text-box") ||
           (!first_object(node) && !best_image(node));
}

/* A group without words and pictures is a drawing that nobody sees. */
static void tell_group(struct odt *odt, const struct xml_node *node)
{
    struct string_builder text;
    string_builder_init(&text, 0);
    odt_append_words(&text, node);
    if (!odt_has_words(&text))
        builder_finding(odt->builder, RICH_TEXT_CHART, NULL);
    string_builder_release(&text);
}

static void read_box(struct odt *odt, const struct xml_node *node)
{
    struct odt_list *list = odt->list;
    struct odt_look look = odt->look;
    odt->list = NULL;
    odt->look = (struct odt_look){ .traits = 0 };
    if (odt_is(node, ODF_DRAW, "g") && !odt_is(node->parent, ODF_DRAW, "g"))
        tell_group(odt, node);
    odt_blocks(odt, node);
    odt->look = look;
    odt->list = list;
}

void odt_end_boxes(struct odt *odt, size_t from)
{
    size_t count = odt->box_count;
    for (size_t i = from; i < count; i++)
        read_box(odt, odt->boxes[i]);
    odt->box_count = from;
}

bool odt_drawing(struct odt *odt, const struct xml_node *node)
{
    bool is_frame = odt_is(node, ODF_DRAW, "frame");
    bool is_words = odt_is(node, ODF_SVG, "title") || odt_is(node, ODF_SVG, "desc");
    if (is_words)
        return true; /* of a shape: it shows its own */
    if (!is_frame && !is_shape(node))
        return false;
    odt_end_left_out(odt);
    enum rich_text_finding_kind kind;
    if (!holds_box(node)) {
        read_frame(odt, node);
    } else if (odt_is_left_out(odt, &kind) && kind != RICH_TEXT_STRUCK) {
        odt_leave_out(odt, node, kind);
    } else if (odt->is_in_paragraph) {
        ARRAY_GROW_IN(odt->arena, odt->boxes, odt->box_count, odt->box_capacity);
        odt->boxes[odt->box_count++] = node;
    } else
        read_box(odt, node);
    return true;
}
