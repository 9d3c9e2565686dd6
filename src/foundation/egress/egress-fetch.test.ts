import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { NatterError } from "../errors.ts";
import { createEgressFetch, type EgressOptions } from "./egress-fetch.ts";

interface Listener {
  readonly port: number;
  readonly connections: readonly Socket[];
  readonly requests: readonly { readonly method: string; readonly url: string; readonly headers: object }[];
}

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }
});

const listen = async (answer: RequestListener = (_request, response) => response.end("ok")): Promise<Listener> => {
  const connections: Socket[] = [];
  const requests: { method: string; url: string; headers: object }[] = [];
  const server = createServer((request, response) => {
    requests.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers });
    answer(request, response);
  });
  server.on("connection", (socket) => connections.push(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  servers.push(server);
  return { port: (server.address() as AddressInfo).port, connections, requests };
};

/** A client that takes any port, so that only the address decides. */
const clientFor = ({ port }: Listener, options: EgressOptions = {}) =>
  createEgressFetch({ ports: [port, 80, 443], headMs: 20_000, ...options });

const allowed = (listener: Listener, options: EgressOptions = {}) =>
  clientFor(listener, { allow: [`127.0.0.1:${listener.port}`], ...options });

const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "none",
    (thrown: unknown) => (thrown instanceof NatterError ? thrown.code : String(thrown)),
  );

describe("S25 a URL that leads inside", () => {
  it.each([
    "http://127.0.0.1:PORT/",
    "http://2130706433:PORT/",
    "http://0x7f000001:PORT/",
    "http://0x7f.0x0.0x0.0x1:PORT/",
    "http://0177.0.0.1:PORT/",
    "http://017700000001:PORT/",
    "http://127.1:PORT/",
    "http://127.0.1:PORT/",
    "http://①②⑦.⓪.⓪.①:PORT/",
    "http://127。0。0。1:PORT/",
    "http://127.0.0.1.:PORT/",
    "http://[::1]:PORT/",
    "http://[::ffff:127.0.0.1]:PORT/",
    "http://[::ffff:7f00:1]:PORT/",
    "http://[64:ff9b::7f00:1]:PORT/",
    "http://[2002:7f00:1::]:PORT/",
    "http://0:PORT/",
    "http://0.0.0.0:PORT/",
    "http://[::]:PORT/",
    "http://localhost:PORT/",
    "http://LOCALHOST.:PORT/",
    "http://%31%32%37.0.0.1:PORT/",
    "http://user@127.0.0.1:PORT/",
    "http://example.com@127.0.0.1:PORT/",
    "http://169.254.169.254/latest/meta-data/",
    "http://2852039166/",
    "http://0xA9.0xFE.0xA9.0xFE/",
    "http://[::ffff:169.254.169.254]/",
    "http://[fd00:ec2::254]/",
    "http://100.100.100.200/",
    "http://10.0.0.1/",
  ])("%s is refused, and no socket is opened", async (form) => {
    const listener = await listen();
    const fetch = clientFor(listener);
    expect(await codeOf(fetch(form.replace("PORT", String(listener.port))))).toBe("unprocessable");
    expect(listener.connections).toHaveLength(0);
  });

  it.each([
    "file:///etc/passwd",
    "gopher://127.0.0.1/",
    "data:text/plain,x",
    "ftp://example.com/",
    "javascript:1",
    "x",
  ])("%s is refused", async (url) => {
    expect(await codeOf(createEgressFetch()(url))).toBe("unprocessable");
  });

  it.each([22, 25, 6379, 5432, 9200])("port %i of a public host is refused before it is resolved", async (port) => {
    let resolved = 0;
    const fetch = createEgressFetch({
      resolve: async () => {
        resolved += 1;
        return ["93.184.216.34"];
      },
    });
    expect(await codeOf(fetch(`http://example.com:${port}/`))).toBe("unprocessable");
    expect(resolved).toBe(0);
  });

  it("is refused by the same words as a name that nobody knows", async () => {
    const listener = await listen();
    const inside = clientFor(listener, { resolve: async () => ["10.0.0.1"] });
    const unknown = clientFor(listener, { resolve: () => Promise.reject(new Error("ENOTFOUND")) });
    const words = await Promise.all(
      [inside, unknown].map((fetch) => fetch("http://secret.internal/").catch((thrown: Error) => thrown.message)),
    );
    expect(words[0]).toBe(words[1]);
    expect(words[0]).not.toContain("10.0.0.1");
  });

  it("is refused when only one of its addresses is inside", async () => {
    const listener = await listen();
    const fetch = clientFor(listener, { resolve: async () => ["93.184.216.34", "127.0.0.1"] });
    expect(await codeOf(fetch(`http://both.example:${listener.port}/`))).toBe("unprocessable");
    expect(listener.connections).toHaveLength(0);
  });

  it("is asked once for its addresses: a name that changes them afterwards goes nowhere", async () => {
    const listener = await listen();
    let asked = 0;
    const fetch = clientFor(listener, {
      headMs: 300,
      resolve: async () => {
        asked += 1;
        // a network for documentation by the operator's leave: nobody answers there
        return asked === 1 ? ["198.51.100.7"] : ["127.0.0.1"];
      },
      allow: ["198.51.100.0/24"],
    });
    expect(await codeOf(fetch(`http://rebinding.example:${listener.port}/`))).toMatch(/^provider_/);
    expect(asked).toBe(1);
    expect(listener.connections).toHaveLength(0);
  });

  it("is reached when the operator allows its host or its network", async () => {
    const listener = await listen();
    expect(await (await allowed(listener)(`http://127.0.0.1:${listener.port}/`)).text()).toBe("ok");
    const byNetwork = clientFor(listener, { allow: ["127.0.0.0/8"], resolve: async () => ["127.0.0.1"] });
    expect(await (await byNetwork(`http://tasks:${listener.port}/`)).text()).toBe("ok");
    const otherPort = clientFor(listener, { allow: ["127.0.0.1:1"] });
    expect(await codeOf(otherPort(`http://127.0.0.1:${listener.port}/`))).toBe("unprocessable");
    expect(listener.connections).toHaveLength(2);
  });
});

describe("S26 a redirect", () => {
  it("to this machine is refused at its hop", async () => {
    const inner = await listen();
    const outer = await listen((_request, response) =>
      response.writeHead(302, { location: `http://localhost:${inner.port}/` }).end(),
    );
    const fetch = createEgressFetch({ ports: [outer.port, inner.port], allow: [`127.0.0.1:${outer.port}`] });
    expect(await codeOf(fetch(`http://127.0.0.1:${outer.port}/`))).toBe("unprocessable");
    expect(outer.connections).toHaveLength(1);
    expect(inner.connections).toHaveLength(0);
  });

  it.each(["file:///etc/passwd", "http://[", "gopher://x/"])("to %s is refused", async (location) => {
    const outer = await listen((_request, response) => response.writeHead(302, { location }).end());
    expect(await codeOf(allowed(outer)(`http://127.0.0.1:${outer.port}/`))).toBe("unprocessable");
  });

  it("after five others is refused", async () => {
    const listener = await listen((_request, response) => response.writeHead(302, { location: "/again" }).end());
    expect(await codeOf(allowed(listener)(`http://127.0.0.1:${listener.port}/`))).toBe("unprocessable");
    expect(listener.requests).toHaveLength(6);
  });

  it("takes no credentials to another origin, and makes a POST a GET as fetch does", async () => {
    const other = await listen();
    const listener = await listen((_request, response) =>
      response.writeHead(302, { location: `http://127.0.0.1:${other.port}/` }).end(),
    );
    const fetch = createEgressFetch({ allow: [`127.0.0.1:${listener.port}`, `127.0.0.1:${other.port}`] });
    const headers = { authorization: "Bearer secret", cookie: "a=b", "content-type": "text/plain", "x-kept": "yes" };
    await (await fetch(`http://127.0.0.1:${listener.port}/`, { method: "POST", body: "hello", headers })).text();
    expect(listener.requests[0]).toMatchObject({ method: "POST", headers: { authorization: "Bearer secret" } });
    expect(other.requests[0]).toMatchObject({ method: "GET", headers: { "x-kept": "yes" } });
    for (const name of ["authorization", "cookie", "content-type", "content-length"])
      expect(other.requests[0]?.headers).not.toHaveProperty(name);
  });

  it("is handed to the caller that asks for it, or refused", async () => {
    const listener = await listen((_request, response) => response.writeHead(307, { location: "/x" }).end());
    const fetch = allowed(listener);
    const url = `http://127.0.0.1:${listener.port}/`;
    expect((await fetch(url, { redirect: "manual" })).status).toBe(307);
    expect(await codeOf(fetch(url, { redirect: "error" }))).toBe("unprocessable");
  });
});

describe("S27 an answer", () => {
  const ask = async (answer: RequestListener, options: EgressOptions = {}) => {
    const listener = await listen(answer);
    const url = `http://127.0.0.1:${listener.port}/`;
    const work = allowed(listener, options)(url).then((response) => response.text());
    return { code: await codeOf(work), text: await work.catch(() => null), listener };
  };

  it("comes whole, with its status and headers", async () => {
    const listener = await listen((_request, response) =>
      response.writeHead(404, { "x-one": "1", "content-type": "text/plain" }).end("nothing here"),
    );
    const response = await allowed(listener)(`http://127.0.0.1:${listener.port}/a?b=c#d`);
    expect([response.status, response.headers.get("x-one"), await response.text()]).toEqual([404, "1", "nothing here"]);
    expect(listener.requests[0]?.url).toBe("/a?b=c");
  });

  it("is decompressed, and capped by what it is then", async () => {
    const text = "x".repeat(10_000);
    const small = await ask((_request, response) =>
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(text)),
    );
    expect(small.text).toBe(text);
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    expect(bomb.length).toBeLessThan(100_000);
    const large = await ask((_request, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(bomb), {
      maxBytes: 1_000_000,
    });
    expect(large.code).toBe("too_large");
  });

  it.each(["gzip, gzip", "compress", "zstd"])("in the encoding %s is refused", async (encoding) => {
    const { code } = await ask((_request, response) =>
      response.writeHead(200, { "content-encoding": encoding }).end("x"),
    );
    expect(code).toBe("provider_failed");
  });

  it("that never ends is cut at the cap, and its socket closed", async () => {
    let closed = false;
    const { code, listener } = await ask(
      (request, response) => {
        const piece = Buffer.alloc(65_536);
        request.once("close", () => (closed = true));
        const write = (): void => {
          while (!response.destroyed && response.write(piece));
        };
        response.on("drain", write);
        write();
      },
      { maxBytes: 1_000_000 },
    );
    expect(code).toBe("too_large");
    await expect.poll(() => listener.connections.every(({ destroyed }) => destroyed)).toBe(true);
    expect(closed).toBe(true);
  });

  it("that begins and then says nothing ends when its time is over", async () => {
    const { code } = await ask((_request, response) => response.write("a"), { totalMs: 300 });
    expect(code).toBe("provider_timeout");
  });

  it("that never begins ends when the time of its head is over", async () => {
    const { code } = await ask(() => {}, { headMs: 200 });
    expect(code).toBe("provider_timeout");
  });

  it("whose length was a lie has failed", async () => {
    const { code } = await ask((_request, response) => {
      response.writeHead(200, { "content-length": "1000" });
      response.write("short", () => response.socket?.end());
    });
    expect(code).not.toBe("none");
  });

  it("with endless headers is refused", async () => {
    const { code } = await ask((_request, response) => {
      response.socket?.write(`HTTP/1.1 200 OK\r\nx-long: ${"x".repeat(60_000)}\r\n\r\n`);
    });
    expect(code).toBe("provider_unreachable");
  });

  it.each([false, true])("is given up with the reason of the caller; it had begun: %s", async (begins) => {
    const listener = await listen((_request, response) => void (begins && response.write("a")));
    const controller = new AbortController();
    const reason = new Error("the caller left");
    const work = allowed(listener)(`http://127.0.0.1:${listener.port}/`, { signal: controller.signal });
    const text = work.then((response) => response.text());
    await expect.poll(() => listener.requests.length).toBe(1);
    if (begins) await work;
    controller.abort(reason);
    await expect(text).rejects.toBe(reason);
    await expect.poll(() => listener.connections.every(({ destroyed }) => destroyed)).toBe(true);
  });
});
