import { join } from "node:path";
import { gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { build } from "vite";

const web = join(import.meta.dirname, "../../web");
// the app has these anyway: the thread's buttons, icons, Vite's loader of later parts
const outside = /^(react|react-dom|lucide-react)(\/|$)|^\.\.\/thread\/|vite\/preload-helper/;

type Chunk = Readonly<{
  type: string;
  fileName: string;
  code?: string;
  source?: string | Uint8Array;
  isEntry?: boolean;
  imports?: readonly string[];
  viteMetadata?: Readonly<{ importedCss: ReadonlySet<string> }>;
}>;

/** Bytes, compressed, that `web/src/markdown` adds to an app that has React, icons and buttons: what is loaded at once, and what later. */
export const bundleSize = async (): Promise<Readonly<{ atOnce: number; later: number }>> => {
  const output = await build({
    root: web,
    configFile: false,
    logLevel: "error",
    plugins: [react()],
    worker: { format: "es" },
    build: {
      write: false,
      minify: true,
      target: "es2023",
      rollupOptions: {
        input: join(web, "src/markdown/markdown.tsx"),
        external: outside,
        preserveEntrySignatures: "strict",
      },
    },
  });
  const [first] = Array.isArray(output) ? output : [output];
  if (first === undefined || !("output" in first)) throw new Error("the build gave no files");
  const files: readonly Chunk[] = first.output;
  const entry = files.find(({ isEntry }) => isEntry === true);
  const now = new Set([entry?.fileName, ...(entry?.imports ?? []), ...(entry?.viteMetadata?.importedCss ?? [])]);
  const sizeOf = (file: Chunk): number => gzipSync(file.code ?? file.source ?? "").length;
  const sum = (of: readonly Chunk[]): number => of.reduce((total, file) => total + sizeOf(file), 0);
  const parts = files.filter(({ fileName }) => /\.(js|css)$/.test(fileName));
  return {
    atOnce: sum(parts.filter(({ fileName }) => now.has(fileName))),
    later: sum(parts.filter(({ fileName }) => !now.has(fileName))),
  };
};
