/* SPDX-License-Identifier: MIT */
#ifndef PICTURE_PICTURE_CONFINED_H
#define PICTURE_PICTURE_CONFINED_H

#include "picture/picture.h"

/* Inside picture/ only: what client and worker say to each other. A request: enum picture_request;
 * for PICTURE_EXAMINE the language that is wanted, for PICTURE_MAKE the width and enum
 * picture_format; the file is handed over open. The reply is picture/reply.h's. */

enum picture_request { PICTURE_EXAMINE, PICTURE_MAKE };

enum {
    PICTURE_SIDE_MAXIMUM = 1000 * 1000,         /* pixels of one side */
    PICTURE_FILE_MAXIMUM = 128 * 1024 * 1024,   /* bytes of a file */
    PICTURE_MEMORY = 640 * 1024 * 1024,         /* what reading one may take */
    PICTURE_ADDRESS_SPACE = 1400 * 1024 * 1024, /* with what is mapped before anything is read */
    PICTURE_REPLY_MAXIMUM = PICTURE_FILE_MAXIMUM + 1024 * 1024
};

#define PICTURE_FUNCTION "picture"

#endif
