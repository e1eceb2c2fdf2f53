// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Sets of VLAN ids, and their text form such as "1-5,7".
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

/**
 * segfab_vlans_has - whether a VLAN id is in a set
 * @v: the set
 * @vlan: the VLAN id
 */
SF_API bool segfab_vlans_has(const struct segfab_vlans *v, unsigned int vlan)
{
	return vlan <= SEGFAB_VLAN_MAX && v->bits[vlan / 8] & 1 << vlan % 8;
}

/**
 * segfab_vlans_add - put a VLAN id into a set
 * @v: the set
 * @vlan: the VLAN id; ignored unless it is in 1 to 4094
 */
SF_API void segfab_vlans_add(struct segfab_vlans *v, unsigned int vlan)
{
	if (vlan >= SEGFAB_VLAN_MIN && vlan <= SEGFAB_VLAN_MAX)
		v->bits[vlan / 8] |= 1 << vlan % 8;
}

/**
 * segfab_vlans_next - walk through a set
 * @v: the set
 * @from: the first VLAN id to look at
 *
 * Return: the lowest VLAN id in the set that is not below @from, or 0
 */
SF_API unsigned int segfab_vlans_next(const struct segfab_vlans *v,
				      unsigned int from)
{
	for (; from <= SEGFAB_VLAN_MAX; from++) {
		if (segfab_vlans_has(v, from))
			return from;
	}
	return 0;
}

/**
 * segfab_vlans_count - how many VLAN ids are in a set
 * @v: the set
 */
SF_API unsigned int segfab_vlans_count(const struct segfab_vlans *v)
{
	unsigned int n = 0;

	for (size_t i = 0; i < sizeof(v->bits); i++)
		n += __builtin_popcount(v->bits[i]);
	return n;
}

/* Read a decimal VLAN id. Return: it, or 0 if there is none in range. */
static unsigned int sf_vlan_id(const char **p)
{
	unsigned int id = 0;

	for (; **p >= '0' && **p <= '9'; (*p)++) {
		id = id * 10 + (**p - '0');
		if (id > SEGFAB_VLAN_MAX)
			return 0;
	}
	return id;
}

/**
 * segfab_vlans_parse - read a set from its text form
 * @v: the set, overwritten
 * @list: ids and ranges of ids with commas between them, or "none"
 *
 * Return: 0, or -EINVAL if @list is anything else or an id is not in 1 to 4094
 */
SF_API int segfab_vlans_parse(struct segfab_vlans *v, const char *list)
{
	memset(v, 0, sizeof(*v));
	if (!strcmp(list, "none"))
		return 0;

	for (;; list++) {
		unsigned int first, last;

		first = sf_vlan_id(&list);
		last = first;
		if (*list == '-') {
			list++;
			last = sf_vlan_id(&list);
		}
		if (!first || last < first)
			return -EINVAL;
		for (; first <= last; first++)
			segfab_vlans_add(v, first);
		if (!*list)
			return 0;
		if (*list != ',')
			return -EINVAL;
	}
}

/**
 * segfab_vlans_format - write a set in its text form
 * @v: the set
 * @buf: where to
 * @size: room there
 *
 * Return: length of the text, which is cut off if it is not below @size
 */
SF_API ssize_t segfab_vlans_format(const struct segfab_vlans *v, char *buf,
				   size_t size)
{
	unsigned int first, last;
	size_t len = 0;

	if (!segfab_vlans_next(v, SEGFAB_VLAN_MIN))
		return snprintf(buf, size, "none");

	if (size)
		buf[0] = '\0';
	for (first = segfab_vlans_next(v, SEGFAB_VLAN_MIN); first;
	     first = segfab_vlans_next(v, last + 1)) {
		char part[16];
		int n;

		last = first;
		while (segfab_vlans_has(v, last + 1))
			last++;
		n = snprintf(part, sizeof(part), last > first ? "%s%u-%u" :
			     "%s%u", len ? "," : "", first, last);
		if (len + n < size)
			memcpy(buf + len, part, n + 1);
		len += n;
	}
	return len;
}
