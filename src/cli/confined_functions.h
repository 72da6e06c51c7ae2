/* SPDX-License-Identifier: MIT */
#ifndef CLI_CONFINED_FUNCTIONS_H
#define CLI_CONFINED_FUNCTIONS_H

/* Inside cli/ only: registers what may run in a confined process of this program; where this
 * process is one, it serves, and this never returns. First thing in main(). */
void confined_functions_serve(int count, char **argv);

#endif
