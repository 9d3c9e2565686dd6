import { runCli } from "./run-cli.ts";

// whoever reads the output may have seen enough of it, as `head` does
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

process.exitCode = await runCli(process.argv.slice(2));
