import { setTimeout as wait } from "node:timers/promises";
import { type Appointment, isAllowed, statuses } from "@status-board/contracts";
import type { ClientError, StatusBoardClient } from "@status-board/frontend-client";
import { ulid } from "ulid";
import type { Acknowledged } from "./audit.ts";

type Result<Data> = { ok: true; data: Data } | { ok: false; error: ClientError };

/** What came of the writes of everybody. */
export interface Journal {
  acknowledged: Acknowledged[];
  /** How often each code refused a write, or kept it from an answer for the time being. */
  refused: Map<string, number>;
  /** What must never be answered. */
  wrong: string[];
}

interface Person {
  client: StatusBoardClient;
  dates: readonly string[];
  random: () => number;
  journal: Journal;
  signal: AbortSignal;
}

const cardsOfPerson = 6;
const pauseMaxMs = 300;
const retryPauseMs = 200;
/** Without an answer for so long the server is not coming back. */
const givesUpAfterMs = 60_000;
/** The server is not there, or cannot write just now: the same write is sent until there is an answer. */
const passing: ReadonlySet<string> = new Set(["network", "timeout", "unavailable", "rate_limited"]);

/** Works on cards of its own until the signal, and leaves no write without an answer. */
export async function work(person: Person): Promise<void> {
  const { random, signal, journal, client, dates } = person;
  const cards = new Map<string, Appointment>();
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];

  /** Sends one write until it is answered, and notes the version that it made. */
  async function send<Data extends { id: string; version: number }>(
    change: Acknowledged["change"],
    call: () => Promise<Result<Data>>,
  ): Promise<Data | undefined> {
    const startedAt = Date.now();
    for (let tries = 1; ; tries++) {
      const result = await call();
      if (result.ok) {
        const { id, version } = result.data;
        const status = "status" in result.data ? { status: (result.data as Data & Appointment).status } : {};
        journal.acknowledged.push({ id, version, change, ...status, tries });
        return result.data;
      }
      const { code, message } = result.error;
      journal.refused.set(code, (journal.refused.get(code) ?? 0) + 1);
      const current = "current" in result.error ? result.error.current : undefined;
      if (current && "updatedBy" in current && current.updatedBy.id === "system") {
        // The store has moved this card to make room, so the version is another: the next write is from that one.
        cards.set(current.id, current);
        return undefined;
      }
      if (!passing.has(code)) {
        journal.wrong.push(`${change} was answered with ${code}: ${message}`);
        return undefined;
      }
      if (Date.now() - startedAt > givesUpAfterMs) {
        journal.wrong.push(`${change} found no answer in ${givesUpAfterMs} ms: ${code}`);
        return undefined;
      }
      await wait(retryPauseMs * random());
    }
  }

  const keep = (card: Appointment | undefined) => void (card && cards.set(card.id, card));

  async function create(): Promise<void> {
    const day = pick(dates) ?? "";
    const body = {
      id: ulid(),
      ...{ start: `${day}T09:00:00.000Z`, end: `${day}T10:00:00.000Z`, serviceCodes: [], paidCents: 0 },
      ...{ customer: { name: "Zoë Quandt" }, vehicle: { plate: ulid().slice(-8) } },
    };
    keep(await send("created", () => client.createAppointment({ body })));
  }

  async function move(card: Appointment): Promise<void> {
    const newStatus = pick(statuses.filter((status) => isAllowed(card.status, status))) ?? card.status;
    const mutationId = ulid();
    const body = { newStatus, position: Math.floor(random() * 5), expectedVersion: card.version, mutationId };
    const change = newStatus === card.status ? "reordered" : "moved";
    const moved = await send(change, () => client.moveAppointment({ id: card.id, body }));
    keep(moved);
    if (moved === undefined || random() > 0.15) return;
    const undo = { mutationId, expectedVersion: moved.version };
    keep(await send("undone", () => client.undoMove({ id: card.id, body: undo })));
  }

  /** A write from a version that is over must never win. */
  async function moveFromStaleVersion({ id, version, status }: Appointment): Promise<void> {
    const body = { newStatus: status, expectedVersion: version - 1, mutationId: ulid() };
    const result = await client.moveAppointment({ id, body });
    if (result.ok) journal.wrong.push(`${id}: a move from version ${version - 1} won over ${version}`);
    else journal.refused.set(result.error.code, (journal.refused.get(result.error.code) ?? 0) + 1);
  }

  async function actOn(card: Appointment): Promise<void> {
    const { id, version: expectedVersion } = card;
    const mutationId = ulid();
    const chance = random();
    if (chance < 0.05) return moveFromStaleVersion(card);
    if (chance < 0.07) {
      await send("removed", () => client.removeAppointment({ id, query: { expectedVersion, mutationId } }));
      cards.delete(id);
    } else if (chance < 0.12) {
      const day = pick(dates.filter((date) => date !== card.date)) ?? card.date;
      const body = { start: `${day}T09:00:00.000Z`, end: `${day}T10:00:00.000Z`, expectedVersion, mutationId };
      keep(await send("rescheduled", () => client.editAppointment({ id, body })));
    } else if (chance < 0.3)
      keep(
        await send("edited", () =>
          client.editAppointment({ id, body: { notes: mutationId, expectedVersion, mutationId } }),
        ),
      );
    else await move(card);
  }

  while (!signal.aborted && journal.wrong.length === 0) {
    const card = cards.size < cardsOfPerson ? undefined : pick([...cards.values()]);
    await (card === undefined ? create() : actOn(card));
    await wait(pauseMaxMs * random());
  }
}
