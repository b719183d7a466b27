import { expect, test } from "vitest";
import { fromLocal, toLocal } from "./local-time";

test("a moment is typed as the clock on the wall says", () => {
  expect(toLocal("2020-04-07T01:00:00Z", "Asia/Jakarta")).toBe("2020-04-07T08:00");
  expect(toLocal("2020-04-07T20:30:00Z", "Asia/Jayapura")).toBe("2020-04-08T05:30");
});

test("what was typed is the moment that it came from", () => {
  for (const zone of ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"] as const) {
    expect(new Date(fromLocal(toLocal("2020-04-07T01:00:00Z", zone), zone)).toISOString()).toBe("2020-04-07T01:00:00.000Z");
  }
});
