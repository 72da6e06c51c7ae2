/* SPDX-License-Identifier: MIT */
#include "intake/picture_fields.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "intake/problem.h"
#include "picture/picture.h"
#include "release/body.h"
#include "release/release.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

/* ---- what cameras and programs write where people should ---- */

static const char *const camera_words[] = {
    "OLYMPUS DIGITAL CAMERA",
    "SONY DSC",
    "KONICA MINOLTA DIGITAL CAMERA",
    "MINOLTA DIGITAL CAMERA",
    "KODAK Digital Still Camera",
    "SAMSUNG CAMERA PICTURES",
    "SAMSUNG",
    "DIGITAL CAMERA",
    "Digital StillCamera",
    "Exif_JPEG_PICTURE",
    "Exif JPEG",
    "DCIM",
    "DEFAULT",
    "default",
    "Untitled",
    "Unknown",
    "unknown",
    "Owner",
    "Picasa",
    "User",
    "admin",
    "Administrator",
    "Created with GIMP",
    "Screenshot",
    "Photographer",
    "image description",
    "x-default",
};

/* A path or the name of a file, as drones and scanners write it. */
static bool is_file_name(const char *value)
{
    const char *dot = strrchr(value, '.');
    if (strncasecmp(value, "DCIM", 4) == 0)
        return true;
    return dot && dot[1] && strlen(dot + 1) <= 4 && !strchr(value, ' ');
}

static bool has_letter(const char *value)
{
    for (; *value; value++)
        if ((*value >= 'a' && *value <= 'z') || (*value >= 'A' && *value <= 'Z') ||
            (unsigned char)*value >= 0x80)
            return true;
    return false;
}

/* The value; NULL where it is a placeholder of a camera or program. */
static const char *meant(const char *value)
{
    if (!value || !has_letter(value))
        return NULL;
    for (size_t i = 0; i < sizeof camera_words / sizeof camera_words[0]; i++)
        if (strcasecmp(value, camera_words[i]) == 0)
            return NULL;
    return value;
}

/* ---- the fields ---- */

/* "(c) 2026" and "© 2026" name nobody. */
static bool names_somebody(const char *copyright)
{
    static const char *const signs[] = { "copyright", "(c)", "\xC2\xA9" };
    for (;;) {
        size_t skipped = strspn(copyright, " 0123456789.,-:;");
        for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
            if (strncasecmp(copyright + skipped, signs[i], strlen(signs[i])) == 0) {
                skipped += strlen(signs[i]);
                break;
            }
        if (skipped == 0)
            return has_letter(copyright);
        copyright += skipped;
    }
}

/* Whether a line names one of the people of a list, "Anna Holm, Bo Friis". */
static bool names_one_of(const char *line, const char *people, struct arena *arena)
{
    while (*people) {
        size_t length = strcspn(people, ",");
        const char *name = arena_copy_bytes(arena, people, length);
        if (*name && strcasestr(line, name))
            return true;
        people += length;
        people += strspn(people, ", ");
    }
    return false;
}

static const char *credit_of(const struct picture_rights *rights, struct arena *arena)
{
    const char *creator = meant(rights->creator);
    const char *credit = meant(rights->credit);
    const char *copyright = meant(rights->copyright);
    if (credit && creator && strcasestr(creator, credit))
        return strlen(creator) > strlen(credit) ? creator : credit;
    /* "Foto: …" is already a complete credit line */
    if (credit && creator && !strchr(credit, ':') && !names_one_of(credit, creator, arena))
        return arena_format(arena, "%s / %s", creator, credit);
    if (credit || creator)
        return credit ? credit : creator;
    return copyright && names_somebody(copyright) ? copyright : NULL;
}

/* A caption is one line, because pages and feeds have no room for more. */
static const char *caption_line(const char *caption, struct arena *arena)
{
    const char *words = meant(caption);
    if (!words || is_file_name(words))
        return NULL;
    char *line = arena_copy(arena, words);
    for (char *at = line; (at = strchr(at, '\n'));)
        *at = ' ';
    return line;
}

static void fill(const char **field, const char *value, struct release_asset *asset, unsigned bit)
{
    if ((*field && **field) || !value)
        return;
    *field = value;
    asset->from_picture |= bit;
}

void picture_fields_fill(struct release_asset *asset, const struct picture_rights *rights,
                         struct arena *arena)
{
    const char *alt = meant(rights->alt);
    fill(&asset->credit, credit_of(rights, arena), asset, RELEASE_FROM_PICTURE_CREDIT);
    fill(&asset->alt, alt && !is_file_name(alt) ? alt : NULL, asset, RELEASE_FROM_PICTURE_ALT);
    fill(&asset->caption, caption_line(rights->caption, arena), asset,
         RELEASE_FROM_PICTURE_CAPTION);
}

/* ---- within the text ---- */

static const char *alt_of(const struct release_asset *assets, const struct body_node *image)
{
    for (; assets; assets = assets->next)
        if (assets->from_picture & RELEASE_FROM_PICTURE_ALT && image->target &&
            strcmp(assets->file, image->target) == 0)
            return assets->alt;
    return image->text;
}

static void fill_nodes(const struct release_asset *assets, struct body_node *node)
{
    for (; node; node = node->next) {
        if (node->kind == BODY_IMAGE && node->text && !*node->text)
            node->text = alt_of(assets, node);
        fill_nodes(assets, node->first_child);
    }
}

void picture_fields_fill_text(struct release *release)
{
    for (const struct release_asset *asset = release->assets; asset; asset = asset->next)
        if (asset->from_picture & RELEASE_FROM_PICTURE_ALT) {
            fill_nodes(release->assets, release->body);
            return;
        }
}

/* ---- for messages ---- */

enum { SHOWN_MAXIMUM = 100 };

/* The first characters of a value. */
static const char *cut(const char *value, struct arena *arena)
{
    size_t length = utf8_first(value, strlen(value), SHOWN_MAXIMUM);
    return value[length] ? arena_format(arena, "%.*s…", (int)length, value) : value;
}

const struct intake_message *picture_fields_message(const struct release_asset *asset,
                                                    struct arena *arena)
{
    const struct {
        unsigned bit;
        enum intake_message_id id;
        const char *value;
    } fields[] = {
        { RELEASE_FROM_PICTURE_CREDIT, INTAKE_MESSAGE_PICTURE_CREDIT, asset->credit },
        { RELEASE_FROM_PICTURE_ALT, INTAKE_MESSAGE_PICTURE_ALT, asset->alt },
        { RELEASE_FROM_PICTURE_CAPTION, INTAKE_MESSAGE_PICTURE_CAPTION, asset->caption },
    };

    const struct intake_message *said = NULL;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (!(asset->from_picture & fields[i].bit))
            continue;
        struct intake_message *messages = arena_allocate_array(arena, 2, sizeof *messages);
        messages[0] = (struct intake_message){
            fields[i].id, { intake_value_given(cut(fields[i].value, arena)) }
        };
        if (said)
            messages[1] = (struct intake_message){ INTAKE_MESSAGE_PICTURE_AND,
                                                   { intake_value_message(said),
                                                     intake_value_message(&messages[0]) } };
        said = &messages[said != NULL];
    }
    return said;
}
