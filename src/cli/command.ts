/** What a command of the shell does; answers its exit code. */
export type RunCommand = (args: readonly string[]) => Promise<number>;

/** Exit codes (sysexits.h for the second). */
export const failed = 1;
export const misused = 64;

interface Command {
  readonly usage: string;
  readonly about: string;
  load(): Promise<RunCommand>;
}

/** Every command, loaded when it is asked for. */
export const commands: Readonly<Record<string, Command>> = {
  start: {
    usage: "start [--role all|web|worker] [--port <port>] [--host <address>]",
    about: "serve Natter until it is told to stop; also without any command",
    load: async () => (await import("./start.ts")).start,
  },
  migrate: {
    usage: "migrate",
    about: "bring the database to this version",
    load: async () => (await import("./migrate.ts")).migrate,
  },
  doctor: {
    usage: "doctor",
    about: "look for what is missing or wrong, and say what to do",
    load: async () => (await import("./doctor.ts")).doctor,
  },
  key: {
    usage:
      "key create --name <name> [--expires <date|days>d] [--scopes read,chat] | key list | key revoke <id>   [--user <id>] [--workspace <id>]",
    about: "API keys",
    load: async () => (await import("./key.ts")).key,
  },
  user: {
    usage:
      "user create --email <address> [--name <name>] [--password-stdin] | user list | user suspend|unsuspend <id or address> | user invite --workspace <id> [--role <role>]",
    about: "built-in accounts and invitations",
    load: async () => (await import("./user.ts")).user,
  },
  export: {
    usage: "export [--output <file>] [--format zip|jsonl|markdown] [--user <id>] [--workspace <id>]",
    about: "take somebody's conversations out, with files and artifacts",
    load: async () => (await import("./export.ts")).exportCommand,
  },
  import: {
    usage: "import <file> [--user <id>] [--workspace <id>]",
    about: "bring an export of Natter, ChatGPT or Claude along",
    load: async () => (await import("./import.ts")).importCommand,
  },
  mcp: {
    usage: "mcp login <server> [--client-id <id>] [--client-secret <secret>] [--scope <scope>]",
    about: "sign in to an MCP server of natter.config.ts by a browser, and print its settings",
    load: async () => (await import("./mcp.ts")).mcp,
  },
  openapi: {
    usage: "openapi",
    about: "print the description of the HTTP API (OpenAPI 3.1)",
    load: async () => (await import("./openapi.ts")).openapi,
  },
};

/** All that `natter help` says. */
export const usage = [
  "Usage: natter [command]",
  "",
  ...Object.values(commands).flatMap((command) => [`  natter ${command.usage}`, `      ${command.about}`]),
  "  natter help | --help | --version",
  "",
  "Settings come from the environment and natter.config.ts; README.md lists them.",
].join("\n");
