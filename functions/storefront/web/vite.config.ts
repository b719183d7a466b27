import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { defineConfig, type Plugin } from "vite";

const BUILT = "../built";
const PACKABLE = /\.(html|js|css|svg|webmanifest)$/;

function built(): string[] {
  const root = join(import.meta.dirname, BUILT);
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}

/** Tell the service worker which files this build is made of: it keeps them all, under one name. */
function listForWorker(): Plugin {
  return {
    name: "list-for-worker",
    apply: "build",
    closeBundle() {
      const files = built().filter((file) => file !== "sw.js" && !file.endsWith(".map"));
      const digest = createHash("sha256");
      for (const file of files.sort()) digest.update(file).update(readFileSync(join(import.meta.dirname, BUILT, file)));
      const urls = files.map((file) => (file === "index.html" ? "/" : `/${file}`));
      const worker = join(import.meta.dirname, BUILT, "sw.js");
      const text = readFileSync(worker, "utf8")
        .replace(/["'`]__BUILD__["'`]/, JSON.stringify(digest.digest("hex").slice(0, 16)))
        .replace(/["'`]__FILES__["'`]/, JSON.stringify(JSON.stringify(urls)));
      writeFileSync(worker, text);
    },
  };
}

/** Fetch the member's pages beside the shell, not after it: most people who come are members. */
function preloadMember(): Plugin {
  return {
    name: "preload-member",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle }) {
        const member = Object.values(bundle ?? {}).find((part) => part.type === "chunk" && part.name === "member");
        return member ? [{ tag: "link", injectTo: "head", attrs: { rel: "modulepreload", href: `/${member.fileName}` } }] : [];
      },
    },
  };
}

/** Put a brotli and a gzip form beside each text, so that no function packs anything while somebody waits. */
function packAhead(): Plugin {
  return {
    name: "pack-ahead",
    apply: "build",
    closeBundle() {
      for (const file of built().filter((name) => PACKABLE.test(name))) {
        const path = join(import.meta.dirname, BUILT, file);
        const body = readFileSync(path);
        const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
        writeFileSync(`${path}.br`, brotliCompressSync(body, quality));
        writeFileSync(`${path}.gz`, gzipSync(body, { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  build: {
    outDir: BUILT,
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: { app: join(import.meta.dirname, "index.html"), sw: join(import.meta.dirname, "src/app/worker.ts") },
      output: {
        entryFileNames: (chunk) => (chunk.name === "sw" ? "sw.js" : "assets/[name]-[hash].js"),
        chunkFileNames: "assets/[name]-[hash].js",
        assetFileNames: "assets/[name]-[hash][extname]",
      },
    },
  },
  plugins: [preloadMember(), listForWorker(), packAhead()],
});
