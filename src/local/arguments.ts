import { StartProblem, type Variables } from "../runtime/environment.ts";

/** The words of a command line as the variables that they stand for; what is set already stays as it is. */
export function withArguments(words: readonly string[], variables: Variables): Variables {
  let all = variables;
  for (const word of words) {
    if (word !== "--lan") throw new StartProblem(`Unknown option ${word}: --lan is the only one.`);
    const { AUTH_MODE, HOST } = all;
    all = { ...all, AUTH_MODE: AUTH_MODE || "paired", HOST: HOST || "0.0.0.0" };
  }
  return all;
}
