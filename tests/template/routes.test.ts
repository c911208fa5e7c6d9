import { type RouteId, routes, visits } from "@status-board/contracts";
import { expect, test } from "vitest";
import * as z from "zod";
import * as handlers from "../../src/http/handlers.ts";
import { ofType, propertiesOf, template } from "./template.ts";

const routeSchema = z.object({
  RouteKey: z.string(),
  Target: z.object({ "Fn::Sub": z.string().regex(/^integrations\/\$\{[A-Za-z]+Integration\}$/) }),
  AuthorizationType: z.literal("AWS_IAM").optional(),
  ApiId: z.object({ Ref: z.literal("HttpApi") }),
});

/** What the HTTP API knows: the function behind each route, and whether it must be signed for. */
const known = Object.fromEntries(
  ofType("AWS::ApiGatewayV2::Route").map(([, { Properties }]) => {
    const { RouteKey, Target, AuthorizationType } = routeSchema.parse(Properties);
    const integration = /\{(\w+)\}/.exec(Target["Fn::Sub"])?.[1] ?? "";
    const { IntegrationUri } = z
      .object({ IntegrationUri: z.object({ Ref: z.string() }) })
      .parse(propertiesOf(integration));
    return [RouteKey, `${IntegrationUri.Ref}${AuthorizationType === undefined ? "" : " signed"}`];
  }),
);

/** Which function serves which operations. */
const served: Record<string, object> = {
  Board: handlers.boardHandlers,
  Stats: handlers.statsHandlers,
  Appointments: handlers.appointmentHandlers,
  Services: handlers.shopHandlers,
  Auth: { ...handlers.signedInHandlers, ...handlers.deviceHandlers },
  Health: handlers.aboutHandlers,
};

/** What the contract asks for. */
function wanted(): Record<string, string> {
  const all: Record<string, string> = { $default: "HealthFunction.Alias" };
  for (const { path } of Object.values(visits)) all[`GET ${path}`] = "AuthFunction.Alias";
  for (const id of Object.keys(routes) as RouteId[]) {
    const { method, path, roles } = routes[id];
    const owner = Object.keys(served).find((name) => id in (served[name] ?? {})) ?? "nobody";
    all[`${method} ${path}`] = `${owner}Function.Alias`;
    if (roles !== "public") all[`${method} /machine${path}`] = `${owner}Function.Alias signed`;
  }
  return all;
}

test("[AU1] the HTTP API has every operation of the contract at its function, for people and, signed, for machines; and no other", () => {
  expect(known).toEqual(wanted());
});

test("the three routes of the WebSocket API lead to the alias of one function", () => {
  const { Routes } = z.object({ Routes: z.record(z.string(), z.unknown()) }).parse(propertiesOf("LiveApi"));
  const target = { FunctionArn: { Ref: "LiveFunction.Alias" } };
  expect(Routes).toEqual({ $connect: target, $disconnect: target, $default: target });
});

test("the site passes to the API what is the API's, and keeps none of it", () => {
  const { DistributionConfig: site } = z
    .object({ DistributionConfig: z.looseObject({ CacheBehaviors: z.array(z.record(z.string(), z.unknown())) }) })
    .parse(propertiesOf("Distribution"));
  const toApi = site.CacheBehaviors.filter(({ TargetOriginId }) => TargetOriginId === "api");
  const patterns = toApi.map(({ PathPattern }) => String(PathPattern));
  const paths = [...Object.values(routes), ...Object.values(visits)].map(({ path }) => path);
  const matches = (path: string, pattern: string) =>
    pattern.endsWith("*") ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
  for (const path of paths)
    expect(
      patterns.some((pattern) => matches(path, pattern)),
      path,
    ).toBe(true);
  for (const pattern of patterns)
    expect(
      paths.some((path) => matches(path, pattern)),
      pattern,
    ).toBe(true);
  for (const { CachePolicyId, OriginRequestPolicyId } of toApi) {
    expect(CachePolicyId).toBe("4135ea2d-6df8-44a3-9df3-4b5a84be39ad");
    expect(OriginRequestPolicyId).toBe("b689b0a8-53d0-40ab-baf2-68738e2966ac");
  }
});

test("each function that the gateway calls may be called by it, at its alias", () => {
  const permitted = ofType("AWS::Lambda::Permission").map(([, { Properties }]) => Properties);
  for (const name of Object.keys(served))
    expect(permitted).toContainEqual({
      FunctionName: { Ref: `${name}Function.Alias` },
      Action: "lambda:InvokeFunction",
      Principal: "apigateway.amazonaws.com",
      SourceArn: { "Fn::Sub": expect.stringMatching(/:\$\{HttpApi\}\/\*$/) },
    });
  expect(template.Outputs).toHaveProperty("ApiUrl");
});
