import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type ClientMetadata, Provider } from "oidc-provider";
import { onTestFinished } from "vitest";

/** Who can sign in at the issuer: the value of each one's `roles` claim, and of its `shop` claim. */
export interface Person {
  name: string;
  roles?: unknown;
  shop?: unknown;
}

/** A real OpenID provider in this process. Whoever comes chooses a person from a list of links. */
export interface TestIssuer {
  url: string;
  clientId: string;
  /** People may be added at any time. */
  people: Map<string, Person>;
  /** Lets a client in that comes back to this address. */
  admit: (redirectUri: string, client?: Partial<ClientMetadata>) => void;
  /** Stops answering, and answers again at the same address. */
  goDown: () => Promise<void>;
  comeUp: () => Promise<void>;
  /** Requests by path. */
  requests: readonly string[];
}

export const clientId = "board";
const scope = "openid profile email";

function providerOf(url: string, people: Map<string, Person>, client: ClientMetadata): Provider {
  const provider: Provider = new Provider(url, {
    clients: [client],
    clientAuthMethods: [client.token_endpoint_auth_method ?? "none"],
    claims: { openid: ["sub", "roles", "shop"], profile: ["name"] },
    conformIdTokenClaims: false,
    cookies: { keys: ["only for tests"] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    pkce: { required: () => true },
    ttl: { Interaction: 600, Session: 600, Grant: 600, IdToken: 600, AccessToken: 600 },
    findAccount: (_context, sub) => {
      const person = people.get(sub);
      return person && { accountId: sub, claims: () => ({ sub, ...person }) };
    },
    // Nobody is asked for his consent; two sign-ins of one person share what he consented to.
    loadExistingGrant: async ({ oidc }) => {
      const grantId = oidc.session?.grantIdFor(clientId);
      const known = grantId && (await provider.Grant.find(grantId));
      if (known) return known;
      const grant = new provider.Grant({ clientId, accountId: oidc.session?.accountId ?? "" });
      grant.addOIDCScope(scope);
      await grant.save();
      return grant;
    },
    renderError: (context, out) => {
      context.type = "html";
      context.body = `<p>${out.error}</p>`;
    },
  });
  provider.use(async (context, next) => {
    const [, , uid, accountId] = context.path.split("/");
    if (!context.path.startsWith("/interaction/")) return next();
    if (accountId === "cancel")
      return provider.interactionFinished(context.req, context.res, { error: "access_denied" });
    if (accountId !== undefined)
      return provider.interactionFinished(context.req, context.res, { login: { accountId } });
    context.type = "html";
    const links = [...people.keys(), "cancel"].map((id) => `<li><a href="/interaction/${uid}/${id}">${id}</a></li>`);
    context.body = `<!doctype html><title>Who are you?</title><ul>${links.join("")}</ul>`;
  });
  return provider;
}

/** Makes a provider without its warnings that memory is no database, and that its keys are known. */
function quietly(make: () => Provider): Provider {
  const { warn } = console;
  console.warn = () => {};
  try {
    return make();
  } finally {
    console.warn = warn;
  }
}

/** `atEnd` says when it is over: with the test under way, unless somebody else says so. */
export async function startIssuer(atEnd: (stop: () => Promise<void>) => void = onTestFinished): Promise<TestIssuer> {
  const people = new Map<string, Person>();
  const requests: string[] = [];
  let provider: Provider | undefined;
  let server: Server | undefined;

  async function listen(port: number): Promise<number> {
    server = createServer((request, response) => {
      requests.push(new URL(request.url ?? "/", "http://localhost").pathname);
      if (provider === undefined) response.writeHead(503).end();
      else void provider.callback()(request, response);
    }).listen(port, "localhost");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  }

  // By another name than the board's, because cookies do not tell ports apart.
  const port = await listen(0);
  const url = `http://localhost:${port}`;
  const goDown = async () => {
    server?.closeAllConnections();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
    server = undefined;
  };
  atEnd(goDown);
  return {
    url,
    clientId,
    people,
    requests,
    goDown,
    comeUp: async () => void (await listen(port)),
    admit: (redirectUri, client = {}) => {
      const admitted: ClientMetadata = {
        client_id: clientId,
        redirect_uris: [redirectUri],
        grant_types: ["authorization_code"],
        response_types: ["code"],
        token_endpoint_auth_method: "none",
        ...client,
      };
      provider = quietly(() => providerOf(url, people, admitted));
    },
  };
}
