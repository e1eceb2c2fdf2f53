// SPDX-License-Identifier: GPL-2.0-only
/*
 * Base 64, by the TLS library. Cursors stand in URLs, so '+' and '/' are
 * replaced there.
 */
#include <stdlib.h>
#include <string.h>

#include <gnutls/gnutls.h>

#include "base64.h"
#include "util.h"

static void sg_swap(char *text, const char *from, const char *to)
{
	for (; *text; text++)
		for (int i = 0; from[i]; i++)
			if (*text == from[i]) {
				*text = to[i];
				break;
			}
}

/**
 * sg_base64_encode - encode, for URLs
 * @data: the bytes
 * @len: how many
 *
 * Return: the text, to be freed
 */
char *sg_base64_encode(const char *data, size_t len)
{
	gnutls_datum_t in = { (unsigned char *)data, len }, out;
	char *text;

	if (gnutls_base64_encode2(&in, &out) < 0)
		return sg_strdup("");
	text = sg_alloc(out.size + 1);
	memcpy(text, out.data, out.size);
	gnutls_free(out.data);
	sg_swap(text, "+/", "-_");
	return text;
}

/**
 * sg_base64_decode - decode
 * @text: of either alphabet
 * @len: takes how many bytes there are
 *
 * Return: the bytes, with a NUL behind them, to be freed; or NULL
 */
char *sg_base64_decode(const char *text, size_t *len)
{
	char *copy = sg_strdup(text), *data = NULL;
	gnutls_datum_t in, out;

	sg_swap(copy, "-_", "+/");
	in = (gnutls_datum_t){ (unsigned char *)copy, strlen(copy) };
	if (in.size && gnutls_base64_decode2(&in, &out) >= 0) {
		data = sg_alloc(out.size + 1);
		memcpy(data, out.data, out.size);
		*len = out.size;
		gnutls_free(out.data);
	}
	memset(copy, 0, in.size);
	free(copy);
	return data;
}
