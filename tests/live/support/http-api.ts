import { type Api, dataOf, errorOf, requestTo, textOf } from "../../../src/testing/api.ts";

/** A server as one caller sees it, over real HTTP. */
export function httpApi(url: string, headers: Record<string, string> = {}): Api {
  const request: Api["request"] = async ({ method = "GET", path = "/", query = "", headers: own = {}, body }) => {
    const given = Object.entries({ ...headers, ...own }).filter((entry): entry is [string, string] => !!entry[1]);
    const response = await fetch(`${url}${path}${query && `?${query}`}`, {
      method,
      headers: given,
      body: body === undefined ? null : Buffer.from(body),
    });
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.text(),
    };
  };
  const send: Api["send"] = (routeId, call) => request(requestTo(routeId, call));
  return {
    request,
    send,
    ok: async (routeId, call) => dataOf(routeId, await send(routeId, call)),
    refused: async (routeId, call) => {
      const response = await send(routeId, call);
      if (response.status < 400) throw new Error(`expected a refusal, but: ${textOf(response)}`);
      return errorOf(response);
    },
  };
}
