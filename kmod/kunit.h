/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SEGFAB_KUNIT_H
#define _SEGFAB_KUNIT_H

/* The variant of the module that tests itself when it is loaded. */
#ifdef SEGFAB_KUNIT
void sf_kunit_init(void);
void sf_kunit_exit(void);
#else
static inline void sf_kunit_init(void)
{
}

static inline void sf_kunit_exit(void)
{
}
#endif

#endif /* _SEGFAB_KUNIT_H */
