/* SPDX-License-Identifier: MIT */
#include "receipt/receipt.h"

#include "address/address.h"
#include "address/token.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/random.h"
#include "base/string_builder.h"
#include "locale/locale.h"
#include "locale/zone.h"
#include "mail/mail.h"
#include "preview/preview.h"
#include "release/newsroom.h"

#include <string.h>

static const char *row_token(struct arena *arena, const struct token_keys *keys,
                             enum token_purpose purpose, int64_t row_id)
{
    char *string = arena_allocate(arena, TOKEN_SIZE);
    const struct token token = { .purpose = purpose, .row_id = row_id };
    token_write(keys, &token, string);
    return string;
}

/* The same for every try of the mail, since the mail itself is kept. */
static const char *message_id(const struct receipt_settings *settings,
                              const struct token_keys *keys, struct arena *arena, int64_t row_id,
                              struct error *error)
{
    const char *at = strrchr(settings->resources->settings->from_address, '@');
    const char *domain = at ? address_domain_ascii(arena, at + 1, error) : NULL;
    return domain ? arena_format(arena, "<%s@%s>",
                                 row_token(arena, keys, TOKEN_RECEIPT_MAIL, row_id), domain)
                  : NULL;
}

/* Those who look after the newsroom, who say yes, and who answered stand on other lists than those
 * who follow releases, or on none. */
static const char *why(enum receipt_event event)
{
    switch ((int)event) {
    case RECEIPT_OPERATOR:
        return "receipt_why_operator";
    case RECEIPT_APPROVAL:
    case RECEIPT_REMINDER:
        return "receipt_why_approver";
    case RECEIPT_ANSWER:
        return "receipt_why_answer";
    default:
        return "receipt_why";
    }
}

static bool fill_request(const struct receipt_settings *settings, const struct token_keys *keys,
                         struct arena *arena, const struct receipt_message *message, int64_t row_id,
                         struct receipt_mail_request *request, struct error *error)
{
    const struct mail_resources *resources = settings->resources;
    const struct zone *zone = locale_context_zone(resources->locale);
    const struct address *to = address_parse_known(arena, message->address,
                                                   strlen(message->address), error);
    if (!to)
        return false;
    *request = (struct receipt_mail_request){
        .language = resources->newsroom->language,
        .to = to->is_international ? to->typed : to->envelope,
        .date = zone_format_rfc822(zone, arena, message->now_at),
        .message_id = message_id(settings, keys, arena, row_id, error),
        .answers = message->answers,
        .why = why(message->event),
        .words = message->words,
    };
    if (!request->message_id)
        return false;
    if (!settings->is_read)
        return true;
    request->reply_to = receipt_mail_reply_address(
        arena, resources, row_token(arena, keys, TOKEN_RECEIPT, row_id), error);
    return request->reply_to != NULL;
}

bool receipt_prepare(const struct receipt_settings *settings, const struct token_keys *keys,
                     struct random *random, struct arena *arena,
                     const struct receipt_message *message, struct receipt_prepared *prepared,
                     struct error *error)
{
    struct receipt_mail_request request;
    struct string_builder bytes;
    int64_t row_id = random_positive(random);
    if (!fill_request(settings, keys, arena, message, row_id, &request, error))
        return false;
    string_builder_init(&bytes, 0);
    bool done = receipt_mail_build(arena, settings->resources, &request, &bytes, error);
    if (done)
        *prepared = (struct receipt_prepared){
            .row_id = row_id,
            .message = message,
            .language = request.language,
            .bytes = arena_copy_bytes(arena, bytes.data, bytes.length),
            .length = bytes.length,
        };
    string_builder_release(&bytes);
    return done;
}

bool receipt_queue(struct database *database, const struct receipt_settings *settings,
                   const struct token_keys *keys, struct random *random, struct arena *arena,
                   const struct receipt_message *message, bool *is_new, struct error *error)
{
    struct receipt_prepared prepared;
    return receipt_prepare(settings, keys, random, arena, message, &prepared, error) &&
           receipt_put(database, &prepared, is_new, error);
}

struct mail_attachment *receipt_preview_attachments(struct arena *arena,
                                                    const struct preview *preview)
{
    struct mail_attachment *mail = arena_allocate(arena, sizeof *mail);
    struct mail_attachment *page = arena_allocate(arena, sizeof *page);
    *page = (struct mail_attachment){ .name = preview->file_name,
                                      .media_type = "text/html; charset=\"utf-8\"",
                                      .bytes = preview->page,
                                      .length = preview->page_length };
    *mail = (struct mail_attachment){ .name = "mail.eml",
                                      .media_type = "message/rfc822",
                                      .bytes = preview->mail_eml,
                                      .length = preview->mail_eml_length,
                                      .next = page };
    return mail;
}
