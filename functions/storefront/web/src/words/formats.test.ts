import { afterEach, describe, expect, test, vi } from "vitest";

vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined });
vi.stubGlobal("document", { documentElement: {} });
const { clock, day, moment, packName, perKilogram, rupiah, span, weight } = await import("./formats");
const { language } = await import("./language");

afterEach(() => void (language.value = "id"));

describe("as people write it", () => {
  test.each([
    [55_000, "Rp55.000", "Rp55,000"],
    [0, "Rp0", "Rp0"],
    [-1_000, "−Rp1.000", "−Rp1,000"],
  ])("%i rupiah", (amount, id, en) => {
    expect(rupiah(amount)).toBe(id);
    language.value = "en";
    expect(rupiah(amount)).toBe(en);
  });

  test.each([
    [500, "500 g"],
    [5_000, "5 kg"],
    [1_500, "1,5 kg"],
    [2_900_000, "2,9 t"],
  ])("%i grams", (grams, text) => expect(weight(grams)).toBe(text));

  test.each([
    ["Beras", "Beras 5 kg"],
    ["Beras 5 kg", "Beras 5 kg"],
    ["Beras 5KG premium", "Beras 5KG premium"],
  ])("a pack of %s", (name, called) => expect(packName(name, 5_000)).toBe(called));

  test("a price by the kilogram", () => expect(perKilogram(55_000, 5_000)).toBe("Rp11.000/kg"));

  test.each([
    ["Asia/Jakarta", "08.00 WIB"],
    ["Asia/Makassar", "09.00 WITA"],
    ["Asia/Jayapura", "10.00 WIT"],
  ])("a time in %s", (zone, text) => expect(clock("2020-04-07T01:00:00Z", zone)).toBe(text));

  test("a moment and a day", () => {
    expect(moment("2020-04-06T17:30:00Z")).toBe("Sel, 7 Apr 2020, 00.30 WIB");
    expect(day("2020-04-10", "Asia/Jayapura")).toBe("Jum, 10 Apr 2020");
  });

  test.each([
    [93_784, "1 hari 2 jam"],
    [3_784, "1 jam 3 menit"],
    [184, "3 menit 4 detik"],
    [59, "59 detik"],
    [86_400, "1 hari"],
    [0, "0 detik"],
    [-5, "0 detik"],
  ])("%i seconds", (seconds, text) => expect(span(seconds)).toBe(text));
});
