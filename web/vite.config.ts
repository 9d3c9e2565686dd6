import tailwind from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { join } from "node:path";
import { defineConfig } from "vite";

const natter = process.env["NATTER_URL"] ?? "http://127.0.0.1:3210";

// a server in loopback mode answers only to its own address, and to its own pages
const toNatter = { target: natter, changeOrigin: true, rewriteWsOrigin: true, headers: { origin: natter } };

export default defineConfig({
  root: import.meta.dirname,
  // relative: a host may mount Natter under any path
  base: "./",
  plugins: [react(), tailwind()],
  resolve: { alias: { "natter/client": join(import.meta.dirname, "../src/client/natter-client.ts") } },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0,
    manifest: true,
    chunkSizeWarningLimit: 1_000,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  worker: { format: "es" },
  server: { host: "127.0.0.1", proxy: { "/v1": { ...toNatter, ws: true }, "/login": toNatter, "/docs": toNatter } },
});
