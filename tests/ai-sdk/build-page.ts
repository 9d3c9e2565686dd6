import { join } from "node:path";
import { build } from "vite";

/** The page with the real useChat, as one script. */
export const buildPage = async (): Promise<string> => {
  const built = await build({
    configFile: false,
    root: join(import.meta.dirname, "page"),
    logLevel: "error",
    define: { "process.env.NODE_ENV": JSON.stringify("production") },
    build: {
      write: false,
      target: "es2023",
      minify: false,
      rolldownOptions: { input: join(import.meta.dirname, "page/main.ts"), output: { codeSplitting: false } },
    },
  });
  const output = [built].flat().flatMap((result) => ("output" in result ? result.output : []));
  const script = output.find((file) => file.type === "chunk");
  if (script === undefined) throw new Error("vite built no script");
  return script.code;
};
