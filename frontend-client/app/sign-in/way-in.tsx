import { buttonClass } from "../shared/button.tsx";
import { signInUrl } from "./sign-in-url.ts";
import { useWaysIn } from "./use-ways-in.ts";

/** The link by which somebody comes back whose session has ended. */
export function WayIn() {
  const ways = useWaysIn();
  if (ways === undefined) return null;
  return (
    <a className={buttonClass()} href={ways.signIn ? signInUrl() : "/pair"}>
      {ways.signIn ? "Sign in" : "Pair this device"}
    </a>
  );
}
