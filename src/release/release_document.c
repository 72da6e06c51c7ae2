/* SPDX-License-Identifier: MIT */
#include "release/release_document.h"

#include "release/body.h"
#include "release/release.h"

const struct document_string document_release_strings[] = {
    { "id", offsetof(struct release, public_id) },
    { "title", offsetof(struct release, title) },
    { "language", offsetof(struct release, language) },
    { "translation-of", offsetof(struct release, translation_of) },
    { "type", offsetof(struct release, type) },
    { "lead", offsetof(struct release, lead) },
    { "correction", offsetof(struct release, correction) },
    { "withdrawal-reason", offsetof(struct release, withdrawal_reason) },
    { NULL, 0 },
};

const struct document_string document_contact_strings[] = {
    { "name", offsetof(struct release_contact, name) },
    { "title", offsetof(struct release_contact, title) },
    { "phone", offsetof(struct release_contact, phone) },
    { "email", offsetof(struct release_contact, email) },
    { "department", offsetof(struct release_contact, department) },
    { NULL, 0 },
};

const struct document_string document_asset_strings[] = {
    { "file", offsetof(struct release_asset, file) },
    { "title", offsetof(struct release_asset, title) },
    { "alt", offsetof(struct release_asset, alt) },
    { "caption", offsetof(struct release_asset, caption) },
    { "credit", offsetof(struct release_asset, credit) },
    { "media-type", offsetof(struct release_asset, media_type) },
    { "shown-type", offsetof(struct release_asset, shown_type) },
    { NULL, 0 },
};

const struct document_string document_event_strings[] = {
    { "place", offsetof(struct release_event, place) },
    { NULL, 0 },
};

const struct document_string document_body_strings[] = {
    { "target", offsetof(struct body_node, target) },
    { "text", offsetof(struct body_node, text) },
    { NULL, 0 },
};

const char *const document_body_elements[BODY_KIND_COUNT + 1] = {
    [BODY_DOCUMENT] = "body",
    [BODY_PARAGRAPH] = "paragraph",
    [BODY_HEADING] = "heading",
    [BODY_LIST] = "list",
    [BODY_ITEM] = "item",
    [BODY_QUOTE] = "quote",
    [BODY_PREFORMATTED] = "preformatted",
    [BODY_FIGURE] = "figure",
    [BODY_CAPTION] = "caption",
    [BODY_TABLE] = "table",
    [BODY_ROW] = "row",
    [BODY_CELL] = "cell",
    [BODY_RULE] = "rule",
    [BODY_TEXT] = NULL,
    [BODY_LINK] = "link",
    [BODY_EMPHASIS] = "emphasis",
    [BODY_STRONG] = "strong",
    [BODY_CODE] = "code",
    [BODY_BREAK] = "break",
    [BODY_IMAGE] = "image",
};

const char *const document_alignments[DOCUMENT_ALIGNMENT_COUNT] = {
    [BODY_ALIGN_LEFT] = "left", [BODY_ALIGN_CENTER] = "center", [BODY_ALIGN_RIGHT] = "right"
};

const char *const document_statuses[] = {
    [RELEASE_DRAFT] = "draft",
    [RELEASE_READY] = "ready",
    [RELEASE_WITHDRAWN] = "withdrawn",
    [RELEASE_WITHDRAWN + 1] = NULL,
};

const char *const document_asset_kinds[] = {
    [RELEASE_IMAGE] = "image",
    [RELEASE_DOCUMENT] = "document",
    [RELEASE_DOCUMENT + 1] = NULL,
};
