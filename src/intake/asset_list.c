/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "intake/fields.h"
#include "intake/reader.h"

#include <string.h>

enum { CONTACTS_MAXIMUM = 200 };

void fields_insert_asset(struct release *release, struct release_asset *asset)
{
    struct release_asset **place = &release->assets;
    while (*place && ((*place)->kind == RELEASE_IMAGE || asset->kind == RELEASE_DOCUMENT))
        place = &(*place)->next;
    asset->next = *place;
    *place = asset;
}

struct release_asset *fields_asset(struct intake_reading *reading, enum release_asset_kind kind,
                                   const char *file, int line, bool is_optional)
{
    size_t count = 0;
    for (struct release_asset *asset = reading->release->assets; asset;
         asset = asset->next, count++)
        if (strcmp(asset->file, file) == 0)
            return asset;
    if (count == INTAKE_ASSETS_MAXIMUM)
        intake_problem_add(reading->problems, INTAKE_REFUSED, line, INTAKE_MESSAGE_ASSET_TOO_MANY,
                           arena_format(reading->arena, "%d", INTAKE_ASSETS_MAXIMUM), NULL);
    if (count > INTAKE_ASSETS_MAXIMUM) /* reported once, for the first one too many; the release is
                                          refused, so the position is irrelevant */
        return reading->release->assets;
    struct release_asset *asset = arena_allocate(reading->arena, sizeof *asset);
    *asset = (struct release_asset){ .kind = kind, .file = file };
    fields_insert_asset(reading->release, asset);

    struct intake_mention *mention = arena_allocate(reading->arena, sizeof *mention);
    *mention = (struct intake_mention){ .asset = file,
                                        .file = reading->problems->file,
                                        .line = line,
                                        .is_optional = is_optional,
                                        .next = reading->mentions };
    reading->mentions = mention;
    return asset;
}

struct release_contact *fields_contact(struct intake_reading *reading)
{
    struct release_contact **place = &reading->release->contacts;
    int count = 0;
    for (; *place && count < CONTACTS_MAXIMUM; count++)
        place = &(*place)->next;
    if (*place) { /* the release is refused already, so the others need not be kept */
        if (!reading->problems->refused)
            intake_problem_add(reading->problems, INTAKE_REFUSED, 0, INTAKE_MESSAGE_BODY_TOO_LARGE,
                               NULL, NULL);
        return arena_allocate(reading->arena, sizeof **place);
    }
    *place = arena_allocate(reading->arena, sizeof **place);
    return *place;
}

void fields_check_email(struct intake_reading *reading, const char *email, int line)
{
    const char *at = strrchr(email, '@');
    bool good = at && at > email && at[1] && !strpbrk(email, " \t<>,;\"()[]\\") &&
                strchr(at, '.') != at + 1 && email[strlen(email) - 1] != '.';
    if (!good)
        intake_problem_add(reading->problems, INTAKE_REFUSED, line, INTAKE_MESSAGE_EMAIL_WRONG,
                           email, NULL);
}
