import type { Vehicle } from "@status-board/contracts";
import type { Choices } from "./random.ts";

const makes: readonly (readonly [make: string, models: readonly string[]])[] = [
  ["Volkswagen", ["Golf", "Passat Variant", "Polo", "Tiguan", "Transporter T6", "ID.3"]],
  ["BMW", ["320d Touring", "118i", "X1", "530e"]],
  ["Mercedes-Benz", ["C 200", "A 180", "Vito", "E 220 d"]],
  ["Audi", ["A4 Avant", "A3 Sportback", "Q5"]],
  ["Opel", ["Corsa", "Astra", "Mokka"]],
  ["Škoda", ["Octavia Combi", "Fabia", "Superb"]],
  ["Ford", ["Focus", "Fiesta", "Transit Custom", "Kuga"]],
  ["Renault", ["Clio", "Mégane", "Zoe"]],
  ["Toyota", ["Yaris Hybrid", "Corolla", "RAV4"]],
  ["Hyundai", ["i20", "Tucson", "Kona Elektro"]],
  ["Fiat", ["500", "Ducato"]],
  ["Volvo", ["V60", "XC40"]],
];

const districts = ["B", "HH", "M", "K", "F", "S", "DD", "L", "HB", "KI", "MTK", "OHV", "BAR", "P", "TÖL", "GÖ"];
const letters = [..."ABCDEFGHJKLMNPRSTUVWXYZ"];
const vinCharacters = [..."0123456789ABCDEFGHJKLMNPRSTUVWXYZ"];

function plate(choices: Choices): string {
  const some = (count: number) => Array.from({ length: count }, () => choices.pick(letters)).join("");
  const number = (digits: number) => String(choices.between(10 ** (digits - 1), 10 ** digits - 1));
  const kind = choices.between(1, 20);
  if (kind === 20) return `W-${number(5)} ${some(1)}`;
  if (kind === 19) return `${some(2)}-${number(3)}-${some(2)}`;
  if (kind === 18) return `WA ${number(4)}${some(1)}`;
  return `${choices.pick(districts)}-${some(choices.between(1, 2))} ${number(choices.between(2, 4))}`;
}

/** A car as it comes to a German workshop, now and then one from abroad. */
export function vehicleFor(choices: Choices): Vehicle {
  const [make, models] = choices.pick(makes);
  const vin = () => `W${Array.from({ length: 16 }, () => choices.pick(vinCharacters)).join("")}`;
  return {
    ...(choices.chance(0.85) && { year: choices.between(2006, 2025) }),
    make,
    model: choices.pick(models),
    ...(choices.chance(0.95) && { plate: plate(choices) }),
    ...(choices.chance(0.3) && { vin: vin() }),
  };
}
