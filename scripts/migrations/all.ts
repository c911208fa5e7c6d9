import { migration as firstShop } from "./0001-first-shop.ts";
import type { Migration } from "./migration.ts";

/** Every migration, in the order of their numbers. */
export const migrations: readonly Migration[] = [firstShop];
