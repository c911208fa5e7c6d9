import { limits } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import { errorOf, requestTo } from "../testing/api.ts";
import { addCard, cardBody, read } from "../testing/cards.ts";
import { day, eva, openWorkshop, type Workshop } from "../testing/workshop.ts";

const lone = "\ud800";
const json = { "content-type": "application/json" };

/** That a creation with this change is refused for the field at `path`, and nothing is written. */
async function expectRefused({ manager, rowsWritten }: Workshop, change: object, path: string) {
  const before = rowsWritten();
  const error = await manager.refused("createAppointment", { body: cardBody(change) });
  expect(error, JSON.stringify(change).slice(0, 200)).toMatchObject({ code: "invalid_request" });
  const issues = error.code === "invalid_request" ? error.issues : [];
  expect(
    issues.map((issue) => issue.path),
    JSON.stringify(change).slice(0, 200),
  ).toContain(path);
  for (const { message } of issues) expect(message).not.toBe("");
  expect(rowsWritten()).toBe(before);
}

describe("fields", () => {
  it("[HT3] names the field that is wrong", async () => {
    const shop = await openWorkshop();
    const cases: [object, string][] = [
      [{ customer: undefined }, "customer"],
      [{ customer: {} }, "customer.name"],
      [{ customer: { name: "" } }, "customer.name"],
      [{ customer: { name: "   " } }, "customer.name"],
      [{ customer: { name: 7 } }, "customer.name"],
      [{ customer: { name: `a${lone}` } }, "customer.name"],
      [{ customer: { name: "a\u0000b" } }, "customer.name"],
      [{ customer: { name: "a\nb" } }, "customer.name"],
      [{ customer: { name: "a\u2028b" } }, "customer.name"],
      [{ customer: { name: "x".repeat(limits.nameMaxCharacters + 1) } }, "customer.name"],
      [{ customer: { name: "Zoë", email: "no address" } }, "customer.email"],
      [{ customer: { name: "Zoë", phone: "1\u0007" } }, "customer.phone"],
      [{ customer: { name: "Zoë", fax: "1" } }, "customer.fax"],
      [{ vehicle: { year: 2019.5 } }, "vehicle.year"],
      [{ vehicle: { year: 99_999 } }, "vehicle.year"],
      [{ vehicle: { vin: "O'Hara" } }, "vehicle.vin"],
      [{ vehicle: [] }, "vehicle"],
      [{ serviceCodes: "OIL001" }, "serviceCodes"],
      [{ serviceCodes: ["OIL001", 7] }, "serviceCodes.1"],
      [{ serviceCodes: Array.from({ length: limits.cardMaxServices + 1 }, (_, n) => `S${n}`) }, "serviceCodes"],
      [{ paidCents: -1 }, "paidCents"],
      [{ paidCents: 0.5 }, "paidCents"],
      [{ paidCents: 1e300 }, "paidCents"],
      [{ paidCents: limits.moneyMaxCents + 1 }, "paidCents"],
      [{ paidCents: "100" }, "paidCents"],
      [{ notes: null }, "notes"],
      [{ notes: "bell\u0007" }, "notes"],
      [{ notes: "x".repeat(limits.notesMaxCharacters + 1) }, "notes"],
      [{ technicianId: "Tom" }, "technicianId"],
      [{ id: "not-a-ulid" }, "id"],
      [{ id: "81K00000000000000000000000" }, "id"],
      [{ start: "yesterday" }, "start"],
      [{ start: `${day}T09:00:00` }, "start"],
      [{ start: "2031-02-30T09:00:00Z" }, "start"],
      [{ start: "1999-12-31T09:00:00Z" }, "start"],
      [{ start: 1_925_000_000_000 }, "start"],
      [{ end: `${day}T08:59:59.999Z` }, "end"],
      [{ version: 1 }, "version"],
      [{ status: "ready" }, "status"],
      [{ totalCents: 1 }, "totalCents"],
      [{ constructor: {} }, "constructor"],
      [{ toString: "x" }, "toString"],
    ];
    for (const [change, path] of cases) await expectRefused(shop, change, path);
  });

  it("[HT3] names every wrong field of body and query at once, as far as a person reads", async () => {
    const { manager } = await openWorkshop();
    const error = await manager.refused("createAppointment", {
      query: { shop: "north" },
      body: cardBody({ customer: {}, paidCents: -1 }),
    });
    expect(error).toMatchObject({
      issues: [{ path: "shop" }, { path: "customer.name" }, { path: "paidCents" }],
    });
    const many = Object.fromEntries(Array.from({ length: 3_000 }, (_, n) => [`field${n}`, n]));
    const crowd = await manager.refused("createAppointment", { body: cardBody(many) });
    expect(crowd.code === "invalid_request" && crowd.issues.length).toBe(20);
  });

  it("[HT3] refuses prototype keys by name, at any depth", async () => {
    const { manager, everything } = await openWorkshop();
    const before = everything();
    const send = (body: string) =>
      manager.request({ ...requestTo("createAppointment"), headers: json, body: Buffer.from(body) });
    const whole = JSON.stringify(cardBody());
    const polluted = `${whole.slice(0, -1)},"__proto__":{"paidCents":1}}`;
    expect(errorOf(await send(polluted))).toMatchObject({ issues: [{ path: "__proto__" }] });
    const deeper = whole.replace('"vehicle":{', '"vehicle":{"__proto__":{"year":2020},');
    expect(errorOf(await send(deeper))).toMatchObject({ issues: [{ path: "vehicle.__proto__" }] });
    expect(everything()).toBe(before);
  });

  it("[HT3] allows newline and tab in notes", async () => {
    const { manager } = await openWorkshop();
    const notes = "First line\n\tsecond line 🚗";
    const { id } = await addCard(manager, { notes });
    expect((await read(manager, { id })).notes).toBe(notes);
  });

  it("[HT3] allows newline and tab in a service's description", async () => {
    const { manager } = await openWorkshop();
    const description = "With\n\tfilter";
    const body = { code: "A1", name: "A", priceCents: 0, minutes: 0, description };
    expect(await manager.ok("createService", { body })).toMatchObject({ description });
    expect(await manager.refused("createService", { body: { ...body, code: "A2", name: "a\tb" } })).toMatchObject({
      issues: [{ path: "name" }],
    });
  });
});

describe("bodies", () => {
  it("[HT3] names the body when it is no JSON object in UTF-8", async () => {
    const { manager, rowsWritten } = await openWorkshop();
    const before = rowsWritten();
    const bodies: (string | Uint8Array | undefined)[] = [
      undefined,
      "",
      "{",
      "{}}",
      "{'a':1}",
      "null",
      "7",
      '"text"',
      "[]",
      "[{}]",
      "NaN",
      "\u0000",
      new Uint8Array([0xff, 0xfe, 0x7b]),
      new Uint8Array([0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d]),
      "[".repeat(60_000),
    ];
    for (const body of bodies) {
      const bytes = typeof body === "string" ? Buffer.from(body) : body;
      const error = errorOf(await manager.request({ ...requestTo("createAppointment"), headers: json, body: bytes }));
      expect(error, String(body).slice(0, 40)).toMatchObject({ code: "invalid_request", issues: [{ path: "body" }] });
    }
    expect(rowsWritten()).toBe(before);
  });

  it("[HT3] names the place that is nested too deeply", async () => {
    const { manager } = await openWorkshop();
    const depth = 20_000;
    const body = Buffer.from(`{"vehicle":{"make":${"[".repeat(depth)}${"]".repeat(depth)}}}`);
    const error = errorOf(await manager.request({ ...requestTo("createAppointment"), headers: json, body }));
    expect(error).toMatchObject({
      issues: [{ path: expect.stringMatching(/^vehicle\.make\./), message: "is nested too deeply" }],
    });
  });

  it("[HT3] takes 64 KB and not a byte more", async () => {
    const { manager } = await openWorkshop();
    const text = Buffer.from(JSON.stringify(cardBody()));
    const padded = (bytes: number) => Buffer.concat([text, Buffer.alloc(bytes - text.length, " ")]);
    const send = (body: Uint8Array) => manager.request({ ...requestTo("createAppointment"), headers: json, body });
    expect((await send(padded(limits.requestBodyMaxBytes))).status).toBe(201);
    expect(errorOf(await send(padded(limits.requestBodyMaxBytes + 1))).code).toBe("payload_too_large");
  });

  it("[HT3] takes JSON alone, not compressed", async () => {
    const { manager, rowsWritten } = await openWorkshop();
    const before = rowsWritten();
    const hostile = [
      { "content-type": "text/plain" },
      { "content-type": "application/json5" },
      { "content-type": "multipart/form-data; boundary=x" },
      { "content-type": "" },
      { "content-type": ["application/json", "text/plain"] },
      { ...json, "content-encoding": "gzip" },
    ];
    for (const headers of hostile)
      expect((await manager.refused("createAppointment", { body: cardBody(), headers })).code).toBe(
        "unsupported_media_type",
      );
    expect(rowsWritten()).toBe(before);
    for (const type of ["APPLICATION/JSON", "application/json; charset=utf-8"])
      await manager.ok("createAppointment", { body: cardBody(), headers: { "content-type": type } });
  });

  it("[HT3] refuses a body where none belongs", async () => {
    const { manager } = await openWorkshop();
    const { id } = await addCard(manager);
    const error = await manager.refused("removeAppointment", { id, query: { expectedVersion: 1 }, body: {} });
    expect(error).toMatchObject({ code: "invalid_request", issues: [{ path: "body" }] });
    expect((await read(manager, { id })).version).toBe(1);
  });
});

describe("query parameters", () => {
  it("[HT3] names what is unknown, repeated, missing, wrong or badly encoded", async () => {
    const { manager } = await openWorkshop();
    const cases: [string, string][] = [
      ["", "date"],
      ["date=", "date"],
      ["date=2031-02-30", "date"],
      ["date=2031-13-01", "date"],
      ["date=1999-12-31", "date"],
      ["date=2100-01-01", "date"],
      ["date=20310303", "date"],
      [`date=${day}T00:00:00Z`, "date"],
      [`date=${day}%00`, "date"],
      [`date=${day}&date=${day}`, "date"],
      [`date=${day}&d%61te=${day}`, "date"],
      [`date=${day}&Date=${day}`, "Date"],
      [`date=${day}&limit=1`, "limit"],
      [`date=${day}&__proto__=1`, "__proto__"],
      [`date=${day}&constructor=1`, "constructor"],
      [`date=${day}&date[]=1`, "date[]"],
      [`date=${day}&technicianId=`, "technicianId"],
      [`date=${day}&technicianId=${eva.id.toLowerCase()}`, "technicianId"],
      [`date=${day}&technicianId=%E0%A4%A`, "technicianId"],
      [`date=${day}&technicianId=%ED%A0%80`, "technicianId"],
      [`date=${day}&%ff=1`, "%ff"],
      [`${lone}=1&date=${day}`, "\ufffd"],
    ];
    for (const [query, path] of cases) {
      const error = errorOf(await manager.request({ ...requestTo("getBoard"), query }));
      expect(error, query).toMatchObject({ code: "invalid_request", issues: [{ path }] });
    }
  });

  it("[HT3] takes no number but a plain one", async () => {
    const { manager } = await openWorkshop();
    const { id } = await addCard(manager);
    for (const expectedVersion of ["", "0", "-1", "1.0", "1e0", "01", "+1", " 1", "0x1", "٣", "9".repeat(30)])
      expect(await manager.refused("removeAppointment", { id, query: { expectedVersion } })).toMatchObject({
        code: "invalid_request",
        issues: [{ path: "expectedVersion" }],
      });
    for (const limit of ["0", "201", "ten"])
      expect(await manager.refused("listServices", { query: { limit } })).toMatchObject({
        issues: [{ path: "limit" }],
      });
  });

  it("[HT3] refuses a search with control characters or half a character", async () => {
    const { manager } = await openWorkshop();
    for (const search of ["a\u0000b", "\u0007"])
      expect(await manager.refused("listServices", { query: { search } })).toMatchObject({
        issues: [{ path: "search" }],
      });
    expect(await manager.refused("listServices", { query: { search: "x".repeat(101) } })).toMatchObject({
      issues: [{ path: "search" }],
    });
  });
});

describe("times and days", () => {
  it("[HT3] never puts a card on a day whose board cannot be asked for", async () => {
    const { manager, store } = await openWorkshop();
    const { current } = await store
      .changeShop("north", ({ shop }) => ({ kind: "write", item: { ...shop, timeZone: "Pacific/Honolulu" } }))
      .then((result) => (result.kind === "written" ? result : { current: undefined }));
    expect(current?.shop.timeZone).toBe("Pacific/Honolulu");
    const start = "2000-01-01T00:00:00.000Z";
    const error = await manager.refused("createAppointment", { body: cardBody({ start }) });
    expect(error).toMatchObject({ code: "invalid_request", issues: [{ path: "start" }] });
  });
});
