/* SPDX-License-Identifier: MIT */
#include "cli/confined_functions.h"

#include "confined/confined.h"
#include "intake/intake.h"
#include "mime/mime.h"
#include "net/mailbox.h"
#include "picture/picture.h"

#include <stddef.h>

/* Each is declared by the module that uses it. */
static const struct confined_function *const functions[] = {
    &intake_document_confined, &intake_rich_text_confined,
    &intake_spelling_confined, &intake_text_confined,
    &mailbox_confined,         &message_confined,
    &picture_confined,         NULL,
};

void confined_functions_serve(int count, char **argv)
{
    confined_register(functions);
    confined_serve(count, argv);
}
