import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { NatterError } from "../../foundation/errors.ts";
import { chooseEncoding } from "./content-encoding.ts";

/** The web app as its build wrote it: `index.html`, hashed files in `assets/`, and a few with fixed names beside them. */
export interface AppFiles {
  /** The page of every route of the app; it learns from `<base>` where Natter is mounted. @throws NatterError `unavailable` before the first build */
  page(request: Request, basePath: string): Promise<Response>;
  /** A file of the build. @throws NatterError `not_found` */
  file(request: Request, path: string): Promise<Response>;
}

const contentTypes: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".ttf": "font/ttf",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".woff": "font/woff",
  ".woff2": "font/woff2",
};

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "frame-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const permissions = ["accelerometer", "camera", "display-capture", "geolocation", "microphone", "payment", "usb"]
  .map((feature) => `${feature}=()`)
  .join(", ");

const guards: Readonly<Record<string, string>> = {
  "content-security-policy": policy,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": permissions,
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

const safePath = /^(assets\/)?[A-Za-z0-9_][A-Za-z0-9._-]*$/;
const forever = "public, max-age=31536000, immutable";
const missing = new Set(["ENOENT", "EISDIR", "ENOTDIR"]);

const isMissing = (thrown: unknown): boolean =>
  thrown instanceof Error && "code" in thrown && typeof thrown.code === "string" && missing.has(thrown.code);

const read = async (path: string): Promise<Buffer<ArrayBuffer> | null> => {
  try {
    return await readFile(path);
  } catch (thrown) {
    if (isMissing(thrown)) return null;
    throw thrown;
  }
};

const tagOf = (content: Uint8Array | string): string =>
  `"${createHash("sha256").update(content).digest("base64url").slice(0, 22)}"`;

const isKnown = (request: Request, tag: string): boolean =>
  (request.headers.get("if-none-match") ?? "").split(",").some((known) => known.trim().replace(/^W\//, "") === tag);

const answerContent = (
  request: Request,
  content: Buffer<ArrayBuffer> | string,
  headers: Record<string, string>,
): Response => {
  const etag = tagOf(content);
  const all = { ...guards, ...headers, etag };
  return isKnown(request, etag)
    ? new Response(null, { status: 304, headers: all })
    : new Response(content, { headers: all });
};

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

const noFile = (): NatterError => new NatterError("not_found", "There is no such file.");

/** Serves a build of the web app; reads it anew for each request, so that a new build needs no restart. */
export const createAppFiles = (directory: string): AppFiles => ({
  async page(request, basePath) {
    const html = await read(join(directory, "index.html"));
    if (html === null) throw new NatterError("unavailable", "The web app is not built; `npm run build` builds it.");
    const base = `<base href="${escaped(basePath)}/" />`;
    return answerContent(
      request,
      html.toString("utf8").replace('<base href="/" />', () => base),
      {
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-cache",
      },
    );
  },
  async file(request, path) {
    const contentType = contentTypes[extname(path)];
    if (contentType === undefined || !safePath.test(path)) throw noFile();
    const whole = join(directory, path);
    const encoding = chooseEncoding(request.headers.get("accept-encoding") ?? "");
    const encoded = encoding === null ? null : await read(`${whole}.${encoding.extension}`);
    const content = encoded ?? (await read(whole));
    if (content === null) throw noFile();
    return answerContent(request, content, {
      "content-type": contentType,
      "cache-control": path.startsWith("assets/") ? forever : "no-cache",
      vary: "accept-encoding",
      ...(encoded === null || encoding === null ? {} : { "content-encoding": encoding.name }),
    });
  },
});
