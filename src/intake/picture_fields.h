/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_PICTURE_FIELDS_H
#define INTAKE_PICTURE_FIELDS_H

struct arena;
struct intake_message;
struct picture_rights;
struct release;
struct release_asset;

/* Inside intake/ only: credit, alternative text and caption that a picture brings itself. */

/* Gives the asset what its picture says of itself where the release says nothing: credit,
 * alternative text and caption, each noted in asset->from_picture. The credit is what the supplier
 * asks for (Credit Line), behind who made it where that does not name them; else who made it, else
 * whose rights they are. Strings stay those of rights or
 * go into arena. */
void picture_fields_fill(struct release_asset *asset, const struct picture_rights *rights,
                         struct arena *arena);

/* The alternative texts that came from pictures, where the text shows these without one. */
void picture_fields_fill_text(struct release *release);

/* What of the asset came from its picture, in arena; NULL: nothing. */
const struct intake_message *picture_fields_message(const struct release_asset *asset,
                                                    struct arena *arena);

#endif
