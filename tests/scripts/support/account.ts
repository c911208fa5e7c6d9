export type Parameters = Record<string, string>;
export interface ChangeSet {
  template: string;
  parameters: Parameters;
  status: "CREATE_COMPLETE" | "FAILED";
  reason?: string;
}
export interface Stack {
  status: string;
  template: string;
  parameters: Parameters;
  /** What the next looks at the stack find, before it comes to rest. */
  coming: { status: string; template?: string; parameters?: Parameters }[];
}

/** An AWS account as far as the scripts for AWS use one. */
export interface Account {
  stack?: Stack;
  changeSets: Map<string, ChangeSet>;
  /** By bucket and key. */
  objects: Map<string, { body: string; cacheControl?: string }>;
  buckets: Map<string, Record<string, string>>;
  parameters: Map<string, string>;
  invalidations: number;
}

export const newAccount = (): Account => ({
  changeSets: new Map(),
  objects: new Map(),
  buckets: new Map(),
  parameters: new Map(),
  invalidations: 0,
});
