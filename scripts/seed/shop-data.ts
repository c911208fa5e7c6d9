import { type CreateService, type Named, routes, type Service, type Shop } from "@status-board/contracts";
import { type Api, dataOf, SeedError } from "./api.ts";
import { serviceMutationId } from "./catalogue.ts";
import { inParallel } from "./in-parallel.ts";

const maxAttempts = 5;
const maxGenerations = 100;
const servicesAPage = 200;

/** Sees to it that cards can name all these services: makes those that are missing, takes back the retired. */
export async function ensureServices(api: Api, wanted: readonly CreateService[], width: number): Promise<number> {
  const present = new Map((await listServices(api)).map((service) => [service.code.toUpperCase(), service]));
  let written = 0;
  await inParallel(wanted, width, async (service) => {
    const found = present.get(service.code);
    if (found?.active) return;
    if (found) await takeBack(api, found);
    else await createService(api, service);
    written++;
  });
  return written;
}

async function listServices(api: Api): Promise<Service[]> {
  const services: Service[] = [];
  let cursor: string | undefined;
  do {
    const query = { limit: String(servicesAPage), ...(cursor !== undefined && { cursor }) };
    const page = dataOf(await api.call(routes.listServices, { query }));
    services.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return services;
}

/** A creation that was made before and removed since is remembered as such for a while: the next generation is new. */
async function createService(api: Api, service: CreateService): Promise<void> {
  for (let generation = 0; generation < maxGenerations; generation++) {
    const body = { ...service, mutationId: serviceMutationId(service.code, generation) };
    const answer = await api.call(routes.createService, { body });
    if (answer.ok) return;
    const { error } = answer;
    if (error.code === "conflict" && error.reason === "duplicate_code") return;
    const spent = error.code === "not_found" || (error.code === "conflict" && error.reason === "mutation_reused");
    if (!spent) dataOf(answer);
  }
  throw new SeedError(`service ${service.code} was removed too often to be made again`);
}

async function takeBack(api: Api, { id, version }: Service): Promise<void> {
  const body = { active: true, expectedVersion: version, mutationId: `seed-active-${version}` };
  dataOf(await api.call(routes.editService, { id, body }));
}

/** Adds those technicians that the shop does not have; the others stay, and stay in front. */
export async function ensureTechnicians(api: Api, shop: Shop, wanted: readonly Named[]): Promise<number> {
  let current = shop;
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const missing = wanted.filter(({ id }) => current.technicians.every((technician) => technician.id !== id));
    if (missing.length === 0) return 0;
    const { version } = current;
    const technicians = [...current.technicians, ...missing];
    const body = { technicians, expectedVersion: version, mutationId: `seed-technicians-${version}` };
    const answer = await api.call(routes.editShop, { body });
    if (answer.ok) return missing.length;
    if (answer.error.code !== "version_conflict") dataOf(answer);
    current = dataOf(await api.call(routes.getShop));
  }
  throw new SeedError("the shop's settings keep changing: try again");
}
