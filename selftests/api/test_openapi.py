# SPDX-License-Identifier: GPL-2.0
"""The OpenAPI document: validated by others, complete."""

import json

from swagger_spec_validator.validator20 import validate_spec

from client import Failure, check, check_eq


def document(c):
    return c.raw("GET", "/api/v1/spec/openapi/nsx_policy_api.json").json


def test_valid(c):
    """python3-swagger-spec-validator finds nothing"""
    validate_spec(document(c))


def test_binding_map_calls(c):
    """the 20 calls on binding maps are in it"""
    calls = [(method, path) for path, item in document(c)["paths"].items()
             if "{SegmentConnectionBindingMap-id}" in path or
             path.endswith("segment-connection-binding-maps")
             for method in item if method != "parameters" and
             not path.endswith("statistics")]
    check_eq(len(calls), 20)


def test_operation_ids(c):
    """each operation has a name of its own"""
    names = [operation["operationId"]
             for item in document(c)["paths"].values()
             for method, operation in item.items() if method != "parameters"]
    check_eq(len(names), len(set(names)))
    check(len(names) > 100, len(names))


def test_answers_are_checked(c):
    """an answer that is not as documented would be noticed"""
    c.patch("/infra/segments/s", {})
    answer = c.request("GET", "/infra/segments/s")
    contract = c.daemon.contract
    for change in ({"no_such": 1}, {"admin_state": "x"}, {"_revision": "0"},
                   {"tags": {}}):
        answer.json = dict(json.loads(answer.text), **change)
        try:
            contract.check("GET", "/infra/segments/s", answer)
        except Failure:
            continue
        raise Failure(f"{change} was not noticed")
