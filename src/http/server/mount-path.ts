import type { IncomingMessage } from "node:http";

/** A path prefix that may stand in `Location`: never one that a browser takes for another host. */
const safePrefix = /^(\/[A-Za-z0-9._~-]+)+$/;

/** The prefix that a host's router has taken off (`originalUrl` of Connect, Express and their like); null without one. */
export const strippedPrefix = (incoming: IncomingMessage | undefined): string | null => {
  if (incoming === undefined || !("originalUrl" in incoming) || typeof incoming.originalUrl !== "string") return null;
  const { originalUrl, url = "" } = incoming;
  if (url === "") return null;
  // of "/natter" itself a router leaves "/"
  const rest = originalUrl.endsWith(url) ? url : url.slice(1);
  if (!originalUrl.endsWith(rest) || (rest !== url && !/^(\?|$)/.test(rest))) return null;
  const prefix = originalUrl.slice(0, originalUrl.length - rest.length);
  return safePrefix.test(prefix) ? prefix : null;
};

/** The path below the mount, where a host has not taken the prefix off. */
export const withoutPrefix = (path: string, prefix: string): string =>
  prefix !== "" && (path === prefix || path.startsWith(`${prefix}/`)) ? path.slice(prefix.length) || "/" : path;
