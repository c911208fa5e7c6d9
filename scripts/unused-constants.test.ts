import { build } from "esbuild";
import { expect, it } from "vitest";
import { markConstants } from "./unused-constants.ts";

const bundled = async (source: string) => {
  const { outputFiles } = await build({
    stdin: { contents: source, loader: "ts" },
    ...{ bundle: true, format: "esm", treeShaking: true, write: false },
  });
  return outputFiles[0]?.text ?? "";
};

const source = `
const made = (parts: object) => ({ parts, size: Object.keys(parts).length });
const part = made({ name: made({}) }).parts;
export const whole: object = { part, others: [made({ part })] };
export const used = made({ used: true });
console.log(used);
`;

it("a constant that nobody uses is left away with all that it is made of, and one in use stays", async () => {
  expect(await bundled(source.replaceAll("export ", ""))).toContain("part");
  const text = await bundled(markConstants(source.replaceAll("export ", "")));
  expect(text).not.toMatch(/whole|part =|name:/);
  expect(text).toContain("used: true");
});

it("what a module does, and what is no constant made by a call, stays as it is written", () => {
  const plain = `
import { x } from "./x.ts";
export const limit = 3;
export const handler = async () => await x();
let count = 0;
register(x);
export function f() { const inner = x(); return inner; }
`;
  expect(markConstants(plain)).toBe(plain);
});
