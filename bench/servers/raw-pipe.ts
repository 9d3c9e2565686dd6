import { Agent, createServer, request as ask } from "node:http";
import { text } from "node:stream/consumers";

// The practical limit of a relay on Node: the provider's bytes go through untouched.
const upstream = new URL("/v1/chat/completions", process.env["UPSTREAM"]);
const agent = new Agent({ keepAlive: true, maxSockets: Infinity, maxFreeSockets: 20_000 });

createServer((request, response) => {
  if (request.method === "GET") return void response.end("ok");
  void text(request).then((body) => {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const call = ask(upstream, { method: "POST", agent, headers }, (answer) => {
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
      answer.pipe(response);
    });
    response.once("close", () => call.destroy());
    call.once("error", () => response.destroy());
    call.end(body);
  });
}).listen(Number(process.env["PORT"]), "127.0.0.1", 8_192);
