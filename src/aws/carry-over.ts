import { onSchedule } from "./carry-cars.ts";
import { lambdaCore } from "./service.ts";

/** The Lambda entry behind the schedule of the carry-over. */
export const handler = onSchedule(lambdaCore());
