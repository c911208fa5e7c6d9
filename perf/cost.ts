/** Prints the tables of docs/COST.md: `npm run cost`. */
import { costDocument } from "./cost/model.ts";

console.log(costDocument().join("\n\n"));
