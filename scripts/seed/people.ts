import type { Customer } from "@status-board/contracts";
import type { Choices } from "./random.ts";

const firstNames = [
  ...["Sabine", "Thomas", "Julia", "Michael", "Ayşe", "Stefan", "Petra", "Emre", "Claudia", "Andreas", "Zofia"],
  ...["Marek", "Heike", "Jürgen", "Nina", "Oleksandr", "Fatma", "Björn", "Giulia", "Wolfgang", "Élodie", "Tariq"],
  ...["Renate", "Felix", "Mia", "Dimitrios", "Svenja", "Rainer", "Lea", "Paul"],
];
const lastNames = [
  ...["Müller", "Schmidt", "Schneider", "Fischer", "Weiß", "Wagner", "Becker", "Hoffmann", "Schäfer", "Koch"],
  ...["Richter", "Klein", "Wolf", "Schröder", "Neumann", "Yılmaz", "Kaya", "Kowalski", "Shevchenko", "Papadopoulos"],
  ...["Rossi", "Dubois", "Öztürk", "van Dijk", "Großmann", "Lehmann", "Krause", "Vogel", "Jäger", "Al-Masri"],
];
const companies = ["Bäckerei Lang", "Taxi Demir GmbH", "Pflegedienst Nord", "Malerbetrieb Kurz", "Blumen Sommer e. K."];
const mailHosts = ["example.com", "example.org", "example.net"];

/** Numbers that the regulators keep free for films and examples, so that nobody is called by accident. */
function phone(choices: Choices): string {
  const digits = (count: number) => Array.from({ length: count }, () => choices.between(0, 9)).join("");
  const kind = choices.between(1, 10);
  if (kind <= 5) return `+49 171 39200 ${digits(2)}`;
  if (kind <= 7) return `+49 30 23125 ${digits(3)}`;
  if (kind <= 9) return `+49 176 040690 ${digits(2)}`;
  return `+44 7700 900${digits(3)}`;
}

const plainLetters: Record<string, string> = { ä: "ae", ö: "oe", ü: "ue", ß: "ss", ı: "i" };

function email(name: string, choices: Choices): string {
  const mailbox = name
    .toLowerCase()
    .replace(/[äöüßı]/g, (letter) => plainLetters[letter] ?? letter)
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[^a-z]+/g, ".")
    .replace(/^\.|\.$/g, "");
  return `${mailbox}@${choices.pick(mailHosts)}`;
}

/** Somebody with a car; nine in ten leave a phone number, some an address for mail. */
export function customerFor(choices: Choices): Customer {
  const name = choices.chance(0.08)
    ? choices.pick(companies)
    : `${choices.pick(firstNames)} ${choices.pick(lastNames)}`;
  return {
    name,
    ...(choices.chance(0.9) && { phone: phone(choices) }),
    ...(choices.chance(0.4) && { email: email(name, choices) }),
  };
}
