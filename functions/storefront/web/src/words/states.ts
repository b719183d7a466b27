/** How far things are that several roles see: consignments and settlements. */
import { catalogue } from "./language";

export const stateWords = catalogue(
  {
    consignment: {
      expected: "Dinanti",
      in_transit: "Di jalan",
      received: "Diterima",
    },
    settlement: { owed: "Belum dibayar", partially_paid: "Dibayar sebagian", paid: "Lunas" },
  },
  {
    consignment: {
      expected: "Expected",
      in_transit: "On the way",
      received: "Received",
    },
    settlement: { owed: "Not paid yet", partially_paid: "Partly paid", paid: "Paid" },
  },
);

/** A state's word; one that this page does not know yet is shown as it is. */
export function inWord(words: Record<string, string>, state: string): string {
  return words[state] ?? state;
}
