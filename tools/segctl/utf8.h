/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _SEGCTL_UTF8_H
#define _SEGCTL_UTF8_H

unsigned int utf8_length(const unsigned char *s);

#endif /* _SEGCTL_UTF8_H */
