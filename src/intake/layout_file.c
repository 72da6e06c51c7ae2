/* SPDX-License-Identifier: MIT */
/* Pictures that a text holds or names, what is said of them, and files that it links to. */
#include "intake/layout_parts.h"

#include "base/arena.h"
#include "intake/encoding.h"
#include "intake/fields.h"
#include "intake/reader.h"
#include "locale/language_words.h"
#include "locale/unicode.h"
#include "release/release.h"
#include "rich_text/rich_text.h"

#include <string.h>

/* A paragraph below a picture that is its caption is not longer, in bytes. */
enum { CAPTION_MAXIMUM = 300 };

/* ---- who took it ---- */

/* How long the words are that begin a credit ("Foto: "); 0: it is none. */
static size_t credit_label(const struct intake_reading *reading, const char *words)
{
    const struct language_word *word = language_words_prefix(
        reading->words, WORD_GROUP_CREDIT, NULL, unicode_fold(reading->arena, words));
    size_t length = word ? strlen(word->folded) : 0;
    if (!length || strnlen(words, length + 1) <= length || words[length] != ':')
        return 0;
    length++;
    return length + strspn(words + length, " ");
}

/* Where a caption begins to say who took the picture; its end: nowhere. */
static size_t credit_place(const struct intake_reading *reading, const char *caption)
{
    size_t at = 0;
    while (caption[at]) {
        bool may_begin = at == 0 || strchr(" (/", caption[at - 1]);
        if (may_begin && strchr(caption + at, ':') && credit_label(reading, caption + at))
            break;
        at++;
    }
    return at;
}

static const char *without_ends(const struct intake_reading *reading, const char *words,
                                size_t length, const char *ends)
{
    while (length && strchr(ends, words[length - 1]))
        length--;
    return encoding_one_line(reading->arena, words, length);
}

/* ---- captions ---- */

static void rewrite(const struct intake_reading *reading, struct body_node *caption,
                    const char *words)
{
    caption->first_child = caption->last_child = NULL;
    if (*words)
        body_append_text(reading->arena, caption, words, strlen(words));
    else
        layout_node_unlink(caption);
}

/* What stands below a picture: its caption, and who took it. */
static void take_caption(const struct intake_reading *reading, struct release_asset *asset,
                         struct body_node *caption)
{
    const char *words = body_plain_text(reading->arena, caption);
    size_t length = credit_place(reading, words);
    const char *about = without_ends(reading, words, length, " (/,–-");
    const char *credit = words + length;
    credit += *credit ? credit_label(reading, credit) : 0;
    if (*credit && !asset->credit) {
        size_t end = strlen(credit);
        asset->credit = without_ends(reading, credit, end, strchr(credit, '(') ? " ." : " .)");
        rewrite(reading, caption, about);
    } else {
        about = words;
    }
    if (*about && !asset->caption)
        asset->caption = about;
}

/* A paragraph below the picture that says who took it is its caption, whatever its style. */
static void take_paragraph(const struct intake_reading *reading, struct release_asset *asset,
                           struct body_node *figure, bool has_caption)
{
    struct body_node *below = figure->next;
    if (asset->credit || !below || below->kind != BODY_PARAGRAPH)
        return;
    const char *words = body_plain_text(reading->arena, below);
    size_t place = strlen(words) <= CAPTION_MAXIMUM ? credit_place(reading, words) : strlen(words);
    if (!words[place] || (has_caption && place > 0))
        return;
    layout_node_unlink(below);
    struct body_node *caption = has_caption ? body_new(reading->arena)
                                            : body_append(reading->arena, figure, BODY_CAPTION);
    layout_node_adopt_all(caption, below);
    take_caption(reading, asset, caption);
}

/* ---- files ---- */

static const struct rich_text_picture *picture_of(const struct layout *layout, const char *name)
{
    const struct rich_text_picture *picture = layout->rich->pictures;
    while (picture && strcmp(picture->name, name) != 0)
        picture = picture->next;
    return picture;
}

/* All that the file holds, in its order, whether the body shows them or not. */
static void take_pictures(const struct layout *layout)
{
    struct intake_reading *reading = layout->reading;
    for (const struct rich_text_picture *picture = layout->rich->pictures; picture;
         picture = picture->next) {
        struct release_asset *asset = fields_asset(reading, RELEASE_IMAGE, picture->name, 0, false);
        struct intake_part *part = arena_allocate(reading->arena, sizeof *part);
        if (!asset || strcmp(asset->file, picture->name) != 0)
            return; /* too many: the release is refused */
        const char *alt = encoding_one_line(reading->arena, picture->alternative,
                                            strlen(picture->alternative));
        asset->alt = *alt ? alt : NULL;
        *part = (struct intake_part){ .name = picture->name,
                                      .bytes = picture->bytes,
                                      .length = picture->length,
                                      .next = reading->parts };
        reading->parts = part;
    }
}

static struct release_asset *asset_of(const struct intake_reading *reading, const char *file)
{
    struct release_asset *asset = reading->release->assets;
    while (asset && (!file || strcmp(asset->file, file) != 0))
        asset = asset->next;
    return asset;
}

static void take_figure(const struct intake_reading *reading, struct body_node *figure)
{
    struct release_asset *asset = NULL;
    struct body_node *caption = NULL;
    for (struct body_node *child = figure->first_child; child; child = child->next) {
        if (child->kind == BODY_IMAGE)
            asset = asset_of(reading, child->target);
        else if (child->kind == BODY_CAPTION)
            caption = child;
    }
    if (!asset)
        return;
    if (caption)
        take_caption(reading, asset, caption);
    take_paragraph(reading, asset, figure, caption != NULL);
}

/* Names of files in pictures and links. A page's links lead to files that need not be here. */
static void take_names(const struct layout *layout, struct body_node *node, int depth)
{
    struct intake_reading *reading = layout->reading;
    bool is_page = layout->rich->page_letters > 0;
    for (struct body_node *child = node->first_child; child; child = child->next) {
        const char *target = child->target;
        if (child->kind == BODY_IMAGE && target && !picture_of(layout, target)) {
            struct release_asset *asset = fields_asset(reading, RELEASE_IMAGE, target, 0, false);
            if (asset && !asset->alt && child->text && *child->text)
                asset->alt = child->text;
        } else if (child->kind == BODY_LINK && target && body_target_is_file(target)) {
            (void)fields_asset(reading, RELEASE_DOCUMENT, target, 0, is_page);
        }
        if (depth < BODY_DEPTH_MAXIMUM)
            take_names(layout, child, depth + 1);
        if (child->kind == BODY_FIGURE)
            take_figure(reading, child);
    }
}

void layout_files_take(struct layout *layout)
{
    take_pictures(layout);
    take_names(layout, layout->reading->release->body, 0);
}
