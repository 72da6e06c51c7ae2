/* SPDX-License-Identifier: MIT */
#include "config/languages.h"

#include "address/address.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "config/url.h"
#include "feed/feed.h"
#include "locale/locale.h"
#include "release/release.h"

#include <string.h>

/* An address of a web site, ending in one slash. */
static bool read_site(struct loading *loading, const struct yaml_node *site, const char *key,
                      const char **value)
{
    const char *string;
    struct config_url url;
    struct error error;
    if (!yaml_read_line(loading->problems, site, key, &string))
        return false;
    if (!config_web_url_parse(loading->arena, string, &url, &error)) {
        yaml_problem(loading->problems, site, key, "“%s” %s", key, error.message);
        return false;
    }
    size_t length = strlen(url.path);
    if (length == 0 || url.path[length - 1] != '/')
        url.path = arena_format(loading->arena, "%s/", url.path);
    *value = config_url_write(loading->arena, &url);
    return true;
}

static void read_endpoint(struct loading *loading, const struct yaml_node *site)
{
    struct newsroom *newsroom = &loading->config->newsroom;
    const struct yaml_node *endpoint = yaml_get(site, "endpoint");
    newsroom->endpoint = newsroom->site_url;
    if (endpoint && endpoint->kind == YAML_SCALAR && strcmp(endpoint->text, "none") == 0)
        newsroom->endpoint = NULL;
    else
        (void)read_site(loading, site, "endpoint", &newsroom->endpoint);
}

static void read_language(struct loading *loading, const struct yaml_node *site)
{
    const char *tag;
    if (!yaml_read_line(loading->problems, site, "language", &tag))
        return;
    const char *canonical = language_canonical(loading->arena, tag);
    if (canonical)
        loading->config->newsroom.language = canonical;
    else
        yaml_problem(loading->problems, site, "language",
                     "“language” is “%s”, which is no language code; write one like da or en", tag);
}

static void read_timezone(struct loading *loading, const struct yaml_node *site)
{
    static const char fallback[] = "Europe/Copenhagen";
    struct config *config = loading->config;
    struct error error;
    config->newsroom.timezone = fallback;
    (void)yaml_read_line(loading->problems, site, "timezone", &config->newsroom.timezone);
    struct locale_context *locale = locale_context_new(config->newsroom.timezone, &error);
    if (!locale) {
        yaml_problem(loading->problems, site, "timezone", "“timezone”: %s", error.message);
        config->newsroom.timezone = fallback;
        return;
    }
    config->publish.locale = locale;
    config->resources.locale = locale;
}

static void read_site_section(struct loading *loading, const struct yaml_node *site)
{
    static const char *const keys[] = { "url", "endpoint", "language", "timezone", NULL };
    yaml_check_keys(loading->problems, site, keys, NULL);
    loading->config->newsroom.language = "da";
    if (!yaml_get(site, "url"))
        yaml_problem(loading->problems, site, "url",
                     "“site.url” is missing; write the public address of the site, like "
                     "https://presse.example.dk/");
    (void)read_site(loading, site, "url", &loading->config->newsroom.site_url);
    read_endpoint(loading, site);
    read_language(loading, site);
    read_timezone(loading, site);
}

static struct release_contact *read_contact(struct loading *loading, const struct yaml_node *item)
{
    static const char *const keys[] = { "name", "title", "phone", "email", "department", NULL };
    struct release_contact *contact = arena_allocate(loading->arena, sizeof *contact);
    struct error error;
    yaml_check_keys(loading->problems, item, keys, NULL);
    (void)yaml_read_line(loading->problems, item, "name", &contact->name);
    (void)yaml_read_line(loading->problems, item, "title", &contact->title);
    (void)yaml_read_line(loading->problems, item, "phone", &contact->phone);
    (void)yaml_read_line(loading->problems, item, "department", &contact->department);
    if (yaml_read_line(loading->problems, item, "email", &contact->email)) {
        const struct address *address = address_parse(loading->arena, contact->email,
                                                      strlen(contact->email), &error);
        if (address)
            contact->email = address->typed;
        else
            yaml_problem(loading->problems, item, "email", "“email” of a contact: %s",
                         error.message);
    }
    if (!yaml_get(item, "name"))
        yaml_problem(loading->problems, item, "name", "a contact without “name”; write one");
    return contact;
}

/* Where nobody says it, the region of the site's language ("de-AT"), else the country that the
 * language is spoken in. */
static const char *likely_country(const struct loading *loading)
{
    const char *tag = loading->config->newsroom.language;
    const struct shipped_language *language = shipped_language_find(loading, tag);
    const char *region = strrchr(tag, '-');
    if (region && country_is_known(region + 1))
        return region + 1;
    return language ? language->country : NULL;
}

/* "dk" is "DK". */
static void read_country(struct loading *loading, const struct yaml_node *publisher)
{
    struct newsroom *newsroom = &loading->config->newsroom;
    const char *given;
    newsroom->country = likely_country(loading);
    if (!yaml_read_line(loading->problems, publisher, "country", &given))
        return;
    char *country = arena_copy(loading->arena, given);
    for (char *at = country; *at; at++)
        if (*at >= 'a' && *at <= 'z')
            *at = (char)(*at - 'a' + 'A');
    if (country_is_known(country))
        newsroom->country = country;
    else
        yaml_problem(
            loading->problems, publisher, "country",
            "“country” is “%s”, which is no country code; write its two letters (ISO 3166), like DK or GB",
            given);
}

static void loading_publisher(struct loading *loading, const struct yaml_node *publisher)
{
    static const char *const keys[] = { "name",    "about",    "address", "country",
                                        "privacy", "contacts", NULL };
    struct newsroom *newsroom = &loading->config->newsroom;
    const struct yaml_node *item = NULL;
    yaml_check_keys(loading->problems, publisher, keys, NULL);
    if (!yaml_get(publisher, "name"))
        yaml_problem(loading->problems, publisher, "name",
                     "“publisher.name” is missing; write who publishes");
    (void)yaml_read_line(loading->problems, publisher, "name", &newsroom->name);
    (void)yaml_read_localized(loading->problems, publisher, "about", newsroom->language,
                              &newsroom->about);
    (void)yaml_read_text(loading->problems, publisher, "address", &newsroom->address);
    read_country(loading, publisher);
    if (yaml_read_line(loading->problems, publisher, "privacy", &newsroom->privacy)) {
        struct config_url url;
        struct error error;
        if (!config_web_url_parse(loading->arena, newsroom->privacy, &url, &error))
            yaml_problem(loading->problems, publisher, "privacy", "“privacy” %s", error.message);
    }
    (void)yaml_read_mappings(loading->problems, publisher, "contacts", &item);
    struct release_contact *last = NULL;
    for (; item; item = item->next) {
        struct release_contact *contact = read_contact(loading, item);
        if (last)
            last->next = contact;
        else
            newsroom->contacts = contact;
        last = contact;
    }
}

static void read_announce(struct loading *loading, const struct yaml_node *announce)
{
    static const char *const keys[] = { "delay", "max_age", "max_new", NULL };
    struct announce_settings *settings = &loading->config->announce;
    yaml_check_keys(loading->problems, announce, keys, NULL);
    settings->max_age_ms = 48 * DURATION_HOUR;
    settings->max_new = 5;
    (void)yaml_read_duration(loading->problems, announce, "delay", &settings->delay_ms);
    (void)yaml_read_duration(loading->problems, announce, "max_age", &settings->max_age_ms);
    (void)yaml_read_integer(loading->problems, announce, "max_new", 0, 1000000, &settings->max_new);
}

static void read_listen(struct loading *loading, const struct yaml_node *serve, const char *key,
                        const char **value)
{
    bool may_be_none = strcmp(key, "metrics") == 0;
    if (!yaml_read_line(loading->problems, serve, key, value))
        return;
    if (may_be_none && strcmp(*value, "none") == 0)
        *value = NULL;
    else if (!config_listen_is_valid(*value))
        yaml_problem(loading->problems, serve, key,
                     "“%s” is “%s”; write an IP address and a port, like 127.0.0.1:8080%s", key,
                     *value, may_be_none ? ", or none" : "");
}

static void read_serve(struct loading *loading, const struct yaml_node *serve)
{
    static const char *const keys[] = { "listen", "trusted_proxies", "metrics", NULL };
    static const struct feed_name loopback = { .name = "127.0.0.1" };
    struct config_serve *settings = &loading->config->serve;
    const struct yaml_node *item;
    yaml_check_keys(loading->problems, serve, keys, NULL);
    *settings = (struct config_serve){ .listen = "127.0.0.1:8080",
                                       .metrics = "127.0.0.1:9090",
                                       .trusted_proxies = &loopback };
    read_listen(loading, serve, "listen", &settings->listen);
    read_listen(loading, serve, "metrics", &settings->metrics);
    if (!yaml_read_list(loading->problems, serve, "trusted_proxies", &item))
        return;
    const struct feed_name **link = &settings->trusted_proxies;
    *link = NULL;
    for (; item; item = item->next) {
        if (!config_network_is_valid(item->text)) {
            error_list_add(loading->problems, item->line,
                           "“%s” in “trusted_proxies” is no IP address or network" ERROR_ADVICE
                           "write one like "
                           "127.0.0.1 or 10.0.0.0/8",
                           item->text);
            continue;
        }
        struct feed_name *name = arena_allocate(loading->arena, sizeof *name);
        name->name = item->text;
        *link = name;
        link = &name->next;
    }
}

static void read_intake(struct loading *loading, const struct yaml_node *intake)
{
    static const char *const keys[] = { "settle", "approval", "folders", NULL };
    static const char *const choices[] = { "none", "required", NULL };
    int approval = 0;
    int64_t *debounce_ms = &loading->config->intake.debounce_ms;
    yaml_check_keys(loading->problems, intake, keys, NULL);
    loading_containers(loading, intake);
    (void)yaml_read_choice(loading->problems, intake, "approval", choices, &approval);
    loading->config->intake.needs_approval = approval == 1;
    *debounce_ms = 2 * DURATION_SECOND;
    if (yaml_read_duration(loading->problems, intake, "settle", debounce_ms) &&
        *debounce_ms > 10 * DURATION_SECOND)
        yaml_problem(loading->problems, intake, "settle",
                     "“settle” is longer than 10s, the most that a run waits; write 10s or less");
}

static void read_store(struct loading *loading, const struct yaml_node *root)
{
    const char *store;
    if (!yaml_read_line(loading->problems, root, "store", &store) || strcmp(store, "sqlite") == 0)
        return;
    if (strncmp(store, "postgresql://", 13) == 0 || strncmp(store, "postgres://", 11) == 0)
        yaml_problem(
            loading->problems, root, "store",
            "“store” asks for PostgreSQL, which this version cannot use yet; write sqlite");
    else
        yaml_problem(loading->problems, root, "store", "“store” is “%s”; write sqlite", store);
}

/* Nobody would answer at the link. */
static void check_status_web(struct loading *loading, const struct yaml_node *root)
{
    if (loading->config->status_page.place == STATUS_PAGE_WEB &&
        !loading->config->newsroom.endpoint)
        yaml_problem(loading->problems, root, "status",
                     "“status: web” needs an address where `pressroom serve` answers" ERROR_ADVICE
                     "set “endpoint” in “site”, or write file");
}

static void read_status(struct loading *loading, const struct yaml_node *root)
{
    static const char *const names[] = {
        [STATUS_PAGE_FILE] = "file", [STATUS_PAGE_WEB] = "web", [STATUS_PAGE_NONE] = "none"
    };
    const char *status;
    if (!yaml_read_line(loading->problems, root, "status", &status))
        return;
    for (unsigned place = STATUS_PAGE_FILE; place <= STATUS_PAGE_NONE; place++) {
        if (strcmp(status, names[place]) == 0) {
            loading->config->status_page.place = (enum status_page_place)place;
            check_status_web(loading, root);
            return;
        }
    }
    yaml_problem(loading->problems, root, "status", "“status” is “%s”; write file, web or none",
                 status);
}

/* A section that may be missing; NULL then, and its defaults hold. */
static const struct yaml_node *section(struct loading *loading, const struct yaml_node *root,
                                       const char *key)
{
    const struct yaml_node *node = NULL;
    (void)yaml_read_mapping(loading->problems, root, key, &node);
    return node;
}

void loading_newsroom(struct loading *loading, const struct yaml_node *root)
{
    static const char *const keys[] = { "publisher", "site",   "mail",   "announce",
                                        "digest",    "serve",  "intake", "receipts",
                                        "store",     "status", NULL };
    yaml_check_keys(loading->problems, root, keys, NULL);
    /* First, since the default language is what other texts are in. */
    read_site_section(loading, section(loading, root, "site"));
    loading_publisher(loading, section(loading, root, "publisher"));
    loading_mail(loading, section(loading, root, "mail"));
    read_announce(loading, section(loading, root, "announce"));
    loading_digest(loading, section(loading, root, "digest"));
    read_serve(loading, section(loading, root, "serve"));
    read_intake(loading, section(loading, root, "intake"));
    loading_receipts(loading, section(loading, root, "receipts"));
    loading_receipts_complete(loading);
    read_store(loading, root);
    read_status(loading, root);
}
