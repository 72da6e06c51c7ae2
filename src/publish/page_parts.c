/* SPDX-License-Identifier: MIT */
#include "publish/page.h"

#include "base/arena.h"
#include "feed/feed.h"
#include "locale/locale.h"
#include "presentation/presentation.h"
#include "presentation/template_values.h"
#include "publish/card.h"
#include "publish/site.h"
#include "release/body.h"
#include "release/newsroom.h"
#include "release/release.h"
#include "template/json_value.h"

#include <string.h>

json_t *page_card(const struct site *site, struct arena *arena, const struct card *card,
                  const char *language)
{
    json_t *context = json_object();
    json_set_text(context, "card_title", card->title);
    json_set_text(context, "card_url", site_url(site, arena, card->path));
    json_set_text(context, "card_language",
                  /* Only where it differs from the page's, whose lang attribute covers the
                   * others. */
                  strcmp(card->language, language) == 0 ? NULL : card->language);
    json_set_text(context, "card_type", site_type_name(site, arena, language, card->type, false));
    json_set_text(context, "card_date",
                  locale_date(site->settings->locale, arena, language, DATE_LONG, card->public_at));
    json_set_text(context, "card_datetime", site_datetime(site, arena, card->public_at));
    json_set_text(context, "card_lead", card->is_withdrawn || !card->lead[0] ? NULL : card->lead);
    json_t *picture = NULL;
    if (card->picture_path) {
        picture = json_object();
        json_set_text(picture, "image_url", site_url(site, arena, card->picture_path));
        json_set_number(picture, "image_width", card->picture_width);
        json_set_number(picture, "image_height", card->picture_height);
        json_set_text(picture, "image_alt", card->picture_alt ? card->picture_alt : "");
    }
    json_set_value(context, "card_picture", picture);
    json_set_boolean(context, "is_withdrawn", card->is_withdrawn);
    json_set_boolean(context, "is_corrected", card->is_corrected);
    return context;
}

json_t *page_picture(const struct site *site, struct arena *arena,
                     const struct presentation_file *picture, const char *language, bool is_small)
{
    json_t *item = presentation_picture_value(&site->presentation, arena, picture,
                                              is_small ? &picture->small : &picture->web, language);
    json_set_text(item, "image_srcset", is_small ? NULL : presentation_srcset(picture, arena));
    return item;
}

/* The feeds that a visitor may choose among. */
static json_t *signup_feeds(const struct site *site, const char *language)
{
    json_t *list = json_array();
    for (const struct feed *feed = site->settings->feeds; feed; feed = feed->next) {
        if (!feed->signup_open)
            continue;
        json_t *item = json_object();
        json_set_text(item, "feed_id", feed->id);
        json_set_text(item, "feed_title", site_feed_title(site, feed, language));
        (void)json_array_append_new(list, item);
    }
    return list;
}

/* Those that sign-up takes: the newsroom's, and of its releases those that there are words for. */
static json_t *signup_languages(const struct site *site, const char *language)
{
    json_t *list = json_array();
    for (size_t i = 0; i < site->language_count; i++) {
        if (i > 0 && !strings_has_language(site->settings->strings, site->languages[i]))
            continue;
        json_t *item = json_object();
        json_set_text(item, "choice_code", site->languages[i]);
        json_set_text(item, "choice_name", site_string(site, site->languages[i], "language_name"));
        json_set_boolean(item, "is_selected", strcmp(site->languages[i], language) == 0);
        (void)json_array_append_new(list, item);
    }
    if (json_array_size(list) == 1)
        (void)json_array_clear(list);
    return list;
}

json_t *page_subscribe(const struct site *site, struct arena *arena, const char *language)
{
    const struct publish_settings *settings = site->settings;
    json_t *subscribe = json_object();
    json_t *feeds = signup_feeds(site, language);
    /* Without a feed that visitors may choose there is no form and no address to write to. */
    bool is_open = json_array_size(feeds) > 0;
    const char *address = is_open ? settings->signup_address : NULL;
    /* One feed is no choice, and the form asks for nothing then. */
    if (json_array_size(feeds) == 1)
        (void)json_array_clear(feeds);
    json_set_text(subscribe, "signup_url", is_open ? settings->signup_url : NULL);
    json_set_text(subscribe, "signup_address", address);
    json_set_boolean(subscribe, "signup_by_machine", settings->signup_by_machine);
    json_set_text(subscribe, "signup_mailto",
                  address ? arena_format(arena, "mailto:%s", address) : NULL);
    json_set_list(subscribe, "signup_feeds", feeds);
    json_set_list(subscribe, "signup_languages", signup_languages(site, language));
    json_set_text(subscribe, "feeds_url", site_list_url(site, arena, language, "feeds/"));
    json_set_text(subscribe, "consent",
                  strings_format(arena, site_string(site, language, "page_subscribe_consent"),
                                 "publisher", settings->newsroom->name, NULL));
    return subscribe;
}
