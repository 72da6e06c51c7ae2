/* SPDX-License-Identifier: MIT */
#include "presentation/template_values.h"

#include "base/arena.h"
#include "release/body.h"
#include "release/release.h"
#include "template/json_value.h"

json_t *presentation_contacts_value(const struct presentation_contacts *contacts)
{
    json_t *list = json_array();
    for (size_t i = 0; i < contacts->count; i++) {
        const struct presentation_contact *contact = &contacts->list[i];
        json_t *item = json_object();
        json_set_text(item, "contact_name", contact->name);
        json_set_text(item, "contact_role", contact->role);
        json_set_text(item, "contact_department", contact->department);
        json_set_text(item, "contact_phone", contact->phone);
        json_set_text(item, "contact_phone_url", contact->phone_url);
        json_set_text(item, "contact_email", contact->email);
        (void)json_array_append_new(list, item);
    }
    return list;
}

json_t *presentation_event_value(const struct presentation_event *event)
{
    if (!event)
        return NULL;
    json_t *value = json_object();
    json_set_text(value, "event_when", event->when);
    json_set_text(value, "start_datetime", event->start);
    json_set_text(value, "end_datetime", event->end);
    json_set_text(value, "place", event->place);
    json_set_text(value, "calendar_url", event->calendar);
    return value;
}

json_t *presentation_document_value(const struct presentation_settings *settings,
                                    struct arena *arena, const struct presentation_file *document,
                                    const char *language)
{
    json_t *value = json_object();
    json_set_text(value, "document_title", release_asset_name(document->asset));
    json_set_text(value, "document_url", document->full.url);
    json_set_text(value, "document_text",
                  presentation_file_words(settings, arena, document, language));
    return value;
}

json_t *presentation_picture_value(const struct presentation_settings *settings,
                                   struct arena *arena, const struct presentation_file *picture,
                                   const struct presentation_rendition *shown, const char *language)
{
    struct body_image_words words;
    json_t *value = json_object();
    presentation_picture_words(settings, arena, picture, language, &words);
    json_set_text(value, "image_url", shown->url);
    json_set_number(value, "image_width", shown->width);
    json_set_number(value, "image_height", shown->height);
    json_set_text(value, "image_alt", picture->asset->alt ? picture->asset->alt : "");
    json_set_text(value, "image_caption", words.caption);
    json_set_text(value, "image_credit", picture->asset->credit);
    json_set_text(value, "image_credit_line", words.credit);
    json_set_text(value, "original_url", words.original_address);
    json_set_text(value, "original_text", words.original_text);
    return value;
}
