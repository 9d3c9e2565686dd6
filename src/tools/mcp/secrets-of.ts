import type { McpServerConfig } from "../../protocol/agent/mcp.ts";

const secretName = /key|token|secret|password|credential/i;

/** What of a server's settings must never be shown; a function's headers are not known before they are sent. */
export const secretsOf = (config: McpServerConfig): string[] => {
  if ("command" in config)
    return Object.entries(config.env ?? {}).flatMap(([name, value]) => (secretName.test(name) ? [value] : []));
  const { url, headers = {}, oauth } = config;
  const fixed = typeof headers === "function" ? [] : Object.values(headers);
  return [
    ...fixed.map((value) => value.replace(/^(bearer|basic) /i, "")),
    ...new URL(url).searchParams.values(),
    ...[oauth?.clientSecret, oauth?.refreshToken].filter((secret) => secret !== undefined),
  ];
};
