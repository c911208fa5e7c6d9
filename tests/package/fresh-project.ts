import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The files of a project as `npm create vite` makes it with React and TypeScript, and a board as small as can be. */
export const projectFiles: Record<string, string> = {
  "package.json": JSON.stringify({ name: "fresh", private: true, type: "module" }),
  "tsconfig.json": JSON.stringify({
    compilerOptions: {
      target: "es2023",
      lib: ["es2023", "dom", "dom.iterable"],
      module: "esnext",
      moduleResolution: "bundler",
      jsx: "react-jsx",
      types: ["vite/client"],
      strict: true,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      verbatimModuleSyntax: true,
      noEmit: true,
    },
    include: ["src"],
  }),
  "vite.config.js": `import react from "@vitejs/plugin-react";
export default { plugins: [react()], logLevel: "warn" };
`,
  "index.html": `<!doctype html>
<html lang="en"><head><title>Board</title><link rel="icon" href="data:," /></head>
<body><div id="root"></div><script type="module" src="/src/main.tsx"></script></body></html>
`,
  "src/main.tsx": `import type { Appointment } from "@status-board/contracts";
import { useStatusBoard } from "@status-board/frontend-client/react";
import { memo, StrictMode, useEffect, useState, useSyncExternalStore } from "react";
import { createRoot } from "react-dom/client";

/** How often each card was drawn, by its customer. */
const drawn: Record<string, number> = {};
Object.assign(window, { drawn });

const Card = memo(function Card({ card, toReady }: { card: Appointment; toReady: (id: string) => void }) {
  useEffect(() => {
    drawn[card.customer.name] = (drawn[card.customer.name] ?? 0) + 1;
  });
  return (
    <article aria-label={card.customer.name}>
      {card.customer.name} {card.notes}
      <button type="button" onClick={() => toReady(card.id)}>Ready</button>
    </article>
  );
});

function Board({ date }: { date: string }) {
  const { board, stats, loading, error, connection, pending, undoable, moveAppointment, undo } = useStatusBoard({ date });
  const [notice, setNotice] = useState("");
  const [toReady] = useState(() => (id: string) => {
    void moveAppointment(id, "ready", 0).then((outcome) => setNotice(outcome.kind));
  });
  if (loading) return <p>Loading</p>;
  if (board === undefined) return <p>{error?.message}</p>;
  return (
    <main>
      <p role="status">
        {connection.kind}, {stats?.onPrem} here, {pending.size} pending, {notice}
      </p>
      {undoable && <button type="button" onClick={() => void undo()}>Undo</button>}
      {Object.entries(board.columns).map(([status, cards]) => (
        <section key={status} aria-label={status}>
          {cards.map((card) => <Card key={card.id} card={card} toReady={toReady} />)}
        </section>
      ))}
    </main>
  );
}

const subscribe = (listener: () => void) => {
  window.addEventListener("hashchange", listener);
  return () => window.removeEventListener("hashchange", listener);
};

function App() {
  const date = useSyncExternalStore(subscribe, () => location.hash.slice(1));
  return date === "none" ? <p>No board</p> : <Board key={date} date={date} />;
}

const root = document.getElementById("root");
if (root) createRoot(root).render(<StrictMode><App /></StrictMode>);
`,
  "src/no-react.ts": `import { createStatusBoard, createStatusBoardClient, withStats } from "@status-board/frontend-client";

/** Without React: a board is watched until it is there, one card moved, and the board closed. */
export async function moveFirstToReady(baseUrl: string, date: string): Promise<string> {
  const board = withStats(createStatusBoard({ client: createStatusBoardClient({ baseUrl }), date }));
  const first = await new Promise<string>((resolve) => {
    board.subscribe(() => {
      const card = board.getState().board?.columns.scheduled[0];
      if (card) resolve(card.id);
    });
  });
  const outcome = await board.moveAppointment(first, { newStatus: "ready" });
  const counts = board.getState().stats?.statusCounts;
  board.close();
  return \`\${outcome.kind}, \${counts?.ready} ready\`;
}
`,
};

/** Everything that a project needs besides the packages of this repository. */
export const neededPackages = [
  "react",
  "react-dom",
  "vite",
  "@vitejs/plugin-react",
  "@types/react",
  "@types/react-dom",
  "csstype",
] as const;

export function writeProject(directory: string): void {
  for (const [name, text] of Object.entries(projectFiles)) {
    const file = join(directory, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
