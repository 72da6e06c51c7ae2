/* SPDX-License-Identifier: MIT */
#include "intake/format_advice.h"

#include "base/arena.h"
#include "intake/reader.h"

#include <string.h>
#include <strings.h>

static const char *ending_of(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot && !strchr(dot, '/') ? dot + 1 : "";
}

bool format_advice_is_due(const char *name)
{
    return intake_format_is_unread(name) || strcasecmp(ending_of(name), "pdf") == 0;
}

struct intake_value format_wanted(struct arena *arena)
{
    return file_kind_wanted(arena, intake_format_of("x.docx") != NULL);
}

static struct intake_message message_of(enum intake_message_id id, const char *a,
                                        struct intake_value b, struct intake_value c)
{
    return (struct intake_message){ id, { intake_value_given(a), b, c } };
}

/* It is what its name says. */
static struct intake_message advice_by_ending(struct arena *arena, const char *ending)
{
    static const struct {
        const char *ending;
        enum intake_message_id id;
    } special[] = { { "pages", INTAKE_MESSAGE_FORMAT_PAGES },
                    { "pdf", INTAKE_MESSAGE_FORMAT_PDF },
                    { "msg", INTAKE_MESSAGE_FORMAT_MSG },
                    { "oft", INTAKE_MESSAGE_FORMAT_MSG } };
    enum intake_message_id id = INTAKE_MESSAGE_FORMAT_UNREAD;
    for (size_t i = 0; i < sizeof special / sizeof special[0]; i++)
        if (strcasecmp(special[i].ending, ending) == 0)
            id = special[i].id;
    return message_of(id, ending, format_wanted(arena), intake_value_given(NULL));
}

struct intake_message format_advice(struct arena *arena, const char *name, enum file_kind kind)
{
    const char *ending = ending_of(name);
    if (file_kind_fits(kind, name))
        return advice_by_ending(arena, ending);
    struct intake_value is = file_kind_value(arena, file_kind_name(kind));
    const char *right = file_kind_ending(kind);
    if (file_kind_is_text(kind) && intake_format_of(arena_format(arena, "x.%s", right)))
        return message_of(INTAKE_MESSAGE_FORMAT_RENAME, ending, is, intake_value_given(right));
    return message_of(file_kind_is_text(kind) ? INTAKE_MESSAGE_FORMAT_LIES
                                              : INTAKE_MESSAGE_FORMAT_NO_TEXT,
                      ending, is, format_wanted(arena));
}

struct intake_message format_advice_of_folder(struct arena *arena, const char *file,
                                              enum file_kind kind)
{
    if (!file_kind_is_text(kind))
        return format_advice(arena, file, kind);
    return message_of(INTAKE_MESSAGE_FOLDER_UNREAD, file,
                      file_kind_value(arena, file_kind_name(kind)), format_wanted(arena));
}

bool format_advice_of_lie(struct arena *arena, const char *name, const char *bytes, size_t length,
                          struct intake_message *message)
{
    enum file_kind kind = file_kind_of(bytes, length);
    if (file_kind_fits(kind, name))
        return false;
    *message = format_advice(arena, name, kind);
    return true;
}
