import { inject } from "vitest";
import type { Api } from "../../../src/testing/api.ts";
import { httpApi } from "../../live/support/http-api.ts";
import { awsAt } from "./aws.ts";
import { addressesAt } from "./deployment.ts";

/** The AWS CLI at the stand-in. */
export const aws = awsAt(inject("endpoint"), inject("programs"));

/** Where machines reach the deployed API. */
export const { apiUrl, liveUrl } = addressesAt(inject("endpoint"));

/** The deployed product as the page sees it. */
export const page: Api = httpApi(inject("publicUrl"), { origin: inject("publicUrl") });

/** An output of the stack. */
export function output(name: string): string {
  const value = inject("outputs")[name];
  if (value === undefined) throw new Error(`the stack has no output ${name}`);
  return value;
}
