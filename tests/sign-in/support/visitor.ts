/** An answer to a visit, and where it was found. */
export interface Visited {
  url: string;
  status: number;
  headers: Headers;
  text: string;
}

/** A browser without a window: it keeps cookies by host, as browsers do, and follows redirects by GET. */
export interface Visitor {
  /** The cookies of a host, by name. */
  cookies: (host: string) => Map<string, string>;
  /** Every Set-Cookie header that came. */
  setCookies: readonly string[];
  /** One request, whose redirect is not followed. */
  send: (url: string, init?: RequestInit) => Promise<Visited>;
  /** Goes to an address and follows redirects, until `stop` says of the next address that it is far enough. */
  visit: (url: string, stop?: (url: URL) => boolean) => Promise<Visited>;
}

const redirectsMax = 20;

export function createVisitor(): Visitor {
  const jars = new Map<string, Map<string, string>>();
  const setCookies: string[] = [];
  const cookies = (host: string) => {
    const jar = jars.get(host) ?? new Map<string, string>();
    jars.set(host, jar);
    return jar;
  };

  function keep(host: string, header: string): void {
    setCookies.push(header);
    const [pair = "", ...attributes] = header.split(";").map((part) => part.trim());
    const mark = pair.indexOf("=");
    const [name, value] = [pair.slice(0, mark), pair.slice(mark + 1)];
    const isOver = attributes.some(
      (attribute) =>
        /^max-age=0$/i.test(attribute) ||
        (/^expires=/i.test(attribute) && Date.parse(attribute.slice("expires=".length)) <= Date.now()),
    );
    if (isOver) cookies(host).delete(name);
    else cookies(host).set(name, value);
  }

  async function send(url: string, init: RequestInit = {}): Promise<Visited> {
    const { hostname } = new URL(url);
    const cookie = [...cookies(hostname)].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = {
      accept: "text/html",
      ...(cookie && { cookie }),
      ...Object.fromEntries(new Headers(init.headers)),
    };
    const response = await fetch(url, { ...init, headers, redirect: "manual" });
    for (const header of response.headers.getSetCookie()) keep(hostname, header);
    return { url, status: response.status, headers: response.headers, text: await response.text() };
  }

  async function visit(url: string, stop: (url: URL) => boolean = () => false): Promise<Visited> {
    let at = await send(url);
    for (let count = 0; count < redirectsMax; count++) {
      const location = at.headers.get("location");
      if (location === null) return at;
      const next = new URL(location, at.url);
      if (stop(next)) return { ...at, url: next.href };
      at = await send(next.href);
    }
    throw new Error(`${url} leads nowhere: too many redirects`);
  }

  return { cookies, setCookies, send, visit };
}
