import { cacheCompiled } from "./compile-cache.ts";

cacheCompiled();

// whoever reads the output may have seen enough of it, as `head` does
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

// what is imported before the cache is there would be compiled each time
const { runCli } = await import("./run-cli.ts");
process.exitCode = await runCli(process.argv.slice(2));
