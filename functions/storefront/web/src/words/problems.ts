/** What happened, and what to do next, in plain words: for every code that the interface knows. */
import type { Problem } from "../api/problem";
import { catalogue, language } from "./language";

type Told = { what: string; next: string };

const told = catalogue(
  {
    offline: { what: "Tidak ada sambungan internet.", next: "Periksa jaringan Anda; kami coba lagi begitu tersambung." },
    unavailable: { what: "Layanan sedang terganggu.", next: "Tidak ada yang hilang. Tunggu sebentar, lalu coba lagi." },
    provider_unavailable: { what: "Mitra pembayaran atau kurir tidak menjawab.", next: "Coba lagi sebentar lagi; Anda tidak akan ditagih dua kali." },
    sign_in: { what: "Anda belum masuk, atau sesi Anda sudah berakhir.", next: "Masuk lagi; isian Anda tetap tersimpan di perangkat ini." },
    unauthenticated: { what: "Sesi Anda sudah berakhir.", next: "Masuk lagi; isian Anda tetap tersimpan di perangkat ini." },
    forbidden: { what: "Peran Anda tidak boleh melakukan ini.", next: "Hubungi kantor program bila ini keliru." },
    not_found: { what: "Tidak ditemukan.", next: "Mungkin alamatnya keliru, atau ini bukan milik Anda." },
    not_eligible: { what: "Instansi Anda tidak ikut gelombang ini.", next: "Pilih gelombang lain, atau tanyakan kepada penanggung jawab." },
    wave_not_open: { what: "Gelombang ini tidak sedang dibuka.", next: "Lihat gelombang lain yang masih dibuka." },
    sold_out: { what: "Sebagian pilihan Anda sudah habis.", next: "Kurangi jumlahnya atau pilih kemasan lain. Belum ada yang dipesan." },
    limit_exceeded: { what: "Melebihi batas.", next: "Kurangi jumlahnya, lalu coba lagi." },
    invalid_state: { what: "Langkah ini tidak dapat dilakukan sekarang.", next: "Muat ulang untuk melihat keadaan terbaru." },
    amount_mismatch: { what: "Jumlah uang tidak cocok dengan yang harus dibayar.", next: "Periksa jumlahnya sekali lagi." },
    invalid_request: { what: "Ada isian yang belum benar.", next: "Perbaiki yang ditandai, lalu kirim lagi." },
    idempotency_key_required: { what: "Permintaan tidak lengkap.", next: "Muat ulang halaman ini, lalu coba lagi." },
    idempotency_key_reused: { what: "Permintaan ini sudah pernah dikirim dengan isi lain.", next: "Muat ulang halaman ini, lalu coba lagi." },
    too_many_requests: { what: "Terlalu banyak percobaan.", next: "Tunggu sebentar, lalu coba lagi." },
    wrong_code: { what: "Kode pengambilan tidak cocok.", next: "Minta anggota membuka kodenya lagi. Setelah lima kali keliru, pesanan dikunci 15 menit." },
    code_locked: { what: "Kode pesanan ini sudah lima kali keliru.", next: "Tunggu 15 menit, lalu coba lagi. Layani dulu yang berikutnya." },
    unlisted_order: { what: "Pesanan ini tidak ada di daftar yang dibawa perangkat ini.", next: "Barangnya belum datang, sudah diambil, atau milik titik lain. Periksa lagi begitu ada jaringan." },
    no_list: { what: "Perangkat ini belum membawa daftar kode.", next: "Buka halaman ini sekali saat ada jaringan, sebelum melayani tanpa jaringan." },
    outdated_list: { what: "Daftar kode di perangkat ini sudah kedaluwarsa.", next: "Cari jaringan sebentar agar daftarnya diperbarui." },
    unsigned_list: { what: "Daftar kode yang diterima tidak dapat dipercaya.", next: "Jangan dipakai. Muat ulang, dan laporkan kepada kantor program bila tetap begini." },
    handed_over_twice: { what: "Barang ini sudah diserahkan lewat perangkat lain.", next: "Diserahkan satu kali dalam catatan; kantor program memeriksanya. Cocokkan dengan rekan Anda." },
    no_camera: { what: "Kamera tidak dapat dipakai.", next: "Izinkan kamera di peramban ini, atau ketik enam angka kodenya." },
    too_large: { what: "Yang dikirim terlalu besar.", next: "Kirim dalam bagian yang lebih kecil." },
    other: { what: "Permintaan tidak dapat dilakukan.", next: "Coba lagi, atau hubungi penanggung jawab." },
  },
  {
    offline: { what: "There is no internet connection.", next: "Check your network; we try again once you are back." },
    unavailable: { what: "The service is out of order.", next: "Nothing is lost. Wait a moment, then try again." },
    provider_unavailable: { what: "The payment partner or courier does not answer.", next: "Try again in a moment; you will not be charged twice." },
    sign_in: { what: "You are not signed in, or your session has ended.", next: "Sign in again; what you entered stays on this device." },
    unauthenticated: { what: "Your session has ended.", next: "Sign in again; what you entered stays on this device." },
    forbidden: { what: "Your role may not do this.", next: "Ask the programme office if that is wrong." },
    not_found: { what: "Not found.", next: "The address may be wrong, or this is not yours." },
    not_eligible: { what: "Your institution does not take part in this wave.", next: "Choose another wave, or ask your person in charge." },
    wave_not_open: { what: "This wave is not open.", next: "Look for another wave that is." },
    sold_out: { what: "Some of what you chose is sold out.", next: "Take fewer, or another pack. Nothing has been ordered yet." },
    limit_exceeded: { what: "That is over the limit.", next: "Take fewer, then try again." },
    invalid_state: { what: "This step is not possible now.", next: "Reload to see how things stand." },
    amount_mismatch: { what: "The amount is not what is owed.", next: "Check the amount once more." },
    invalid_request: { what: "Something you entered is not right yet.", next: "Correct what is marked, then send it again." },
    idempotency_key_required: { what: "The request was incomplete.", next: "Reload this page, then try again." },
    idempotency_key_reused: { what: "This request was sent before with other content.", next: "Reload this page, then try again." },
    too_many_requests: { what: "Too many attempts.", next: "Wait a moment, then try again." },
    wrong_code: { what: "The pick-up code does not match.", next: "Ask the member to open their code again. Five wrong ones lock the order for 15 minutes." },
    code_locked: { what: "This order's code was wrong five times.", next: "Wait 15 minutes, then try again. Serve the next person meanwhile." },
    unlisted_order: { what: "This order is not on the list that this device took along.", next: "Its goods have not come, were fetched, or belong to another drop-off. Look again once there is a network." },
    no_list: { what: "This device has not taken along a list of codes.", next: "Open this page once with a network before serving without one." },
    outdated_list: { what: "The list of codes on this device is out of date.", next: "Find a network for a moment so that it can be renewed." },
    unsigned_list: { what: "The list of codes that came cannot be trusted.", next: "Do not use it. Reload, and tell the programme office if it stays like this." },
    handed_over_twice: { what: "These goods were handed over by another device already.", next: "They are on record once; the programme office looks into it. Compare with your colleague." },
    no_camera: { what: "The camera cannot be used.", next: "Allow the camera in this browser, or type the six digits." },
    too_large: { what: "What was sent is too large.", next: "Send it in smaller parts." },
    other: { what: "The request could not be carried out.", next: "Try again, or ask your person in charge." },
  },
);

/** The server's own sentence (in Bahasa Indonesia) says most: it is shown as `detail`, where it says more than ours. */
export function inWords(problem: Problem): Told & { detail: string | undefined } {
  const texts = told() as unknown as Record<string, Told>;
  const words = texts[problem.code] ?? texts["other"]!;
  const detail = language.value === "id" && problem.detail && problem.status !== 404 ? problem.detail : undefined;
  return { ...words, detail };
}
