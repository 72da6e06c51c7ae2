/* SPDX-License-Identifier: MIT */
#include "config/config.h"

#include "address/verp.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "config/languages.h"
#include "intake/intake.h"
#include "locale/language_words.h"
#include "locale/locale.h"
#include "locale/mail_phrases.h"
#include "template/template.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Where an inbox is read, a mail to the address for joining is answered; else a person reads what
 * comes to the address of replies. */
static const char *signup_address(const struct config *config, struct arena *arena)
{
    struct error ignored;
    struct verp_base base;
    const char *replies = config->mail.replies;
    if (!config->inbox.url || !replies ||
        !verp_base_parse(arena, replies, config->mail.delimiter[0], strlen("subscribe"), &base,
                         &ignored))
        return replies;
    return verp_build(arena, &base, "subscribe");
}

/* What follows from what was read. */
static void connect_parts(struct config *config, struct arena *arena, const char *directory,
                          const char *program)
{
    config->releases_path = file_join(arena, directory, "releases");
    config->public_path = file_join(arena, directory, "public");
    config->state_path = file_join(arena, directory, "state");
    config->database_path = file_join(arena, config->state_path, "pressroom.db");
    config->intake.releases_directory = -1;
    config->intake.state_directory = -1;
    config->intake.public_directory = -1;
    config->intake.releases_name = "releases";
    config->intake.language = config->newsroom.language;
    config->intake.timezone = config->newsroom.timezone;
    config->intake.words = config->words;
    config->intake.notes = config->notes;
    config->intake.locale = config->publish.locale;
    config->intake.publisher = config->newsroom.name;
    config->intake.reader = config->reader;
    config->proofreading.words = config->words;
    config->proofreading.locale = config->publish.locale;
    config->proofreading.has_contacts = config->newsroom.contacts != NULL;
    config->proofreading.site_url = config->newsroom.site_url;
    config->intake.proofreading = &config->proofreading;
    config->publish.newsroom = &config->newsroom;
    config->publish.feeds = config->feeds;
    config->publish.signup_url = config->newsroom.endpoint
                                     ? arena_format(arena, "%ssubscribe", config->newsroom.endpoint)
                                     : NULL;
    config->publish.signup_address = signup_address(config, arena);
    config->publish.signup_by_machine = config->inbox.url != NULL;
    config->publish.person_address = config->mail.from_address;
    config->publish.public_path = config->public_path;
    config->publish.state_path = config->state_path;
    config->publish.program = program;
    config->resources.newsroom = &config->newsroom;
    config->resources.settings = &config->mail;
    config->status_page.newsroom = &config->newsroom;
    config->status_page.templates = config->templates;
    config->status_page.templates_hash = config->publish.templates_hash;
    config->status_page.strings = config->publish.strings;
    config->status_page.locale = config->publish.locale;
    config->status_page.program = program;
    config->status_page.database_path = config->database_path;
    config->status_page.releases_path = config->releases_path;
    config->deliver.phrases = config->phrases;
    config->message_source.resources = &config->resources;
    config->message_source.publish = &config->publish;
    config->message_source.feeds = config->feeds;
    config->announce.feeds = config->feeds;
    config->announce.language = config->newsroom.language;
    if (config->publish.locale)
        config->deliver.zone = config->digest.zone = locale_context_zone(config->publish.locale);
}

/* "no" is read with the words of "nb"; of "sv-FI" the words of "sv" are its own. */
static const char *language_of_words(const struct loading *loading)
{
    const char *tag = loading->config->newsroom.language;
    const struct shipped_language *language = shipped_language_find(loading, tag);
    return language && strncmp(language->tag, tag, strcspn(tag, "-")) != 0 ? language->tag : tag;
}

bool config_load(struct config *config, const char *directory, const char *share_directory,
                 const char *program, struct error_list *problems)
{
    struct loading loading = {
        .config = config, .arena = problems->arena, .problems = problems, .share = share_directory
    };
    *config = (struct config){ .directory = directory };
    char *absolute = realpath(directory, NULL);
    loading.directory = arena_copy(problems->arena, absolute ? absolute : directory);
    free(absolute);
    const char *file = file_join(problems->arena, loading.directory, "newsroom.yaml");
    problems->file = directory;
    if (access(file, F_OK) != 0) {
        error_list_add(problems, 0,
                       "holds no newsroom.yaml" ERROR_ADVICE
                       "give a newsroom's folder with -C, or make one with "
                       "`pressroom init`");
        return false;
    }
    const struct yaml_node *root = loading_read_yaml(&loading, file, "newsroom.yaml");
    if (!root)
        return false;
    loading_languages(&loading);
    config->proofreading.dictionaries = loading.dictionaries;
    loading_newsroom(&loading, root);
    loading_feeds(&loading);
    loading_appearance(&loading);
    loading_words(&loading);
    config->reader = intake_reader_new(
        &(struct intake_reader_settings){ .timezone = config->newsroom.timezone,
                                          .language = language_of_words(&loading),
                                          .publisher = config->newsroom.name,
                                          .words = config->words,
                                          .phrases = config->phrases });
    loading_topics(&loading);
    connect_parts(config, problems->arena, loading.directory, program);
    problems->file = NULL;
    error_list_sort(problems);
    return problems->count == 0;
}

void config_release(struct config *config)
{
    locale_context_free(config->publish.locale);
    template_set_free(config->templates);
    strings_free(config->publish.strings);
    strings_free(config->notes);
    intake_reader_free(config->reader);
    language_words_free(config->words);
    mail_phrases_free(config->phrases);
    *config = (struct config){ 0 };
}
