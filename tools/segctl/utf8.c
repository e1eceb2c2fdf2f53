// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of devices and binding maps may be any bytes. Where only UTF-8 is
 * allowed, this tells what is.
 */
#include "utf8.h"

/**
 * utf8_length - length of a character
 * @s: where it begins, in a string
 *
 * Return: how many bytes it has, 0 if those that are there make none.
 */
unsigned int utf8_length(const unsigned char *s)
{
	unsigned int n, min;
	unsigned int c;

	if (s[0] < 0x80)
		return 1;
	if ((s[0] & 0xe0) == 0xc0) {
		n = 2;
		min = 0x80;
		c = s[0] & 0x1f;
	} else if ((s[0] & 0xf0) == 0xe0) {
		n = 3;
		min = 0x800;
		c = s[0] & 0x0f;
	} else if ((s[0] & 0xf8) == 0xf0) {
		n = 4;
		min = 0x10000;
		c = s[0] & 0x07;
	} else {
		return 0;
	}

	for (unsigned int i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	if (c < min || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	return n;
}
