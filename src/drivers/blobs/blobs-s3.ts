import { createHash } from "node:crypto";
import { openAsBlob } from "node:fs";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NatterError } from "../../foundation/errors.ts";
import type { BlobStore, ByteRange, StoredBlob } from "../../ports/blob-store.ts";
import { createS3Sender, readS3Url, type S3Place, type SendToS3 } from "./s3-requests.ts";

const keyPattern = /^[a-z0-9-]{12,64}$/;

/** S3 wants to know length and hash first: what comes is written down here before it is sent, and holds no memory. */
const writeDraft = async (
  path: string,
  content: Parameters<BlobStore["put"]>[1],
  maxBytes: number,
): Promise<StoredBlob> => {
  const file = await open(path, "wx", 0o600);
  const hash = createHash("sha256");
  let bytes = 0;
  try {
    for await (const piece of content) {
      bytes += piece.length;
      if (bytes > maxBytes)
        throw new NatterError("too_large", `A file may hold at most ${maxBytes.toLocaleString("en")} bytes.`);
      hash.update(piece);
      await file.writeFile(piece);
    }
  } finally {
    await file.close();
  }
  return { bytes, sha256: hash.digest("hex") };
};

const noRoom = (thrown: unknown): unknown =>
  thrown instanceof Error && "code" in thrown && thrown.code === "ENOSPC"
    ? new NatterError("insufficient_storage", "There is no room for files just now; try again later.", {
        cause: thrown,
        retryAfter: 30,
      })
    : thrown;

async function* readFrom(send: SendToS3, path: string, range: ByteRange | undefined): AsyncGenerator<Uint8Array> {
  const headers = range === undefined ? {} : { range: `bytes=${range.first}-${range.last}` };
  const response = await send({ method: "GET", path, headers });
  if (response.status === 404) throw new NatterError("unavailable", "The file went while it was read.");
  if (response.status === 416 || response.body === null) return;
  yield* response.body;
}

const tagged = (xml: string, tag: string): string | undefined => new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(xml)?.[1];

async function* listBefore(send: SendToS3, prefix: string, time: number): AsyncGenerator<string> {
  let after: string | undefined;
  do {
    const query = new URLSearchParams({
      "list-type": "2",
      prefix,
      ...(after === undefined ? {} : { "continuation-token": after }),
    });
    const xml = await (await send({ method: "GET", path: `?${query.toString()}` })).text();
    for (const [, entry = ""] of xml.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
      const key = (tagged(entry, "Key") ?? "").slice(prefix.length);
      const changed = Date.parse(tagged(entry, "LastModified") ?? "");
      if (keyPattern.test(key) && changed < time) yield key;
    }
    after = tagged(xml, "IsTruncated") === "true" ? tagged(xml, "NextContinuationToken") : undefined;
  } while (after !== undefined);
}

const createStore = ({ prefix }: S3Place, send: SendToS3, drafts: string): BlobStore => {
  let isClosed = false;
  let draft = 0;
  const requireOpen = (): void => {
    if (isClosed) throw new NatterError("unavailable", "The files are closed.");
  };
  const pathOf = (key: string): string => {
    requireOpen();
    if (!keyPattern.test(key)) throw new NatterError("invalid_request", "This is no key of a file.");
    return `/${prefix}${key}`;
  };
  return {
    async put(key, content, maxBytes) {
      const path = pathOf(key);
      const file = join(drafts, `${key}.${(draft += 1)}`);
      try {
        const stored = await writeDraft(file, content, maxBytes);
        const response = await send({ method: "PUT", path, body: await openAsBlob(file), sha256: stored.sha256 });
        await response.body?.cancel();
        if (!response.ok) throw new NatterError("unavailable", "There is no such bucket for files.");
        return stored;
      } catch (thrown) {
        throw noRoom(thrown);
      } finally {
        await rm(file, { force: true });
      }
    },
    async get(key, range) {
      const path = pathOf(key);
      const head = await send({ method: "HEAD", path });
      if (head.status === 404) return null;
      return { bytes: Number(head.headers.get("content-length")), content: readFrom(send, path, range) };
    },
    async delete(key) {
      const response = await send({ method: "DELETE", path: pathOf(key) });
      await response.body?.cancel();
    },
    async *list(before) {
      requireOpen();
      yield* listBefore(send, prefix, before.getTime());
    },
    async close() {
      isClosed = true;
      await rm(drafts, { recursive: true, force: true });
    },
  };
};

/**
 * Blobs as objects of a bucket of S3, or of a server that speaks its protocol, one each.
 * @throws NatterError `invalid_request` for a URL that names no bucket, `unavailable` without the package aws4fetch
 */
export const createS3BlobStore = async ({ url }: { readonly url: string }): Promise<BlobStore> => {
  const place = readS3Url(url);
  const send = await createS3Sender(place);
  return createStore(place, send, await mkdtemp(join(tmpdir(), "natter-uploads-")));
};
