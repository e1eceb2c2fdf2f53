// SPDX-License-Identifier: GPL-2.0
/*
 * Binding maps: each rule that may refuse one, with the text that names the
 * object in the way, and what a refusal leaves as it was; tags that are chosen;
 * changes that succeed. R-numbers are those of the rules in DESIGN.
 */
#include "fabric.h"
#include "snapshot.h"
#include "suites.h"

#include <linux/rtnetlink.h>
#include <linux/vmalloc.h>

#include "../vlan_table.h"

/* Make a binding map; the text of a refusal, or "". */
static const char *sfk_bind(struct sf_binding **binding,
			    struct sf_segment *child, const char *id,
			    const struct sf_binding_spec *spec)
{
	struct netlink_ext_ack extack = {};

	rtnl_lock();
	*binding = sf_binding_add(child, id, spec, &extack);
	rtnl_unlock();
	return extack._msg ?: "";
}

static const char *sfk_change(struct sf_binding **result,
			      struct sf_binding *binding,
			      const struct sf_binding_spec *spec)
{
	struct netlink_ext_ack extack = {};

	rtnl_lock();
	*result = sf_binding_change(binding, spec, &extack);
	rtnl_unlock();
	return extack._msg ?: "";
}

static void sfk_unbind(struct sf_binding *binding)
{
	rtnl_lock();
	sf_binding_del(binding);
	rtnl_unlock();
}

static void *sfk_bound(struct sf_segment *parent, u16 vlan)
{
	void *binding;

	rtnl_lock();
	binding = sf_vlan_table_find(&parent->vlans, vlan);
	rtnl_unlock();
	return binding;
}

/* How all was when the test began, and how it is. */
static struct sfk_snapshot *sfk_before, *sfk_after;

static int sfk_binding_init(struct kunit *test)
{
	int err = sfk_fabric_init(test);
	u8 mac[ETH_ALEN];

	sfk_before = vzalloc(sizeof(*sfk_before));
	sfk_after = vzalloc(sizeof(*sfk_after));
	if (!sfk_before || !sfk_after)
		return -ENOMEM;
	if (!err) {
		struct sfk_fabric *f = test->priv;

		sfk_mac(mac, 0x02, 1);
		sfk_learn(f->segment[SFK_CA], mac, f->port[SFK_A0],
			  f->binding[SFK_CA_PA]);
		sfk_snapshot_take(f, sfk_before);
	}
	return err;
}

static void sfk_binding_exit(struct kunit *test)
{
	sfk_fabric_exit(test);
	vfree(sfk_before);
	vfree(sfk_after);
}

static bool sfk_changed(struct kunit *test)
{
	sfk_snapshot_take(test->priv, sfk_after);
	return memcmp(sfk_before, sfk_after, sizeof(*sfk_before));
}

/* Expect a refusal, with its text, that leaves all as it was. */
#define SFK_EXPECT_REFUSED(test_, result, errno_, text, expected) do {	\
	struct kunit *__test = (test_);					\
	const char *__text = (text);					\
									\
	KUNIT_EXPECT_EQ(__test, errno_, PTR_ERR_OR_ZERO(result));	\
	KUNIT_EXPECT_STREQ(__test, __text, expected);			\
	KUNIT_EXPECT_FALSE(__test, sfk_changed(__test));		\
} while (0)

/* R1, R6: SFK_CA has two parents and SFK_PA two children from the start. */
static void sfk_many_to_many(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sf_binding_spec spec = { .parent = f->segment[SFK_PB],
					.vlan = 4094 };
	struct sf_binding *binding;

	KUNIT_EXPECT_EQ(test, 2, f->segment[SFK_CA]->parent_count);
	KUNIT_EXPECT_EQ(test, 2, f->segment[SFK_PA]->child_count);
	KUNIT_EXPECT_STREQ(test, "", sfk_bind(&binding, f->segment[SFK_CB],
					      "cb-pb", &spec));
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, binding);
	KUNIT_EXPECT_EQ(test, 2, f->segment[SFK_CB]->parent_count);
	KUNIT_EXPECT_EQ(test, 2, f->segment[SFK_PB]->child_count);
	KUNIT_EXPECT_PTR_EQ(test, (void *)binding,
			    sfk_bound(f->segment[SFK_PB], 4094));
	rtnl_lock();
	KUNIT_EXPECT_PTR_EQ(test, binding,
			    sf_binding_find(f->segment[SFK_CB], "cb-pb"));
	KUNIT_EXPECT_PTR_EQ(test, binding,
			    sf_binding_between(f->segment[SFK_CB],
					       f->segment[SFK_PB]));
	KUNIT_EXPECT_NULL(test, sf_binding_find(f->segment[SFK_CB], "cb"));
	KUNIT_EXPECT_NULL(test, sf_binding_find(f->segment[SFK_CA], "cb-pb"));
	rtnl_unlock();
	KUNIT_EXPECT_EQ(test, SF_BINDING_FDB_LIMIT, binding->fdb_limit);
	KUNIT_EXPECT_EQ(test, 1, f->segment[SFK_CB]->port_count);
	KUNIT_EXPECT_EQ(test, 1, f->segment[SFK_PB]->port_count);
}

/* R2: a tag has one holder; R3: on another parent it may be used again. */
static void sfk_tag_is_taken(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sf_binding_spec spec = { .parent = f->segment[SFK_PB],
					.vlan = SFK_CA_PB_VLAN };
	struct sf_binding *binding;

	SFK_EXPECT_REFUSED(test, binding, -EEXIST,
			   sfk_bind(&binding, f->segment[SFK_CB], "x", &spec),
			   "VLAN 200 of sfk-pb is bound to sfk-ca, by ca-pb");
	spec.vlan = SFK_CB_PA_VLAN;
	KUNIT_EXPECT_STREQ(test, "", sfk_bind(&binding, f->segment[SFK_CB],
					      "x", &spec));
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, binding);
	KUNIT_EXPECT_EQ(test, f->binding[SFK_CB_PA]->vlan, binding->vlan);
}

/* R3 */
static void sfk_bound_already(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sf_binding_spec spec = { .parent = f->segment[SFK_PA],
					.vlan = 5 };
	struct sf_binding *binding;

	SFK_EXPECT_REFUSED(test, binding, -EEXIST,
			   sfk_bind(&binding, f->segment[SFK_CA], "x", &spec),
			   "sfk-ca is bound to sfk-pa already, by ca-pa, VLAN 300");
}

/* R4, both directions and the shortest loop */
static void sfk_no_grandchildren(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sf_binding_spec spec = { .parent = f->segment[SFK_CA],
					.vlan = 5 };
	struct sf_binding *binding;

	SFK_EXPECT_REFUSED(test, binding, -ELOOP,
			   sfk_bind(&binding, f->segment[SFK_CB], "x", &spec),
			   "sfk-ca is a child, of sfk-pa, and cannot be a parent");
	spec.parent = f->segment[SFK_PB];
	SFK_EXPECT_REFUSED(test, binding, -ELOOP,
			   sfk_bind(&binding, f->segment[SFK_PA], "x", &spec),
			   "sfk-pa is a parent, of sfk-ca, and cannot be a child");
	spec.parent = f->segment[SFK_CA];
	SFK_EXPECT_REFUSED(test, binding, -ELOOP,
			   sfk_bind(&binding, f->segment[SFK_CA], "x", &spec),
			   "sfk-ca cannot be its own parent");
}

/* R4 holds as long as there is a binding map, and no longer. */
static void sfk_roles_end(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sf_binding_spec spec = { .parent = f->segment[SFK_CB],
					.vlan = 5 };
	struct sf_binding *binding;

	sfk_unbind(f->binding[SFK_CB_PA]);
	KUNIT_EXPECT_STREQ(test, "", sfk_bind(&binding, f->segment[SFK_CA],
					      "x", &spec));
	KUNIT_EXPECT_EQ(test, 3, f->segment[SFK_CA]->parent_count);
	KUNIT_EXPECT_EQ(test, 1, f->segment[SFK_CB]->child_count);
}

/* R8: expect that of a range on SFK_PB the given tag is taken. */
static void sfk_expect_auto(struct kunit *test, u16 first, u16 last,
			    u16 expected)
{
	struct sfk_fabric *f = test->priv;
	struct sf_binding_spec spec = {
		.parent = f->segment[SFK_PB],
		.vlan_auto = true,
		.vlan_first = first,
		.vlan_last = last,
	};
	struct sf_binding *binding;

	KUNIT_EXPECT_STREQ(test, "", sfk_bind(&binding, f->segment[SFK_CB],
					      "x", &spec));
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, binding);
	KUNIT_EXPECT_EQ(test, expected, binding->vlan);
	sfk_unbind(binding);
}

static void sfk_auto_tag(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sf_binding_spec spec = {
		.parent = f->segment[SFK_PB],
		.vlan_auto = true,
		.vlan_first = SFK_CA_PB_VLAN,
		.vlan_last = SFK_CA_PB_VLAN,
	};
	struct sf_binding *binding;

	sfk_expect_auto(test, 199, 201, 199);
	sfk_expect_auto(test, 200, 201, 201);
	sfk_expect_auto(test, 1, 4094, 1);
	SFK_EXPECT_REFUSED(test, binding, -ENOSPC,
			   sfk_bind(&binding, f->segment[SFK_CB], "x", &spec),
			   "no tag from 200 to 200 is free on sfk-pb");
}

static void sfk_delete(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sf_segment *pa = f->segment[SFK_PA], *ca = f->segment[SFK_CA];

	KUNIT_EXPECT_EQ(test, 2, ca->fdb_count);
	sfk_unbind(f->binding[SFK_CA_PA]);
	KUNIT_EXPECT_NULL(test, sfk_bound(pa, SFK_CA_PA_VLAN));
	KUNIT_EXPECT_EQ(test, 1, ca->fdb_count);	/* the host's */
	KUNIT_EXPECT_EQ(test, 1, ca->parent_count);
	KUNIT_EXPECT_EQ(test, 1, pa->child_count);
	/* A segment that is a parent no more costs nothing any more. */
	sfk_unbind(f->binding[SFK_CB_PA]);
	KUNIT_EXPECT_NULL(test, rcu_access_pointer(pa->vlans));
	KUNIT_EXPECT_EQ(test, 0, pa->child_count);
}

static void sfk_change_tag(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sf_binding *binding = f->binding[SFK_CA_PA], *result;
	struct sf_segment *pa = f->segment[SFK_PA];
	struct sf_binding_spec spec = { .vlan = 77 };

	KUNIT_EXPECT_STREQ(test, "", sfk_change(&result, binding, &spec));
	KUNIT_EXPECT_PTR_EQ(test, binding, result);
	KUNIT_EXPECT_EQ(test, 77, binding->vlan);
	KUNIT_EXPECT_PTR_EQ(test, (void *)binding, sfk_bound(pa, 77));
	KUNIT_EXPECT_NULL(test, sfk_bound(pa, SFK_CA_PA_VLAN));
	KUNIT_EXPECT_EQ(test, 1, binding->fdb_count);	/* they stay */
	KUNIT_EXPECT_EQ(test, 2, pa->child_count);

	/* To the tag that it has, and to nothing at all */
	sfk_change(&result, binding, &spec);
	KUNIT_EXPECT_PTR_EQ(test, (void *)binding, sfk_bound(pa, 77));
	spec.vlan = 0;
	spec.has_fdb_limit = true;
	spec.fdb_limit = 9;
	sfk_change(&result, binding, &spec);
	KUNIT_EXPECT_EQ(test, 77, binding->vlan);
	KUNIT_EXPECT_EQ(test, 9, binding->fdb_limit);
	KUNIT_EXPECT_PTR_EQ(test, (void *)binding, sfk_bound(pa, 77));
}

static void sfk_change_refused(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sf_binding_spec spec = {
		.vlan = SFK_CB_PA_VLAN,
		.has_fdb_limit = true,
		.fdb_limit = 9,
	};
	struct sf_binding *result;

	SFK_EXPECT_REFUSED(test, result, -EEXIST,
			   sfk_change(&result, f->binding[SFK_CA_PA], &spec),
			   "VLAN 100 of sfk-pa is bound to sfk-cb, by cb-pa");
	spec.parent = f->segment[SFK_PB];
	spec.vlan = SFK_CA_PB_VLAN;
	SFK_EXPECT_REFUSED(test, result, -EEXIST,
			   sfk_change(&result, f->binding[SFK_CB_PA], &spec),
			   "VLAN 200 of sfk-pb is bound to sfk-ca, by ca-pb");
	SFK_EXPECT_REFUSED(test, result, -EEXIST,
			   sfk_change(&result, f->binding[SFK_CA_PA], &spec),
			   "sfk-ca is bound to sfk-pb already, by ca-pb, VLAN 200");
	spec.parent = f->segment[SFK_CA];
	SFK_EXPECT_REFUSED(test, result, -ELOOP,
			   sfk_change(&result, f->binding[SFK_CB_PA], &spec),
			   "sfk-ca is a child, of sfk-pa, and cannot be a parent");
	spec.parent = f->segment[SFK_CB];
	SFK_EXPECT_REFUSED(test, result, -ELOOP,
			   sfk_change(&result, f->binding[SFK_CB_PA], &spec),
			   "sfk-cb cannot be its own parent");
	spec.parent = NULL;
	spec.vlan_auto = true;
	spec.vlan_first = SFK_CB_PA_VLAN;
	spec.vlan_last = SFK_CB_PA_VLAN;
	SFK_EXPECT_REFUSED(test, result, -ENOSPC,
			   sfk_change(&result, f->binding[SFK_CA_PA], &spec),
			   "no tag from 100 to 100 is free on sfk-pa");
}

/* Without a tag in the request, the one that it has must be free there. */
static void sfk_change_parent(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct sf_binding *old = f->binding[SFK_CB_PA], *binding;
	struct sf_segment *pa = f->segment[SFK_PA], *pb = f->segment[SFK_PB];
	struct sf_traffic __percpu *stats = old->stats;
	struct sf_binding_spec spec = { .parent = pb };
	u8 mac[ETH_ALEN];

	sfk_mac(mac, 0x02, 2);
	sfk_learn(f->segment[SFK_CB], mac, f->port[SFK_A0], old);
	KUNIT_EXPECT_EQ(test, 2, f->segment[SFK_CB]->fdb_count);
	old->fdb_limit = 17;
	old->fdb_limit_policy = SEGFAB_LIMIT_POLICY_DROP;
	KUNIT_EXPECT_STREQ(test, "", sfk_change(&binding, old, &spec));
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, binding);
	KUNIT_EXPECT_PTR_NE(test, old, binding);
	KUNIT_EXPECT_PTR_EQ(test, pb, binding->parent);
	KUNIT_EXPECT_PTR_EQ(test, f->segment[SFK_CB], binding->child);
	KUNIT_EXPECT_STREQ(test, "cb-pa", binding->id);
	KUNIT_EXPECT_EQ(test, SFK_CB_PA_VLAN, binding->vlan);
	KUNIT_EXPECT_EQ(test, 17, binding->fdb_limit);
	KUNIT_EXPECT_EQ(test, SEGFAB_LIMIT_POLICY_DROP,
			binding->fdb_limit_policy);
	KUNIT_EXPECT_TRUE(test, stats == binding->stats);
	KUNIT_EXPECT_NULL(test, sfk_bound(pa, SFK_CB_PA_VLAN));
	KUNIT_EXPECT_PTR_EQ(test, (void *)binding,
			    sfk_bound(pb, SFK_CB_PA_VLAN));
	KUNIT_EXPECT_EQ(test, 1, f->segment[SFK_CB]->fdb_count);
	KUNIT_EXPECT_EQ(test, 1, f->segment[SFK_CB]->parent_count);
	KUNIT_EXPECT_EQ(test, 1, pa->child_count);
	KUNIT_EXPECT_EQ(test, 2, pb->child_count);
}

#ifdef CONFIG_FAILSLAB
static struct sf_binding *sfk_attempt(struct sfk_fabric *f, bool change,
				      unsigned int *nth)
{
	/* A part of the VLAN table that does not exist yet */
	struct sf_binding_spec spec = {
		.parent = f->segment[SFK_PB],
		.vlan = 1000 + (2 * *nth + change) * SF_VLAN_PART_SIZE,
	};
	struct sf_binding *binding;

	rtnl_lock();
	current->fail_nth = *nth;
	binding = change ?
		sf_binding_change(f->binding[SFK_CB_PA], &spec, NULL) :
		sf_binding_add(f->segment[SFK_CB], "x", &spec, NULL);
	*nth = current->fail_nth;
	current->fail_nth = 0;
	rtnl_unlock();
	return binding;
}

static void sfk_undo(struct sfk_fabric *f, bool change,
		     struct sf_binding *binding)
{
	struct sf_binding_spec spec = { .parent = f->segment[SFK_PA],
					.vlan = SFK_CB_PA_VLAN };

	if (change)
		sfk_change(&f->binding[SFK_CB_PA], binding, &spec);
	else
		sfk_unbind(binding);
}

/* Let each allocation of an action fail in turn. The action must have changed
 * nothing if it failed; it need not, as some are made for debugging only.
 * Return: how many times it failed.
 */
static int sfk_starve(struct kunit *test, bool change)
{
	struct sfk_fabric *f = test->priv;
	unsigned int nth, left = 0, failed = 0;
	struct sf_binding *binding;

	for (nth = 1; nth < 40 && !left; nth++) {
		sfk_snapshot_take(f, sfk_before);
		left = nth;
		binding = sfk_attempt(f, change, &left);
		if (IS_ERR(binding)) {
			failed++;
			KUNIT_EXPECT_EQ(test, -ENOMEM, PTR_ERR(binding));
			KUNIT_EXPECT_FALSE(test, sfk_changed(test));
		} else {
			sfk_undo(f, change, binding);
		}
	}
	KUNIT_EXPECT_GT(test, left, 0);
	return failed;
}

static void sfk_out_of_memory(struct kunit *test)
{
	int failed = sfk_starve(test, false);

	/* /sys/kernel/debug/failslab/ignore-gfp-wait must be N */
	if (!failed)
		kunit_skip(test, "allocations that may sleep do not fail here");
	KUNIT_EXPECT_GE(test, failed, 2);	/* the map, the VLAN table */
	KUNIT_EXPECT_GE(test, sfk_starve(test, true), 2);
}
#else
static void sfk_out_of_memory(struct kunit *test)
{
	kunit_skip(test, "no fault injection in this kernel");
}
#endif

/* R9 */
static void sfk_bound_segment_stays(struct kunit *test)
{
	struct sfk_fabric *f = test->priv;
	struct netlink_ext_ack extack = {};

	rtnl_lock();
	KUNIT_EXPECT_EQ(test, -EBUSY,
			sf_segment_del(f->segment[SFK_CA], &extack));
	KUNIT_EXPECT_STREQ(test, extack._msg,
			   "sfk-ca has binding maps: sfk-ca/ca-pa, sfk-ca/ca-pb");
	KUNIT_EXPECT_EQ(test, -EBUSY,
			sf_segment_del(f->segment[SFK_PA], &extack));
	KUNIT_EXPECT_STREQ(test, extack._msg,
			   "sfk-pa has binding maps: sfk-ca/ca-pa, sfk-cb/cb-pa");
	rtnl_unlock();
	KUNIT_EXPECT_FALSE(test, sfk_changed(test));
}

static struct kunit_case sfk_binding_cases[] = {
	KUNIT_CASE(sfk_many_to_many),
	KUNIT_CASE(sfk_tag_is_taken),
	KUNIT_CASE(sfk_bound_already),
	KUNIT_CASE(sfk_no_grandchildren),
	KUNIT_CASE(sfk_roles_end),
	KUNIT_CASE(sfk_auto_tag),
	KUNIT_CASE(sfk_delete),
	KUNIT_CASE(sfk_change_tag),
	KUNIT_CASE(sfk_change_refused),
	KUNIT_CASE(sfk_change_parent),
	KUNIT_CASE(sfk_out_of_memory),
	KUNIT_CASE(sfk_bound_segment_stays),
	{}
};

struct kunit_suite sfk_binding_suite = {
	.name		= "segfab_binding",
	.init		= sfk_binding_init,
	.exit		= sfk_binding_exit,
	.test_cases	= sfk_binding_cases,
};
