"""Replacements in what the stand-in makes of permissions; start.py says how they are used."""
import json
import re

from ministack.core import iam_actions, iam_evaluator


def know_the_keys_of_requests():
    """Without: conditions on dynamodb:LeadingKeys hold for every request, whatever keys it has."""
    context_of, checks_of, enforce = (
        iam_actions.dynamodb_service_context,
        iam_actions.dynamodb_transaction_checks,
        iam_evaluator.enforce,
    )
    partition_key = "pk"

    class Item(str):
        """The resource of one write of a transaction, with the key that it is about."""

        leading_keys = ()

    def texts(*maps):
        return [one[partition_key]["S"] for one in maps if isinstance(one, dict) and partition_key in one]

    def leading_keys(request):
        batches = (request.get("RequestItems") or {}).values()
        found = texts(request.get("Key"), request.get("Item"))
        found += [key for batch in batches if isinstance(batch, dict) for key in texts(*batch.get("Keys", []))]
        if "KeyConditionExpression" in request:
            named = re.search(r"\bpk\s*=\s*(:\w+)", request["KeyConditionExpression"])
            value = (request.get("ExpressionAttributeValues") or {}).get(named[1] if named else "")
            found += [value["S"]] if isinstance(value, dict) and "S" in value else []
        return found

    def context_with_keys(body):
        context = context_of(body)
        try:
            keys = leading_keys(json.loads(body or b"{}"))
        except (ValueError, AttributeError, TypeError):
            keys = []
        return {**context, **({"dynamodb:LeadingKeys": keys} if keys else {})}

    def checks_with_keys(action, body, *rest):
        checks = checks_of(action, body, *rest)
        writes = [write for item in json.loads(body).get("TransactItems", []) for write in item.values()] if checks else []
        keyed = []
        for (item_action, arn), write in zip(checks, writes, strict=True):
            resource = Item(arn)
            resource.leading_keys = leading_keys(write)
            keyed.append((item_action, resource))
        return keyed

    def enforce_with_keys(*given, resource_arn="*", service_context=None, **named):
        if isinstance(resource_arn, Item):
            service_context = {**(service_context or {}), "dynamodb:LeadingKeys": resource_arn.leading_keys}
        return enforce(*given, resource_arn=resource_arn, service_context=service_context, **named)

    iam_actions.dynamodb_service_context = context_with_keys
    iam_actions.dynamodb_transaction_checks = checks_with_keys
    iam_evaluator.enforce = enforce_with_keys


def take_its_transport_for_tls():
    """Without: policies that refuse what does not come by TLS refuse everything, because the stand-in has no certificate."""
    resolve = iam_evaluator._resolve_condition_key

    def resolve_here(key, context):
        return "true" if key.lower() == "aws:securetransport" else resolve(key, context)

    iam_evaluator._resolve_condition_key = resolve_here
