import { host } from "../../testing/workshop.ts";

/** What an event of an HTTP API differs in from the next. */
export interface EventParts {
  method?: string;
  path?: string;
  query?: string;
  headers?: Record<string, string>;
  cookies?: readonly string[];
  body?: string;
  isBase64Encoded?: boolean;
  stage?: string;
  /** What a route with the AWS_IAM authorizer says of who signed. */
  userArn?: string;
}

/** The API's own name, by which machines call it. */
export const apiHost = "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com";

const authorizerOf = (userArn: string) => ({
  iam: {
    accessKey: "ASIAIOSFODNN7EXAMPLE",
    accountId: "123456789012",
    callerId: "AROAIOSFODNN7EXAMPLE:smoke",
    cognitoIdentity: null,
    principalOrgId: "aws:PrincipalOrgID",
    userArn,
    userId: "AROAIOSFODNN7EXAMPLE:smoke",
  },
});

/**
 * An event as an HTTP API sends it in payload version 2.0
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
 */
export function httpEvent({
  method = "GET",
  path = "/",
  query = "",
  stage = "$default",
  ...rest
}: EventParts): unknown {
  const { cookies, headers = {}, body, isBase64Encoded = false, userArn } = rest;
  return JSON.parse(
    JSON.stringify({
      version: "2.0",
      routeKey: "$default",
      rawPath: path,
      rawQueryString: query,
      cookies,
      headers: {
        accept: "*/*",
        host,
        "user-agent": "curl/8.9.1",
        "x-amzn-trace-id": "Root=1-5e6722a7-cc56xmpl46db7ae02d4da47e",
        "x-forwarded-for": "205.255.255.176",
        "x-forwarded-port": "443",
        "x-forwarded-proto": "https",
        ...headers,
      },
      queryStringParameters: query === "" ? undefined : Object.fromEntries(new URLSearchParams(query)),
      requestContext: {
        accountId: "123456789012",
        apiId: "a1b2c3d4e5",
        ...(userArn !== undefined && { authorizer: authorizerOf(userArn) }),
        domainName: apiHost,
        domainPrefix: "a1b2c3d4e5",
        http: { method, path, protocol: "HTTP/1.1", sourceIp: "205.255.255.176", userAgent: "curl/8.9.1" },
        requestId: "JKJaXmPLvHcESHA=",
        routeKey: "$default",
        stage,
        time: "10/Mar/2031:05:16:23 +0000",
        timeEpoch: 1_930_799_783_000,
      },
      body,
      isBase64Encoded,
    }),
  );
}
