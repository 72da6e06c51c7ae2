/* SPDX-License-Identifier: MIT */
#ifndef PRESENTATION_TEMPLATE_VALUES_H
#define PRESENTATION_TEMPLATE_VALUES_H

#include <jansson.h>

#include "presentation/presentation.h"

/* What the templates of pages and mails are given of a release, by the names of
 * templates/README.md. All are new references. */

json_t *presentation_contacts_value(const struct presentation_contacts *contacts);

/* NULL for NULL. */
json_t *presentation_event_value(const struct presentation_event *event);

json_t *presentation_document_value(const struct presentation_settings *settings,
                                    struct arena *arena, const struct presentation_file *document,
                                    const char *language);

/* shown: one of the picture's renditions. Where pages and mails differ (srcset, the size in which
 * it is displayed) is left to them. */
json_t *presentation_picture_value(const struct presentation_settings *settings,
                                   struct arena *arena, const struct presentation_file *picture,
                                   const struct presentation_rendition *shown,
                                   const char *language);

#endif
