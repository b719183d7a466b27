/** Rupiah, weights and times as people write them; all of them follow the language that is read. */
import { language } from "./language";

export type Zone = "Asia/Jakarta" | "Asia/Makassar" | "Asia/Jayapura";
const ZONES: Record<string, [id: string, en: string]> = {
  "Asia/Jakarta": ["WIB", "WIB"],
  "Asia/Makassar": ["WITA", "WITA"],
  "Asia/Jayapura": ["WIT", "WIT"],
};

const locale = () => (language.value === "en" ? "en-GB" : "id-ID");

/** 55000 → Rp55.000 (id), Rp55,000 (en) */
export function rupiah(amount: number): string {
  return `${amount < 0 ? "−" : ""}Rp${count(Math.abs(amount))}`;
}

/** 18000 → 18.000 (id), 18,000 (en) */
export function count(number: number): string {
  return new Intl.NumberFormat(locale()).format(number);
}

/** 500 → 500 g · 5000 → 5 kg · 2900000 → 2,9 t */
export function weight(grams: number): string {
  if (grams < 1_000) return `${count(grams)} g`;
  const [size, unit] = grams < 1_000_000 ? [1_000, "kg"] : [1_000_000, "t"];
  return `${new Intl.NumberFormat(locale(), { maximumFractionDigits: 2 }).format(grams / size)} ${unit}`;
}

/** What a pack is called: its weight is said once. Beras, 5000 → Beras 5 kg · Beras 5 kg, 5000 → Beras 5 kg */
export function packName(name: string, grams: number): string {
  const plain = (text: string) => text.toLowerCase().replace(/\s/g, "");
  return plain(name).includes(plain(weight(grams))) ? name : `${name} ${weight(grams)}`;
}

/** 55000 for 5000 g → Rp11.000/kg */
export function perKilogram(price: number, grams: number): string {
  return `${rupiah(Math.round((price * 1_000) / grams))}/kg`;
}

export function percent(share: number): string {
  return new Intl.NumberFormat(locale(), { style: "percent", maximumFractionDigits: 1 }).format(share);
}

/** Sel, 7 Apr 2020, 08.00 WIB */
export function moment(at: string, zone: string = "Asia/Jakarta"): string {
  return `${day(at, zone)}, ${clock(at, zone)}`;
}

/** Sel, 7 Apr 2020; a date without a time is that day everywhere */
export function day(at: string, zone: string = "Asia/Jakarta"): string {
  const dateOnly = at.length === 10;
  const shown = { weekday: "short", day: "numeric", month: "short", year: "numeric" } as const;
  return new Intl.DateTimeFormat(locale(), { ...shown, timeZone: dateOnly ? "UTC" : zone }).format(new Date(at));
}

/** 08.00 WIB */
export function clock(at: string, zone: string = "Asia/Jakarta"): string {
  const time = new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit", timeZone: zone, hour12: false });
  return `${time.format(new Date(at))} ${ZONES[zone]?.[language.value === "en" ? 1 : 0] ?? zone}`;
}

/** 93784 s → 1 hari 2 jam · 3784 s → 1 jam 3 menit · 184 s → 3 menit 4 detik */
export function span(seconds: number): string {
  const left = Math.max(0, Math.floor(seconds));
  const units = language.value === "en" ? ["d", "h", "min", "s"] : ["hari", "jam", "menit", "detik"];
  const parts = [Math.floor(left / 86_400), Math.floor(left / 3_600) % 24, Math.floor(left / 60) % 60, left % 60];
  const first = parts.findIndex((part) => part > 0);
  if (first < 0) return `0 ${units[3]}`;
  return [first, first + 1]
    .filter((place) => place < 4 && parts[place])
    .map((place) => `${parts[place]} ${units[place]}`)
    .join(" ");
}
