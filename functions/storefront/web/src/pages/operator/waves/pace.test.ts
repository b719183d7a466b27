import { expect, test } from "vitest";
import { perMinute, type Sample, sampled } from "./pace";

const at = (minute: number, orders: number, seconds = 0): Sample => ({ at: (minute * 60 + seconds) * 1_000, orders });

test("the last number of a minute counts for it, and an hour is kept", () => {
  expect(sampled([at(1, 4)], at(1, 6, 30))).toEqual([at(1, 6, 30)]);
  expect(sampled([at(1, 4), at(50, 9)], at(80, 12))).toEqual([at(50, 9), at(80, 12)]);
});

test("orders of each minute are told apart", () => {
  expect(perMinute([at(0, 4), at(1, 6), at(2, 6)], 2 * 60_000, 2)).toEqual([2, 0]);
});

test("what came while nobody looked is spread over that while", () => {
  expect(perMinute([at(0, 4), at(3, 10)], 3 * 60_000, 2)).toEqual([2, 2, 2]);
});

test("without samples there are minutes without orders", () => {
  expect(perMinute([], 100 * 60_000, 3)).toEqual([0, 0, 0]);
});
