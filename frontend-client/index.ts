export * from "./columns.ts";
export * from "./live-board.ts";
export * from "./replica.ts";
export * from "./replica-input.ts";
