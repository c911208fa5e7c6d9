"""Starts MiniStack, a stand-in for AWS, so that template.yaml deploys on it as it is.

It is pinned (requirements.txt), because what follows replaces some of its inner functions. Each replacement says what the
stand-in does without it. tests/aws/emulator.ts runs this file, with the port in GATEWAY_PORT.
"""
import hashlib
import http.client
import json
import os
import re
import threading
import time
import uuid

import ministack.app as gateway
import samtranslator.translator.transform as sam
from ministack.services import cloudfront, lambda_svc, scheduler
from ministack.services.cloudformation import changesets, engine, handlers, provisioners
from permissions import know_the_keys_of_requests, take_its_transport_for_tls

PORT = int(os.environ["GATEWAY_PORT"])
resources = provisioners._RESOURCE_HANDLERS


def give_parameters_to_the_transform():
    """Without: the SAM transform knows the parameters' defaults alone, not the values that a stack gives."""
    given = threading.local()
    apply_transforms, transform = engine._apply_transforms, sam.transform

    def apply(template, provided=None, previous=None):
        given.parameters = engine._transform_parameters(template, provided, previous)
        try:
            return apply_transforms(template, provided, previous)
        finally:
            given.parameters = None

    def transform_with(fragment, parameters, *rest, **named):
        return transform(fragment, parameters or getattr(given, "parameters", None) or {}, *rest, **named)

    for module in (engine, changesets, handlers):
        module._apply_transforms = apply
    sam.transform = transform_with


def accept_what_is_only_noted():
    """Without: CodeDeploy and alarms on several metrics are refused as unknown. Here they do nothing."""

    def create(logical_id, _properties, stack):
        return f"{stack}-{logical_id}-{uuid.uuid4().hex[:8]}", {}

    inert = {
        "create": create,
        "update": lambda physical_id, *_rest: (physical_id, {}),
        "delete": lambda *_rest: None,
    }
    for kind in ("CodeDeploy::Application", "CodeDeploy::DeploymentGroup"):
        resources.setdefault(f"AWS::{kind}", inert)
    alarm = resources["AWS::CloudWatch::Alarm"]
    one_metric = alarm["create"]
    alarm["create"] = lambda logical_id, properties, stack: (
        create(logical_id, properties, stack) if properties.get("Metrics") else one_metric(logical_id, properties, stack)
    )


def refer_to_secrets_by_arn():
    """Without: Ref of a secret is its name, which no policy names."""
    secret = resources["AWS::SecretsManager::Secret"]
    create, update, delete = secret["create"], secret["update"], secret["delete"]

    def name_of(physical_id):
        secrets = provisioners._sm._secrets.items()
        return next((name for name, one in secrets if one.get("ARN") == physical_id), physical_id)

    def by_arn(result):
        return result[1]["Arn"], result[1]

    secret["create"] = lambda *given, **named: by_arn(create(*given, **named))
    secret["update"] = lambda physical_id, *given, **named: by_arn(update(name_of(physical_id), *given, **named))
    secret["delete"] = lambda physical_id, properties: delete(name_of(physical_id), properties)


def rotate_secrets_by_their_function():
    """Without: schedules of rotations are refused as unknown, and RotateSecret calls nobody and makes the old value new."""
    secrets = provisioners._sm

    def note(properties):
        _name, secret = secrets._resolve(properties["SecretId"])
        secret["RotationEnabled"] = True
        secret["RotationLambdaARN"] = properties["RotationLambdaARN"]
        secret["RotationRules"] = properties.get("RotationRules")

    def create(logical_id, properties, stack):
        note(properties)
        return f"{stack}-{logical_id}", {}

    def update(physical_id, _before, properties, *_rest, **_named):
        note(properties)
        return physical_id, {}

    def rotate(request):
        _name, secret = secrets._resolve(request["SecretId"])
        token = request.get("ClientRequestToken") or str(uuid.uuid4())
        pending = {"SecretString": None, "SecretBinary": None, "CreatedDate": int(time.time()), "Stages": ["AWSPENDING"]}
        secret["Versions"][token] = pending
        record, config, _name = lambda_svc._get_func_record_for_ref(secret["RotationLambdaARN"])
        function = lambda_svc._execution_record_for_config(record, config)

        def steps():
            for step in ("createSecret", "setSecret", "testSecret", "finishSecret"):
                event = {"Step": step, "SecretId": secret["ARN"], "ClientRequestToken": token}
                result = lambda_svc._execute_function_with_config_scope(function, event)
                while result.get("throttle"):
                    time.sleep(0.1)
                    result = lambda_svc._execute_function_with_config_scope(function, event)
                if result.get("error"):
                    return

        threading.Thread(target=steps, daemon=True).start()
        return secrets.json_response({"ARN": secret["ARN"], "Name": secret["Name"], "VersionId": token})

    resources["AWS::SecretsManager::RotationSchedule"] = {
        "create": create,
        "update": update,
        "delete": lambda *_rest, **_named: None,
    }
    secrets._rotate_secret = rotate


def keep_schedules_still():
    """Without: the canary is sent to its API's address at AWS itself, should a run last five minutes."""
    scheduler._tick_schedules = lambda: None


def name_apis_by_their_stack():
    """Without: ids are random, and nobody could give a stack the addresses of its own APIs as parameters."""
    api = resources["AWS::ApiGatewayV2::Api"]
    create = api["create"]

    def create_named(logical_id, properties, stack):
        number = hashlib.sha256(properties["Name"].encode()).hexdigest()[:8]
        return create(logical_id, {**properties, "Tags": {**(properties.get("Tags") or {}), "ms-custom-id": number}}, stack)

    api["create"] = create_named


def reach_apis_through_the_distribution():
    """Without: an origin at amazonaws.com is refused, for the real one must not be called by mistake."""
    forward = cloudfront._forward_to_origin
    api_host = re.compile(r"^([a-f0-9]{8})\.execute-api\.[a-z0-9-]+\.amazonaws\.com$")

    def forward_here(origin, method, uri, query_string, headers, body, *rest):
        api = api_host.match(origin["domain_name"])
        if api is None:
            return forward(origin, method, uri, query_string, headers, body, *rest)
        path = f"/_aws/execute-api/{api[1]}/$default{uri}" + (f"?{query_string}" if query_string else "")
        sent = cloudfront._origin_request_headers(origin, headers, *(rest[1:] or ("127.0.0.1", "")))
        names = {name for name in sent if name.lower() == "host"}
        sent = {name: value for name, value in sent.items() if name not in names} | {"Host": origin["domain_name"]}
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
        try:
            connection.request(method, path, body=body or None, headers=sent)
            answer = connection.getresponse()
            return answer.status, answer.reason, answer.getheaders(), answer.read()
        finally:
            connection.close()

    cloudfront._forward_to_origin = forward_here


def leave_health_to_the_product():
    """Without: /health of every host is the stand-in's own."""
    gateway._HEALTH_PATHS = ("/_ministack/health",)


def deliver_streams_as_lambda_does():
    """Without: ReportBatchItemFailures, MaximumRetryAttempts and bisecting are ignored: what fails is lost, or tried for ever."""
    execute = lambda_svc._execute_function

    def sequence_of(record):
        return record["dynamodb"]["SequenceNumber"]

    def failed_part(mapping, batch, result):
        if result.get("error"):
            return batch
        if "ReportBatchItemFailures" not in (mapping.get("FunctionResponseTypes") or []):
            return []
        body = result.get("body")
        if isinstance(body, (str, bytes)):
            try:
                body = json.loads(body)
            except ValueError:
                body = None
        failed = {one.get("itemIdentifier") for one in (body or {}).get("batchItemFailures") or []}
        if not failed:
            return []
        first = min((place for place, record in enumerate(batch) if sequence_of(record) in failed), default=0)
        return batch[first:]

    def deliver(function, mapping, batch, tries_left, logs):
        result = execute(function, {"Records": batch})
        while result.get("throttle"):  # Not a try.
            time.sleep(0.1)
            result = execute(function, {"Records": batch})
        logs.append(result.get("log") or "")
        failed = failed_part(mapping, batch, result)
        if not failed:
            return
        if tries_left == 0:
            source = mapping["EventSourceArn"]
            lambda_svc._send_ddb_stream_failure_record(mapping, function, failed, source, result, "RetryAttemptsExhausted")
        elif mapping.get("BisectBatchOnFunctionError") and len(failed) > 1:  # Not a try either.
            half = len(failed) // 2
            deliver(function, mapping, failed[:half], tries_left, logs)
            deliver(function, mapping, failed[half:], tries_left, logs)
        else:
            deliver(function, mapping, failed, tries_left - 1, logs)

    def execute_or_deliver(function, event):
        records = event.get("Records") if isinstance(event, dict) else None
        if not records or records[0].get("eventSource") != "aws:dynamodb":
            return execute(function, event)
        name = (function.get("config") or function).get("FunctionName")
        source = records[0]["eventSourceARN"]
        mappings = lambda_svc._esms.values()
        mapping = next(
            (one for one in mappings if one.get("EventSourceArn") == source and one.get("FunctionName") == name), None
        )
        if mapping is None:
            return execute(function, event)
        logs = []
        tries = mapping.get("MaximumRetryAttempts", -1)
        deliver(function, mapping, records, 1_000 if tries is None or tries < 0 else int(tries), logs)
        return {"body": None, "log": "\n".join(logs)}

    lambda_svc._execute_function = execute_or_deliver


for prepare in (
    give_parameters_to_the_transform,
    accept_what_is_only_noted,
    refer_to_secrets_by_arn,
    rotate_secrets_by_their_function,
    keep_schedules_still,
    name_apis_by_their_stack,
    reach_apis_through_the_distribution,
    leave_health_to_the_product,
    deliver_streams_as_lambda_does,
    know_the_keys_of_requests,
    take_its_transport_for_tls,
):
    prepare()

if __name__ == "__main__":
    gateway.main()
