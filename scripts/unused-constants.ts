import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";
import ts from "typescript";

/**
 * For esbuild: a constant of ours that a bundle does not use is left away with all that it is made of. By itself esbuild would keep the
 * call that makes it, such as each schema of the contract, for the sake of what else the call might do; ours do nothing else.
 */
export const leaveUnusedConstants: Plugin = {
  name: "leave-unused-constants",
  setup({ onLoad }) {
    onLoad({ filter: /\/(contracts|src)\/.*\.ts$/ }, async ({ path }) => ({
      contents: markConstants(await readFile(path, "utf8")),
      loader: "ts",
    }));
  },
};

/** The same source, in which each constant of the module that is made by a call says that making it has no side effects. */
export function markConstants(source: string): string {
  const file = ts.createSourceFile("module.ts", source, ts.ScriptTarget.ESNext);
  const marked = file.statements
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => declarationList.declarations)
    .flatMap(({ name, initializer }) =>
      ts.isIdentifier(name) && initializer && isMade(initializer) ? [initializer] : [],
    );
  return marked.reduceRight((text, made) => {
    const [start, end] = [made.getStart(file), made.end];
    return `${text.slice(0, start)}/* @__PURE__ */ (() => (${text.slice(start, end)}))()${text.slice(end)}`;
  }, source);
}

/** What holds no call esbuild judges by itself. */
function isMade(node: ts.Node): boolean {
  if (ts.isFunctionLike(node)) return false;
  return ts.isCallExpression(node) || ts.isNewExpression(node) || (ts.forEachChild(node, isMade) ?? false);
}
