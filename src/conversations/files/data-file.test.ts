import { describe, expect, test } from "vitest";
import { dataUrl, gifOf, jpegOf, pdf, pngOf } from "../../testing/databases/sample-files.ts";
import { maxFileBytes, readDataFile } from "./data-file.ts";

const read = (declared: string, bytes: Uint8Array, more: { mediaType?: string; filename?: string } = {}) =>
  readDataFile({ type: "file", url: dataUrl(declared, bytes), ...more });

const webp = (form: string, rest: number[]): Buffer =>
  Buffer.concat([Buffer.from(`RIFF\0\0\0\0WEBP${form}`, "latin1"), Buffer.from(rest)]);
const avif = (width: number, height: number): Buffer => {
  const sizes = Buffer.alloc(8);
  sizes.writeUInt32BE(width, 0);
  sizes.writeUInt32BE(height, 4);
  const head = Buffer.from("\0\0\0\x18ftypavif\0\0\0\0avifmif1", "latin1");
  return Buffer.concat([head, Buffer.from("\0\0\0\x14ispe\0\0\0\0", "latin1"), sizes]);
};
const html = Buffer.from("<!doctype html><script>alert(1)</script>");

describe("the type of a file is what is in it", () => {
  test.each([
    ["image/png", pngOf(2, 2), "image/png"],
    ["image/jpg", jpegOf(2, 2), "image/jpeg"],
    ["image/gif", gifOf(2, 2), "image/gif"],
    ["image/webp", webp("VP8X", [10, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0]), "image/webp"],
    ["image/avif", avif(3, 3), "image/avif"],
    ["image/*", pngOf(2, 2), "image/png"],
    ["application/octet-stream", pdf, "application/pdf"],
    ["", pdf, "application/pdf"],
    ["audio/mp3", Buffer.from("ID3\x04"), "audio/mpeg"],
    ["audio/webm", Buffer.from("\x1a\x45\xdf\xa3", "latin1"), "audio/webm"],
    ["text/html", html, "text/html"],
    ["text/plain; charset=utf-8", html, "text/plain"],
    ["image/svg+xml", Buffer.from("<svg onload='alert(1)'/>"), "image/svg+xml"],
    ["application/json", Buffer.from("{}"), "application/json"],
    ["application/octet-stream", Buffer.from("Grüße 🐟"), "text/plain"],
  ])("%s", (declared, bytes, expected) => {
    const file = read(declared, bytes);
    expect(file.mediaType).toBe(expected);
    expect(file.content.equals(bytes)).toBe(true);
  });

  test.each([
    ["S41 HTML that is called an image", "image/png", html],
    ["S41 an image that is called text", "text/plain", pngOf(2, 2)],
    ["S41 one image called another", "image/jpeg", pngOf(2, 2)],
    ["S22 a PDF with HTML in it that is called HTML", "text/html", pdf],
    ["bytes that are no text and called so", "text/plain", Buffer.from([0x61, 0x00, 0x62])],
    ["bytes in no encoding of Unicode", "text/csv", Buffer.from([0x61, 0xff])],
    ["S41 a ZIP, and so a DOCX", "application/zip", Buffer.from("PK\x03\x04\0\0\0\0", "latin1")],
    ["an executable", "application/octet-stream", Buffer.from("\x7fELF\0\0\0", "latin1")],
    ["S42 a type with a line break in it", "text/x\r\nset-cookie: a=b", html],
    ["S42 a type with more than a type in it", "text/html<b>", html],
    ["S42 a type in another script", "text/plaïn", html],
    ["an image that ends in its header", "image/png", pngOf(2, 2).subarray(0, 20)],
    ["an image of no size", "image/png", pngOf(0, 2)],
    ["a JPEG without a frame", "image/jpeg", Buffer.from([0xff, 0xd8, 0xff, 0xd9])],
  ])("%s is refused", (_what, declared, bytes) => {
    expect(() => read(declared, bytes)).toThrow(expect.objectContaining({ code: "unsupported_media_type" }));
  });

  test("a part and its URL must not name two types", () => {
    expect(read("image/png", pngOf(1, 1), { mediaType: "image/png" }).mediaType).toBe("image/png");
    expect(() => read("image/png", pngOf(1, 1), { mediaType: "image/gif" })).toThrow(
      expect.objectContaining({ code: "unsupported_media_type" }),
    );
  });
});

describe("S41 images that would fill memory are refused by their headers", () => {
  test.each([
    ["png", pngOf(50_000, 50_000)],
    ["jpeg", jpegOf(50_000, 50_000)],
    ["gif", gifOf(50_000, 50_000)],
    ["avif", avif(50_000, 50_000)],
    ["webp", webp("VP8L", [0, 0, 0, 0, 0x2f, 0xff, 0xff, 0xff, 0x0f])],
    ["png of too many pixels", pngOf(16_000, 16_000)],
  ])("%s", (type, bytes) => {
    expect(() => read(`image/${type.split(" ")[0]}`, bytes)).toThrow(
      expect.objectContaining({ code: "unprocessable", message: expect.stringContaining("pixels") as string }),
    );
  });

  test("a photograph of 12,000 by 9,000 is taken", () => {
    expect(read("image/jpeg", jpegOf(12_000, 9_000)).mediaType).toBe("image/jpeg");
  });
});

describe("base64 is read strictly", () => {
  const url = (text: string) => () => readDataFile({ type: "file", url: text });

  test.each([
    "data:text/plain;base64,aGk",
    "data:text/plain;base64,aGk=\n",
    "data:text/plain;base64, aGk=",
    "data:text/plain;base64,aGl=",
    "data:text/plain;base64,aG_k",
    "data:text/plain;base64,",
    "data:text/plain,hi",
    "data:,hi",
    "data:text/plain;base64",
    `data:${"x".repeat(400)};base64,aGk=`,
  ])("%s is refused", (text) => {
    expect(url(text)).toThrow(expect.objectContaining({ code: "unprocessable" }));
  });

  test("what is written well is taken, in any case of its scheme and with parameters", () => {
    for (const text of [
      "data:text/plain;base64,aGk=",
      "DATA:text/plain;charset=utf-8;BASE64,aGk=",
      "data:;base64,aGk=",
    ])
      expect(url(text)().content.toString()).toBe("hi");
  });

  test("10,485,760 bytes are taken and one more is refused", () => {
    const text = Buffer.alloc(maxFileBytes, "a");
    expect(read("text/plain", text).content.length).toBe(maxFileBytes);
    expect(() => read("text/plain", Buffer.concat([text, Buffer.from("a")]))).toThrow(
      expect.objectContaining({ code: "too_large" }),
    );
  });
});

describe("S34, S41 file names", () => {
  const named = (filename: string) => () => read("text/plain", Buffer.from("x"), { filename }).fileName;

  test.each([
    "../../x",
    "a/b.txt",
    "C:\\x",
    "c:x.txt",
    "CON",
    "nul.txt",
    "-rf",
    ".htaccess",
    "trailing.",
    "two\nlines",
    "nul\0",
    "lone \ud800",
    "gpj.\u202eexe",
    "ä".repeat(128),
  ])("%j is refused", (name) => {
    expect(named(name)).toThrow(expect.objectContaining({ code: "unprocessable" }));
  });

  test("what people call files is taken", () => {
    for (const name of ["Report (final) 2.pdf", "Übersicht.png", "写真 🐟.jpg", "a<b>'c\".txt", "contract.txt"])
      expect(named(name)()).toBe(name);
    expect(named("  ")()).toBeNull();
  });
});
