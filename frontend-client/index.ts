export { replay, targetAt } from "./board-state.ts";
export * from "./client.ts";
export * from "./columns.ts";
export * from "./live-board.ts";
export * from "./replica.ts";
export * from "./replica-input.ts";
export * from "./result.ts";
export { createStatusBoard } from "./status-board.ts";
export * from "./types.ts";
