import { failureSchema } from "@status-board/contracts";

/** What a watcher's requests and socket run into, one line for each kind of trouble. */
export interface Problems {
  /** As the global ones, and nothing that fails in them goes unnoticed. */
  fetch: typeof fetch;
  webSocket: typeof WebSocket;
  /** The newest problem, until {@link forget}. */
  readonly newest: string | undefined;
  forget(): void;
}

/** Tells `say` of each problem that is another one than the last. */
export function watchProblems(url: string, say: (problem: string) => void): Problems {
  let newest: string | undefined;
  function note(problem: string): void {
    if (problem === newest) return;
    newest = problem;
    say(problem);
  }

  async function send(...request: Parameters<typeof fetch>): Promise<Response> {
    try {
      const response = await fetch(...request);
      const problem = await problemOf(response.clone());
      if (problem !== undefined) note(`${url} answers ${problem}`);
      return response;
    } catch (error) {
      if (nameOf(error) === "TimeoutError") note(`${url} does not answer in time`);
      else if (nameOf(error) !== "AbortError") note(`${url} cannot be reached: ${reasonOf(error)}`);
      throw error;
    }
  }

  class NoticedSocket extends WebSocket {
    constructor(...address: ConstructorParameters<typeof WebSocket>) {
      super(...address);
      const { protocol, host, pathname } = new URL(address[0]);
      // Without the ticket, which is nobody's business.
      const where = `${protocol}//${host}${pathname}`;
      let isOpen = false;
      this.addEventListener("open", () => {
        isOpen = true;
      });
      this.addEventListener("error", () => {
        if (!isOpen) note(`there is no live connection at ${where}`);
      });
    }
  }

  return {
    fetch: send,
    webSocket: NoticedSocket,
    get newest() {
      return newest;
    },
    forget: () => {
      newest = undefined;
    },
  };
}

/** What is wrong with an answer; changes that are gone are no problem, for the board itself is there. */
async function problemOf(response: Response): Promise<string | undefined> {
  if (response.status === 410) return undefined;
  const json: unknown = await response.json().catch(() => undefined);
  if (response.ok) return json === undefined ? `${response.status}, but not as a status board does` : undefined;
  const failure = failureSchema.safeParse(json);
  const why = failure.success ? ` ${failure.data.error.code}: ${failure.data.error.message}` : "";
  return `${response.status}${why}`;
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : "");

/** Node's fetch says what went wrong only in the cause, and there in a code. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (cause instanceof Error) return "code" in cause && cause.code ? String(cause.code) : cause.message;
  return String(cause);
}
