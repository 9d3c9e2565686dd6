import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tailwind from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { build } from "vite";

const web = join(import.meta.dirname, "../../web");

/** Builds `web/stage` as for production into a new folder: messages shown by Natter's Markdown, or by Streamdown; or one answer in its thread. */
export const buildStage = async (shown: "markdown" | "streamdown" | "answer"): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), `natter-stage-${shown}-`));
  await build({
    root: join(web, "stage"),
    configFile: false,
    logLevel: "warn",
    base: "./",
    plugins: [
      react(),
      tailwind(),
      {
        name: "stage",
        transformIndexHtml: { order: "pre", handler: (html) => html.replace("markdown-stage", `${shown}-stage`) },
      },
    ],
    resolve: { alias: { "natter/client": join(web, "../src/client/natter-client.ts") } },
    worker: { format: "es" },
    build: {
      outDir: directory,
      emptyOutDir: true,
      target: "es2023",
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 5_000,
    },
  });
  return directory;
};
