/** Where to sign in, and come back from to this very view. `other`: as somebody else than the issuer remembers. */
export function signInUrl(account?: "other"): string {
  const returnTo = window.location.pathname + window.location.search;
  return `/auth/login?${new URLSearchParams({ returnTo, ...(account && { account }) })}`;
}
