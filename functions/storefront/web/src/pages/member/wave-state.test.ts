import { expect, test } from "vitest";
import { stateAt } from "./wave-state";

const OPENS = "2020-04-07T01:00:00Z";
const CLOSES = "2020-04-08T09:00:00Z";

test.each([
  ["scheduled", "2020-04-07T00:59:59Z", "scheduled"],
  ["scheduled", OPENS, "open"],
  ["scheduled", CLOSES, "closed"],
  ["open", "2020-04-08T08:59:59Z", "open"],
  ["open", CLOSES, "closed"],
  ["allocated", OPENS, "allocated"],
  ["cancelled", OPENS, "cancelled"],
])("told %s at %s it is %s", (state, now, is) => {
  expect(stateAt({ state, opens_at: OPENS, closes_at: CLOSES }, Date.parse(now))).toBe(is);
});
