import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../../src/ports/database.ts";
import type { Attachment } from "../../src/protocol/resources.ts";
import { gifOf, pdf, pngOf } from "../../src/testing/databases/sample-files.ts";
import { testDatabases } from "../../src/testing/databases/test-databases.ts";
import { createFileWorld, type FileWorld } from "./file-world.ts";

const script = "<script>fetch('/v1/me')</script>";
const html = Buffer.from(`<!doctype html><html><body>${script}</body></html>`);
const svg = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>`);
const zip = Buffer.from("PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "latin1");
const png = pngOf(3, 2);

/** A frame of 65,000 by 65,000 on a screen of one pixel. */
const wideFrame = Buffer.concat([
  gifOf(1, 1).subarray(0, 13),
  Buffer.from([0x21, 0xf9, 4, 0, 0, 0, 0, 0, 0x2c, 0, 0, 0, 0, 0xe8, 0xfd, 0xe8, 0xfd, 0, 2, 0, 0x3b]),
]);
/** Its first chunk is a small one that only looks like a header. */
const lateHeader = Buffer.concat([
  png.subarray(0, 8),
  Buffer.from([0, 0, 0, 13]),
  Buffer.from("tEXt"),
  Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
  pngOf(60_000, 60_000).subarray(8),
]);

describe.each(testDatabases)("files that mean harm, on $name", ({ open }) => {
  let database: Database;
  let world: FileWorld;

  beforeAll(async () => {
    database = await open();
    world = await createFileWorld({ database });
  });
  afterAll(async () => {
    await world.close();
    await database.close();
  });

  const stored = async (bytes: Buffer, type: string, name = "a.bin"): Promise<Attachment> => {
    const response = await world.upload(bytes, { type, name });
    expect(response.status).toBe(201);
    return (await response.json()) as Attachment;
  };

  test.each<[string, Buffer, string, string, number]>([
    ["a page called a picture", html, "image/png", "a.png", 415],
    ["a drawing called a picture", svg, "image/png", "a.png", 415],
    ["a picture called a page", png, "text/html", "a.html", 415],
    ["a picture called another", png, "image/jpeg", "a.jpg", 415],
    ["a program", Buffer.from("MZ\x90\0\x03\0", "latin1"), "application/octet-stream", "a.exe", 415],
    ["a zip", zip, "application/zip", "a.zip", 415],
    ["a zip called a document", zip, "application/pdf", "a.pdf", 415],
    ["a packed drawing", gzipSync(svg), "image/svg+xml", "a.svgz", 415],
    ["a packed bomb", gzipSync(Buffer.alloc(50_000_000)), "text/plain", "a.txt", 415],
    ["a page in UTF-16", Buffer.from(html.toString(), "utf16le"), "text/html", "a.html", 415],
    ["a bomb of pixels behind a small header", lateHeader, "image/png", "a.png", 415],
    ["a picture of no size", pngOf(0, 0), "image/png", "a.png", 415],
    ["a picture that ends in its header", png.subarray(0, 20), "image/png", "a.png", 415],
    ["a bomb of pixels", pngOf(50_000, 50_000), "image/png", "a.png", 422],
    ["a frame far beyond its picture", wideFrame, "image/gif", "a.gif", 422],
  ])("S41 %s is refused, and nothing stays", async (_what, bytes, type, ...[name, status]) => {
    const before = await world.settled();
    expect((await world.upload(bytes, { type, name })).status).toBe(status);
    expect(await world.settled()).toEqual(before);
  });

  test.each([
    "../../etc/passwd",
    "..\\..\\x.png",
    "/etc/passwd",
    "C:\\x.png",
    "a/b.png",
    "CON",
    "con.txt",
    "COM¹.txt",
    "CONIN$",
    "a\0.png",
    "a\r\nSet-Cookie: x=1",
    "gpj.\u202eexe",
    "a\u2028b.txt",
    "x".repeat(300),
    "ä".repeat(150),
    "-rf",
    ".htaccess",
    "dot.",
  ])("S41 the name %j is refused, and nothing stays", async (name) => {
    const before = await world.settled();
    expect((await world.upload(png, { type: "image/png", name })).status).toBe(422);
    expect(await world.settled()).toEqual(before);
  });

  test.each<[string, Buffer, string, boolean]>([
    ["a page", html, "text/html", false],
    ["a drawing with a script", svg, "image/svg+xml", false],
    ["a script", Buffer.from("alert(1)"), "text/javascript", false],
    ["XML that names a stylesheet", Buffer.from(`<?xml-stylesheet href="x"?><a/>`), "application/xml", false],
    [
      "XHTML",
      Buffer.from(`<html xmlns="http://www.w3.org/1999/xhtml">${script}</html>`),
      "application/xhtml+xml",
      false,
    ],
    ["a PDF that is a page", pdf, "application/pdf", false],
    ["a song that is a page", Buffer.from(`ID3${script}`), "audio/mpeg", false],
    ["a picture that is a page", Buffer.concat([png, html]), "image/png", true],
    ["a picture that is a zip", Buffer.concat([gifOf(1, 1), zip]), "image/gif", true],
    [
      "a picture that is a script",
      Buffer.from("GIF89a\x01\0\x01\0\0\0\0;/**/=1;alert(1)", "latin1"),
      "image/gif",
      true,
    ],
  ])("S22 %s is served so that a browser runs nothing of it", async (_what, bytes, type, isShown) => {
    const { url } = await stored(bytes, type);
    const { status, headers } = await world.get(url);
    expect([status, headers.get("content-type")]).toEqual([200, type]);
    expect(headers.get("content-disposition")).toMatch(isShown ? /^inline;/ : /^attachment;/);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("content-security-policy")).toBe("sandbox; default-src 'none'");
    expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
    expect(headers.get("set-cookie")).toBeNull();
  });

  test("S23 a name can write no header of its own", async () => {
    const name = `a"; filename=evil.exe; x='%0d%0a' ünï.txt`;
    const { url, filename } = await stored(Buffer.from("x"), "text/plain", name);
    expect(filename).toBe(name);
    const disposition = (await world.get(url)).headers.get("content-disposition") ?? "";
    const [, plain, encoded] =
      /^attachment; filename="([^"\\]*)"; filename\*=UTF-8''([^;"\s]*)$/.exec(disposition) ?? [];
    expect(plain).toMatch(/^[\x20-\x7e]+$/);
    expect(decodeURIComponent(encoded ?? "")).toBe(name);
  });

  test("ranges: one that fits is a part, one past the end 416, and anything else the whole", async () => {
    const whole = Buffer.from("0123456789");
    const { url } = await stored(whole, "text/plain", "digits.txt");
    const read = async (range: string, method = "GET"): Promise<[number, string, string | null]> => {
      const response = await world.get(url, { range }, method);
      return [response.status, await response.text(), response.headers.get("content-range")];
    };
    for (const [range, part, said] of [
      ["bytes=0-0", "0", "bytes 0-0/10"],
      ["bytes=2-4", "234", "bytes 2-4/10"],
      ["bytes=7-", "789", "bytes 7-9/10"],
      ["bytes=-3", "789", "bytes 7-9/10"],
      ["bytes=-99", "0123456789", "bytes 0-9/10"],
      ["bytes=8-999999999999999", "89", "bytes 8-9/10"],
    ] as const)
      expect([range, ...(await read(range))]).toEqual([range, 206, part, said]);
    for (const range of ["bytes=10-", "bytes=99-100", "bytes=-0"])
      expect([range, ...(await read(range))]).toEqual([range, 416, "", "bytes */10"]);
    for (const range of ["bytes=0-1,4-5", "bytes=5-2", "bytes=a-b", "items=0-1", "bytes=", "bytes=1--2", "bytes=0x1-3"])
      expect([range, ...(await read(range))]).toEqual([range, 200, "0123456789", null]);
    expect(await read("bytes=2-4", "HEAD")).toEqual([206, "", "bytes 2-4/10"]);
  });
});
