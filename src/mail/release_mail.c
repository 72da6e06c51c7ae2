/* SPDX-License-Identifier: MIT */
#include "mail/mail.h"

#include "mail/composition.h"
#include "mail/mail_context.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/localized.h"
#include "base/string_builder.h"
#include "base/utf8.h"
#include "locale/locale.h"
#include "presentation/presentation.h"
#include "presentation/template_values.h"
#include "release/body.h"
#include "release/newsroom.h"
#include "release/release.h"
#include "template/json_value.h"

#include <string.h>

enum {
    PICTURE_WIDTH = 560,      /* of the column that the templates draw */
    LEAD_BYTES_MAXIMUM = 4000 /* where nothing but the lead has room, and that too is long */
};

/* All that the two templates of one mail need. */
struct release_mail {
    struct mail_context context;
    const struct release_mail_request *request;
    size_t blocks; /* how many of the body's blocks are shown */
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

/* As HTML or wrapped text, whichever the template is; NULL where nothing is written. */
static const char *write_tree(const struct release_mail *mail, const struct body_node *tree,
                              bool skip_first_paragraph)
{
    bool is_plain = mail->context.is_plain;
    const struct presentation_form form = {
        .medium = PRESENTATION_MAIL,
        .language = mail->context.language,
        .width = is_plain ? MAIL_TEXT_WIDTH : 0,
        .skip_first_paragraph = skip_first_paragraph,
    };
    struct string_builder text;
    string_builder_init(&text, 0);
    presentation_write(mail->request->presentation, &form, tree, &text);
    while (is_plain && text.length && text.data[text.length - 1] == '\n')
        string_builder_truncate(&text, text.length - 1);
    const char *written = text.length
                              ? arena_copy_bytes(mail->context.arena, text.data, text.length)
                              : NULL;
    string_builder_release(&text);
    return written;
}

static const char *write_body(const struct release_mail *mail)
{
    const struct presentation *presentation = mail->request->presentation;
    const struct body_node *body = presentation->release->body;
    return write_tree(mail,
                      mail->blocks == mail->block_count
                          ? body
                          : first_blocks(mail->context.arena, body, mail->blocks),
                      presentation->lead_is_first_paragraph);
}

/* The lead, or its beginning where a first paragraph is so long that no mail could hold it: the
 * mail then says where the whole text is, as with any that is cut. */
static const struct body_node *lead_paragraph(const struct release_mail *mail)
{
    const struct presentation *presentation = mail->request->presentation;
    const char *lead = presentation->lead;
    struct arena *arena = mail->context.arena;
    if (mail->blocks > 0 || mail->block_count == 0 || strlen(lead) <= LEAD_BYTES_MAXIMUM)
        return presentation->lead_paragraph;
    struct body_node *paragraph = body_append(arena, body_new(arena), BODY_PARAGRAPH);
    body_append_text(arena, paragraph, lead, utf8_fit(lead, LEAD_BYTES_MAXIMUM));
    body_append_text(arena, paragraph, "…", strlen("…"));
    return paragraph;
}

static void add_lead(const struct release_mail *mail, json_t *object)
{
    const char *shown = write_tree(mail, lead_paragraph(mail), false);
    bool is_plain = mail->context.is_plain;
    json_set_text(object, "lead", is_plain || !shown ? shown : mail->request->presentation->lead);
    json_set_text(object, "lead_html", is_plain ? NULL : shown);
}

/* ---- the context ---- */

/* The first picture that does not stand in the text, to be shown above it. *has_more: there are
 * others like it, which the mail leaves to the page. */
static const struct presentation_file *first_picture(const struct presentation *presentation,
                                                     bool *has_more)
{
    const struct presentation_file *first = NULL;
    *has_more = false;
    for (size_t i = 0; i < presentation->file_count; i++) {
        const struct presentation_file *file = &presentation->files[i];
        if (!file->is_picture || file->is_unreadable || file->is_in_text)
            continue;
        *has_more = first != NULL;
        if (!first)
            first = file;
    }
    return first;
}

/* As wide as the column at most; nothing where the size is not known. */
static void set_display_size(json_t *picture, const struct presentation_rendition *shown)
{
    int64_t width = shown->width < PICTURE_WIDTH ? shown->width : PICTURE_WIDTH;
    int64_t height = shown->width ? (shown->height * width + shown->width / 2) / shown->width : 0;
    json_set_value(picture, "image_display_width", height ? json_integer(width) : NULL);
    json_set_value(picture, "image_display_height", height ? json_integer(height) : NULL);
}

static void add_picture(const struct release_mail *mail, json_t *object)
{
    bool has_more;
    const struct presentation *presentation = mail->request->presentation;
    const struct presentation_file *file = first_picture(presentation, &has_more);
    json_t *picture = NULL;
    if (file) {
        picture = presentation_picture_value(presentation->settings, mail->context.arena, file,
                                             &file->web, mail->context.language);
        set_display_size(picture, &file->web);
        if (!presentation_is_shown_smaller(file))
            json_set_text(picture, "original_url", NULL);
    }
    json_set_value(object, "picture", picture);
    json_set_boolean(object, "has_more_pictures", has_more);
}

static json_t *new_documents(const struct release_mail *mail)
{
    const struct presentation *presentation = mail->request->presentation;
    json_t *list = json_array();
    for (size_t i = 0; i < presentation->file_count; i++)
        if (!presentation->files[i].is_picture)
            json_array_append_new(
                list, presentation_document_value(presentation->settings, mail->context.arena,
                                                  &presentation->files[i], mail->context.language));
    return list;
}

static void add_release(const struct release_mail *mail, json_t *object)
{
    const struct mail_context *context = &mail->context;
    const struct presentation *presentation = mail->request->presentation;
    const char *correction = mail->request->kind == RELEASE_MAIL_CORRECTION
                                 ? presentation->correction
                                 : NULL;
    add_lead(mail, object);
    context_set_long(context, object, "correction", correction);
    json_set_text(object, "body", write_body(mail));
    context_set_preview(context, object, correction ? NULL : presentation->lead);
    json_set_boolean(object, "is_cut", mail->blocks < mail->block_count);
    add_picture(mail, object);
    json_set_list(object, "documents", new_documents(mail));
    json_set_value(
        object, "event",
        presentation_event_value(presentation_event_in(presentation, context->language)));
}

static json_t *new_context(const struct release_mail *mail)
{
    const struct mail_context *context = &mail->context;
    const struct presentation *presentation = mail->request->presentation;
    const struct newsroom *newsroom = context->resources->newsroom;
    const char *why = context_with_publisher(context, "mail_why");
    json_t *object = context_new(context, why,
                                 localized_get(newsroom->about, presentation->language));
    context_set_release(context, object, presentation);
    context_set_underlined(context, object, "title_underlined", presentation->title);
    json_set_list(object, "contacts", presentation_contacts_value(&presentation->contacts));
    if (mail->request->kind == RELEASE_MAIL_WITHDRAWAL)
        context_set_long(context, object, "reason", presentation->reason);
    else
        add_release(mail, object);
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
    return arena_format(arena, "%s:%s:%s:%s", request->presentation->public_id,
                        kinds[request->kind], request->presentation->language, settings->list_id);
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
    const struct presentation *presentation = request->presentation;
    const struct release *release = presentation->release;
    struct release_mail mail = {
        .context = { .arena = arena,
                     .resources = resources,
                     .language = request->language,
                     .subject = release_mail_subject(arena, resources, request->kind,
                                                     presentation->title, request->language),
                     .slots = new_slots(arena, release) },
        .request = request,
        .block_count = count_blocks(release->body),
    };
    struct mail_message *message = context_bulk_message(&mail.context, render, &mail,
                                                        mail.block_count, error);
    if (!message)
        return NULL;
    message->reply_to = context_reply_to(
        &mail.context, release_reply_contact(release, resources->newsroom->contacts));
    message->is_reply = request->kind != RELEASE_MAIL_RELEASE;
    message->feedback_id = feedback_id(arena, request, resources->settings);
    return message;
}
