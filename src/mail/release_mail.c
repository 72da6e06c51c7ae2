/* SPDX-License-Identifier: MIT */
#include "mail/mail.h"

#include "mail/composition.h"
#include "mail/mail_context.h"

#include "address/token.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/localized.h"
#include "base/string_builder.h"
#include "base/utf8.h"
#include "locale/locale.h"
#include "locale/zone.h"
#include "release/body.h"
#include "release/newsroom.h"
#include "release/release.h"
#include "release/release_store.h"
#include "template/json_value.h"

#include <string.h>
#include <strings.h>

enum {
    TEXT_WIDTH = 72,
    PICTURE_WIDTH = 560,      /* of the column that the templates draw */
    LEAD_BYTES_MAXIMUM = 4000 /* where nothing but the lead has room, and that too is long */
};

/* All that the two templates of one mail need. */
struct release_mail {
    struct mail_context context;
    const struct release_mail_request *request;
    const char *page_url;
    const char *correction; /* NULL: not said in this mail */
    size_t blocks;          /* how many of the body's blocks are shown */
    size_t block_count;
};

static const char *subject_key(enum release_mail_kind kind)
{
    switch (kind) {
    case RELEASE_MAIL_CORRECTION:
        return "mail_subject_correction";
    case RELEASE_MAIL_WITHDRAWAL:
        return "mail_subject_withdrawal";
    case RELEASE_MAIL_RELEASE:
        break;
    }
    return NULL;
}

const char *release_mail_subject(struct arena *arena, const struct mail_resources *resources,
                                 enum release_mail_kind kind, const char *title,
                                 const char *language)
{
    const char *key = subject_key(kind);
    return key ? strings_format(arena, strings_get(resources->strings, language, key), "title",
                                title, NULL)
               : title;
}

/* ---- the body, whole or cut behind a block ---- */

static size_t count_blocks(const struct body_node *body)
{
    size_t count = 0;
    for (const struct body_node *block = body ? body->first_child : NULL; block;
         block = block->next)
        count++;
    return count;
}

/* A document of the first blocks of another, whose children it shares. */
static const struct body_node *first_blocks(struct arena *arena, const struct body_node *body,
                                            size_t count)
{
    struct body_node *cut = body_new(arena);
    struct body_node *previous = NULL;
    const struct body_node *block = body->first_child;
    for (size_t i = 0; i < count; i++, block = block->next) {
        struct body_node *copy = arena_allocate(arena, sizeof *copy);
        *copy = *block;
        copy->parent = cut;
        copy->next = NULL;
        if (previous)
            previous->next = copy;
        else
            cut->first_child = copy;
        cut->last_child = previous = copy;
    }
    return cut;
}

static const char *translate(void *payload, const char *key)
{
    const struct release_mail *mail = payload;
    const struct mail_context *context = &mail->context;
    return strings_has(context->resources->strings, context->language, key)
               ? context_string(context, key)
               : NULL;
}

static const char *body_file_address(void *payload, const char *file)
{
    const struct release_mail *mail = payload;
    const struct release_mail_files *files = &mail->request->files;
    return files->address ? files->address(files->payload, file) : NULL;
}

static bool body_image_size(void *payload, const char *file, int *width, int *height)
{
    const struct release_mail *mail = payload;
    const struct release_mail_files *files = &mail->request->files;
    return files->image_size && files->image_size(files->payload, file, width, height);
}

/* "JPEG, 1,2 MB, 4000 × 2250 pixel", and where that stands; NULL where the mail shows it whole. */
static const char *find_original(const struct release_mail *mail, const char *file,
                                 const char **text)
{
    const struct release_mail_files *files = &mail->request->files;
    int64_t size_bytes = 0;
    int width = 0;
    int height = 0;
    const char *address = files->original
                              ? files->original(files->payload, file, &size_bytes, &width, &height)
                              : NULL;
    if (address)
        *text = context_picture_text(&mail->context, address, size_bytes, width, height);
    return address;
}

static void image_words(void *payload, const char *file, struct body_image_words *words)
{
    const struct release_mail *mail = payload;
    words->original_address = find_original(mail, file, &words->original_text);
    words->original_label = context_string(&mail->context, "picture_download");
    for (const struct release_asset *asset = mail->request->release->assets; asset;
         asset = asset->next)
        if (asset->kind == RELEASE_IMAGE && strcmp(asset->file, file) == 0) {
            words->caption = asset->caption;
            words->credit = context_credit(&mail->context, asset->credit);
            return;
        }
}

/* As HTML or wrapped text, whichever the template is; NULL where nothing is written. */
static const char *write_tree(struct release_mail *mail, const struct body_node *tree,
                              bool skip_first_paragraph)
{
    const struct body_writer_options options = {
        .file_address = body_file_address,
        .image_size = body_image_size,
        .image_words = image_words,
        .payload = mail,
        .skip_first_paragraph = skip_first_paragraph,
        .is_mail = true,
        .translate = translate,
    };
    struct string_builder text;
    string_builder_init(&text, 0);
    if (mail->context.is_plain)
        body_write_text(&text, tree, &options, TEXT_WIDTH);
    else
        body_write_html(&text, tree, &options);
    while (mail->context.is_plain && text.length && text.data[text.length - 1] == '\n')
        string_builder_truncate(&text, text.length - 1);
    const char *written = text.length
                              ? arena_copy_bytes(mail->context.arena, text.data, text.length)
                              : NULL;
    string_builder_release(&text);
    return written;
}

static const char *write_body(struct release_mail *mail)
{
    const struct release *release = mail->request->release;
    struct arena *arena = mail->context.arena;
    return write_tree(mail,
                      mail->blocks == mail->block_count
                          ? release->body
                          : first_blocks(arena, release->body, mail->blocks),
                      release_lead_is_first_paragraph(arena, release));
}

/* The lead, or its beginning where a first paragraph is so long that no mail could hold it: the
 * mail then says where the whole text is, as with any that is cut. */
static const struct body_node *lead_paragraph(const struct release_mail *mail, const char *lead)
{
    const struct release *release = mail->request->release;
    struct arena *arena = mail->context.arena;
    if (mail->blocks > 0 || mail->block_count == 0 || strlen(lead) <= LEAD_BYTES_MAXIMUM)
        return release_lead_paragraph(arena, release);
    struct body_node *paragraph = body_append(arena, body_new(arena), BODY_PARAGRAPH);
    body_append_text(arena, paragraph, lead, utf8_fit(lead, LEAD_BYTES_MAXIMUM));
    body_append_text(arena, paragraph, "…", strlen("…"));
    return paragraph;
}

static void add_lead(struct release_mail *mail, json_t *object)
{
    const struct release *release = mail->request->release;
    struct arena *arena = mail->context.arena;
    const char *lead = release_lead(arena, release);
    const char *shown = write_tree(mail, lead_paragraph(mail, lead), false);
    json_set_text(object, "lead", mail->context.is_plain ? shown : shown ? lead : NULL);
    json_set_text(object, "lead_html", mail->context.is_plain ? NULL : shown);
}

/* ---- the context ---- */

/* The first picture that does not stand in the text, to be shown above it. *has_more: there are
 * others like it, which the mail leaves to the page. */
static const struct release_asset *first_picture(const struct release_mail *mail, bool *has_more)
{
    const struct release_mail_files *files = &mail->request->files;
    const struct release *release = mail->request->release;
    const struct release_asset *first = NULL;
    size_t count = 0;
    for (const struct release_asset *asset = release->assets; asset; asset = asset->next) {
        if (asset->kind != RELEASE_IMAGE || !files->address ||
            !files->address(files->payload, asset->file))
            continue;
        if (body_has_image(release->body, asset->file))
            continue;
        count++;
        if (!first)
            first = asset;
    }
    *has_more = count > 1;
    return first;
}

/* As wide as the column at most; nothing where the size is not known. */
static void set_display_size(json_t *picture, const struct release_mail_files *files,
                             const char *file)
{
    int width = 0;
    int height = 0;
    json_t *display_width = json_null();
    json_t *display_height = json_null();
    if (files->image_size && files->image_size(files->payload, file, &width, &height) &&
        width > 0 && height > 0) {
        int shown = width < PICTURE_WIDTH ? width : PICTURE_WIDTH;
        display_width = json_integer(shown);
        display_height = json_integer(((int64_t)height * shown + width / 2) / width);
    }
    json_set_value(picture, "image_display_width", display_width);
    json_set_value(picture, "image_display_height", display_height);
}

static void add_picture(const struct release_mail *mail, json_t *object)
{
    bool has_more;
    const struct release_mail_files *files = &mail->request->files;
    const struct release_asset *asset = first_picture(mail, &has_more);
    json_t *picture = asset ? json_object() : json_null();
    if (asset) {
        json_set_text(picture, "image_url", files->address(files->payload, asset->file));
        json_set_text(picture, "image_alt", asset->alt ? asset->alt : "");
        json_set_text(picture, "image_caption", asset->caption);
        json_set_text(picture, "image_credit", asset->credit);
        json_set_text(picture, "image_credit_line", context_credit(&mail->context, asset->credit));
        set_display_size(picture, files, asset->file);
        const char *original_text = NULL;
        json_set_text(picture, "original_url", find_original(mail, asset->file, &original_text));
        json_set_text(picture, "original_text", original_text);
    }
    json_set_value(object, "picture", picture);
    json_set_boolean(object, "has_more_pictures", has_more);
}

static void add_release(struct release_mail *mail, json_t *object)
{
    const struct release_mail_request *request = mail->request;
    add_lead(mail, object);
    context_set_long(&mail->context, object, "correction", mail->correction);
    json_set_text(object, "body", write_body(mail));
    context_set_preview(&mail->context, object,
                        mail->correction ? NULL
                                         : release_lead(mail->context.arena, request->release));
    json_set_boolean(object, "is_cut", mail->blocks < mail->block_count);
    add_picture(mail, object);
    json_set_list(object, "documents",
                  context_documents(&mail->context, request->release, &request->files));
    json_set_value(object, "event",
                   context_event(&mail->context, request->release, mail->page_url));
}

static json_t *new_context(struct release_mail *mail)
{
    const struct mail_context *context = &mail->context;
    const struct release_mail_request *request = mail->request;
    const struct newsroom *newsroom = context->resources->newsroom;
    struct locale_context *locale = context->resources->locale;
    bool is_other_language = strcasecmp(request->row->language, context->language) != 0;
    const char *why = strings_format(context->arena, context_string(context, "mail_why"),
                                     "publisher", newsroom->name, NULL);
    json_t *object = context_new(context, why,
                                 localized_get(newsroom->about, request->row->language));
    json_set_text(object, "type_name", context_type_name(context, request->row->type));
    context_set_long(context, object, "title", request->release->title);
    context_set_underlined(context, object, "title_underlined", request->release->title);
    json_set_text(object, "text_language", is_other_language ? request->row->language : NULL);
    json_set_text(object, "published",
                  locale_date(locale, context->arena, context->language, DATE_LONG_TIME,
                              request->row->public_at));
    json_set_text(object, "published_datetime",
                  zone_format_rfc3339(locale_context_zone(locale), context->arena,
                                      request->row->public_at, false));
    json_set_text(object, "page_url", mail->page_url);
    json_set_list(object, "contacts", context_contacts(context, request->release));
    if (request->kind == RELEASE_MAIL_WITHDRAWAL) {
        const char *reason = request->row->withdrawal_reason;
        context_set_long(context, object, "reason", reason && *reason ? reason : NULL);
    } else {
        add_release(mail, object);
    }
    return object;
}

/* ---- the two forms ---- */

static const char *render(void *payload, size_t shown, struct error *error)
{
    struct release_mail *mail = payload;
    bool is_plain = mail->context.is_plain;
    static const char *const names[2][2] = {
        { "mail-release.html", "mail-release.text" },
        { "mail-withdrawal.html", "mail-withdrawal.text" },
    };
    mail->blocks = shown;
    json_t *object = new_context(mail);
    const char *rendered = context_render(
        &mail->context, names[mail->request->kind == RELEASE_MAIL_WITHDRAWAL][is_plain], object,
        error);
    json_decref(object);
    return rendered;
}

/* Gmail's Feedback-ID: three labels and who sends, which must be there. */
static const char *feedback_id(struct arena *arena, const struct release_mail_request *request,
                               const struct mail_settings *settings)
{
    static const char *const kinds[] = { "release", "correction", "withdrawal" };
    return arena_format(arena, "%s:%s:%s:%s", request->row->public_id, kinds[request->kind],
                        request->row->language, settings->list_id);
}

static const struct mail_slots *new_slots(struct arena *arena, const struct release *release)
{
    struct hash seed;
    release_content_hash(release, &seed);
    return context_slots(arena, &seed);
}

struct mail_message *release_mail_build(struct arena *arena, const struct mail_resources *resources,
                                        const struct release_mail_request *request,
                                        struct error *error)
{
    const struct newsroom *newsroom = resources->newsroom;
    const struct release_row *row = request->row;
    const char *page = release_row_page_path(arena, row);
    const char *correction = request->release->correction;
    bool is_correction = request->kind == RELEASE_MAIL_CORRECTION;
    struct release_mail mail = {
        .context = { .arena = arena,
                     .resources = resources,
                     .language = request->language,
                     .subject = release_mail_subject(arena, resources, request->kind,
                                                     request->release->title, request->language),
                     .slots = new_slots(arena, request->release) },
        .request = request,
        .page_url = arena_format(arena, "%s%s", newsroom->site_url, page ? page : ""),
        .correction = is_correction && correction && *correction ? correction : NULL,
        .block_count = count_blocks(request->release->body),
    };
    struct mail_message *message = context_bulk_message(&mail.context, render, &mail,
                                                        mail.block_count, error);
    if (!message)
        return NULL;
    message->reply_to = context_reply_to(
        &mail.context, release_reply_contact(request->release, newsroom->contacts));
    message->is_reply = request->kind != RELEASE_MAIL_RELEASE;
    message->feedback_id = feedback_id(arena, request, resources->settings);
    return message;
}
