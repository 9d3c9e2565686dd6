import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { problemResponse } from "../problem.ts";

/** Answers an upgrade with a problem, as any other request is refused, and ends the connection. */
export const refuseUpgrade = async (connection: Duplex, thrown: unknown, requestId: string): Promise<void> => {
  const response = problemResponse(thrown, requestId);
  const body = Buffer.from(await response.arrayBuffer());
  const headers = [...response.headers, ["content-length", String(body.length)], ["connection", "close"]];
  const head = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  if (connection.destroyed) return;
  connection.write(`HTTP/1.1 ${response.status} ${STATUS_CODES[response.status] ?? "Error"}\r\n${head}\r\n`);
  connection.end(body, () => connection.destroy());
};
