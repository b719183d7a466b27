/** The words of the member's pages. */
import { catalogue } from "./language";

export const memberWords = catalogue(
  {
    waves: {
      title: "Gelombang belanja",
      lead: "Bahan pokok langsung dari koperasi petani, diambil di titik ambil atau diantar.",
      open: "Sedang dibuka",
      coming: "Segera dibuka",
      past: "Sudah ditutup",
      none: "Belum ada gelombang yang dibuka",
      noneWhy: "Gelombang berikutnya tampil di sini begitu dijadwalkan.",
      closesIn: "Ditutup dalam",
      opensIn: "Dibuka dalam",
      delivery: (day: string) => `Diambil atau diantar ${day}`,
      from: (price: string) => `mulai ${price}`,
    },
    state: {
      scheduled: "Segera dibuka",
      open: "Dibuka",
      closed: "Ditutup",
      allocated: "Dibagikan",
      delivering: "Sedang diantar",
      completed: "Selesai",
      cancelled: "Dibatalkan",
    },
  },
  {
    waves: {
      title: "Shopping waves",
      lead: "Staple food straight from farmers' cooperatives, fetched at a drop-off or brought home.",
      open: "Open now",
      coming: "Opening soon",
      past: "Closed",
      none: "No wave is open yet",
      noneWhy: "The next one appears here as soon as it is planned.",
      closesIn: "Closes in",
      opensIn: "Opens in",
      delivery: (day: string) => `Fetched or delivered ${day}`,
      from: (price: string) => `from ${price}`,
    },
    state: {
      scheduled: "Opening soon",
      open: "Open",
      closed: "Closed",
      allocated: "Allocated",
      delivering: "Under way",
      completed: "Completed",
      cancelled: "Cancelled",
    },
  },
);
