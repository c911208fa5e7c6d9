/** What k6 gives every script, beyond what its own types say. */
declare const console: Record<"log" | "warn" | "error", (...data: unknown[]) => void>;
