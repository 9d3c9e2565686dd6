import { createServer } from "node:net";
import { finding, type Check } from "./finding.ts";

const patience = 2_000;

/** The error code of trying to listen there; null when it can be done. */
const tryListen = (port: number, host: string): Promise<string | null> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error) => resolve("code" in error ? String(error.code) : error.message));
    server.listen(port, host, () => server.close(() => resolve(null)));
  });

const isNatter = async (port: number, host: string): Promise<boolean> => {
  const reached = ["0.0.0.0", "::"].includes(host) ? "127.0.0.1" : host;
  const url = `http://${reached.includes(":") ? `[${reached}]` : reached}:${port}/healthz`;
  try {
    const response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(patience) });
    const body: unknown = await response.json();
    return typeof body === "object" && body !== null && "status" in body && body.status === "ok";
  } catch {
    // whatever listens there, it does not speak as Natter does
    return false;
  }
};

/** Whether the port can be had, or a Natter has it already. */
export const checkPort: Check = async ({ http: { port, host } }) => {
  const trouble = await tryListen(port, host);
  if (trouble === null) return [finding("ok", "port", `${host}:${port} is free`)];
  if (trouble === "EACCES")
    return [finding("bad", "port", `${port} needs rights that you lack`, "set PORT above 1023")];
  if (trouble !== "EADDRINUSE") return [finding("bad", "port", `${host}:${port}: ${trouble}`, "correct HOST or PORT")];
  return (await isNatter(port, host))
    ? [finding("ok", "port", `a server answers on ${host}:${port}`)]
    : [finding("bad", "port", `another program has ${host}:${port}`, "stop it, or set PORT to a free one")];
};
