/* SPDX-License-Identifier: MIT */
#include "presentation/presentation.h"

#include "base/arena.h"
#include "base/clock.h"
#include "locale/locale.h"
#include "release/body.h"
#include "release/release.h"

static struct wording wording_of(const struct presentation_settings *settings, const char *language)
{
    return (struct wording){ .locale = settings->locale,
                             .strings = settings->strings,
                             .language = language };
}

const char *presentation_type_name(const struct presentation *shown, const char *language)
{
    const struct wording wording = wording_of(shown->settings, language);
    return wording_type(&wording, shown->arena, shown->type, false);
}

const char *presentation_date(const struct presentation *shown, const char *language, int64_t at)
{
    const struct wording wording = wording_of(shown->settings, language);
    return wording_date(&wording, shown->arena, at);
}

void presentation_picture_words(const struct presentation_settings *settings, struct arena *arena,
                                const struct presentation_file *file, const char *language,
                                struct body_image_words *words)
{
    const struct wording wording = wording_of(settings, language);
    const char *credit = file->asset->credit;
    *words = (struct body_image_words){
        .caption = file->asset->caption,
        .credit = credit ? wording_credit(&wording, arena, credit) : NULL,
        .is_original = !presentation_is_shown_smaller(file),
        .original_address = file->full.url,
        .original_label = strings_get(settings->strings, language, "picture_download"),
        .original_text = wording_picture(&wording, arena, file->full.path, file->full.size_bytes,
                                         file->full.width, file->full.height),
    };
}

const char *presentation_file_words(const struct presentation_settings *settings,
                                    struct arena *arena, const struct presentation_file *file,
                                    const char *language)
{
    const struct wording wording = wording_of(settings, language);
    return wording_file(&wording, arena, file->full.path, file->full.size_bytes);
}

/* For machines: an all-day event has days, no clock. */
static const char *event_instant(const struct presentation_settings *settings, struct arena *arena,
                                 bool is_all_day, int64_t at)
{
    const struct wording wording = wording_of(settings, NULL);
    return is_all_day ? wording_day(&wording, arena, at)
                      : presentation_datetime(settings, arena, at);
}

void presentation_tell_event(const struct presentation_settings *settings, struct arena *arena,
                             const char *language, const struct release_event *told,
                             struct presentation_event *event)
{
    const struct wording wording = wording_of(settings, language);
    bool is_all_day = told->is_all_day;
    *event = (struct presentation_event){
        .when = is_all_day ? wording_event_days(&wording, arena, told->start_at, told->end_at)
                           : wording_event_when(&wording, arena, told->start_at, told->end_at),
        .start = event_instant(settings, arena, is_all_day, told->start_at),
        .place = told->place,
    };
    /* The end of an all-day one is the midnight behind the last day, and people mean the day
     * itself. */
    if (told->end_at != INSTANT_NONE)
        event->end = event_instant(settings, arena, is_all_day, told->end_at - is_all_day);
}

const struct presentation_event *presentation_event_in(const struct presentation *shown,
                                                       const char *language)
{
    const struct release_event *told = shown->release->event;
    struct arena *arena = shown->arena;
    if (!told || shown->is_withdrawn)
        return NULL;
    struct presentation_event *event = arena_allocate(arena, sizeof *event);
    presentation_tell_event(shown->settings, arena, language, told, event);
    event->calendar = arena_format(arena, "%s" PRESENTATION_CALENDAR, shown->url);
    return event;
}
