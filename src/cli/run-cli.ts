import { version } from "../version.ts";
import { commands, failed, misused, usage } from "./command.ts";
import { explain, isMisuse } from "./explain.ts";

const informed = (text: string): number => {
  console.log(text);
  return 0;
};

/** Runs a command line without the program's name; answers the exit code. */
export const runCli = async (line: readonly string[]): Promise<number> => {
  const [first = "start", ...rest] = line;
  if (["help", "--help", "-h"].includes(first) || rest.includes("--help") || rest.includes("-h"))
    return informed(usage);
  if (["--version", "-v", "version"].includes(first)) return informed(version);
  const isOption = first.startsWith("-");
  const name = isOption ? "start" : first;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    console.error(`There is no command "${name}".\n\n${usage}`);
    return misused;
  }
  try {
    const run = await command.load();
    return await run(isOption ? line : rest);
  } catch (thrown) {
    console.error(explain(thrown));
    if (!isMisuse(thrown)) return failed;
    console.error(`\nUsage: natter ${command.usage}`);
    return misused;
  }
};
