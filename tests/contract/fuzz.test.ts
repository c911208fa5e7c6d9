import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import fc from "fast-check";
import { expect, it } from "vitest";
import { textOf } from "../../src/testing/api.ts";
import { addCardIn } from "../../src/testing/cards.ts";
import { openWorkshop } from "../../src/testing/workshop.ts";
import { type DescribedRequest, describedRequests, documentSchema, operationsOf } from "./described-requests.ts";

/*
 * The server against its own document, as a stranger's fuzzer would read it: requests are made of the schemas in /openapi.json
 * alone, and each answer is validated by them.
 */
const requests = 4_000;

it(`[HT1] [HT2] ${requests} requests made of the OpenAPI document: each answer is one that it describes, and what it forbids is refused`, async () => {
  const shop = await openWorkshop();
  const cards: string[] = [];
  for (let index = 0; index < 40; index++)
    for (const status of ["scheduled", "ready", "completed"] as const)
      cards.push((await addCardIn(shop.manager, status)).id);
  for (let index = 0; index < 10; index++)
    await shop.manager.ok("createService", { body: { code: `F-${index}`, name: "Fuzz", priceCents: 1, minutes: 1 } });
  const services = (await shop.manager.ok("listServices")).items.map(({ id }) => id);
  const raw: unknown = JSON.parse(textOf(await shop.anonymous.send("getOpenApi")));
  const document = documentSchema.parse(raw);

  const ajv = addFormats.default(new Ajv2020.default({ strict: false, allErrors: true }));
  ajv.addSchema({ $id: "document", ...document });
  const validators = new Map<string, ReturnType<typeof ajv.compile>>();
  const validatorAt = (...path: string[]) => {
    const pointer = path.map((key) => key.replaceAll("~", "~0").replaceAll("/", "~1")).join("/");
    const validate = validators.get(pointer) ?? ajv.compile({ $ref: `document#/${pointer}` });
    validators.set(pointer, validate);
    return validate;
  };
  const jsonContent = ["content", "application/json", "schema"];

  /** Whether the document takes this request; a query is text, and numbers and truths are read from it. */
  function isDescribed({ operation, parameters, body }: DescribedRequest): boolean {
    const { path, method } = operation;
    const place = ["paths", path, method.toLowerCase()];
    const missing = operation.parameters.some(
      ({ name, required }) => required && !parameters.some(({ parameter }) => parameter.name === name),
    );
    const bad = parameters.some(({ parameter, text }) => {
      const validate = validatorAt(...place, "parameters", String(operation.parameters.indexOf(parameter)), "schema");
      return !validate(text) && !validate(readText(text));
    });
    return (
      !missing && !bad && (body === undefined || validatorAt(...place, "requestBody", ...jsonContent)(body) === true)
    );
  }

  const seen = new Map<string, Set<number>>();
  let forbidden = 0;
  const idsAt = (path: string) => (path.includes("/services") ? services : cards);
  const judge = async (given: DescribedRequest) => {
    const { operation, request } = given;
    const response = await shop.manager.request(request);
    const said = `${operation.operationId} ${response.status} ${textOf(response)}`;
    expect(Object.keys(operation.responses), said).toContain(String(response.status));
    expect(response.status, said).toBeLessThan(500);
    expect(response.headers["content-type"]).toMatch(/^application\/json/);
    const place = ["paths", operation.path, operation.method.toLowerCase(), "responses", String(response.status)];
    const validate = validatorAt(...place, ...jsonContent);
    const isValid = validate(JSON.parse(textOf(response)));
    expect(isValid, `${said} ${JSON.stringify(validate.errors)}`).toBe(true);
    if (!isDescribed(given)) {
      forbidden++;
      expect(
        response.status,
        `the document forbids ${JSON.stringify(given.body)} ${request.query}: ${said}`,
      ).toBeGreaterThanOrEqual(400);
    }
    seen.set(operation.operationId, (seen.get(operation.operationId) ?? new Set()).add(response.status));
  };
  await fc.assert(fc.asyncProperty(describedRequests(document, idsAt), judge), {
    numRuns: requests,
    endOnFailure: true,
  });

  // Chance need not hit each write, whose version, column and times must all fit; but it must get far beyond the reads.
  const succeeded = [...seen].filter(([, statuses]) => statuses.has(200) || statuses.has(201));
  expect(succeeded.length).toBeGreaterThan(operationsOf(document).length - 6);
  expect(forbidden).toBeGreaterThan(requests / 20);
});

function readText(text: string): unknown {
  if (text === "true" || text === "false") return text === "true";
  return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}
